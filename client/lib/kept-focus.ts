import { type RefObject, useEffect } from 'react';

const reachable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

function controlsIn(box: Element): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>(reachable)].filter(
    (each) => each.tabIndex >= 0 && each.getClientRects().length > 0,
  );
}

/** What had the keyboard, and where it stood. */
interface Held {
  control: HTMLElement;
  at: number;
  row: Element | null;
  atInRow: number;
  /** What comes after the box. */
  beside: Element | null;
}

/**
 * Keeps the keyboard in a box whose deeds take their own buttons away: what stands in the place of the one that went has it next, in
 * the same row if that is still there; what comes after the box, when all of it went.
 */
export function useKeptFocus(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let held: Held | null = null;
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || !element.contains(target) || target === element) {
        held = null;
        return;
      }
      const row = target.closest('li');
      held = {
        control: target,
        at: controlsIn(element).indexOf(target),
        row,
        atInRow: row ? controlsIn(row).indexOf(target) : -1,
        beside: element.nextElementSibling ?? element.previousElementSibling,
      };
    };
    // Who presses beside it lets it go on purpose.
    const onPointerDown = ({ target }: PointerEvent) => {
      if (held && !(target instanceof Node && held.control.contains(target))) held = null;
    };
    const give = () => {
      if (!held) return;
      const { control, at, row, atInRow } = held;
      const gone = !control.isConnected || control.matches(':disabled');
      if (!gone && document.activeElement !== document.body) return;
      if (gone && document.activeElement !== document.body && document.activeElement !== control) return;
      const [controls, place] =
        row?.isConnected && controlsIn(row).length > 0
          ? [controlsIn(row), atInRow]
          : [controlsIn(element), at];
      // One that can only not be pressed now, as the last of two arrows: what stands before it.
      const nearest = control.isConnected ? place - 1 : place;
      const next = gone ? controls[Math.min(Math.max(0, nearest), controls.length - 1)] : control;
      if (next) return next.focus({ preventScroll: true });
      element.tabIndex = -1;
      element.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(give);
    observer.observe(element, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    document.addEventListener('focusin', onFocusIn);
    document.addEventListener('pointerdown', onPointerDown, true);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', onFocusIn);
      document.removeEventListener('pointerdown', onPointerDown, true);
      if (!held || element.isConnected || document.activeElement !== document.body) return;
      if (held.beside?.isConnected) controlsIn(held.beside)[0]?.focus({ preventScroll: true });
    };
  }, [box]);
}
