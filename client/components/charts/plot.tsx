import { AxisBottom, AxisLeft } from '@visx/axis';
import { Group } from '@visx/group';
import { scaleBand, scaleLinear, scalePoint } from '@visx/scale';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useChartWords } from '../../i18n/chart-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { labelsShown, valueTicks } from './ticks.ts';
import { type ChartTone, toneColour } from './tone.ts';

/** One place along the picture: an hour, a day, a channel. `values` are those of the series, in their order. */
export interface ChartPoint {
  id: string;
  /** Beneath the axis: as short as can be. */
  label: string;
  /** In full: for the table, for readers, and beside the pointer. */
  name: string;
  values: readonly number[];
}

export interface ChartSeries {
  id: string;
  name: string;
  tone: ChartTone;
  /** Drawn with lines across it, so that it is known without its colour. */
  hatched?: boolean;
}

/** Where things stand in the drawing, in pixels from its top left corner. */
export interface PlotSpace {
  width: number;
  height: number;
  /** The middle of a point's place. */
  x: (at: number) => number;
  /** How wide a point's place is: a bar may fill it. */
  step: number;
  y: (value: number) => number;
  /** Which point is looked at. */
  current: number | null;
}

export interface PlotProps {
  /** What it shows, for readers. */
  label: string;
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  /** How a value is written; a whole number by default. */
  format?: (value: number) => string;
  height?: number;
  /** Bars: each point has a place of its own; else the first and the last stand at the edges. */
  banded?: boolean;
  /** The series stand on each other, so that the axis holds their sum; it is shown too. */
  stacked?: boolean;
  /** Values between whole ones have lines of their own. */
  broken?: boolean;
  /** A press or Enter on a point. */
  onOpen?: (point: ChartPoint) => void;
  children: (space: PlotSpace) => ReactNode;
}

const top = 10;
const bottom = 26;
const end = 10;

/**
 * The frame that every picture is drawn in: axes from left to right in both languages, lines at round values, and one stop for
 * the keyboard whose arrows go from point to point and say each in full.
 */
export function Plot(props: PlotProps) {
  const w = useChartWords();
  if (props.points.length === 0)
    return <p className="py-8 text-center text-sm text-ink-muted">{w.nothing}</p>;
  return <Drawn {...props} />;
}

function Drawn(props: PlotProps) {
  const { label, points, series, height = 220, banded = false, stacked = false, broken = false } = props;
  const { onOpen, children } = props;
  const w = useChartWords();
  const fmt = useFmt();
  const { direction } = useLocale();
  const format = props.format ?? ((value: number) => fmt.number(value));
  const box = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWide(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const [current, setCurrent] = useState<number | null>(null);

  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const most = Math.max(0, ...points.map(({ values }) => (stacked ? sum(values) : Math.max(0, ...values))));
  const ticks = valueTicks(most, { whole: !broken });
  const start = Math.max(22, 10 + 7 * Math.max(...ticks.map((tick) => format(tick).length)));
  const width = Math.max(0, wide - start - end);
  const tall = height - top - bottom;
  const domain = points.map((_, at) => at);
  const point = scalePoint<number>({ domain, range: [0, width] });
  const band = scaleBand<number>({ domain, range: [0, width], paddingInner: 0.28, paddingOuter: 0.14 });
  const middle = (at: number) =>
    banded ? (band(at) ?? 0) + band.bandwidth() / 2 : points.length === 1 ? width / 2 : (point(at) ?? 0);
  const step = banded ? band.bandwidth() : points.length > 1 ? width / (points.length - 1) : width;
  const y = scaleLinear<number>({ domain: [0, ticks.at(-1) ?? 1], range: [tall, 0] });
  const shownLabels = labelsShown(points.length, {
    width,
    // The last one of a line stands before its point: the one before it has half as much less.
    room: 14 + (banded ? 6.5 : 9.75) * Math.max(1, ...points.map((each) => each.label.length)),
  });

  const said = (each: ChartPoint) =>
    fmt.list([
      each.name,
      ...series.map(({ name }, at) => w.value(name, format(each.values[at] ?? 0))),
      ...(stacked && series.length > 1 ? [w.value(w.total, format(sum(each.values)))] : []),
    ]);
  const at = current === null ? points.length - 1 : Math.min(current, points.length - 1);
  const here = points[at];
  const onKeyDown = (event: KeyboardEvent) => {
    const last = points.length - 1;
    const to = {
      ArrowRight: Math.min(last, at + 1),
      ArrowUp: Math.min(last, at + 1),
      ArrowLeft: Math.max(0, at - 1),
      ArrowDown: Math.max(0, at - 1),
      PageUp: Math.min(last, at + 7),
      PageDown: Math.max(0, at - 7),
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined) setCurrent(to);
    else if (event.key === 'Escape' && current !== null) setCurrent(null);
    else if (event.key === 'Enter' && here && onOpen) onOpen(here);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const nearest = (event: PointerEvent<HTMLElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - start;
    let best = 0;
    for (const each of domain) if (Math.abs(middle(each) - x) < Math.abs(middle(best) - x)) best = each;
    return best;
  };
  const looked = current === null ? undefined : points[current];
  if (!here) return null;
  return (
    <div
      ref={box}
      dir="ltr"
      role="slider"
      tabIndex={0}
      aria-label={w.point(label)}
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={points.length}
      aria-valuenow={at + 1}
      aria-valuetext={said(here)}
      aria-description={onOpen && w.open}
      className="relative w-full rounded-md outline-offset-2 select-none"
      style={{ height, cursor: onOpen ? 'pointer' : undefined }}
      onKeyDown={onKeyDown}
      onFocus={() => setCurrent((known) => known ?? at)}
      onBlur={() => setCurrent(null)}
      onPointerMove={(event) => setCurrent(nearest(event))}
      onPointerLeave={(event) => event.currentTarget !== document.activeElement && setCurrent(null)}
      onClick={() => looked && onOpen?.(looked)}
    >
      {width > 0 && (
        <svg width={wide} height={height} aria-hidden style={{ direction: 'ltr' }} className="block">
          <Group left={start} top={top}>
            {ticks.map((tick) => (
              <line
                key={tick}
                x1={0}
                x2={width}
                y1={y(tick)}
                y2={y(tick)}
                stroke={tick === 0 ? 'var(--line-strong)' : 'var(--line)'}
              />
            ))}
            {children({ width, height: tall, x: middle, step, y: (value) => y(value), current })}
            {looked && current !== null && !banded && (
              <line
                x1={middle(current)}
                x2={middle(current)}
                y1={0}
                y2={tall}
                stroke="var(--ink-muted)"
                strokeDasharray="3 3"
              />
            )}
            <AxisLeft
              scale={y}
              tickValues={ticks}
              hideAxisLine
              hideTicks
              tickFormat={(value) => format(Number(value))}
              tickComponent={({ x, y: under, formattedValue }) => (
                <Label x={x} y={under} anchor="end" dy="0.32em">
                  {formattedValue ?? ''}
                </Label>
              )}
            />
            <AxisBottom
              scale={banded ? band : point}
              top={tall}
              tickValues={shownLabels}
              hideAxisLine
              hideTicks
              tickFormat={(value) => points[Number(value)]?.label ?? ''}
              tickComponent={({ x, formattedValue }) => (
                <Label
                  x={points.length === 1 ? width / 2 : x}
                  y={18}
                  anchor={banded || points.length === 1 ? 'middle' : anchorAt(x, width)}
                >
                  {formattedValue ?? ''}
                </Label>
              )}
            />
          </Group>
        </svg>
      )}
      {looked && current !== null && (
        <div
          aria-hidden
          dir={direction}
          className="fade-in pointer-events-none absolute z-10 min-w-32 rounded-md border border-line bg-raised px-2.5 py-2 text-xs shadow-float"
          style={{
            top,
            ...(middle(current) > width / 2
              ? { right: wide - start - middle(current) + 10 }
              : { left: start + middle(current) + 10 }),
          }}
        >
          <p className="mb-1 font-semibold whitespace-nowrap">{looked.name}</p>
          <dl className="flex flex-col gap-0.5">
            {series.map((each, index) => (
              <div key={each.id} className="flex items-center gap-2">
                <span
                  className="size-2.5 shrink-0 rounded-[2px]"
                  style={{ background: toneColour(each.tone) }}
                />
                <dt className="flex-1 whitespace-nowrap text-ink-muted">{each.name}</dt>
                <dd className="font-semibold">{format(looked.values[index] ?? 0)}</dd>
              </div>
            ))}
            {stacked && series.length > 1 && (
              <div className="mt-0.5 flex gap-2 border-t border-line pt-1">
                <dt className="flex-1 text-ink-muted">{w.total}</dt>
                <dd className="font-semibold">{format(sum(looked.values))}</dd>
              </div>
            )}
          </dl>
        </div>
      )}
    </div>
  );
}

/** What stands at an edge leans inwards. */
const anchorAt = (x: number, width: number) => (x < 20 ? 'start' : x > width - 20 ? 'end' : 'middle');

/** Words in a drawing: kept in their own direction, and the drawing's edges stay left and right. */
function Label(props: {
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
  dy?: string;
  children: string;
}) {
  const { x, y, anchor, dy, children } = props;
  return (
    <text x={x} y={y} dy={dy} textAnchor={anchor} fill="var(--ink-muted)" fontSize={11} direction="ltr">
      {`\u2068${children}\u2069`}
    </text>
  );
}
