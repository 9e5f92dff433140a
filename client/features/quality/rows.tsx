import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { Field, FieldValue } from '../../../shared/field.ts';
import type { QualityNote, QualityProblem, QualityRow } from '../../../shared/quality.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Check, Pencil, ShieldCheck } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey, useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { ContactPoint } from '../customers/contact-point.tsx';
import { shownValue } from '../customers/panels/fields.panel.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { useOffline } from '../settings/page.tsx';
import { LinkButton } from '../shell/link-button.tsx';
import { agesOut, mendOf, mendOfMissing, useMending } from './mend.ts';
import { RowEditor } from './row-editor.tsx';
import { type Subject, useSubjectWords } from './subject.ts';

const page = 50;

/** The customers with one problem, or who lack one field: J and K go from row to row, Enter mends, I says that it is no problem. */
export function SubjectRows({ subject }: { subject: Subject }) {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: ['quality', 'rows', subject],
    queryFn: ({ pageParam: after }) =>
      subject.problem === null
        ? calls.missingRows(subject.missing, { after, limit: page })
        : calls.qualityRows(subject.problem, { after, limit: page }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const { ignore } = useMending();
  const words = useSubjectWords(subject);
  const [, navigate] = useLocation();
  const section = useRef<HTMLElement>(null);
  const box = useRef<HTMLUListElement>(null);
  const leaving = useRef(false);
  const [at, setAt] = useState(0);
  const [mending, setMending] = useState<string | null>(null);
  // What was set right leaves at once; the count follows when it is derived.
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const rows = (query.data?.pages.flatMap((each) => each.rows) ?? []).filter(
    (row) => !done.has(markOf(row, subject)),
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
    setDone((all) => new Set(all).add(markOf(row, subject)));
    setMending(null);
    leaving.current = true;
  };
  // Once the row is gone: before that, its own link stands in the place of the next one.
  const onGone = useEffectEvent(() => {
    if (!leaving.current) return;
    leaving.current = false;
    if (rows.length > 0) focus(at);
    else section.current?.focus();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what is done that makes a row go
  useEffect(() => onGone(), [done]);
  const back = (row: QualityRow) =>
    setDone((all) => new Set([...all].filter((mark) => mark !== markOf(row, subject))));
  const setIgnored = async (row: QualityRow) => {
    if (subject.problem === null) return;
    leave(row);
    await ignore(row, subject.problem, () => back(row));
  };
  const startMending = (row: QualityRow) =>
    mendedElsewhere(subject) ? navigate(elsewhere(row)) : setMending(row.customerId);
  useHotkey('list.next', () => focus(inside() ? at + 1 : at));
  useHotkey('list.previous', () => focus(inside() ? at - 1 : at));
  const row = rows[at];
  useHotkey('list.open', () => row && startMending(row), { enabled: writes });
  useHotkey('customers.ignore', () => row && void setIgnored(row), {
    enabled: writes && row !== undefined && subject.problem !== null,
  });

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
      aria-label={w.quality.rows(words.title)}
      className="min-w-0 flex-1 overflow-y-auto outline-none"
    >
      <div className="border-b border-line px-5 py-3">
        <h2 className="text-md font-bold wrap-anywhere">{words.title}</h2>
        <p className="text-sm text-pretty text-ink-muted">{words.about}</p>
      </div>
      {rows.length === 0 ? (
        <EmptyState
          icon={<ShieldCheck size={24} />}
          title={words.noneTitle}
          text={words.noneText}
          action={<LinkButton href="/customers/quality">{w.quality.toOverview}</LinkButton>}
        />
      ) : (
        <ul ref={box} className="divide-y divide-line bg-surface">
          {rows.map((each, index) => (
            <Row
              key={each.customerId}
              row={each}
              subject={subject}
              at={index}
              active={index === at}
              writes={writes}
              mending={mending === each.customerId}
              onFocus={() => setAt(index)}
              onMend={() => {
                setAt(index);
                startMending(each);
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
const markOf = (row: QualityRow, { problem }: Subject) =>
  JSON.stringify([row.customerId, notesOf(row, problem).map(({ field, value }) => [field, value])]);

const notesOf = (row: QualityRow, problem: QualityProblem | null) =>
  row.notes.filter((note) => note.problem === problem);

/** What more than one value says is told on the page of the customer. */
const mendedElsewhere = ({ missing }: Subject) => missing !== null && mendOfMissing(missing) === null;
const elsewhere = ({ customerId }: QualityRow) => `/customers/${customerId}?panel=consents`;

interface RowProps {
  row: QualityRow;
  subject: Subject;
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
  const { row, subject, at, active, writes, mending, onFocus, onMend, onLeave, onDone, onUndone, onIgnore } =
    props;
  const w = useCustomerWords();
  const words = useSubjectWords(subject);
  const keys = { mend: useHotkeyKeys('list.open'), ignore: useHotkeyKeys('customers.ignore') };
  const name = plainName(row.name);
  const { problem, missing } = subject;
  const note = notesOf(row, problem)[0] ?? null;
  const how = note ? mendOf(note) : missing === null ? null : mendOfMissing(missing);
  if (!note && missing === null) return null;
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
            {!note ? (
              <Reached row={row} />
            ) : problem === 'staleField' ? (
              <WrongCustom note={note} />
            ) : (
              <Wrong note={note} />
            )}
          </div>
        </div>
        {writes && !mending && (
          <div className="flex flex-wrap items-center gap-2">
            <Button
              size="sm"
              icon={<Pencil size={14} aria-hidden />}
              aria-label={words.mendOf(name)}
              onPress={onMend}
            >
              {words.mend}
              {active && keys.mend && <Hint keys={keys.mend} />}
            </Button>
            {problem !== null && (
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
            )}
          </div>
        )}
      </div>
      {mending && how && (
        <RowEditor row={row} how={how} note={note} onLeave={onLeave} onDone={onDone} onUndone={onUndone} />
      )}
    </li>
  );
}

const Hint = ({ keys }: { keys: string }) => (
  <span aria-hidden className="ms-0.5 max-lg:hidden">
    <Kbd keys={keys} />
  </span>
);

/** Where nothing stands: how they were reached last, and when. */
function Reached({ row: { contact, lastAt, name } }: { row: QualityRow }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  return (
    <p className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
      {contact && <ContactPoint point={contact} name={name} />}
      <time dateTime={lastAt} title={fmt.both(lastAt)}>
        {w.quality.lastAt(fmt.date(lastAt, now))}
      </time>
    </p>
  );
}

/** Of a custom field: which one, what stands there, and since when. */
function WrongCustom({ note }: { note: QualityNote }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const { calls } = useWorkspace();
  const { data } = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });
  const field = data?.find(({ id }) => id === note.field);
  if (!field) return null;
  return (
    <p className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
      <bdi className="font-medium">{plainName(field.name)}</bdi>
      <span className="min-w-0 break-words">
        {shownValue({ field, value: noted(field, note), fmt, yes: w.yes, no: w.no })}
      </span>
      {note.since && <span>{w.quality.since(fmt.date(note.since, now))}</span>}
    </p>
  );
}

/** A value out of a note's text. */
function noted({ type }: Field, { value }: QualityNote): FieldValue {
  if (type === 'number') return Number(value);
  if (type === 'yesNo') return value === 'true';
  return type === 'choices' ? value.split(',') : value;
}

/** What stands there now, since when, and what would be right. */
function Wrong({ note }: { note: QualityNote }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const ltr = note.field.includes(':') && !note.field.startsWith('profile:');
  // A name that is wrong stands above already.
  const value = note.field === 'name' ? '' : plainName(note.value);
  const shown = note.problem === 'badBirthday' ? fmt.table(`${value}T12:00:00Z`) : value;
  if (!value && !note.since && !note.suggestion) return null;
  return (
    <p className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
      {value && (
        <bdi dir={ltr ? 'ltr' : 'auto'} className="min-w-0 break-words">
          {shown}
        </bdi>
      )}
      {note.since && <span>{w.quality.since(fmt.date(note.since, now))}</span>}
    </p>
  );
}
