import { LinePath } from '@visx/shape';
import { Plot, type PlotProps } from './plot.tsx';
import { toneColour } from './tone.ts';

export type LinesProps = Omit<PlotProps, 'children' | 'banded' | 'stacked'>;

/** How figures went over time. A hatched series is drawn broken: what something is compared with. */
export function Lines(props: LinesProps) {
  const { points, series } = props;
  return (
    <Plot {...props}>
      {({ x, y, current }) => (
        <>
          {/* The first series lies on top. */}
          {[...series.entries()].reverse().map(([nth, { id, tone, hatched }]) => (
            <LinePath
              key={id}
              data={points.map(({ values }, at) => ({ at, value: values[nth] ?? 0 }))}
              x={({ at }) => x(at)}
              y={({ value }) => y(value)}
              stroke={toneColour(tone)}
              strokeWidth={2}
              strokeLinejoin="round"
              strokeLinecap="round"
              fill="none"
              {...(hatched && { strokeDasharray: '5 5' })}
            />
          ))}
          {series.map(({ id, tone }, nth) =>
            points.map(
              ({ id: point, values }, at) =>
                // One moment is no line; of many only the one that is looked at has a mark.
                (points.length === 1 || at === current) && (
                  <circle
                    key={`${id} ${point}`}
                    cx={x(at)}
                    cy={y(values[nth] ?? 0)}
                    r={4}
                    fill={toneColour(tone)}
                    stroke="var(--surface)"
                    strokeWidth={1.5}
                  />
                ),
            ),
          )}
        </>
      )}
    </Plot>
  );
}
