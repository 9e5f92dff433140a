import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { roles } from '../../../shared/access.ts';
import { AppError } from '../../../shared/errors.ts';
import type { UserDetails } from '../../../shared/user.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { LoaderCircle, RefreshCw } from '../../components/icons.ts';
import { RadioGroup } from '../../components/radio-group.tsx';
import { Switch } from '../../components/switch.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { manifestsOf, useChannels, useConnectors } from '../channels/queries.ts';
import { errorText } from '../error-text.ts';
import { type Issues, issuesFrom, issueText } from '../settings/check.ts';
import { CopyButton, Form, FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';
import { useTeams } from '../teams/queries.ts';
import { makePassword } from './password.ts';
import { blankUser, formOf, readChange, readNew, type UserForm } from './user-form.ts';

export interface UserDialogProps {
  /** Being changed; null for a new one. */
  user: UserDetails | null;
  onClose: () => void;
}

export function UserDialog({ user, onClose }: UserDialogProps) {
  const t = useT();
  const me = useMe();
  const formId = useId();
  const offline = useOffline();
  const [form, setForm] = useState<UserForm>(() => (user ? formOf(user) : blankUser));
  const [issues, setIssues] = useState<Issues | null>(null);
  const save = useSave(user, onClose);
  const set = (part: Partial<UserForm>) => setForm((before) => ({ ...before, ...part }));

  const submit = () => {
    if (save.isPending || offline) return;
    const read = user ? readChange(user, form) : readNew(form);
    setIssues(read.issues);
    if (read.issues) return;
    if (user && Object.keys(read.data).length === 0) onClose();
    else save.mutate(form);
  };
  const wrong: Issues =
    issues ??
    issuesFrom(save.error, {
      email: { kind: 'taken' },
      extension: { kind: 'taken' },
    });
  const inField = save.error instanceof AppError && save.error.body.fields !== undefined;

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={user ? t.users.edit(user.name) : t.users.add}
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
            {user ? t.common.save : t.users.add}
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={submit} issues={issues ?? save.error} className="flex flex-col gap-4">
        {save.error && !inField && <FormError text={errorText(t, save.error)} error={save.error} />}
        <TextField
          label={t.users.name}
          value={form.name}
          onChange={(name) => set({ name })}
          error={issueText(t, wrong['name'])}
          autoComplete="off"
          autoFocus
        />
        <TextField
          label={t.users.email}
          type="email"
          value={form.email}
          onChange={(email) => set({ email })}
          error={issueText(t, wrong['email'])}
          autoComplete="off"
          isReadOnly={user !== null}
        />
        <Password
          isNew={user === null}
          value={form.password}
          onChange={(password) => set({ password })}
          error={issueText(t, wrong['password'])}
        />
        <RadioGroup
          label={t.users.role}
          options={roles.map((id) => ({ id, label: t.users.roles[id], help: t.users.roleHelp[id] }))}
          value={form.role}
          onChange={(role) => set({ role })}
        />
        {form.role !== 'administrator' && <Channels form={form} set={set} />}
        <Teams form={form} set={set} />
        <TextField
          label={t.users.extension}
          help={t.users.extensionHelp}
          optional
          ltr
          value={form.extension}
          onChange={(extension) => set({ extension })}
          error={issueText(t, wrong['extension'])}
          autoComplete="off"
        />
        {user && user.id !== me.id && (
          <Switch isSelected={form.active} onChange={(active) => set({ active })} help={t.users.activeHelp}>
            {t.users.active}
          </Switch>
        )}
      </Form>
    </Dialog>
  );
}

/** Keeps the form, puts the answer into the list, says what was done; taking somebody's access away can be undone. */
function useSave(user: UserDetails | null, onClose: () => void) {
  const t = useT();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const take = (saved: UserDetails) =>
    client.setQueryData<UserDetails[]>(['users'], (before = []) =>
      before.some((one) => one.id === saved.id)
        ? before.map((one) => (one.id === saved.id ? saved : one))
        : [...before, saved],
    );
  const activate = (saved: UserDetails) =>
    void calls.updateUser(saved.id, { active: true }).then(
      (again) => {
        take(again);
        showToast({ text: t.users.activated(again.name), tone: 'ok' });
      },
      (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }),
    );
  return useMutation({
    mutationFn: (form: UserForm) =>
      user ? calls.updateUser(user.id, readChange(user, form).data) : calls.createUser(readNew(form).data),
    onSuccess: (saved) => {
      take(saved);
      const left = user?.active === true && !saved.active;
      showToast({
        tone: 'ok',
        text: !user
          ? t.users.created(saved.name)
          : left
            ? t.users.deactivated(saved.name)
            : t.users.saved(saved.name),
        ...(left && { undo: () => activate(saved) }),
      });
      onClose();
    },
  });
}

interface PasswordProps {
  isNew: boolean;
  value: string;
  onChange: (password: string) => void;
  error: string | undefined;
}

/** Typed, or made here and copied to be handed over. */
function Password({ isNew, value, onChange, error }: PasswordProps) {
  const t = useT();
  const [made, setMade] = useState('');
  return (
    <div className="flex flex-col gap-1.5">
      <TextField
        label={isNew ? t.users.password : t.users.newPassword}
        help={isNew ? t.users.passwordHelp : t.users.keepPassword}
        optional={!isNew}
        // What was made has to be read by the one who hands it over.
        type={made !== '' && made === value ? 'text' : 'password'}
        ltr
        value={value}
        onChange={onChange}
        error={error}
        autoComplete="new-password"
      />
      <span className="flex items-center gap-1">
        <Button
          size="sm"
          variant="quiet"
          className="-ms-2"
          icon={<RefreshCw size={14} aria-hidden />}
          onPress={() => {
            const password = makePassword();
            setMade(password);
            onChange(password);
          }}
        >
          {t.users.makePassword}
        </Button>
        {value !== '' && <CopyButton text={value} label={t.users.copyPassword} />}
      </span>
    </div>
  );
}

interface ChannelsProps {
  form: UserForm;
  set: (part: Partial<UserForm>) => void;
}

function Channels({ form, set }: ChannelsProps) {
  const t = useT();
  const channels = useChannels();
  const glyphs = manifestsOf(useConnectors().data ?? []);
  const listed = (channels.data ?? []).filter(
    (channel) => channel.state !== 'archived' || form.channelIds.includes(channel.id),
  );
  return (
    <div>
      <RadioGroup
        label={t.users.channels}
        options={[
          { id: 'all', label: t.users.allChannels },
          { id: 'some', label: t.users.someChannels },
        ]}
        value={form.scope}
        onChange={(scope) => set({ scope })}
      />
      {form.scope === 'some' && (
        <fieldset className="mt-2 flex flex-col gap-1.5 ps-6">
          <legend className="sr-only">{t.users.someChannels}</legend>
          {channels.isPending && <LoaderCircle size={16} className="turning" aria-label={t.common.loading} />}
          {channels.isError && <p className="text-xs text-danger-ink">{t.channels.loadFailed}</p>}
          {channels.data && listed.length === 0 && (
            <p className="text-xs text-ink-muted">{t.channels.emptyTitle}</p>
          )}
          {listed.map((channel) => (
            <Checkbox
              key={channel.id}
              isSelected={form.channelIds.includes(channel.id)}
              onChange={(chosen) =>
                set({
                  channelIds: chosen
                    ? [...form.channelIds, channel.id]
                    : form.channelIds.filter((id) => id !== channel.id),
                })
              }
            >
              <span className="flex items-center gap-2">
                <ChannelGlyph glyph={glyphs.get(channel.connector)?.glyph ?? ''} size={18} />
                <bdi>{channel.name}</bdi>
              </span>
            </Checkbox>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function Teams({ form, set }: ChannelsProps) {
  const w = useWords();
  const teams = useTeams();
  const listed = (teams.data ?? []).filter(({ id, archived }) => !archived || form.teamIds.includes(id));
  if (listed.length === 0) return null;
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-xs font-medium text-ink-muted">{w.teams.ofUser}</legend>
      {listed.map(({ id, name }) => (
        <Checkbox
          key={id}
          isSelected={form.teamIds.includes(id)}
          onChange={(chosen) =>
            set({ teamIds: chosen ? [...form.teamIds, id] : form.teamIds.filter((other) => other !== id) })
          }
        >
          <bdi>{name}</bdi>
        </Checkbox>
      ))}
    </fieldset>
  );
}
