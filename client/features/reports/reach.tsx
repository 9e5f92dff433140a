import type { AdvocateReport } from '../../../shared/reward.ts';
import { ChartFrame } from '../../components/charts/chart-frame.tsx';
import { Lines } from '../../components/charts/lines.tsx';
import type { ChartPoint, ChartSeries } from '../../components/charts/plot.tsx';
import { useFmt } from '../../i18n/locale.tsx';
import { useReportWords } from '../../i18n/report-words.ts';
import { useNow } from '../../lib/time.ts';
import { noonOf, useDayOpener } from './day.ts';

export interface ReachProps {
  rows: AdvocateReport['reach'];
  /** Of the same length of time before, where they are compared. */
  before: AdvocateReport['reach'] | null;
  csv?: string;
  className?: string;
}

const mean = (rows: AdvocateReport['reach']) =>
  rows.length ? rows.reduce((sum, { reach }) => sum + reach, 0) / rows.length : 0;

/** Followers of those who spoke well of us, day by day; a press shows what was said that day. */
export function Reach({ rows, before, ...frame }: ReachProps) {
  const w = useReportWords();
  const fmt = useFmt();
  const now = useNow();
  const onOpen = useDayOpener();
  const points = rows.map(
    ({ at, reach }, nth): ChartPoint => ({
      id: at,
      label: fmt.date(noonOf(at), now),
      name: fmt.day(noonOf(at), now),
      values: before ? [reach, before[nth]?.reach ?? 0] : [reach],
    }),
  );
  const series: ChartSeries[] = [
    { id: 'reach', name: w.reach.reach, tone: '1' },
    ...(before ? [{ id: 'before', name: w.reach.before, tone: '2' as const, hatched: true }] : []),
  ];
  return (
    <ChartFrame
      title={useAnswer(rows, before)}
      text={w.reach.text}
      label={w.reach.label}
      pointName={w.reach.point}
      points={points}
      series={series}
      {...frame}
    >
      <Lines label={w.reach.label} points={points} series={series} onOpen={onOpen} />
    </ChartFrame>
  );
}

function useAnswer(rows: AdvocateReport['reach'], before: AdvocateReport['reach'] | null): string {
  const w = useReportWords();
  const fmt = useFmt();
  const now = useNow();
  const widest = [...rows].sort((a, b) => b.reach - a.reach)[0];
  if (!widest || widest.reach === 0) return w.reach.nobody;
  const [own, other] = [mean(rows), before ? mean(before) : 0];
  if (other === 0) return w.reach.answer(fmt.number(widest.reach), fmt.date(noonOf(widest.at), now));
  const share = fmt.percent(Math.abs(own - other) / other);
  if (share === fmt.percent(0)) return w.reach.same;
  return own > other ? w.reach.more(share) : w.reach.less(share);
}
