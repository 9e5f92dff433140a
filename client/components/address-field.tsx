import { type Ref, useId, useImperativeHandle, useRef, useState } from 'react';
import { cx } from './cx.ts';
import { X } from './icons.ts';

export interface AddressFieldProps {
  label: string;
  placeholder?: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** What stands in a text as an address, or null. */
  read: (text: string) => string | null;
  /** A pasted text into its pieces. */
  split: (text: string) => string[];
  removeLabel: (address: string) => string;
  /** What to say of a piece that is no address. */
  wrong: (text: string) => string;
  limit: number;
  tooMany: string;
  ref?: Ref<{ focus: () => void }>;
}

/** Addresses as chips: Enter, a comma or leaving the field takes what was typed; Backspace takes the last one back. */
export function AddressField(props: AddressFieldProps) {
  const { label, placeholder, value, onChange, read, split, removeLabel, wrong, limit, tooMany, ref } = props;
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }));
  /** False when something of it could not be taken: that stays in the field. */
  const take = (text: string): boolean => {
    const next = [...value];
    const refused: string[] = [];
    for (const piece of split(text)) {
      const address = read(piece);
      if (!address) refused.push(piece);
      else if (!next.some((each) => each.toLowerCase() === address.toLowerCase())) next.push(address);
    }
    if (next.length > limit) {
      setError(tooMany);
      return false;
    }
    if (next.length > value.length) onChange(next);
    setTyped(refused.join(', '));
    setError(refused[0] === undefined ? null : wrong(refused[0]));
    return refused.length === 0;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press beside the chips only goes to the field among them
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field is reached by the keyboard itself
    <div
      className="flex min-w-0 flex-wrap items-center gap-1 border-b border-line px-3 py-1 text-xs"
      onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
    >
      <label htmlFor={id} className="w-20 shrink-0 text-ink-muted">
        {label}
      </label>
      {value.map((address) => (
        <span
          key={address}
          className="ltr inline-flex h-6 max-w-full items-center gap-0.5 rounded-full bg-sunken ps-2 pe-0.5"
        >
          <span className="truncate">{address}</span>
          <button
            type="button"
            aria-label={removeLabel(address)}
            onClick={() => {
              onChange(value.filter((each) => each !== address));
              input.current?.focus();
            }}
            className="grid size-5 place-items-center rounded-full text-ink-faint hover:bg-hover hover:text-ink [@media(pointer:coarse)]:size-6"
          >
            <X size={12} aria-hidden />
          </button>
        </span>
      ))}
      <input
        ref={input}
        id={id}
        type="email"
        multiple
        dir="ltr"
        autoComplete="off"
        placeholder={value.length === 0 ? placeholder : undefined}
        value={typed}
        aria-invalid={error !== null}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setError(null);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (
            ['Enter', ',', ';', ' '].includes(event.key) &&
            typed.trim() &&
            !event.ctrlKey &&
            !event.metaKey
          ) {
            event.preventDefault();
            take(typed);
          } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) event.preventDefault();
          else if (event.key === 'Backspace' && typed === '') onChange(value.slice(0, -1));
        }}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text');
          if (!/[,;\n<]/.test(text)) return;
          event.preventDefault();
          take(`${typed} ${text}`.trim());
        }}
        onBlur={() => typed.trim() && take(typed)}
        className={cx(
          'ui-start h-6 min-w-24 flex-1 bg-transparent outline-none [@media(pointer:coarse)]:h-9',
          error !== null && 'text-danger-ink',
        )}
      />
      {error && (
        <p id={`${id}-error`} role="alert" className="w-full ps-20 text-danger-ink">
          {error}
        </p>
      )}
    </div>
  );
}
