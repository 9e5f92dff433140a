import type { Virtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type RefObject, useEffect } from 'react';
import type { Message } from '../../../shared/message.ts';
import type { SentimentLabel } from '../../../shared/sentiment.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useCorrection } from '../sentiment/correct.ts';
import type { TimelineItem } from './timeline-items.ts';
import { useInboxUi } from './ui.ts';

const idOf = (element: EventTarget | null) =>
  element instanceof Element
    ? (element.closest<HTMLElement>('[data-message]')?.dataset['message'] ?? null)
    : null;

/** What an item can be held by: the message whose bubble it is. */
const heldBy = (item: TimelineItem | undefined): string | null =>
  item?.kind === 'message' ? (item.messages[0]?.id ?? null) : item?.kind === 'outbox' ? item.key : null;

export interface MessageKeysOptions {
  box: RefObject<HTMLElement | null>;
  items: readonly TimelineItem[];
  virtual: Virtualizer<HTMLDivElement, Element>;
  /** The keyboard moves the stream. */
  onStep: () => void;
}

/** From message to message by the keyboard, and what its keys do to the one that holds it. Gives the handler of focus and blur. */
export function useMessageKeys({ box, items, virtual, onStep }: MessageKeysOptions) {
  const held = useInboxUi((ui) => ui.held);
  const set = useInboxUi((ui) => ui.set);
  const correct = useCorrection();
  useEffect(() => () => set({ held: null }), [set]);

  const at = held === null ? -1 : items.findIndex((item) => heldBy(item) === held);
  const item = items[at];
  const message: Message | undefined =
    item?.kind === 'message'
      ? (item.messages.find(({ sentiment }) => sentiment) ?? item.messages[0])
      : undefined;

  const focusOn = (index: number) => {
    const id = heldBy(items[index]);
    if (id === null) return;
    onStep();
    virtual.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() =>
      box.current
        ?.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`)
        ?.focus({ preventScroll: true }),
    );
  };
  /** The lowest that is wholly in sight: where the eye is. */
  const lowest = () => {
    const element = box.current;
    if (!element) return -1;
    const bottom = element.scrollTop + element.clientHeight + 1;
    return (
      virtual.getVirtualItems().findLast(({ index, end }) => end <= bottom && heldBy(items[index]) !== null)
        ?.index ?? -1
    );
  };
  const step = (by: number) => {
    let index = at < 0 ? lowest() : at + by;
    while (index >= 0 && index < items.length && heldBy(items[index]) === null) index += by;
    if (items[index]) focusOn(index);
  };
  useHotkey('message.next', () => step(1));
  useHotkey('message.previous', () => step(-1));

  const able = { enabled: correct !== null && message?.sentiment != null };
  const say = (label: SentimentLabel) => message && void correct?.(message, label);
  useHotkey('message.positive', () => say('positive'), able);
  useHotkey('message.neutral', () => say('neutral'), able);
  useHotkey('message.negative', () => say('negative'), able);

  return (event: FocusEvent) => {
    const id = event.type === 'focus' ? idOf(event.target) : idOf(event.relatedTarget);
    if (id !== useInboxUi.getState().held) set({ held: id });
  };
}
