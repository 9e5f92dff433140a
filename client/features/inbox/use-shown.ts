import { useDeferredValue, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { CommandId } from '../../i18n/fa.ts';
import { useKeyboard } from '../../lib/hotkeys.react.tsx';
import { comboOf } from '../../lib/hotkeys.ts';

/** What only goes on to the next row: held down, it must not wait for a pane on each. */
const steps: readonly CommandId[] = ['list.next', 'list.previous', 'composer.next', 'composer.previous'];

/**
 * The conversation whose heavy panes are drawn. Under load the list answers at once and they follow, but never later than the next
 * hand on the page: what is pressed, typed or pasted is meant for the conversation that was chosen, not for the one before.
 */
export function useShown(conversationId: string | null): string | null {
  const follows = useDeferredValue(conversationId);
  const [hurried, setHurried] = useState<string | null>(null);
  const shown = hurried === conversationId ? conversationId : follows;
  const isBehind = shown !== conversationId;
  const keyboard = useKeyboard();

  useLayoutEffect(() => {
    if (!isBehind) return;
    const catchUp = (event: Event) => {
      if (event instanceof KeyboardEvent && keyboard) {
        const combo = comboOf(event, keyboard.mac);
        if (combo && steps.some((id) => keyboard.hotkeys.keysOf(id).includes(combo))) return;
      }
      flushSync(() => setHurried(conversationId));
    };
    const hands = ['keydown', 'pointerdown', 'paste', 'drop'];
    for (const hand of hands) document.addEventListener(hand, catchUp, { capture: true });
    return () => {
      for (const hand of hands) document.removeEventListener(hand, catchUp, { capture: true });
    };
  }, [isBehind, conversationId, keyboard]);

  return shown;
}
