import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { may } from '../../../shared/access.ts';
import {
  type CannedReply,
  type CannedReplyCreate,
  type CannedVariable,
  cannedVariables,
  fillCanned,
} from '../../../shared/canned.ts';
import { AppError } from '../../../shared/errors.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Braces, Folder, Trash2 } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { Select } from '../../components/select.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { dirOf } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { useMe, useStore, useWelcome, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { issueText } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { keepIn, useTeams } from '../teams/queries.ts';
import { begunBefore, keepBegun } from './canned-draft.ts';
import {
  blankCanned,
  type CannedForm,
  type CannedIssue,
  folderLine,
  formOf,
  readCanned,
} from './canned-form.ts';

export interface CannedEditorProps {
  /** Being changed; null for a new one. */
  reply: CannedReply | null;
  all: readonly CannedReply[];
}

/** One canned reply: what it says, where it stands, who sees it, and how it will read. */
export function CannedEditor({ reply, all }: CannedEditorProps) {
  const t = useT();
  const w = useWords();
  const me = useMe();
  const offline = useOffline();
  const id = reply?.id ?? null;
  const [form, setForm] = useState<CannedForm>(
    () => begunBefore(id) ?? (reply ? formOf(reply) : blankCanned),
  );
  const [issues, setIssues] = useState<Readonly<Record<string, CannedIssue>> | null>(null);
  const save = useSave(reply);
  const remove = useRemove(reply);
  const mine = !reply || reply.ownerId === me.id || may(me, 'canned.manage');
  const set = (part: Partial<CannedForm>) => {
    const next = { ...form, ...part };
    setForm(next);
    keepBegun(id, next);
    setIssues(null);
    if (save.error) save.reset();
  };
  const submit = () => {
    if (save.isPending || offline || !mine) return;
    const read = readCanned(form);
    setIssues(read.issues);
    if (read.data) save.mutate(read.data);
  };
  const taken = save.error instanceof AppError && save.error.reason === 'duplicateName';
  const said = (field: string): string | undefined => {
    const issue = issues?.[field];
    if (!issue) return undefined;
    if (issue.kind === 'unknownVariables') return w.canned.unknownVariables(issue.names.join('، '));
    if (field === 'shortcut' && issue.kind === 'format') return w.canned.badShortcut;
    if (field === 'folder' && issue.kind === 'tooLong' && issue.limit === 4) return w.canned.folderTooDeep;
    return issueText(t, issue);
  };
  return (
    <div className="grid items-start gap-4 md:grid-cols-[3fr_2fr]">
      <Card>
        {!mine && (
          <p className="mb-4 rounded-md bg-info-soft px-3 py-2 text-xs text-info-ink">{w.canned.readOnly}</p>
        )}
        <Form onSubmit={submit} issues={issues ?? save.error} className="flex flex-col gap-4">
          {save.error && !taken && <FormError text={errorText(t, save.error)} error={save.error} />}
          <TextField
            label={w.canned.titleField}
            value={form.title}
            onChange={(title) => set({ title })}
            error={said('title')}
            autoComplete="off"
            isReadOnly={!mine}
            autoFocus={!reply}
          />
          <TextField
            label={w.canned.shortcut}
            help={w.canned.shortcutHelp}
            optional
            value={form.shortcut}
            onChange={(shortcut) => set({ shortcut })}
            error={said('shortcut') ?? (taken ? w.canned.takenShortcut : undefined)}
            autoComplete="off"
            isReadOnly={!mine}
          />
          <FolderField
            value={form.folder}
            onChange={(folder) => set({ folder })}
            all={all}
            error={said('folder')}
          />
          <Body
            value={form.text}
            onChange={(text) => set({ text })}
            error={said('text')}
            isReadOnly={!mine}
          />
          <Sharing
            value={form.sharedWith}
            onChange={(sharedWith) => set({ sharedWith })}
            isReadOnly={!mine}
          />
          {mine && (
            <div className="flex flex-wrap gap-2">
              <Button type="submit" variant="primary" isPending={save.isPending} isDisabled={offline}>
                {reply ? t.common.save : w.canned.add}
              </Button>
              {reply && (
                <Button
                  variant="quiet"
                  className="ms-auto text-danger-ink"
                  icon={<Trash2 size={15} aria-hidden />}
                  isPending={remove.isPending}
                  isDisabled={offline}
                  onPress={() => remove.mutate()}
                >
                  {w.canned.remove}
                </Button>
              )}
            </div>
          )}
        </Form>
      </Card>
      <Preview text={form.text} />
    </div>
  );
}

function useSave(reply: CannedReply | null) {
  const w = useWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: (body: CannedReplyCreate) =>
      reply ? calls.updateCanned(reply.id, body) : calls.createCanned(body),
    onSuccess: (saved) => {
      keepIn(client, 'canned', saved);
      keepBegun(reply?.id ?? null, null);
      showToast({ text: reply ? w.canned.saved : w.canned.created, tone: 'ok' });
      navigate('/canned');
    },
  });
}

/** Taken away at once; an undo writes the same again. */
function useRemove(reply: CannedReply | null) {
  const t = useT();
  const w = useWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const bringBack = ({ folder, title, shortcut, text, sharedWith }: CannedReply) =>
    void calls.createCanned({ folder, title, shortcut, text, sharedWith }).then(
      (again) => {
        keepIn(client, 'canned', again);
        showToast({ text: w.canned.restored(title), tone: 'ok' });
      },
      (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }),
    );
  return useMutation({
    mutationFn: () => (reply ? calls.deleteCanned(reply.id) : Promise.resolve()),
    onSuccess: () => {
      if (!reply) return;
      keepBegun(reply.id, null);
      client.setQueryData<CannedReply[]>(['canned'], (before = []) =>
        before.filter((one) => one.id !== reply.id),
      );
      showToast({ text: w.canned.removed(reply.title), tone: 'ok', undo: () => bringBack(reply) });
      navigate('/canned');
    },
    onError: (error) => showToast({ text: errorText(t, error), tone: 'error' }),
  });
}

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  isReadOnly?: boolean;
}

/** Typed, or taken from the folders there are. */
function FolderField({ value, onChange, all, error }: FieldProps & { all: readonly CannedReply[] }) {
  const w = useWords();
  const known = [...new Set(all.map(({ folder }) => folderLine(folder)).filter(Boolean))].sort((a, b) =>
    a.localeCompare(b, 'fa'),
  );
  return (
    <div className="flex items-start gap-2">
      <TextField
        label={w.canned.folder}
        help={w.canned.folderHelp}
        optional
        value={value}
        onChange={onChange}
        error={error}
        autoComplete="off"
        className="min-w-0 flex-1"
      />
      {known.length > 0 && (
        <Menu
          label={w.canned.chooseFolder}
          placement="bottom end"
          trigger={
            <IconButton
              label={w.canned.chooseFolder}
              variant="secondary"
              className="mt-5.5"
              icon={<Folder size={16} />}
            />
          }
          items={known.map((line) => ({ id: line, label: line, onAction: () => onChange(line) }))}
        />
      )}
    </div>
  );
}

/** The text, with variables put in where the caret stands. */
function Body({ value, onChange, error, isReadOnly = false }: FieldProps) {
  const w = useWords();
  const area = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<[number, number] | null>(null);
  const insert = (name: CannedVariable) => {
    const words = name === 'customer.name' ? `|${w.canned.sample.fallback}` : '';
    // The menu gives the focus back to its button first.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const text = area.current;
        if (!text) return;
        text.focus();
        const [from, to] = caret.current ?? [text.value.length, text.value.length];
        text.setSelectionRange(from, to);
        // As if it were typed: undone with Ctrl+Z.
        document.execCommand('insertText', false, `{{${name}${words}}}`);
      }),
    );
  };
  return (
    <div className="flex flex-col gap-1.5">
      <TextArea
        ref={area}
        label={w.canned.body}
        help={w.canned.fallbackHelp}
        value={value}
        onChange={onChange}
        error={error}
        rows={6}
        maxLength={10_000}
        isDisabled={isReadOnly}
      />
      {!isReadOnly && (
        <Menu
          label={w.canned.insertVariable}
          trigger={
            <Button
              size="sm"
              className="w-fit"
              icon={<Braces size={14} aria-hidden />}
              onPressStart={() => {
                const text = area.current;
                caret.current = text && [text.selectionStart, text.selectionEnd];
              }}
            >
              {w.canned.insertVariable}
            </Button>
          }
          items={cannedVariables.map((name) => ({
            id: name,
            label: w.canned.variables[name],
            description: <code className="ltr">{`{{${name}}}`}</code>,
            onAction: () => insert(name),
          }))}
        />
      )}
    </div>
  );
}

function Sharing({ value, onChange, isReadOnly = false }: FieldProps) {
  const w = useWords();
  const me = useMe();
  const teams = useTeams();
  const everywhere = may(me, 'canned.manage');
  const offered = (teams.data ?? []).filter(
    ({ id, archived }) => value === `team:${id}` || (!archived && (everywhere || me.teamIds.includes(id))),
  );
  return (
    <Select
      label={w.canned.sharedWith}
      options={[
        { id: 'nobody', label: w.canned.nobody },
        ...offered.map(({ id, name }) => ({ id: `team:${id}`, label: w.canned.team(name) })),
        ...(everywhere || value === 'everyone' ? [{ id: 'everyone', label: w.canned.everyone }] : []),
      ]}
      value={value}
      onChange={onChange}
      isDisabled={isReadOnly}
      className="max-w-sm"
    />
  );
}

/** The text as the sample customer would get it. */
function Preview({ text }: { text: string }) {
  const w = useWords();
  const fmt = useFmt();
  const now = useNow('minute');
  const me = useMe();
  const organisation = useWelcome()?.organisation ?? '';
  const { direction } = useLocale();
  const channel =
    useStore((state) => state.channels)
      .values()
      .next().value?.name ?? '';
  const values: Record<CannedVariable, string> = {
    'customer.name': w.canned.sample.customer,
    'customer.cid': '104-2785',
    'agent.name': me.name,
    'organisation.name': organisation,
    'conversation.channel': channel,
    today: fmt.date(now, now),
  };
  const filled = fillCanned(text, values).text;
  return (
    <section
      aria-label={w.canned.preview}
      className="rounded-xl border border-line bg-canvas p-4 md:sticky md:top-4"
    >
      <h2 className="mb-3 text-xs font-medium text-ink-muted">{w.canned.preview}</h2>
      {filled.trim() === '' ? (
        <p className="text-xs text-ink-faint">…</p>
      ) : (
        <div className="ms-auto w-fit max-w-full rounded-lg border border-bubble-out-line bg-bubble-out px-3 py-2 break-words">
          {filled.split('\n').map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the text
            <p key={at} dir={dirOf(line, direction)} className="min-h-4">
              {line}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}
