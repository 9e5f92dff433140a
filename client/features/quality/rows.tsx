import { useInfiniteQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import { Link } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { QualityNote, QualityProblem, QualityRow } from '../../../shared/quality.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Check, CircleCheck, Pencil, ShieldCheck } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Select } from '../../components/select.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey, useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { useFieldName } from '../customers/field-name.ts';
import { OwnerLink, useRefused } from '../customers/refused.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { useOffline } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { agesOut, type Mend, mendOf, useMending } from './mend.ts';

const page = 50;

/** The customers with one problem: J and K go from row to row, Enter mends, I says that it is none. */
export function ProblemRows({ problem }: { problem: QualityProblem }) {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: ['quality', 'rows', problem],
    queryFn: ({ pageParam }) => calls.qualityRows(problem, { after: pageParam, limit: page }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const { ignore } = useMending(problem);
  const section = useRef<HTMLElement>(null);
  const box = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const [mending, setMending] = useState<string | null>(null);
  // What was set right leaves at once; the count follows when it is derived.
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const rows = (query.data?.pages.flatMap((each) => each.rows) ?? []).filter(
    (row) => !done.has(markOf(row, problem)),
  );
  const writes = may(me, 'customer.write') && !offline;
  const focus = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setAt(next);
    const row = box.current?.querySelector<HTMLElement>(`[data-at="${next}"]`);
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  const inside = () => box.current?.contains(document.activeElement) ?? false;
  const leave = (row: QualityRow) => {
    setDone((all) => new Set(all).add(markOf(row, problem)));
    setMending(null);
    requestAnimationFrame(() => {
      if (rows.length > 1) focus(Math.min(at, rows.length - 2));
      else section.current?.focus();
    });
  };
  const back = (row: QualityRow) =>
    setDone((all) => new Set([...all].filter((mark) => mark !== markOf(row, problem))));
  const setIgnored = async (row: QualityRow) => {
    leave(row);
    await ignore(row, () => back(row));
  };
  useHotkey('list.next', () => focus(inside() ? at + 1 : at));
  useHotkey('list.previous', () => focus(inside() ? at - 1 : at));
  const row = rows[at];
  useHotkey('list.open', () => row && setMending(row.customerId), { enabled: writes });
  useHotkey('customers.ignore', () => row && void setIgnored(row), { enabled: writes && row !== undefined });

  if (query.isError && !query.data)
    return (
      <ErrorState
        className="flex-1"
        title={w.quality.loadFailed}
        text={errorText(t, query.error)}
        errorId={errorIdOf(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  if (query.isPending)
    return (
      <div className="flex-1">
        <Delayed>
          <SkeletonRows />
        </Delayed>
      </div>
    );
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-label={w.quality.rows(w.quality.problem[problem])}
      className="min-w-0 flex-1 overflow-y-auto outline-none"
    >
      <div className="border-b border-line px-5 py-3">
        <h2 className="text-md font-bold">{w.quality.problem[problem]}</h2>
        <p className="text-sm text-pretty text-ink-muted">{w.quality.about[problem]}</p>
      </div>
      {rows.length === 0 ? (
        <EmptyState
          icon={<ShieldCheck size={24} />}
          title={w.quality.noneTitle}
          text={w.quality.noneText}
          action={<LinkButton href="/customers/quality">{w.quality.toOverview}</LinkButton>}
        />
      ) : (
        <ul ref={box} className="divide-y divide-line bg-surface">
          {rows.map((each, index) => (
            <Row
              key={each.customerId}
              row={each}
              problem={problem}
              at={index}
              active={index === at}
              writes={writes}
              mending={mending === each.customerId}
              onFocus={() => setAt(index)}
              onMend={() => {
                setAt(index);
                setMending(each.customerId);
              }}
              onLeave={() => {
                setMending(null);
                requestAnimationFrame(() => focus(index));
              }}
              onDone={() => leave(each)}
              onUndone={() => back(each)}
              onIgnore={() => void setIgnored(each)}
            />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {w.quality.more}
          </Button>
        </div>
      )}
    </section>
  );
}

/** A row with what is wrong in it: another wrong value of the same customer is another row. */
const markOf = (row: QualityRow, problem: QualityProblem) =>
  JSON.stringify([row.customerId, notesOf(row, problem).map(({ field, value }) => [field, value])]);

const notesOf = (row: QualityRow, problem: QualityProblem) =>
  row.notes.filter((note) => note.problem === problem);

interface RowProps {
  row: QualityRow;
  problem: QualityProblem;
  at: number;
  active: boolean;
  writes: boolean;
  mending: boolean;
  onFocus: () => void;
  onMend: () => void;
  onLeave: () => void;
  onDone: () => void;
  onUndone: () => void;
  onIgnore: () => void;
}

function Row(props: RowProps) {
  const { row, problem, at, active, writes, mending, onFocus, onMend, onLeave, onDone, onUndone, onIgnore } =
    props;
  const w = useCustomerWords();
  const keys = { mend: useHotkeyKeys('list.open'), ignore: useHotkeyKeys('customers.ignore') };
  const name = plainName(row.name);
  const note = notesOf(row, problem)[0];
  if (!note) return null;
  return (
    <li className={cx('px-5 py-3', active && 'bg-hover')}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-56 items-center gap-3">
          <Avatar name={row.name} seed={row.customerId} size="md" />
          <div className="min-w-0">
            <Link
              href={`/customers/${row.customerId}`}
              data-at={at}
              tabIndex={active ? 0 : -1}
              onFocus={onFocus}
              onKeyDown={(event: KeyboardEvent) => {
                // Enter mends here; the page of the customer opens with O's neighbour, the pointer, or Shift+Enter.
                if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || !writes)
                  return;
                event.preventDefault();
                onMend();
              }}
              className="block font-medium underline-offset-4 hover:underline"
            >
              <PersonName name={row.name} />
            </Link>
            <Wrong note={note} />
          </div>
        </div>
        {writes && !mending && (
          <div className="flex flex-wrap items-center gap-2">
            <Button
              size="sm"
              icon={<Pencil size={14} aria-hidden />}
              aria-label={w.quality.mendOf(name)}
              onPress={onMend}
            >
              {w.quality.mend}
              {active && keys.mend && <Hint keys={keys.mend} />}
            </Button>
            <Button
              size="sm"
              variant="quiet"
              icon={agesOut.has(problem) && <Check size={14} aria-hidden />}
              aria-label={agesOut.has(problem) ? `${w.quality.still}: ${name}` : w.quality.ignoreOf(name)}
              onPress={onIgnore}
            >
              {agesOut.has(problem) ? w.quality.still : w.quality.ignore}
              {active && keys.ignore && <Hint keys={keys.ignore} />}
            </Button>
          </div>
        )}
      </div>
      {mending && <Editor row={row} note={note} onLeave={onLeave} onDone={onDone} onUndone={onUndone} />}
    </li>
  );
}

const Hint = ({ keys }: { keys: string }) => (
  <span aria-hidden className="ms-0.5 max-lg:hidden">
    <Kbd keys={keys} />
  </span>
);

/** What stands there now, since when, and what would be right. */
function Wrong({ note }: { note: QualityNote }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const ltr = note.field.includes(':') && !note.field.startsWith('profile:');
  // A name that is wrong stands above already.
  const value = note.field === 'name' ? '' : plainName(note.value);
  if (!value && !note.since && !note.suggestion) return null;
  return (
    <p className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
      {value && (
        <bdi dir={ltr ? 'ltr' : 'auto'} className="min-w-0 break-words">
          {value}
        </bdi>
      )}
      {note.since && <span>{w.quality.since(fmt.date(note.since, now))}</span>}
    </p>
  );
}

interface EditorProps {
  row: QualityRow;
  note: QualityNote;
  onLeave: () => void;
  onDone: () => void;
  onUndone: () => void;
}

/** The right value, typed or taken from the suggestion: Enter keeps it, Escape leaves. */
function Editor({ row, note, onLeave, onDone, onUndone }: EditorProps) {
  const t = useT();
  const w = useCustomerWords();
  const fieldName = useFieldName();
  const { mend } = useMending(note.problem);
  const planned = mendOf(note);
  const adds = planned.by === 'identity' && planned.replacesId === null;
  const [kind, setKind] = useState<'mobile' | 'emailAddress'>(
    planned.by === 'identity' && planned.kind === 'emailAddress' ? 'emailAddress' : 'mobile',
  );
  const how: Mend = adds ? { by: 'identity', kind, replacesId: null } : planned;
  const [value, setValue] = useState(adds ? '' : note.value);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async (right: string) => {
    if (!right.trim() || busy) return;
    setBusy(true);
    setError(null);
    try {
      await mend(row, { how, value: right.trim(), onUndone });
      onDone();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const { suggestion } = note;
  const { said, owner } = useRefused(how.by === 'identity' ? how.kind : null, error);
  return (
    <form
      noValidate
      className="mt-2 flex flex-wrap items-end gap-2 sm:ps-12"
      onSubmit={(event) => {
        event.preventDefault();
        void save(value);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onLeave();
      }}
    >
      {adds && (
        <Select
          label={w.quality.kindToAdd}
          value={kind}
          onChange={setKind}
          options={(['mobile', 'emailAddress'] as const).map((id) => ({ id, label: w.identityKind[id] }))}
          className="w-32"
        />
      )}
      <TextField
        label={adds ? w.quality.add[kind] : fieldName(how.by === 'field' ? how.field : how.kind)}
        value={value}
        onChange={setValue}
        ltr={how.by === 'identity'}
        autoFocus
        maxLength={how.by === 'field' && how.field === 'address' ? 400 : 120}
        error={said}
        className="min-w-0 flex-1 basis-56"
      />
      {suggestion && (
        <Button
          icon={<CircleCheck size={15} aria-hidden />}
          isDisabled={busy}
          onPress={() => void save(suggestion)}
        >
          <span className="sr-only">{w.quality.use} </span>
          <bdi dir="ltr">{suggestion}</bdi>
        </Button>
      )}
      <div className="flex gap-2 max-sm:w-full max-sm:justify-end">
        <Button variant="quiet" onPress={onLeave}>
          {t.common.cancel}
        </Button>
        <Button variant="primary" type="submit" isPending={busy} isDisabled={!value.trim()}>
          {t.common.save}
        </Button>
      </div>
      {owner && (
        <div className="basis-full">
          <OwnerLink owner={owner} />
        </div>
      )}
    </form>
  );
}
