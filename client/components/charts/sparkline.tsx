import { cx } from '../cx.ts';

export interface SparklineProps {
  /** The oldest first. */
  values: readonly number[];
  /** What it shows in words; absent where the words stand beside it. */
  label?: string;
  tone?: 'quiet' | 'up' | 'down';
  width?: number;
  height?: number;
  className?: string;
}

const room = 2;
const colours = { quiet: 'text-ink-faint', up: 'text-ok-ink', down: 'text-danger-ink' };

/** The shape of a figure over time, as small as a word. Time goes from left to right in either language. */
export function Sparkline(props: SparklineProps) {
  const { values, label, tone = 'quiet', width = 88, height = 24, className } = props;
  const points = pointsOf(values, { width, height });
  const last = points.at(-1);
  if (!last) return null;
  const line = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  return (
    <span
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
      className={cx('inline-flex shrink-0', colours[tone], className)}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden>
        <polyline
          points={line}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.5}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx={round(last[0])} cy={round(last[1])} r={2} fill="currentColor" />
      </svg>
    </span>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Where each value stands. A figure that hardly moves is drawn flat: its noise must not look like news. */
export function pointsOf(
  values: readonly number[],
  { width, height }: { width: number; height: number },
): [number, number][] {
  if (values.length === 0) return [];
  const least = Math.min(...values);
  const span = Math.max(Math.max(...values) - least, 5);
  const middle = (span - (Math.max(...values) - least)) / 2;
  const step = values.length > 1 ? (width - 2 * room) / (values.length - 1) : 0;
  return values.map((value, at) => [
    values.length > 1 ? room + at * step : width / 2,
    height - room - ((value - least + middle) / span) * (height - 2 * room),
  ]);
}
