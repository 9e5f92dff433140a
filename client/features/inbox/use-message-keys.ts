import type { Virtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type RefObject, useEffect } from 'react';
import type { SentimentLabel } from '../../../shared/sentiment.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { notMine } from '../../lib/hotkeys.ts';
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
  const set = useInboxUi((ui) => ui.set);
  const correct = useCorrection();
  useEffect(() => () => set({ held: null }), [set]);

  const focusOn = (index: number) => {
    const id = heldBy(items[index]);
    if (id === null) return;
    onStep();
    virtual.scrollToIndex(index, { align: 'auto' });
    const focus = () => {
      const bubble = box.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`);
      bubble?.focus({ preventScroll: true });
      return bubble;
    };
    // The neighbours are drawn already; what is further away is with the next frame.
    if (!focus()) requestAnimationFrame(focus);
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
    // As it is now, not as it was drawn: a key may be pressed faster than that.
    const now = useInboxUi.getState().held;
    const from = now === null ? -1 : items.findIndex((each) => heldBy(each) === now);
    let index = from < 0 ? lowest() : from + by;
    while (index >= 0 && index < items.length && heldBy(items[index]) === null) index += by;
    if (items[index]) focusOn(index);
  };
  useHotkey('message.next', () => step(1));
  useHotkey('message.previous', () => step(-1));

  // Asked when the key is pressed: the keyboard may have come there a moment ago. Where nothing was felt the key is another's.
  const say = (label: SentimentLabel) => {
    // A press of the mouse on a message shows no mark of the keyboard, and means no label.
    const shown = document.activeElement?.matches(':focus-visible') === true;
    const now = shown ? useInboxUi.getState().held : null;
    const item = now === null ? undefined : items.find((each) => heldBy(each) === now);
    const message = item?.kind === 'message' ? item.messages.find(({ sentiment }) => sentiment) : undefined;
    return message && correct ? void correct(message, label) : notMine;
  };
  useHotkey('message.positive', () => say('positive'));
  useHotkey('message.neutral', () => say('neutral'));
  useHotkey('message.negative', () => say('negative'));

  return (event: FocusEvent) => {
    const id = event.type === 'focus' ? idOf(event.target) : idOf(event.relatedTarget);
    if (id !== useInboxUi.getState().held) set({ held: id });
  };
}
