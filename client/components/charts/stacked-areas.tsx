import { AreaStack } from '@visx/shape';
import { useId } from 'react';
import { Plot, type PlotProps } from './plot.tsx';
import { toneColour } from './tone.ts';

export type StackedAreasProps = Omit<PlotProps, 'children' | 'banded' | 'stacked'>;

/** How parts of a whole went over time, one on the other: the first series stands on the axis. */
export function StackedAreas(props: StackedAreasProps) {
  const { points, series } = props;
  const id = useId();
  return (
    <Plot {...props} stacked>
      {({ x, y, current, height }) => (
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
                <rect width={6} height={6} fill={toneColour(tone)} fillOpacity={0.55} />
                <line y2={6} stroke={toneColour(tone)} strokeWidth={5} />
              </pattern>
            ))}
          </defs>
          {points.length === 1 ? (
            // One moment has no width: it is shown as a column.
            <Column {...props} x={x(0)} y={y} height={height} />
          ) : (
            <AreaStack
              data={points.map(({ values }, at) => ({ at, values }))}
              keys={series.map((_, at) => at)}
              value={({ values }, key) => values[key] ?? 0}
              x={({ data }) => x(data.at)}
              y0={([from]) => y(from)}
              y1={([, to]) => y(to)}
            >
              {({ stacks, path }) =>
                stacks.map((stack) => {
                  const each = series[stack.key];
                  if (!each) return null;
                  return (
                    <path
                      key={each.id}
                      d={path(stack) ?? ''}
                      fill={each.hatched ? `url(#${id}${each.id})` : toneColour(each.tone)}
                      fillOpacity={each.hatched ? 1 : 0.8}
                      stroke="var(--surface)"
                      strokeWidth={1}
                    />
                  );
                })
              }
            </AreaStack>
          )}
          {current !== null && points[current] && (
            <Marks values={points[current].values} x={x(current)} y={y} series={series} />
          )}
        </>
      )}
    </Plot>
  );
}

type Scale = (value: number) => number;

function Column({
  points,
  series,
  x,
  y,
  height,
}: StackedAreasProps & { x: number; y: Scale; height: number }) {
  let under = 0;
  return series.map(({ id, tone }, at) => {
    const value = points[0]?.values[at] ?? 0;
    under += value;
    return (
      <rect
        key={id}
        x={x - 14}
        width={28}
        y={y(under)}
        height={height - y(value)}
        fill={toneColour(tone)}
        fillOpacity={0.8}
      />
    );
  });
}

function Marks(props: {
  values: readonly number[];
  series: StackedAreasProps['series'];
  x: number;
  y: Scale;
}) {
  const { values, series, x, y } = props;
  let under = 0;
  return series.map(({ id, tone }, at) => {
    under += values[at] ?? 0;
    return (
      <circle
        key={id}
        cx={x}
        cy={y(under)}
        r={4}
        fill={toneColour(tone)}
        stroke="var(--surface)"
        strokeWidth={1.5}
      />
    );
  });
}
