import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useLocale, useT } from '../i18n/locale.tsx';

export interface PaneSplitterProps {
  /** Width of the pane that is resized, in px. */
  value: number;
  min: number;
  max: number;
  onChange: (width: number) => void;
  /** Which side of the splitter that pane is on, along the reading line. */
  pane?: 'before' | 'after';
  label?: string;
}

const step = 16;

/** The line between two columns of a grid: dragged, or moved with the arrow keys, Home and End. */
export function PaneSplitter({ value, min, max, onChange, pane = 'before', label }: PaneSplitterProps) {
  const t = useT();
  const { direction } = useLocale();
  const from = useRef<{ x: number; width: number }>(undefined);
  // Moving to the right widens the pane, or narrows it: by the reading direction and the side it is on.
  const sign = (direction === 'ltr' ? 1 : -1) * (pane === 'before' ? 1 : -1);
  const to = (width: number) => onChange(Math.round(Math.min(max, Math.max(min, width))));

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: value - sign * step,
      ArrowRight: value + sign * step,
      Home: min,
      End: max,
    };
    const width = moves[event.key];
    if (width === undefined) return;
    event.preventDefault();
    to(width);
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, width: value };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (from.current) to(from.current.width + sign * (event.clientX - from.current.x));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be focused and moved
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label ?? t.kit.resizePane}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={() => {
        from.current = undefined;
      }}
      className="group relative z-10 -mx-1 w-2 cursor-col-resize touch-none"
    >
      <span className="absolute inset-y-0 start-1/2 w-px -translate-x-1/2 bg-line transition-colors group-hover:bg-accent group-focus-visible:bg-accent rtl:translate-x-1/2" />
    </div>
  );
}
