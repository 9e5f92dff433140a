import { type ReactNode, type Ref, useId, useImperativeHandle, useRef, useState } from 'react';
import { useLocale, useT } from '../i18n/locale.tsx';
import { dirOf } from '../lib/bidi.ts';
import { cx } from './cx.ts';
import { CircleAlert, X } from './icons.ts';

export interface TokenFieldProps {
  label: string;
  help?: ReactNode;
  optional?: boolean;
  placeholder?: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** What is being typed, and not a token yet. */
  onType?: (typed: string) => void;
  /** Whether a text can be a token. */
  allows: (text: string) => boolean;
  removeLabel: (token: string) => string;
  /** What to say of a text that cannot be one. */
  wrong: (text: string) => string;
  limit: number;
  tooMany: string;
  /** What is wrong with all of it. */
  error?: string | undefined;
  autoFocus?: boolean;
  ref?: Ref<{ focus: () => void }>;
}

/** Words as tokens: Enter, a comma or leaving the field takes what was typed; Backspace takes the last one back. */
export function TokenField(props: TokenFieldProps) {
  const { label, help, optional, placeholder, value, onChange, onType, allows, removeLabel, wrong } = props;
  const { limit, tooMany, autoFocus, ref } = props;
  const t = useT();
  const { direction } = useLocale();
  const [typed, setTyped] = useState('');
  const [own, setOwn] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }));
  const type = (text: string) => {
    setTyped(text);
    onType?.(text.trim());
  };
  const take = (text: string) => {
    const pieces = text
      .split(/[,،؛;\n]/)
      .map((piece) => piece.replace(/\s+/g, ' ').trim())
      .filter((piece) => piece !== '');
    const refused = pieces.filter((piece) => !allows(piece));
    const next = [...new Set([...value, ...pieces.filter(allows)])];
    if (next.length > limit) return setOwn(tooMany);
    if (next.length > value.length) onChange(next);
    type(refused.join(direction === 'rtl' ? '، ' : ', '));
    setOwn(refused[0] === undefined ? null : wrong(refused[0]));
  };
  const error = own ?? props.error;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-ink-muted">
        {label}
        {optional && <span className="ms-1 font-normal text-ink-faint">({t.common.optional})</span>}
      </label>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a press beside the tokens only goes to the field among them */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field is reached by the keyboard itself */}
      <div
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
        className={cx(
          'flex min-h-(--control) flex-wrap items-center gap-1 rounded-md border bg-raised px-1.5 py-1 text-sm focus-within:outline-2 focus-within:outline-focus',
          error ? 'border-danger' : 'border-line-strong hover:border-ink-faint',
        )}
      >
        {value.map((token) => (
          <span
            key={token}
            dir={dirOf(token, direction)}
            className="inline-flex min-h-6 max-w-full items-center gap-0.5 rounded-sm bg-accent-soft ps-2 pe-0.5 text-accent-ink"
          >
            <span className="truncate">{token}</span>
            <button
              type="button"
              aria-label={removeLabel(token)}
              onClick={() => {
                onChange(value.filter((each) => each !== token));
                input.current?.focus();
              }}
              className="grid size-6 place-items-center rounded-sm hover:bg-hover"
            >
              <X size={12} aria-hidden />
            </button>
          </span>
        ))}
        <input
          ref={input}
          id={id}
          // biome-ignore lint/a11y/noAutofocus: a page that was opened to fill it begins here
          autoFocus={autoFocus}
          type="text"
          dir={typed === '' ? direction : dirOf(typed, direction)}
          autoComplete="off"
          placeholder={value.length === 0 ? placeholder : undefined}
          value={typed}
          aria-invalid={Boolean(error)}
          aria-describedby={
            [help && `${id}help`, error && `${id}error`].filter(Boolean).join(' ') || undefined
          }
          onChange={(event) => {
            type(event.currentTarget.value);
            setOwn(null);
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
            if (['Enter', ',', '،', ';', '؛'].includes(event.key) && typed.trim() !== '') {
              event.preventDefault();
              take(typed);
            } else if (event.key === 'Backspace' && typed === '') onChange(value.slice(0, -1));
          }}
          onPaste={(event) => {
            const text = event.clipboardData.getData('text');
            if (!/[,،؛;\n]/.test(text)) return;
            event.preventDefault();
            take(`${typed} ${text}`);
          }}
          onBlur={() => typed.trim() !== '' && take(typed)}
          className="ui-start h-6 min-w-24 flex-1 bg-transparent px-1 outline-none pointer-coarse:h-9"
        />
      </div>
      {help && (
        <p id={`${id}help`} className="text-xs text-pretty text-ink-faint">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}error`} role="alert" className="flex items-start gap-1 text-xs text-danger-ink">
          <CircleAlert size={14} aria-hidden className="mt-0.5 shrink-0" />
          {error}
        </p>
      )}
    </div>
  );
}
