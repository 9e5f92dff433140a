/**
 * What this browser remembers of one site's chat: the token, what waits to be sent, the draft. In the frame's own storage, shared
 * with the visitor's other tabs; where the browser forbids that to a frame, in memory, and the loader keeps a copy with the page.
 */
export interface Keep {
  /** By the browser, and not by the page. */
  isKept: boolean;
  get(key: string): string | null;
  set(key: string, value: string | null): void;
  keys(): string[];
  /** Another tab wrote. */
  onChange(run: (key: string) => void): void;
  /** The page heard from another tab what is kept now. */
  take(kept: string | null): void;
}

/** Not more than this is given to the page to keep, in UTF-16 units. */
const most = 60_000;

export function openKeep(options: {
  site: string;
  /** What the page kept for us the last time. */
  kept: string | null;
  give: (value: string | null) => void;
}): Keep {
  const prefix = `yekja:${options.site}:`;
  try {
    const storage = localStorage;
    storage.setItem(`${prefix}try`, '1');
    storage.removeItem(`${prefix}try`);
    return {
      isKept: true,
      get: (key) => storage.getItem(prefix + key),
      set(key, value) {
        if (value === null) return storage.removeItem(prefix + key);
        try {
          storage.setItem(prefix + key, value);
        } catch {
          // Full: the panel goes on with what it holds in memory.
        }
      },
      keys: () =>
        Object.keys(storage).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
      onChange(run) {
        addEventListener('storage', ({ key }) => {
          if (key?.startsWith(prefix)) run(key.slice(prefix.length));
        });
      },
      take: () => undefined,
    };
  } catch {
    return inMemory(options.kept, options.give);
  }
}

/** Of this page alone; `give` hears of every change. */
export function inMemory(kept: string | null, give: (value: string | null) => void): Keep {
  const held = new Map<string, string>(entriesOf(kept));
  let tell: (key: string) => void = () => undefined;
  return {
    isKept: false,
    get: (key) => held.get(key) ?? null,
    set(key, value) {
      if (value === null) held.delete(key);
      else held.set(key, value);
      const all = JSON.stringify([...held]);
      if (all.length <= most) give(held.size ? all : null);
    },
    keys: () => [...held.keys()],
    onChange(run) {
      tell = run;
    },
    take(news) {
      const next = new Map(entriesOf(news));
      const changed = [...new Set([...held.keys(), ...next.keys()])].filter(
        (key) => held.get(key) !== next.get(key),
      );
      held.clear();
      for (const [key, value] of next) held.set(key, value);
      for (const key of changed) tell(key);
    },
  };
}

/** The page could have changed it: what is not ours begins anew. */
function entriesOf(kept: string | null): [string, string][] {
  try {
    const all = JSON.parse(kept ?? '[]') as unknown;
    return Array.isArray(all) &&
      all.every((one) => Array.isArray(one) && one.every((part) => typeof part === 'string'))
      ? (all as [string, string][])
      : [];
  } catch {
    return [];
  }
}
