import { useId, useState } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { type Team, TeamCreate } from '../../../shared/team.ts';
import { normalise } from '../../../shared/text/normalise.ts';
import type { User } from '../../../shared/user.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { SearchField, TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { errorText } from '../error-text.ts';
import { check, type Issues, issueText } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';
import { useSaveTeam } from './queries.ts';

export interface TeamDialogProps {
  /** Being changed; null for a new one. */
  team: Team | null;
  people: readonly User[];
  onClose: () => void;
}

/** A team's name and who is in it. */
export function TeamDialog({ team, people, onClose }: TeamDialogProps) {
  const t = useT();
  const w = useWords();
  const formId = useId();
  const offline = useOffline();
  const save = useSaveTeam({
    onSuccess: (saved) => {
      showToast({ text: team ? w.teams.saved(saved.name) : w.teams.created(saved.name), tone: 'ok' });
      onClose();
    },
  });
  const [name, setName] = useState(team?.name ?? '');
  const [memberIds, setMembers] = useState(() =>
    people.filter((person) => team !== null && person.teamIds.includes(team.id)).map(({ id }) => id),
  );
  const [issues, setIssues] = useState<Issues | null>(null);
  const submit = () => {
    if (save.isPending || offline) return;
    const form = check(TeamCreate, { name, memberIds });
    setIssues(form.issues);
    if (!form.data) return;
    save.mutate({ id: team?.id ?? null, change: form.data });
  };
  const taken = save.error instanceof AppError && save.error.reason === 'duplicateName';
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={team ? w.teams.edit(team.name) : w.teams.add}
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isPending={save.isPending}
            isDisabled={offline}
          >
            {team ? t.common.save : w.teams.add}
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={submit} issues={issues ?? save.error} className="flex flex-col gap-4">
        {save.error && !taken && <FormError text={errorText(t, save.error)} error={save.error} />}
        <TextField
          label={w.teams.name}
          value={name}
          onChange={(next) => {
            setName(next);
            setIssues(null);
            if (save.error) save.reset();
          }}
          error={issueText(t, issues?.['name']) ?? (taken ? t.errors.reason.duplicateName : undefined)}
          autoComplete="off"
          autoFocus
        />
        <Members people={people} chosen={memberIds} onChange={setMembers} />
      </Form>
    </Dialog>
  );
}

interface MembersProps {
  people: readonly User[];
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
}

function Members({ people, chosen, onChange }: MembersProps) {
  const w = useWords();
  const [query, setQuery] = useState('');
  const active = people.filter((person) => person.active || chosen.includes(person.id));
  const wanted = normalise(query);
  return (
    <fieldset>
      <legend className="text-xs font-medium text-ink-muted">
        {w.teams.members} · {w.teams.memberCount(chosen.length)}
      </legend>
      {active.length > 8 && (
        <SearchField
          label={w.teams.searchMembers}
          placeholder={w.teams.searchMembers}
          value={query}
          onChange={setQuery}
          className="mt-1.5"
        />
      )}
      <div className="mt-1.5 flex max-h-64 flex-col gap-1 overflow-y-auto rounded-lg border border-line p-2">
        {active
          .filter((person) => normalise(person.name).includes(wanted))
          .map((person) => (
            <Checkbox
              key={person.id}
              isSelected={chosen.includes(person.id)}
              onChange={(on) =>
                onChange(on ? [...chosen, person.id] : chosen.filter((id) => id !== person.id))
              }
              className="items-center rounded-md px-1 hover:bg-hover"
            >
              <span className="flex min-h-8 items-center gap-2">
                <Avatar name={person.name} seed={person.id} size="sm" />
                <bdi>{person.name}</bdi>
              </span>
            </Checkbox>
          ))}
      </div>
    </fieldset>
  );
}
