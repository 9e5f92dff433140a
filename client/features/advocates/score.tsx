import { type Advocate, type AdvocateWeights, type ScorePart, scoreParts } from '../../../shared/advocate.ts';
import { Sparkline } from '../../components/charts/sparkline.tsx';
import { cx } from '../../components/cx.ts';
import { TrendingDown, TrendingUp } from '../../components/icons.ts';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useFmt } from '../../i18n/locale.tsx';

const round = (value: number) => Math.round(value * 10) / 10;

export interface PartOfScore {
  part: ScorePart;
  value: number;
  weight: number;
  /** Of the score. */
  points: number;
}

/** What each part adds to the score under these weights, the most first. */
export function explained(parts: Readonly<Record<string, number>>, weights: AdvocateWeights): PartOfScore[] {
  const total = scoreParts.reduce((sum, part) => sum + weights[part], 0);
  return scoreParts
    .map((part) => {
      const value = parts[part] ?? 0;
      const weight = weights[part];
      return { part, value, weight, points: total === 0 ? 0 : round((value * weight) / total) };
    })
    .sort((a, b) => b.points - a.points);
}

/** The parts with their weights: a small table for a tooltip, where there is no room for more. */
export function ScoreTip({ parts, weights }: { parts: Advocate['parts']; weights: AdvocateWeights }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const rows = explained(parts, weights).filter(({ points }) => points > 0);
  return (
    <span className="flex flex-col gap-0.5 py-0.5">
      <span className="font-semibold">{w.score.breakdown}</span>
      {rows.map(({ part, value, weight, points }) => (
        <span key={part} className="flex items-baseline gap-3">
          <span className="flex-1">
            {w.part[part]}{' '}
            <span className="opacity-75">
              ({w.score.times(fmt.number(Math.round(value)), fmt.number(weight))})
            </span>
          </span>
          <span className="font-semibold">{fmt.number(points)}</span>
        </span>
      ))}
    </span>
  );
}

/** Up, down or as it was against a week ago: an arrow, a number, and the sentence for who does not see them. */
export function Change({ change, className }: { change: number; className?: string }) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const by = fmt.number(Math.abs(round(change)));
  const said = change > 0 ? w.score.rising(by) : change < 0 ? w.score.falling(by) : w.score.steady;
  if (round(change) === 0) return <span className="sr-only">{w.score.steady}</span>;
  const Icon = change > 0 ? TrendingUp : TrendingDown;
  return (
    <span
      title={said}
      className={cx(
        'inline-flex items-center gap-0.5 text-2xs font-semibold',
        change > 0 ? 'text-ok-ink' : 'text-danger-ink',
        className,
      )}
    >
      <Icon size={13} aria-hidden />
      <span aria-hidden>{by}</span>
      <span className="sr-only">{said}</span>
    </span>
  );
}

export interface TrendProps {
  trend: readonly number[];
  change: number;
  width?: number;
  height?: number;
}

/** Thirty days of a score, with the words that say the same. */
export function Trend({ trend, change, width, height }: TrendProps) {
  const w = useAdvocateWords();
  const fmt = useFmt();
  const [first = 0] = trend;
  const last = trend.at(-1) ?? 0;
  const said = [first, last, Math.min(...trend), Math.max(...trend)].map((one) => fmt.number(round(one)));
  if (trend.length === 0) return null;
  return (
    <Sparkline
      values={trend}
      tone={change > 0 ? 'up' : change < 0 ? 'down' : 'quiet'}
      label={w.score.trend(...(said as [string, string, string, string]))}
      {...(width !== undefined && { width })}
      {...(height !== undefined && { height })}
    />
  );
}
