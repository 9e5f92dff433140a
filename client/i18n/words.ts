/** What the catalogs build their sentences from. Formatters are made once: making one costs 80 µs. */

const persian = new Intl.NumberFormat('fa-IR');
const english = new Intl.NumberFormat('en-US');
const englishPlurals = new Intl.PluralRules('en-US');

/** A number in a Persian sentence: «۱۲٬۵۰۰». */
export function fa(n: number): string {
  return persian.format(n);
}

/** A number in an English sentence: "12,500". */
export function en(n: number): string {
  return english.format(n);
}

/** An English count with its noun: `count(3, 'message')` is "3 messages". Persian nouns need none of this. */
export function count(n: number, one: string, other = `${one}s`): string {
  return `${english.format(n)} ${englishPlurals.select(n) === 'one' ? one : other}`;
}

/** A name, an address or other foreign text in a sentence, kept from reordering the words around it. */
export function iso(text: string): string {
  return `\u2068${text}\u2069`;
}

/** A number, an address or a code in a sentence: its plus stays in front in a Persian one too. */
export function ltrIso(text: string): string {
  return `\u2066${text}\u2069`;
}
