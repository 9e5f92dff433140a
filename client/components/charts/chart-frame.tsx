import { type ReactNode, useId, useState } from 'react';
import { useChartWords } from '../../i18n/chart-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { Button } from '../button.tsx';
import { cx } from '../cx.ts';
import { Download, List } from '../icons.ts';
import type { ChartPoint, ChartSeries } from './plot.tsx';
import { toneColour } from './tone.ts';

export interface ChartFrameProps {
  /** The answer that the picture gives, as a sentence. */
  title: ReactNode;
  /** What is counted, and of when. */
  text?: ReactNode;
  /** Beside the title: a choice of range, a sum. */
  aside?: ReactNode;
  /** What the table is of. */
  label: string;
  /** The name of the table's first column. */
  pointName: string;
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  format?: (value: number) => string;
  /** Adds a column with each row's sum. */
  total?: boolean;
  /** Where the server gives the same figures as a file. */
  csv?: string;
  /** The picture itself. */
  children: ReactNode;
  className?: string;
}

/** A picture with the sentence that it shows, what its colours mean, and the same figures as a table beneath. */
export function ChartFrame(props: ChartFrameProps) {
  const { title, text, aside, series, csv, children, className } = props;
  const w = useChartWords();
  const [table, setTable] = useState(false);
  const id = useId();
  return (
    <section
      aria-labelledby={`${id}title`}
      className={cx('rounded-xl border border-line bg-surface p-4 shadow-soft sm:p-5', className)}
    >
      <div className="mb-3 flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <h2 id={`${id}title`} className="text-md font-bold text-pretty">
            {title}
          </h2>
          {text && <p className="mt-0.5 text-pretty text-ink-muted">{text}</p>}
        </div>
        {aside}
      </div>
      {children}
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        {series.length > 1 && <Legend series={series} />}
        <span className="flex-1" />
        {csv && (
          <a
            href={csv}
            download
            className="inline-flex min-h-7 items-center gap-1 rounded-md px-2 text-xs font-medium text-ink-muted hover:bg-hover hover:text-ink pointer-coarse:min-h-11"
          >
            <Download size={14} aria-hidden />
            {w.csv}
          </a>
        )}
        <Button
          size="sm"
          variant="quiet"
          icon={<List size={14} aria-hidden />}
          aria-expanded={table}
          aria-controls={table ? `${id}table` : undefined}
          onPress={() => setTable(!table)}
        >
          {table ? w.hideTable : w.showTable}
        </Button>
      </div>
      {table && <ChartTable {...props} id={`${id}table`} />}
    </section>
  );
}

/** What the colours mean. */
export function Legend({ series }: { series: readonly ChartSeries[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-muted">
      {series.map(({ id, name, tone, hatched }) => (
        <li key={id} className="flex items-center gap-1.5">
          <span
            aria-hidden
            className="size-3 rounded-[3px]"
            style={{
              background: hatched
                ? `repeating-linear-gradient(45deg, ${toneColour(tone)} 0 2px, transparent 2px 3.5px)`
                : toneColour(tone),
            }}
          />
          {name}
        </li>
      ))}
    </ul>
  );
}

type TableProps = Pick<ChartFrameProps, 'label' | 'pointName' | 'points' | 'series' | 'format' | 'total'>;

function ChartTable({
  id,
  label,
  pointName,
  points,
  series,
  total = false,
  ...rest
}: TableProps & { id: string }) {
  const w = useChartWords();
  const fmt = useFmt();
  const format = rest.format ?? ((value: number) => fmt.number(value));
  const head = 'sticky top-0 bg-surface py-1.5 ps-3 font-semibold first:ps-0';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section id={id} aria-label={label} tabIndex={0} className="mt-3 max-h-80 overflow-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="text-xs text-ink-muted">
            <th scope="col" className={cx(head, 'text-start')}>
              {pointName}
            </th>
            {series.map((each) => (
              <th key={each.id} scope="col" className={cx(head, 'text-end')}>
                {each.name}
              </th>
            ))}
            {total && (
              <th scope="col" className={cx(head, 'text-end')}>
                {w.total}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {points.map(({ id: row, name, values }) => (
            <tr key={row} className="border-t border-line">
              <th scope="row" className="py-1.5 text-start font-normal whitespace-nowrap">
                {name}
              </th>
              {series.map((each, at) => (
                <td key={each.id} className="py-1.5 ps-3 text-end tabular-nums">
                  {format(values[at] ?? 0)}
                </td>
              ))}
              {total && (
                <td className="py-1.5 ps-3 text-end font-semibold tabular-nums">
                  {format(values.reduce((sum, value) => sum + value, 0))}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
