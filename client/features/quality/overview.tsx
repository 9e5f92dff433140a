import { useState } from 'react';
import { Link } from 'wouter';
import type { QualityBoard } from '../../../shared/quality.ts';
import { Button } from '../../components/button.tsx';
import { Activity, List } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { useNow } from '../../lib/time.ts';
import { Card } from '../settings/page.tsx';
import { useCompletenessName } from './field-name.ts';
import { missingHref } from './subject.ts';

/** Where the records stand as a whole. */
export function Overview({ board }: { board: QualityBoard }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const problems = board.problems.reduce((sum, { count }) => sum + count, 0);
  const figures = [
    { value: fmt.number(board.customers), label: w.quality.customers },
    { value: fmt.percent(board.mean / 100), label: w.quality.mean },
    { value: fmt.number(problems), label: w.quality.withProblems },
  ];
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4">
      <dl className="grid grid-cols-3 gap-3">
        {figures.map(({ value, label }) => (
          <div
            key={label}
            className="flex flex-col-reverse justify-end rounded-xl border border-line bg-surface px-4 py-3 shadow-soft"
          >
            <dt className="text-xs text-ink-muted">{label}</dt>
            <dd className="text-xl font-bold tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <Histogram board={board} />
      <Missing board={board} />
      <p className="text-2xs text-ink-faint">{w.quality.countedAt(fmt.relative(board.at, now))}</p>
    </div>
  );
}

/** How many records are how complete, as bars or as a table. */
function Histogram({ board }: { board: QualityBoard }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const [table, setTable] = useState(false);
  const most = Math.max(1, ...board.completeness);
  const steps = board.completeness.map((count, at) => ({
    count,
    from: fmt.percent(at / 10),
    to: fmt.percent((at + 1) / 10),
  }));
  const low = board.completeness.slice(0, 5).reduce((sum, count) => sum + count, 0);
  return (
    <Card
      title={w.quality.histogram}
      text={w.quality.histogramTitle(fmt.percent(board.mean / 100), fmt.number(low))}
      aside={
        <Button
          size="sm"
          variant="quiet"
          icon={table ? <Activity size={14} aria-hidden /> : <List size={14} aria-hidden />}
          onPress={() => setTable(!table)}
        >
          {table ? w.quality.asChart : w.quality.asTable}
        </Button>
      }
    >
      {table ? (
        <table className="w-full text-sm">
          <caption className="sr-only">{w.quality.histogram}</caption>
          <thead>
            <tr className="border-b border-line text-xs text-ink-muted">
              <th scope="col" className="py-1.5 text-start font-semibold">
                {w.quality.completeness}
              </th>
              <th scope="col" className="py-1.5 text-end font-semibold">
                {w.quality.count}
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ from, to, count }) => (
              <tr key={from} className="border-b border-line last:border-b-0">
                <th scope="row" className="py-1.5 text-start font-normal">
                  {w.quality.range(from, to)}
                </th>
                <td className="py-1.5 text-end tabular-nums">{fmt.number(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        // An axis of figures goes from left to right in both languages.
        <div
          role="img"
          aria-label={steps
            .map(({ from, to, count }) => `${w.quality.range(from, to)}: ${fmt.number(count)}`)
            .join('; ')}
          className="ltr"
        >
          <div className="flex h-36 items-end gap-1 border-b border-line-strong sm:gap-1.5">
            {steps.map(({ from, to, count }) => (
              <div
                key={from}
                title={`${w.quality.range(from, to)}: ${fmt.number(count)}`}
                className="flex h-full min-w-0 flex-1 flex-col justify-end"
              >
                <span className="text-center text-2xs text-ink-muted tabular-nums">
                  {count > 0 && fmt.number(count)}
                </span>
                <span
                  className="rounded-t-sm bg-accent"
                  style={{ height: count > 0 ? `max(3px, ${(count / most) * 82}%)` : 0 }}
                />
              </div>
            ))}
          </div>
          <div aria-hidden className="mt-1 flex justify-between text-2xs text-ink-muted">
            {[0, 0.25, 0.5, 0.75, 1].map((share) => (
              <span key={share}>{fmt.percent(share)}</span>
            ))}
          </div>
        </div>
      )}
    </Card>
  );
}

/** The fields that most records lack, the commonest first; each leads to those records. */
function Missing({ board }: { board: QualityBoard }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const name = useCompletenessName();
  const shown = board.missing.filter(({ count }) => count > 0).slice(0, 8);
  return (
    <Card title={w.quality.missing}>
      {shown.length === 0 ? (
        <p className="text-sm text-ink-muted">{w.quality.missingNone}</p>
      ) : (
        <ul className="-mx-2 flex flex-col gap-1">
          {shown.map(({ field, count }) => (
            <li key={field}>
              <Link
                href={missingHref(field)}
                className="grid grid-cols-[1fr_auto] items-baseline gap-x-3 gap-y-1 rounded-md px-2 py-1.5 text-sm hover:bg-hover"
              >
                <span className="font-medium wrap-anywhere">{name(field)}</span>
                <span className="text-xs text-ink-muted">{w.quality.missingIn(fmt.number(count))}</span>
                <span aria-hidden className="col-span-2 h-1.5 overflow-hidden rounded-full bg-sunken">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${board.customers > 0 ? (count / board.customers) * 100 : 0}%` }}
                  />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
