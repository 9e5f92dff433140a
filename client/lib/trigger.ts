/** What is being typed at the cursor of a plain text that asks for a list: `/` for canned replies, `@` for colleagues. */
export interface Trigger {
  sign: '/' | '@';
  /** What was typed after the sign. */
  query: string;
  /** Where the sign stands; the cursor stands at the end of the query. */
  from: number;
}

/** A sign counts at the beginning of a word only, so that dates, addresses and fractions stay what they are. */
const pattern = /(?:^|[\s([«"'])([/@])([^\s/@]{0,40})$/u;

/** Names have spaces in them: after `@` a second word may still belong to it. */
const spaced = /(?:^|[\s([«"'])(@)([^\s/@]{1,40}[ \u200c][^\s/@]{0,40})$/u;

export function triggerAt(text: string, caret: number, signs: readonly Trigger['sign'][]): Trigger | null {
  const before = text.slice(0, caret);
  const found = pattern.exec(before) ?? spaced.exec(before);
  const sign = found?.[1] as Trigger['sign'] | undefined;
  const query = found?.[2] ?? '';
  if (!sign || !signs.includes(sign)) return null;
  return { sign, query, from: caret - query.length - 1 };
}

export interface Named {
  id: string;
  name: string;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Finds `@Name` of any of the people, the longest name first; a name that goes on in letters is another one. */
export function mentionFinder(people: readonly Pick<Named, 'name'>[]): RegExp | null {
  const names = [...new Set(people.map(({ name }) => name.trim()).filter(Boolean))].sort(
    (a, b) => b.length - a.length,
  );
  if (names.length === 0) return null;
  return new RegExp(`@(${names.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'gu');
}

/** Who is named in a note. Of people with one name those who were picked from the list are meant, else all of them. */
export function mentionedIn(
  text: string,
  people: readonly Named[],
  picked: ReadonlySet<string> = new Set(),
): string[] {
  const finder = mentionFinder(people);
  if (!finder) return [];
  const ids = new Set<string>();
  for (const [, name] of text.matchAll(finder)) {
    const called = people.filter((person) => person.name.trim() === name);
    const meant = called.filter(({ id }) => picked.has(id));
    for (const { id } of meant.length > 0 ? meant : called) ids.add(id);
  }
  return [...ids];
}
