import { useState } from 'react';
import { TextField } from '../../components/text-field.tsx';
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
export function ClockField({ label, value, onChange, end = false, isInvalid, labelled }: ClockFieldProps) {
  const fmt = useFmt();
  const [typing, setTyping] = useState<string | null>(null);
  return (
    <TextField
      label={labelled ? label : <span className="sr-only">{label}</span>}
      ltr
      inputMode="numeric"
      autoComplete="off"
      value={typing ?? fmt.digits(value)}
      onFocus={() => setTyping(fmt.digits(value))}
      onChange={(text) => {
        setTyping(text);
        onChange(readClock(text, { end }) ?? text);
      }}
      onBlur={() => setTyping(null)}
      {...(isInvalid && { error: ' ' })}
      className="w-20 [&_input]:text-center"
    />
  );
}
