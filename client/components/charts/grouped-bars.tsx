import { scaleBand } from '@visx/scale';
import { useId } from 'react';
import { useLocale } from '../../i18n/locale.tsx';
import { Plot, type PlotProps } from './plot.tsx';
import { toneColour } from './tone.ts';

export type GroupedBarsProps = Omit<PlotProps, 'children' | 'banded' | 'stacked'>;

/** Several figures of each of a few things, side by side. Things have no time: they stand as the language is read. */
export function GroupedBars(props: GroupedBarsProps) {
  const { series } = props;
  const { direction } = useLocale();
  const mirrored = direction === 'rtl';
  const points = mirrored ? [...props.points].reverse() : props.points;
  const id = useId();
  const order = series.map((_, nth) => nth);
  return (
    <Plot {...props} points={points} banded>
      {({ x, y, step, height, current }) => {
        const within = scaleBand<number>({
          domain: mirrored ? [...order].reverse() : order,
          range: [-step / 2, step / 2],
          padding: 0.12,
        });
        return (
          <>
            <defs>
              {series.map(({ id: each, tone }) => (
                <pattern
                  key={each}
                  id={`${id}${each}`}
                  width={6}
                  height={6}
                  patternUnits="userSpaceOnUse"
                  patternTransform="rotate(45)"
                >
                  <rect width={6} height={6} fill={toneColour(tone)} fillOpacity={0.5} />
                  <line y2={6} stroke={toneColour(tone)} strokeWidth={5} />
                </pattern>
              ))}
            </defs>
            {current !== null && (
              <rect
                x={x(current) - step / 2 - 4}
                width={step + 8}
                height={height}
                rx={4}
                fill="var(--hover)"
              />
            )}
            {points.map((point, at) =>
              series.map(({ id: each, tone, hatched }, nth) => {
                const value = point.values[nth] ?? 0;
                const wide = Math.min(within.bandwidth(), 44);
                const left = x(at) + (within(nth) ?? 0) + (within.bandwidth() - wide) / 2;
                return (
                  <rect
                    key={`${point.id} ${each}`}
                    x={left}
                    width={wide}
                    y={y(value)}
                    height={Math.max(0, height - y(value))}
                    rx={Math.min(2, wide / 2)}
                    fill={hatched ? `url(#${id}${each})` : toneColour(tone)}
                  />
                );
              }),
            )}
          </>
        );
      }}
    </Plot>
  );
}
