import { useLocation } from 'wouter';
import type { AdvocateReport } from '../../../shared/reward.ts';
import { ChartFrame } from '../../components/charts/chart-frame.tsx';
import { GroupedBars } from '../../components/charts/grouped-bars.tsx';
import type { ChartPoint, ChartSeries } from '../../components/charts/plot.tsx';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { useReportWords } from '../../i18n/report-words.ts';
import { money } from '../../lib/money.ts';

export interface RewardsProps {
  rows: AdvocateReport['rewards'];
  csv?: string;
  className?: string;
}

/** What was given, and what those who got it did in the thirty days after; with what it cost and brought. */
export function Rewards({ rows, ...frame }: RewardsProps) {
  const w = useReportWords();
  const [, navigate] = useLocation();
  const points = rows.map(
    ({ kind, given, praise, help, referred }): ChartPoint => ({
      id: kind,
      label: w.rewards.kind[kind],
      name: w.rewards.kind[kind],
      values: [given, praise, help, referred],
    }),
  );
  const series: ChartSeries[] = [
    { id: 'given', name: w.rewards.given, tone: '1' },
    { id: 'praise', name: w.rewards.praise, tone: '2' },
    { id: 'help', name: w.rewards.help, tone: '3', hatched: true },
    { id: 'referred', name: w.rewards.referred, tone: '4' },
  ];
  const sum = (of: (row: AdvocateReport['rewards'][number]) => number) =>
    rows.reduce((all, row) => all + of(row), 0);
  const given = sum((row) => row.given);
  // One purchase may follow rewards of two kinds: at least so many there were.
  const referred = Math.max(0, ...rows.map((row) => row.referred));
  return (
    <ChartFrame
      title={
        given === 0
          ? w.rewards.none
          : referred > 0
            ? w.rewards.answer(given, referred)
            : w.rewards.praised(given, Math.max(0, ...rows.map((row) => row.praise)))
      }
      text={w.rewards.text}
      label={w.rewards.label}
      pointName={w.rewards.point}
      points={points}
      series={series}
      {...frame}
    >
      <GroupedBars
        label={w.rewards.label}
        points={points}
        series={series}
        onOpen={() => navigate('/advocates/rewards')}
      />
      <Money rows={rows} />
    </ChartFrame>
  );
}

/** Sums of several currencies stand beneath each other: there is no rate by which they could be one. */
function Money({ rows }: Pick<RewardsProps, 'rows'>) {
  const w = useReportWords();
  const fmt = useFmt();
  const { language } = useLocale();
  const cell = 'py-1.5 ps-3 text-end tabular-nums';
  const sums = (all: AdvocateReport['rewards'][number]['cost']) =>
    all.length ? all.map((one) => <p key={one.currency}>{money(language, one)}</p>) : w.rewards.noMoney;
  return (
    <table className="mt-3 w-full text-sm">
      <caption className="sr-only">{w.rewards.money}</caption>
      <thead>
        <tr className="text-xs text-ink-muted">
          <th scope="col" className="py-1.5 text-start font-semibold">
            {w.rewards.point}
          </th>
          {[w.rewards.points, w.rewards.cost, w.rewards.revenue].map((name) => (
            <th key={name} scope="col" className="py-1.5 ps-3 text-end font-semibold">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ kind, points, cost, revenue }) => (
          <tr key={kind} className="border-t border-line">
            <th scope="row" className="py-1.5 text-start font-normal">
              {w.rewards.kind[kind]}
            </th>
            <td className={cell}>{fmt.number(points)}</td>
            <td className={cell}>{sums(cost)}</td>
            <td className={cell}>{sums(revenue)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
