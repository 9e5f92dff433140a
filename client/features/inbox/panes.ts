/** The columns of the inbox that the keyboard goes to. */
export type Pane = 'list' | 'timeline' | 'composer';

/** Where the keyboard finds a pane; an empty one has nothing to hold it, then the page does. */
export function placeFor(place: Pane): HTMLElement | null {
  const found =
    place === 'list'
      ? document.querySelector<HTMLElement>('[data-pane] [role="listbox"]')
      : document.getElementById(place === 'composer' ? 'composer-text' : 'timeline');
  return found ?? document.getElementById('content');
}

/** F6: to the next pane, and in it to the first thing that takes the keyboard. */
export function cyclePanes(): void {
  const panes = [...document.querySelectorAll<HTMLElement>('nav[data-rail], [data-pane]')];
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(here + 1) % panes.length];
  const inside =
    next?.querySelector<HTMLElement>('[role="listbox"], textarea') ??
    next?.querySelector<HTMLElement>('a[href], button, input, [tabindex="0"]');
  inside?.focus();
}
