import { Label } from 'react-aria-components/Label';
import { Slider as AriaSlider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { cx } from './cx.ts';

export interface SliderProps {
  /** Read aloud; what stands around says it on screen. */
  label: string;
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  isDisabled?: boolean;
  className?: string;
}

/** A number by its place on a line that begins where the reading line does. A number field beside it takes the exact one. */
export function Slider(props: SliderProps) {
  const { label, value, onChange, min = 0, max = 100, step = 1, isDisabled, className } = props;
  return (
    <AriaSlider
      value={value}
      onChange={(next) => onChange(Array.isArray(next) ? (next[0] ?? min) : next)}
      minValue={min}
      maxValue={max}
      step={step}
      isDisabled={isDisabled}
      className={cx('flex items-center', className)}
    >
      <Label className="sr-only">{label}</Label>
      <SliderTrack className="relative h-6 w-full cursor-pointer pointer-coarse:h-11">
        {({ state }) => (
          <>
            <span className="absolute inset-x-0 top-1/2 h-1 -translate-y-1/2 rounded-full bg-line-strong/40" />
            <span
              className="absolute start-0 top-1/2 h-1 -translate-y-1/2 rounded-full bg-accent"
              style={{ width: `${state.getThumbPercent(0) * 100}%` }}
            />
            <SliderThumb className="top-1/2 size-4.5 rounded-full border-2 border-accent bg-raised shadow-soft data-disabled:border-line-strong data-dragging:bg-accent-soft data-focus-visible:outline-2 data-focus-visible:outline-offset-2 data-focus-visible:outline-focus" />
          </>
        )}
      </SliderTrack>
    </AriaSlider>
  );
}
