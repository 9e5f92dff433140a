import type { Sentiment, SentimentLabel } from '../../shared/sentiment.ts';
import { aspectAt } from './aspects.ts';
import type { Reading } from './hits.ts';
import { namedIn, type Product } from './named.ts';

type About = Sentiment['about'];

/** Of one text: who lists a whole catalogue speaks about none of it. */
const mostAbout = 8;

/**
 * What a text speaks about, clause by clause: aspects, products by their names, and how each is spoken of. A clause that says nothing of
 * its own speaks as the whole does.
 * @param options.text what was read
 * @param options.whole how the whole text is meant
 */
export function aboutOf(
  reading: Reading,
  options: { text: string; products: readonly Product[]; whole: SentimentLabel },
): About {
  const found = new Map<string, About[number]>();
  const named = namedIn(options.text, reading.tokens, options.products);
  for (const { from, to } of clausesOf(reading)) {
    const aspects = new Set<About[number]['aspect']>();
    const products = new Set<string>();
    for (let at = from; at < to; at += 1) {
      const aspect = aspectAt(reading.keys, at);
      if (aspect) aspects.add(aspect);
      for (const product of named.get(at) ?? []) products.add(product);
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
