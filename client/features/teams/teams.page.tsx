import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Team } from '../../../shared/team.ts';
import type { User } from '../../../shared/user.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Archive, Pencil, Plus, RotateCcw, UsersRound } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Loaded, SettingsPage, useOffline } from '../settings/page.tsx';
import { useSaveTeam, useTeams } from './queries.ts';
import { TeamDialog } from './team.dialog.tsx';

/** Teams and who is in them. */
export default function TeamsPage() {
  const w = useWords();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const teams = useTeams();
  const users = useQuery({ queryKey: ['users'], queryFn: () => calls.userDetails() });
  const [open, setOpen] = useState<Team | 'new' | null>(null);
  const add = (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => setOpen('new')}
    >
      {w.teams.add}
    </Button>
  );
  const people = users.data ?? [];
  return (
    <SettingsPage title={w.teams.title} text={w.teams.text} actions={teams.data?.length ? add : undefined}>
      <Loaded query={teams} failed={w.teams.loadFailed}>
        {(list) => {
          const working = list.filter((team) => !team.archived);
          const archived = list.filter((team) => team.archived);
          return (
            <>
              {working.length === 0 ? (
                <EmptyState
                  className="flex-1"
                  icon={<UsersRound size={24} />}
                  title={w.teams.emptyTitle}
                  text={w.teams.emptyText}
                  action={add}
                />
              ) : (
                <Rows teams={working} people={people} label={w.teams.title} onEdit={setOpen} />
              )}
              {archived.length > 0 && (
                <>
                  <h2 className="mt-8 mb-2 text-xs font-semibold text-ink-muted">{w.teams.archivedTitle}</h2>
                  <Rows teams={archived} people={people} label={w.teams.archivedTitle} onEdit={setOpen} />
                </>
              )}
            </>
          );
        }}
      </Loaded>
      {open && (
        <TeamDialog team={open === 'new' ? null : open} people={people} onClose={() => setOpen(null)} />
      )}
    </SettingsPage>
  );
}

interface RowsProps {
  teams: readonly Team[];
  people: readonly User[];
  label: string;
  onEdit: (team: Team) => void;
}

function Rows({ teams, people, label, onEdit }: RowsProps) {
  return (
    <ul
      aria-label={label}
      className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
    >
      {teams.map((team) => (
        <Row key={team.id} team={team} people={people} onEdit={() => onEdit(team)} />
      ))}
    </ul>
  );
}

function Row({ team, people, onEdit }: { team: Team; people: readonly User[]; onEdit: () => void }) {
  const t = useT();
  const w = useWords();
  const offline = useOffline();
  const save = useSaveTeam({
    onSuccess: ({ name, archived }) =>
      showToast({
        text: archived ? w.teams.archived(name) : w.teams.restored(name),
        tone: 'ok',
        ...(archived && { undo: () => archive(false) }),
      }),
    onError: (error) => showToast({ text: errorText(t, error), tone: 'error' }),
  });
  const members = people.filter((person) => person.active && person.teamIds.includes(team.id));
  const archive = (archived: boolean): void => save.mutate({ id: team.id, change: { archived } });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-40 flex-1">
        <p className="font-semibold">
          <bdi>{team.name}</bdi>
        </p>
        <p className="text-xs text-ink-muted">
          {members.length > 0 ? w.teams.memberCount(members.length) : w.teams.noMembers}
        </p>
      </div>
      <ul aria-label={w.teams.members} className="flex -space-x-1.5 rtl:space-x-reverse">
        {members.slice(0, 6).map((person) => (
          <li key={person.id} title={person.name} className="rounded-full ring-2 ring-surface">
            <Avatar name={person.name} seed={person.id} size="sm" />
            <span className="sr-only">{person.name}</span>
          </li>
        ))}
      </ul>
      <span className="flex gap-1.5">
        <Button
          size="sm"
          icon={<Pencil size={14} aria-hidden />}
          aria-label={w.teams.edit(team.name)}
          onPress={onEdit}
        >
          {t.common.edit}
        </Button>
        <IconButton
          size="sm"
          label={team.archived ? w.teams.restoreOf(team.name) : w.teams.archiveOf(team.name)}
          icon={team.archived ? <RotateCcw size={15} /> : <Archive size={15} />}
          isDisabled={offline}
          onPress={() => archive(!team.archived)}
        />
      </span>
    </li>
  );
}
