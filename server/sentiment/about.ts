import type { Sentiment, SentimentLabel } from '../../shared/sentiment.ts';
import { aspectAt } from './aspects.ts';
import type { Reading } from './hits.ts';
import { tokensOf } from './tokens.ts';

type About = Sentiment['about'];

/** Of one text: who lists a whole catalogue speaks about none of it. */
const mostAbout = 8;

/** What the organisation sells, and the words by which people speak of it. */
export interface Product {
  name: string;
  said: readonly string[];
}

/** Names of products by their first word. */
type Names = ReadonlyMap<string, readonly { words: string[]; name: string }[]>;
const prepared = new WeakMap<readonly Product[], Names>();

/**
 * What a text speaks about, clause by clause: aspects, products by their names, and how each is spoken of. A clause that says nothing of
 * its own speaks as the whole does.
 * @param options.whole how the whole text is meant
 */
export function aboutOf(
  reading: Reading,
  options: { products: readonly Product[]; whole: SentimentLabel },
): About {
  const found = new Map<string, About[number]>();
  const names = namesOf(options.products);
  for (const { from, to } of clausesOf(reading)) {
    const aspects = new Set<About[number]['aspect']>();
    const products = new Set<string>();
    for (let at = from; at < to; at += 1) {
      const aspect = aspectAt(reading.keys, at);
      if (aspect) aspects.add(aspect);
      const product = productAt(reading, at, names);
      if (product !== null) products.add(product);
    }
    if (!aspects.size && !products.size) continue;
    const one = from === 0 && to === reading.tokens.length;
    const label = one ? options.whole : (ofClause(reading, from, to) ?? options.whole);
    for (const product of products.size ? products : [null])
      for (const aspect of aspects.size ? aspects : [null]) {
        const key = `${aspect} ${product}`;
        const before = found.get(key);
        // Said twice, what is said with feeling stands.
        if (!before || before.label === 'neutral') found.set(key, { aspect, product, label });
      }
  }
  return [...found.values()].slice(0, mostAbout);
}

/** By the words of the lists alone: the model has learnt what a whole message means, and a clause before a "but" means the opposite. */
function ofClause({ hits }: Reading, from: number, to: number): SentimentLabel | null {
  const own = hits.filter((hit) => hit.from >= from && hit.from < to);
  if (!own.length) return null;
  const sum = own.reduce((total, hit) => total + hit.weight, 0);
  return sum > 0.5 ? 'positive' : sum < -0.5 ? 'negative' : 'neutral';
}

function clausesOf({ clauses, tokens }: Reading): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const last = spans[spans.length - 1];
    if (last && clauses[at] === clauses[at - 1]) last.to = at + 1;
    else spans.push({ from: at, to: at + 1 });
  }
  return spans;
}

function namesOf(products: readonly Product[]): Names {
  const known = prepared.get(products);
  if (known) return known;
  const names = new Map<string, { words: string[]; name: string }[]>();
  for (const { name, said } of products.flatMap(({ name, said }) =>
    said.map((one) => ({ name, said: one })),
  )) {
    // Cut as the texts are: K30 is a letter and a number there, and a half-space joins.
    const words = tokensOf(said)
      .filter(({ kind }) => kind === 'word' || kind === 'number')
      .map(bare);
    const [first] = words;
    // A name of one short word is a word of the language more often than the product.
    if (!first || (words.length === 1 && first.length < 4)) continue;
    names.set(
      first,
      [...(names.get(first) ?? []), { words, name }].sort((a, b) => b.words.length - a.words.length),
    );
  }
  prepared.set(products, names);
  return names;
}

function productAt({ tokens }: Reading, at: number, names: Names): string | null {
  const key = (place: number) => bare(tokens[place] ?? { key: '' });
  for (const { words, name } of names.get(key(at)) ?? [])
    if (
      words.every(
        (word, n) => key(at + n) === word || (n === words.length - 1 && endsLike(key(at + n), word)),
      )
    )
      return name;
  return null;
}

/** Numbers are kept with a sign before them. */
const bare = ({ key }: { key: string }): string => key.replace(/^#/, '');

/** کیف and کیفش, the bag and bags. */
const endsLike = (key: string, word: string) =>
  key.startsWith(word) && key.length <= word.length + 3 && word.length >= 3;
