import { useSyncExternalStore } from 'react';

/** Two places take turns: the same sentence twice is read twice. */
let spoken: readonly [string, string] = ['', ''];
let turn: 0 | 1 = 0;
const listeners = new Set<() => void>();

/** Has screen readers say something at the next pause: a new inbound message, a result of a key. */
export function announce(text: string): void {
  turn = turn === 0 ? 1 : 0;
  spoken = turn === 0 ? [text, ''] : ['', text];
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where `announce` speaks; one for the page. */
export function LiveRegion() {
  const [first, second] = useSyncExternalStore(subscribe, () => spoken);
  return (
    <div className="sr-only">
      <div role="log" aria-live="polite" aria-relevant="additions text">
        {first}
      </div>
      <div role="log" aria-live="polite" aria-relevant="additions text">
        {second}
      </div>
    </div>
  );
}
