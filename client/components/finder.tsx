import { useState } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useLocale, useT } from '../i18n/locale.tsx';
import { dirOf } from '../lib/bidi.ts';
import { findIn } from '../lib/find.ts';
import { useHotkeyScope } from '../lib/hotkeys.react.tsx';
import { afterClosing } from './after-closing.ts';
import { Search } from './icons.ts';
import { type Option, OptionList, useOptionKeys } from './options.tsx';

export interface FinderItem extends Option {
  /** Found by these as well; the label comes first. */
  words?: readonly string[];
  /** For choosing several, one after another. */
  staysOpen?: boolean;
  run: () => void;
}

export interface FinderProps {
  title: string;
  placeholder: string;
  items: readonly FinderItem[];
  onClose: () => void;
  /** What could be made of the words when nothing is called exactly so. */
  create?: (typed: string) => FinderItem | null;
  /** What was found elsewhere for the words that `onType` told: comes after the items, as it is. */
  more?: readonly FinderItem[];
  onType?: (typed: string) => void;
  /** What to say when there is nothing at all. */
  nothing?: string;
}

/** A field to type in and a list under it, over the page: the palette and every picker. */
export function Finder(props: FinderProps) {
  const { title, onClose } = props;
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="fade-in fixed inset-0 z-30 flex items-start justify-center bg-scrim p-4 pt-[12dvh]"
    >
      <Modal className="rise-in w-full max-w-xl overflow-hidden rounded-xl border border-line bg-raised shadow-float">
        <AriaDialog aria-label={title} className="flex max-h-[70dvh] flex-col outline-none">
          <Inside {...props} />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function Inside(props: FinderProps) {
  const { title, placeholder, items, onClose, create, more = [], onType, nothing } = props;
  const t = useT();
  const { direction } = useLocale();
  const [typed, setTyped] = useState('');
  useHotkeyScope('dialog');
  const found = findIn(items, typed, ({ label, words = [] }) => [label, ...words]);
  // The best first, but what belongs together stays together: groups in the order of their best.
  const order = [...new Set(found.map(({ group }) => group))];
  const grouped = order.flatMap((group) => found.filter((item) => item.group === group));
  const made = typed.trim() ? create?.(typed.trim()) : null;
  const shown = [...grouped, ...(typed.trim() ? more : []), ...(made ? [made] : [])];
  const choose = (at: number) => {
    const item = shown[at];
    if (!item) return;
    if (item.staysOpen) {
      item.run();
      return;
    }
    onClose();
    afterClosing(item.run);
  };
  const keys = useOptionKeys({ count: shown.length, query: typed, onChoose: choose });
  return (
    <>
      <div className="flex items-center gap-2.5 border-b border-line px-3.5">
        <Search size={16} aria-hidden className="shrink-0 text-ink-faint" />
        <input
          {...keys.field}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type in it
          autoFocus
          type="text"
          aria-label={title}
          dir={dirOf(typed, direction)}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            onType?.(event.currentTarget.value.trim());
          }}
          onKeyDown={keys.press}
          className="ui-start h-12 min-w-0 flex-1 bg-transparent text-md outline-none"
        />
      </div>
      <div role="status" className="sr-only">
        {shown.length === 0 ? (nothing ?? t.finder.nothing) : t.finder.found(shown.length)}
      </div>
      {shown.length === 0 ? (
        <p aria-hidden className="p-4 text-center text-sm text-ink-muted">
          {typed === '' && nothing ? nothing : t.finder.nothing}
        </p>
      ) : (
        <OptionList options={shown} keys={keys} label={title} onChoose={choose} className="min-h-0 flex-1" />
      )}
      <p className="border-t border-line px-3.5 py-1.5 text-2xs text-ink-faint [@media(pointer:coarse)]:hidden">
        {t.finder.hint}
      </p>
    </>
  );
}
