import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { CommandId } from '../i18n/fa.ts';
import { useHotkeyKeys } from '../lib/hotkeys.react.tsx';
import { cx } from './cx.ts';
import { Check } from './icons.ts';
import { Kbd } from './kbd.tsx';

/** Something to be chosen from a list while the keyboard stays in a text field. */
export interface Option {
  id: string;
  label: string;
  /** Read aloud and shown under the label. */
  description?: ReactNode;
  icon?: ReactNode;
  hotkey?: CommandId;
  /** On or off, where several hold at once or one of them holds now. */
  checked?: boolean;
  /** The heading it stands under. */
  group?: string;
}

export interface OptionKeys {
  /** The option that Enter takes. */
  active: number;
  listId: string;
  /** For the text field: which option is meant. */
  field: {
    role: 'combobox';
    'aria-expanded': boolean;
    'aria-controls': string;
    'aria-autocomplete': 'list';
    'aria-activedescendant': string | undefined;
  };
  optionId: (at: number) => string;
  point: (at: number) => void;
  /** True when the press was one of the list's. */
  press: (event: Pick<KeyboardEvent, 'key' | 'preventDefault' | 'shiftKey' | 'nativeEvent'>) => boolean;
}

/** Up, Down, Home and End of a page, and Enter (Tab too, where it inserts) over a list beside a text field. */
export function useOptionKeys(options: {
  count: number;
  /** What was typed: another text begins at the first option again. */
  query: string;
  onChoose: (at: number) => void;
  tabChooses?: boolean;
}): OptionKeys {
  const { count, query, onChoose, tabChooses = false } = options;
  const listId = useId();
  const [at, setAt] = useState(0);
  const [asked, setAsked] = useState(query);
  if (asked !== query) {
    setAsked(query);
    setAt(0);
  }
  const active = count === 0 ? -1 : Math.min(at, count - 1);
  const optionId = (nth: number) => `${listId}-${nth}`;
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  return {
    active,
    listId,
    optionId,
    field: {
      role: 'combobox',
      'aria-expanded': count > 0,
      'aria-controls': listId,
      'aria-autocomplete': 'list',
      'aria-activedescendant': active < 0 ? undefined : optionId(active),
    },
    point: setAt,
    press(event) {
      if (event.nativeEvent.isComposing || count === 0) return false;
      const step = steps[event.key];
      if (step !== undefined) {
        event.preventDefault();
        const next = active + step;
        const round = Math.abs(step) === 1;
        setAt(round ? (next + count) % count : Math.max(0, Math.min(count - 1, next)));
        return true;
      }
      if (event.key !== 'Enter' && !(tabChooses && event.key === 'Tab' && !event.shiftKey)) return false;
      event.preventDefault();
      onChoose(active);
      return true;
    },
  };
}

export interface OptionListProps {
  options: readonly Option[];
  keys: OptionKeys;
  label: string;
  onChoose: (at: number) => void;
  className?: string;
}

/** The options under their headings; the pointer chooses without taking the keyboard from the field. */
export function OptionList({ options, keys, label, onChoose, className }: OptionListProps) {
  const box = useRef<HTMLDivElement>(null);
  const { active } = keys;
  useEffect(() => {
    if (active >= 0)
      box.current?.querySelector(`[data-at="${active}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const groups: { title: string | undefined; from: number; of: Option[] }[] = [];
  for (const [at, option] of options.entries()) {
    const last = groups.at(-1);
    if (last && last.title === option.group) last.of.push(option);
    else groups.push({ title: option.group, from: at, of: [option] });
  }
  return (
    <div
      ref={box}
      id={keys.listId}
      role="listbox"
      aria-label={label}
      // A list that scrolls is reached by the keys of the field; a press on it must not take the keyboard.
      tabIndex={-1}
      onPointerDown={(event) => event.preventDefault()}
      className={cx('overflow-y-auto overscroll-contain p-1 outline-none', className)}
    >
      {groups.map(({ title, from, of }) => {
        const rows = of.map((option, nth) => (
          <Row
            key={option.id}
            option={option}
            at={from + nth}
            keys={keys}
            onChoose={() => onChoose(from + nth)}
          />
        ));
        return title === undefined ? (
          rows
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: the group of a listbox is no fieldset
          <div key={`${title} ${from}`} role="group" aria-label={title}>
            <div aria-hidden className="px-2 pt-2 pb-1 text-2xs font-semibold text-ink-faint">
              {title}
            </div>
            {rows}
          </div>
        );
      })}
    </div>
  );
}

function Row(props: { option: Option; at: number; keys: OptionKeys; onChoose: () => void }) {
  const { option, at, keys, onChoose } = props;
  const here = at === keys.active;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the text field beside the list takes the keys
    <div
      id={keys.optionId(at)}
      data-at={at}
      role="option"
      tabIndex={-1}
      aria-selected={option.checked ?? here}
      onClick={onChoose}
      onPointerMove={() => here || keys.point(at)}
      className={cx(
        'flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2 py-1 text-sm [@media(pointer:coarse)]:min-h-11',
        here && 'bg-hover',
      )}
    >
      {option.icon && <span className="inline-flex shrink-0 text-ink-faint">{option.icon}</span>}
      <span className="min-w-0 flex-1">
        <bdi className="ui-start block truncate">{option.label}</bdi>
        {option.description && (
          <span className="block truncate text-xs text-ink-muted">{option.description}</span>
        )}
      </span>
      {option.checked && <Check size={15} aria-hidden className="shrink-0 text-accent-ink" />}
      {option.hotkey && <Keys of={option.hotkey} />}
    </div>
  );
}

function Keys({ of }: { of: CommandId }) {
  const keys = useHotkeyKeys(of);
  return keys && <Kbd keys={keys} />;
}
