import { useLocation } from 'wouter';
import type { AdvocateReport } from '../../../shared/reward.ts';
import { ChartFrame } from '../../components/charts/chart-frame.tsx';
import { GroupedBars } from '../../components/charts/grouped-bars.tsx';
import type { ChartPoint, ChartSeries } from '../../components/charts/plot.tsx';
import { useReportWords } from '../../i18n/report-words.ts';

export interface ByChannelProps {
  rows: AdvocateReport['byChannel'];
  csv?: string;
  className?: string;
}

/** Advocates, influencers and helpers of each channel; a press shows them on the board. */
export function ByChannel({ rows, ...frame }: ByChannelProps) {
  const w = useReportWords();
  const [, navigate] = useLocation();
  const points = rows.map(({ channelId, name, advocates, influencers, helpers }): ChartPoint => {
    const shown = name || w.channels.unnamed;
    return { id: channelId, label: shown, name: shown, values: [advocates, influencers, helpers] };
  });
  const series: ChartSeries[] = [
    { id: 'advocates', name: w.channels.advocates, tone: '1' },
    { id: 'influencers', name: w.channels.influencers, tone: '2' },
    { id: 'helpers', name: w.channels.helpers, tone: '3', hatched: true },
  ];
  const most = [...points].sort((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0))[0];
  const count = most?.values[0] ?? 0;
  return (
    <ChartFrame
      title={most && count > 0 ? w.channels.answer(most.name, count) : w.channels.nobody}
      text={w.channels.text}
      label={w.channels.label}
      pointName={w.channels.point}
      points={points}
      series={series}
      {...frame}
    >
      <GroupedBars
        label={w.channels.label}
        points={points}
        series={series}
        onOpen={({ id }) => navigate(`/advocates?channel=${encodeURIComponent(id)}`)}
      />
    </ChartFrame>
  );
}
