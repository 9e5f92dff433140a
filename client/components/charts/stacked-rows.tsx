import { Link } from 'wouter';
import { useChartWords } from '../../i18n/chart-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import type { ChartPoint, ChartSeries } from './plot.tsx';
import { toneColour } from './tone.ts';

export interface StackedRowsProps {
  /** What it shows, for readers. */
  label: string;
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  format?: (value: number) => string;
  /** Where more of a row is found. */
  href?: (point: ChartPoint) => string;
}

/** The parts of several things whose names are long: a row each, that grows as the language is read. */
export function StackedRows({ label, points, series, href, ...rest }: StackedRowsProps) {
  const w = useChartWords();
  const fmt = useFmt();
  if (points.length === 0) return <p className="py-8 text-center text-sm text-ink-muted">{w.nothing}</p>;
  const format = rest.format ?? ((value: number) => fmt.number(value));
  const sum = ({ values }: ChartPoint) => values.reduce((all, value) => all + value, 0);
  const most = Math.max(1, ...points.map(sum));
  return (
    <ul aria-label={label} className="flex flex-col gap-2">
      {points.map((point) => (
        <li
          key={point.id}
          className="grid grid-cols-[minmax(6rem,12rem)_1fr_auto] items-center gap-3 text-sm"
        >
          {href ? (
            <Link
              href={href(point)}
              title={point.name}
              className="truncate underline-offset-3 hover:underline pointer-coarse:py-2"
            >
              <bdi>{point.label}</bdi>
            </Link>
          ) : (
            <span className="truncate" title={point.name}>
              <bdi>{point.label}</bdi>
            </span>
          )}
          <span aria-hidden className="flex h-4 rounded-sm bg-sunken">
            {series.map(({ id, tone, hatched }, nth) => {
              const colour = toneColour(tone);
              return (
                <span
                  key={id}
                  className="first:rounded-s-sm"
                  style={{
                    width: `${(100 * (point.values[nth] ?? 0)) / most}%`,
                    background: hatched
                      ? `repeating-linear-gradient(45deg, ${colour} 0 3px, transparent 3px 5px)`
                      : colour,
                  }}
                />
              );
            })}
          </span>
          <span className="min-w-7 text-end text-xs tabular-nums">
            <span aria-hidden>{format(sum(point))}</span>
            <span className="sr-only">
              {fmt.list(series.map(({ name }, nth) => w.value(name, format(point.values[nth] ?? 0))))}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
