import type { AdvocateReport } from '../../../shared/reward.ts';
import { ChartFrame } from '../../components/charts/chart-frame.tsx';
import type { ChartPoint, ChartSeries } from '../../components/charts/plot.tsx';
import { StackedRows } from '../../components/charts/stacked-rows.tsx';
import { useReportWords } from '../../i18n/report-words.ts';
import { useSocialWords } from '../../i18n/social-words.ts';

const shown = 10;

/** What of each product is praised and what is complained of: those most spoken of as a picture, all of them in its table. */
export function ByAspect({ rows, ...frame }: { rows: AdvocateReport['byAspect']; csv?: string }) {
  const w = useReportWords().aspects;
  const names = useSocialWords().sentiment.aspects;
  const points = rows.map(({ aspect, product, positive, negative }): ChartPoint => {
    const name = product === null ? names[aspect] : w.of(names[aspect], product);
    return { id: `${aspect} ${product}`, label: name, name, values: [positive, negative] };
  });
  const series: ChartSeries[] = [
    { id: 'positive', name: w.positive, tone: 'positive' },
    { id: 'negative', name: w.negative, tone: 'negative', hatched: true },
  ];
  const most = (at: number) => [...points].sort((a, b) => (b.values[at] ?? 0) - (a.values[at] ?? 0))[0];
  const [praised, blamed] = [most(0), most(1)];
  const answer =
    blamed && (blamed.values[1] ?? 0) > 0
      ? w.complained(blamed.name, blamed.values[1] ?? 0)
      : praised
        ? w.praised(praised.name, praised.values[0] ?? 0)
        : w.nothing;
  const left = points.length - shown;
  return (
    <ChartFrame
      title={answer}
      text={w.text}
      label={w.label}
      pointName={w.point}
      points={points}
      series={series}
      total
      {...frame}
    >
      <StackedRows label={w.label} points={points.slice(0, shown)} series={series} />
      {left > 0 && <p className="mt-2 text-xs text-ink-muted">{w.more(left)}</p>}
    </ChartFrame>
  );
}
