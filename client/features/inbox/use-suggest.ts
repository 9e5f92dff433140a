import { type KeyboardEvent, type RefObject, useCallback, useRef, useState } from 'react';
import { type Trigger, triggerAt } from '../../lib/trigger.ts';
import type { SuggestHandle } from './suggest.tsx';

/** Whether what stands at the cursor asks for a list, and which keys that list takes. */
export function useSuggest(area: RefObject<HTMLTextAreaElement | null>, note: boolean) {
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  /** What is shown, also before the next frame: a look that follows a press at once must know what was closed. */
  const now = useRef<Trigger | null>(null);
  const handle = useRef<SuggestHandle>(null);
  /** What the person has closed stays closed until another sign is typed. */
  const closedAt = useRef<number | null>(null);
  // A canned reply is for the customer, a colleague is named among colleagues.
  const sign = note ? '@' : '/';

  const look = useCallback(() => {
    const field = area.current;
    const found =
      field && field.selectionStart === field.selectionEnd
        ? triggerAt(field.value, field.selectionStart, [sign])
        : null;
    if (!found) closedAt.current = null;
    const shown = found && found.from !== closedAt.current ? found : null;
    const before = now.current;
    if (before?.from === shown?.from && before?.query === shown?.query && before?.sign === shown?.sign)
      return;
    now.current = shown;
    setTrigger(shown);
  }, [area, sign]);

  const close = useCallback(() => {
    closedAt.current = now.current?.from ?? closedAt.current;
    now.current = null;
    setTrigger(null);
  }, []);

  const press = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (!trigger) return false;
    if (event.key === 'Escape') {
      event.preventDefault();
      close();
      return true;
    }
    return handle.current?.press(event) ?? false;
  };
  return { trigger, look, close, press, handle };
}
