import { useSyncExternalStore } from 'react';

const known = new Map<string, { subscribe: (run: () => void) => () => void; get: () => boolean }>();

function watched(query: string) {
  const list = matchMedia(query);
  return {
    subscribe(run: () => void) {
      list.addEventListener('change', run);
      return () => list.removeEventListener('change', run);
    },
    get: () => list.matches,
  };
}

function useMedia(query: string): boolean {
  const found = known.get(query) ?? watched(query);
  known.set(query, found);
  return useSyncExternalStore(found.subscribe, found.get);
}

/** `phone`: one pane at a time; `narrow`: the customer is a drawer; `wide`: everything side by side. */
export function useRoom(): 'phone' | 'narrow' | 'wide' {
  const several = useMedia('(min-width: 56.25rem)');
  const all = useMedia('(min-width: 80rem)');
  return all ? 'wide' : several ? 'narrow' : 'phone';
}
