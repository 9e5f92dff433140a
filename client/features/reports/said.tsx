import type { AdvocateReport } from '../../../shared/reward.ts';
import { ChartFrame } from '../../components/charts/chart-frame.tsx';
import { Lines } from '../../components/charts/lines.tsx';
import type { ChartPoint, ChartSeries } from '../../components/charts/plot.tsx';
import { useFmt } from '../../i18n/locale.tsx';
import { useReportWords } from '../../i18n/report-words.ts';
import { useNow } from '../../lib/time.ts';
import { noonOf, useDayOpener } from './day.ts';

export interface SaidProps {
  rows: AdvocateReport['said'];
  csv?: string;
  className?: string;
}

/** Words with and against us, day by day; a press shows what was said that day. */
export function Said({ rows, ...frame }: SaidProps) {
  const w = useReportWords();
  const fmt = useFmt();
  const now = useNow();
  const onOpen = useDayOpener();
  const points = rows.map(
    ({ at, positive, negative }): ChartPoint => ({
      id: at,
      label: fmt.date(noonOf(at), now),
      name: fmt.day(noonOf(at), now),
      values: [positive, negative],
    }),
  );
  const series: ChartSeries[] = [
    { id: 'positive', name: w.said.positive, tone: 'positive' },
    { id: 'negative', name: w.said.negative, tone: 'negative', hatched: true },
  ];
  const sum = (of: 'positive' | 'negative') => rows.reduce((all, row) => all + row[of], 0);
  const worst = [...rows].sort((a, b) => b.negative - a.negative)[0];
  const answer =
    sum('positive') + sum('negative') === 0
      ? w.said.nothing
      : worst && sum('negative') > sum('positive')
        ? w.said.against(sum('negative'), sum('positive'), fmt.day(noonOf(worst.at), now))
        : w.said.answer(sum('positive'), sum('negative'));
  return (
    <ChartFrame
      title={answer}
      text={w.said.text}
      label={w.said.label}
      pointName={w.reach.point}
      points={points}
      series={series}
      total
      {...frame}
    >
      <Lines label={w.said.label} points={points} series={series} onOpen={onOpen} />
    </ChartFrame>
  );
}
