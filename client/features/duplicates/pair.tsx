import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Duplicate, DuplicateReason, DuplicateSide } from '../../../shared/duplicate.ts';
import { Avatar } from '../../components/avatar.tsx';
import { cx } from '../../components/cx.ts';
import { CircleAlert, CircleCheck } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { Completeness } from '../customers/completeness.tsx';
import { PersonName } from '../inbox/person-name.tsx';
import { useFieldValue } from '../merge/field-value.ts';
import { useReasonWords } from './reason.words.ts';

/** Two customers property by property, with what makes them look like one marked where it stands. */
export function Pair({ duplicate }: { duplicate: Duplicate }) {
  const { customers, reasons } = duplicate;
  const signs = evidenceOf(reasons);
  return (
    // Beside the two only where that leaves room to read them; else the reasons come first.
    <div className="@container">
      <div className="grid gap-4 @4xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Compared customers={customers} signs={signs} />
        <Reasons reasons={reasons} />
      </div>
    </div>
  );
}

interface Signs {
  alike: ReadonlySet<string>;
  different: ReadonlySet<string>;
}

function evidenceOf(reasons: readonly DuplicateReason[]): Signs {
  const of = (wanted: (weight: number) => boolean) =>
    new Set(reasons.filter(({ weight }) => wanted(weight)).flatMap(({ evidence }) => evidence));
  return { alike: of((weight) => weight > 0), different: of((weight) => weight < 0) };
}

type Row = Exclude<keyof ReturnType<typeof useCustomerWords>['duplicates']['rows'], never>;
const rows = [
  'identities',
  'birthday',
  'city',
  'conversations',
  'purchases',
  'lastInboundAt',
  'createdAt',
  'completeness',
  'cid',
] as const satisfies readonly Row[];

function Compared({ customers, signs }: { customers: Duplicate['customers']; signs: Signs }) {
  const w = useCustomerWords();
  const worth = rows.filter((row) => customers.some((side) => has(side, row)));
  return (
    <div className="min-w-0 overflow-hidden rounded-xl border border-line bg-surface shadow-soft">
      <table className="w-full table-fixed border-collapse text-sm">
        <caption className="sr-only">{w.duplicates.pair}</caption>
        <colgroup>
          <col className="w-24 sm:w-36" />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr className="border-b border-line align-top">
            <td className="p-3">
              <span className="sr-only">{w.duplicates.field}</span>
            </td>
            {customers.map((side) => (
              <th key={side.id} scope="col" className="p-3 text-start font-normal">
                <Who side={side} marked={mark('name', signs)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {worth.map((row) => (
            <tr key={row} className="border-b border-line align-top last:border-b-0">
              <th scope="row" className="px-3 py-2 text-start text-xs font-medium text-ink-muted">
                {w.duplicates.rows[row]}
              </th>
              {customers.map((side) => (
                <td key={side.id} className="px-3 py-2">
                  <Cell side={side} row={row} signs={signs} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function has(side: DuplicateSide, row: Row): boolean {
  if (row === 'identities') return side.identities.length > 0;
  if (row === 'birthday') return side.birthday !== null;
  if (row === 'city') return Boolean(side.city);
  if (row === 'lastInboundAt') return side.lastInboundAt !== null;
  return row !== 'purchases' || side.purchases > 0;
}

type Marked = 'alike' | 'different' | null;
function mark(id: string, signs: Signs): Marked {
  if (signs.alike.has(id)) return 'alike';
  return signs.different.has(id) ? 'different' : null;
}

/** A value that the decision rests on: a mark and its words, never the colour alone. */
function Marked({ as, children }: { as: Marked; children: ReactNode }) {
  const w = useCustomerWords();
  if (as === null) return children;
  const Icon = as === 'alike' ? CircleCheck : CircleAlert;
  return (
    <span
      className={cx(
        'inline-flex max-w-full items-start gap-1 rounded-sm px-1.5 py-px',
        as === 'alike' ? 'bg-ok-soft text-ok-ink' : 'bg-danger-soft text-danger-ink',
      )}
    >
      <Icon size={13} aria-hidden className="mt-1 shrink-0" />
      <span className="min-w-0 wrap-anywhere">{children}</span>
      <span className="sr-only">({as === 'alike' ? w.duplicates.evidence : w.duplicates.against})</span>
    </span>
  );
}

function Who({ side, marked }: { side: DuplicateSide; marked: Marked }) {
  return (
    <span className="flex min-w-0 flex-col gap-2 sm:flex-row sm:items-center">
      <Avatar name={side.name} seed={side.id} size="md" />
      <Link
        href={`/customers/${side.id}`}
        className="min-w-0 font-semibold underline-offset-4 hover:underline"
      >
        <Marked as={marked}>
          <PersonName name={side.name} className="whitespace-normal wrap-anywhere" />
        </Marked>
      </Link>
    </span>
  );
}

function Cell({ side, row, signs }: { side: DuplicateSide; row: Row; signs: Signs }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const shown = useFieldValue();
  const nothing = <span className="text-ink-faint">—</span>;
  switch (row) {
    case 'cid':
      return <code className="ltr ui-start block truncate font-mono text-xs">{side.id}</code>;
    case 'identities':
      return side.identities.length === 0 ? (
        nothing
      ) : (
        <ul className="flex flex-col gap-1">
          {side.identities.map(({ id, kind, display }) => (
            <li key={id} className="min-w-0">
              <span className="block text-2xs text-ink-faint">{w.identityKind[kind]}</span>
              <Marked as={mark(id, signs)}>
                <bdi dir="ltr" className="ui-start block wrap-anywhere">
                  {plainName(display)}
                </bdi>
              </Marked>
            </li>
          ))}
        </ul>
      );
    case 'birthday':
    case 'city': {
      const value = shown(row, side[row]);
      return value === null ? (
        nothing
      ) : (
        <Marked as={mark(`profile:${row}`, signs)}>
          <bdi>{value}</bdi>
        </Marked>
      );
    }
    case 'conversations':
    case 'purchases':
      return <span>{fmt.number(side[row])}</span>;
    case 'completeness':
      return <Completeness score={side.completeness} />;
    case 'lastInboundAt':
    case 'createdAt': {
      const at = side[row];
      return at === null ? (
        <span className="text-ink-faint">{w.duplicates.never}</span>
      ) : (
        <time dateTime={at} title={fmt.both(at)}>
          {fmt.date(at, now)}
        </time>
      );
    }
  }
}

/** Why, and why not; the weight of each. */
function Reasons({ reasons }: { reasons: readonly DuplicateReason[] }) {
  const w = useCustomerWords();
  const sides = [
    {
      title: w.duplicates.why,
      icon: CircleCheck,
      tone: 'text-ok-ink',
      list: reasons.filter(({ weight }) => weight > 0),
    },
    {
      title: w.duplicates.against,
      icon: CircleAlert,
      tone: 'text-danger-ink',
      list: reasons.filter(({ weight }) => weight < 0),
    },
  ].filter(({ list }) => list.length > 0);
  return (
    <div className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-4 shadow-soft @max-4xl:-order-1 @4xl:self-start">
      {sides.map(({ title, icon: Icon, tone, list }) => (
        <section key={title}>
          <h3 className="mb-2 text-xs font-semibold text-ink-muted">{title}</h3>
          <ul className="flex flex-col gap-2 text-sm">
            {list.map((reason) => (
              <li key={`${reason.kind} ${reason.what}`} className="flex items-start gap-2">
                <Icon size={15} aria-hidden className={cx('mt-0.5 shrink-0', tone)} />
                <Reason reason={reason} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Reason({ reason }: { reason: DuplicateReason }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const words = useReasonWords();
  const points = `${reason.weight > 0 ? '+' : '−'}${fmt.number(Math.abs(reason.weight))}`;
  return (
    <>
      <span className="min-w-0 flex-1 break-words">{words(reason)}</span>
      <span title={w.duplicates.points(points)} className="ltr shrink-0 text-xs text-ink-muted tabular-nums">
        {points}
      </span>
    </>
  );
}
