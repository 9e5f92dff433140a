import { useState } from 'react';
import { ChartFrame } from '../components/charts/chart-frame.tsx';
import type { ChartPoint, ChartSeries } from '../components/charts/plot.tsx';
import { StackedAreas } from '../components/charts/stacked-areas.tsx';
import { TokenField } from '../components/token-field.tsx';
import { useListeningWords } from '../i18n/listening-words.ts';
import { useFmt } from '../i18n/locale.tsx';
import { Section } from './section.tsx';

const shown = Date.parse('2026-11-23T05:30:00Z');
const dayMs = 24 * 3_600_000;
const days = [
  [3, 8, 4],
  [5, 6, 9],
  [0, 0, 0],
  [17, 12, 3],
  [6, 9, 11],
];

/** Figures over time, and words as tokens. */
export function Pictures() {
  const { overview, feelings, editor } = useListeningWords();
  const fmt = useFmt();
  const [terms, setTerms] = useState<string[]>(['یکجا', 'Yekja shop', '#yekja']);
  const series: ChartSeries[] = [
    { id: 'negative', name: feelings.negative, tone: 'negative', hatched: true },
    { id: 'neutral', name: feelings.neutral, tone: 'neutral' },
    { id: 'positive', name: feelings.positive, tone: 'positive' },
  ];
  const points: ChartPoint[] = days.map((values, nth) => {
    const at = shown - (days.length - nth) * dayMs;
    return { id: String(at), label: fmt.date(at, shown), name: fmt.day(at, shown), values };
  });
  return (
    <Section title={overview.chart}>
      <ChartFrame
        title={overview.answer(fmt.number(93), fmt.percent(1 / 3))}
        label={overview.chart}
        pointName={overview.byDay}
        points={points}
        series={series}
        total
      >
        <StackedAreas label={overview.chart} points={points} series={series} />
      </ChartFrame>
      <TokenField
        label={editor.terms}
        help={editor.termsHelp}
        value={terms}
        onChange={setTerms}
        allows={(text) => /[\p{L}\p{N}]/u.test(text)}
        removeLabel={editor.removeTerm}
        wrong={editor.wrongTerm}
        limit={5}
        tooMany={editor.tooMany(5)}
        error={terms.length === 0 ? editor.needsTerms : undefined}
      />
    </Section>
  );
}
