import type { AdvocateReport } from '../../../shared/reward.ts';
import { ChartFrame } from '../../components/charts/chart-frame.tsx';
import type { ChartPoint, ChartSeries } from '../../components/charts/plot.tsx';
import { StackedRows } from '../../components/charts/stacked-rows.tsx';
import { useReportWords } from '../../i18n/report-words.ts';

const shown = 10;

/** What was said with and against each product: those most spoken of as a picture, all of them in its table. */
export function ByProduct({ rows, ...frame }: { rows: AdvocateReport['byProduct']; csv?: string }) {
  const w = useReportWords();
  const points = rows.map(
    ({ product, positive, negative }): ChartPoint => ({
      id: product,
      label: product,
      name: product,
      values: [positive, negative],
    }),
  );
  const series: ChartSeries[] = [
    { id: 'positive', name: w.products.positive, tone: 'positive' },
    { id: 'negative', name: w.products.negative, tone: 'negative', hatched: true },
  ];
  const most = (at: number) => [...points].sort((a, b) => (b.values[at] ?? 0) - (a.values[at] ?? 0))[0];
  const [praised, blamed] = [most(0), most(1)];
  const answer =
    praised && (praised.values[0] ?? 0) > 0
      ? w.products.answer(praised.name, praised.values[0] ?? 0)
      : blamed
        ? w.products.complained(blamed.name, blamed.values[1] ?? 0)
        : w.products.nothing;
  const left = points.length - shown;
  return (
    <ChartFrame
      title={answer}
      text={w.products.text}
      label={w.products.label}
      pointName={w.products.point}
      points={points}
      series={series}
      total
      {...frame}
    >
      <StackedRows
        label={w.products.label}
        points={points.slice(0, shown)}
        series={series}
        href={({ id }) => `/advocates?product=${encodeURIComponent(id)}`}
      />
      {left > 0 && <p className="mt-2 text-xs text-ink-muted">{w.products.more(left)}</p>}
    </ChartFrame>
  );
}
