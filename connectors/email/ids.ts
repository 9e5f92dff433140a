/** Message-IDs as the core knows them: without brackets, letters as they were written. */

const maxId = 500;
/** The nearest count; threads that grew for years name hundreds. */
const maxReferences = 50;

/**
 * All ids of a Message-ID, In-Reply-To or References field, in their order: folded, separated by commas, without or with half of their
 * brackets, among words (`Your message of "Mon, 1 Jan" <id>`).
 */
export function idsIn(value: string | null): string[] {
  if (value === null) return [];
  const bracketed = [...value.matchAll(/<([^<>\s]+)>/g)].map((match) => match[1] ?? '');
  const others = value
    .replace(/<[^<>\s]+>/g, ' ')
    .replace(/\([^()]*\)|"[^"]*"/g, ' ')
    .split(/[\s,;<>]+/)
    .filter((token) => /^[^@]+@[^@]+$/.test(token));
  const order = (id: string): number => value.indexOf(id);
  const all = bracketed.length === 0 ? others : [...bracketed, ...others].sort((a, b) => order(a) - order(b));
  return [...new Set(all)].filter((id) => id.length <= maxId && /^[\x21-\x7e\u0080-\uffff]+$/.test(id));
}

/** The mail's own id; null when there is none, or none that could tell it from others. */
export function ownId(value: string | null): string | null {
  const id = idsIn(value)[0] ?? null;
  return id !== null && /[A-Za-z0-9].*[A-Za-z0-9]/.test(id) && id.length >= 5 ? id : null;
}

export interface Thread {
  /** What the mail answers or follows, the nearest first. */
  references: string[];
  /** The mail that began the thread, as far as this one says. */
  root: string | null;
}

export function threadOf(inReplyTo: string | null, references: string | null): Thread {
  const parents = idsIn(inReplyTo);
  const ancestors = idsIn(references);
  const nearest = [...new Set([...parents, ...ancestors.toReversed()])];
  return { references: nearest.slice(0, maxReferences), root: ancestors[0] ?? parents[0] ?? null };
}
