import { useState } from 'react';
import { cx } from '../../components/cx.ts';
import { controlClass } from '../../components/field.tsx';
import { useFmt } from '../../i18n/locale.tsx';
import { readClock } from './week.ts';

export interface ClockFieldProps {
  label: string;
  /** "HH:MM", or whatever was typed and is none. */
  value: string;
  onChange: (value: string) => void;
  /** Midnight at the end of the day may be chosen. */
  end?: boolean;
  isInvalid?: boolean;
  /** The label is shown, and not only read aloud. */
  labelled?: boolean;
}

/** A time of the wall clock, typed in any digits; it is put into one spelling when the field is left. */
export function ClockField(props: ClockFieldProps) {
  const { label, value, onChange, end = false, isInvalid = false, labelled = false } = props;
  const fmt = useFmt();
  const [typing, setTyping] = useState<string | null>(null);
  return (
    <label className="flex flex-col gap-1">
      <span className={labelled ? 'text-xs font-medium text-ink-muted' : 'sr-only'}>{label}</span>
      <input
        dir="ltr"
        inputMode="numeric"
        autoComplete="off"
        aria-invalid={isInvalid || undefined}
        value={typing ?? fmt.digits(value)}
        onFocus={() => setTyping(fmt.digits(value))}
        onChange={({ currentTarget }) => {
          setTyping(currentTarget.value);
          onChange(readClock(currentTarget.value, { end }) ?? currentTarget.value);
        }}
        onBlur={() => setTyping(null)}
        className={cx(controlClass, 'h-(--control) max-w-20 text-center', isInvalid && 'border-danger')}
      />
    </label>
  );
}
