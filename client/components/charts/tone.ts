/** The colours of a chart: those of feelings, and six that go together for all else. Held to 3:1 by theme.test.ts. */
export type ChartTone = 'positive' | 'neutral' | 'negative' | '1' | '2' | '3' | '4' | '5' | '6';

/** For `fill`, `stroke` and `background`. */
export const toneColour = (tone: ChartTone): string => `var(--chart-${tone})`;

/** The tone of the n-th of several series that have no colour of their own. */
export const toneOf = (at: number): ChartTone => String((at % 6) + 1) as ChartTone;
