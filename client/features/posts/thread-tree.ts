import type { PostEntry } from '../../../shared/post.ts';

/** An entry with how deep it stands under what it answers. */
export interface ThreadLine {
  entry: PostEntry;
  /** 0: under the post itself, or under what is not loaded. */
  depth: number;
  /** Who it answers, where that does not stand right above it. */
  answers: PostEntry | null;
}

const byTime = (a: PostEntry, b: PostEntry) =>
  a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1;

/**
 * Everything said under a post, each answer below what it answers, in the order of time. What answers in a circle, or something
 * that is not here, stands under the post. Without recursion: a thread may be as deep as people care to answer.
 */
export function threadLines(entries: readonly PostEntry[]): ThreadLine[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const below = new Map<string | null, PostEntry[]>();
  for (const entry of [...entries].sort(byTime)) {
    const above = entry.inReplyTo !== null && byId.has(entry.inReplyTo) ? entry.inReplyTo : null;
    const under = above === entry.id ? null : above;
    below.set(under, [...(below.get(under) ?? []), entry]);
  }
  const lines: ThreadLine[] = [];
  const seen = new Set<string>();
  const walk = (roots: readonly PostEntry[]) => {
    const waiting = roots.map((entry) => ({ entry, depth: 0 })).reverse();
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { entry, depth } = next;
      if (seen.has(entry.id)) continue;
      seen.add(entry.id);
      const above = entry.inReplyTo === null ? undefined : byId.get(entry.inReplyTo);
      const before = lines.at(-1)?.entry.id;
      lines.push({ entry, depth, answers: above && depth > 0 && above.id !== before ? above : null });
      for (const child of [...(below.get(entry.id) ?? [])].reverse())
        waiting.push({ entry: child, depth: depth + 1 });
    }
  };
  walk(below.get(null) ?? []);
  // A circle has no beginning: its earliest is taken for one.
  for (const entry of [...entries].sort(byTime)) if (!seen.has(entry.id)) walk([entry]);
  return lines;
}
