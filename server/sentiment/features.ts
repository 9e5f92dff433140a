import { finished, hash } from './hash.ts';
import { type Hit, netOf, type Reading } from './hits.ts';
import type { Language } from './lexicon.ts';

/** One number that the model weighs, and the tokens it is of. */
export interface Feature {
  index: number;
  value: number;
  of: readonly number[];
}

/** What rules say of a text as a whole; each has its own place for each language. */
const ruled = [
  'bias',
  'net',
  'positive',
  'negative',
  'last',
  'first',
  'turned',
  'strongest',
  'clash',
  'praise1',
  'praise2',
  'blame1',
  'blame2',
  'none',
  'deniedPraise',
  'deniedBlame',
  'idle',
  'idle2',
  'asks',
  'asksNothing',
  'calls',
  'trails',
  'drawn',
  'shouts',
  'emojiUp',
  'emojiDown',
  'emojiNone',
  'mocksPraise',
  'mocksBlame',
  'ironyPraise',
  'ironyBlame',
  'ironyFacts',
  'factsPraise',
  'factsAlone',
  'plain',
  'plainNone',
  'plainPraise',
  'short',
  'long',
  'numbers',
  'links',
  'weak',
  'turnedUp',
  'turnedDown',
  'praiseFirst',
  'blameFirst',
  'oneSided',
  'clashPlain',
  'clashMild',
  'asksIdle',
  'degrees',
] as const;
type Place = Pick<Hit, 'from' | 'count'>;
type Ruled = (typeof ruled)[number];

const languages: readonly Language[] = ['fa', 'en', 'finglish', 'other'];
/** Places of the rules' features; those of words and their parts come after. */
export const ruledCount = 256;
export const hashedCount = 1 << 16;
export const featureCount = ruledCount + hashedCount;

const ruledIndex = new Map<string, number>();
for (const language of languages)
  for (const name of ruled) ruledIndex.set(`${language}:${name}`, ruledIndex.size);

/** How much the words and their parts weigh beside the rules. */
const wordsWeigh = 1;
const partsWeigh = 0.6;
/** Letters of a word that are looked into. */
const longestWord = 24;

/** Everything that the model weighs in a text. Pure; the same on every machine. */
export function featuresOf(reading: Reading): Feature[] {
  return [...ruledFeatures(reading), ...wordFeatures(reading), ...partFeatures(reading)];
}

function ruledFeatures(reading: Reading): Feature[] {
  const { hits, language, tokens, emoji } = reading;
  const features: Feature[] = [];
  const add = (name: Ruled, value: number, of: readonly Place[] = []) => {
    const index = ruledIndex.get(`${language}:${name}`);
    if (value !== 0 && index !== undefined)
      features.push({ index, value, of: of.flatMap((hit) => places(hit)) });
  };
  const praise = hits.filter((hit) => hit.weight > 0);
  const blame = hits.filter((hit) => hit.weight < 0);
  const lastClause = Math.max(0, ...hits.map((hit) => hit.clause));
  const last = hits.filter((hit) => hit.clause === lastClause);
  const first = hits.filter((hit) => hit.clause === hits[0]?.clause);
  const turnedFrom = Math.min(...reading.turned);
  const after = hits.filter((hit) => hit.clause >= turnedFrom);
  const words = tokens.filter((token) => token.kind === 'word').length;
  const marks = tokens.filter((token) => token.kind === 'mark');
  const asks = marks.some((mark) => mark.key.includes('?'));
  const emojis = tokens.flatMap((token, from) => (token.kind === 'emoji' ? [{ from, count: 1 }] : []));
  const some = (yes: boolean) => (yes ? 1 : 0);
  const up = emoji.filter((weight) => weight > 0).reduce((sum, weight) => sum + weight, 0);
  const down = emoji.filter((weight) => weight < 0).reduce((sum, weight) => sum - weight, 0);

  add('bias', 1);
  add('net', netOf(hits), hits);
  add('positive', Math.min(1, sum(praise) / 6), praise);
  add('negative', Math.min(1, -sum(blame) / 6), blame);
  add('last', netOf(last), last);
  add('first', netOf(first), first);
  add('turned', netOf(after), after);
  add('strongest', strongest(hits), hits);
  add('clash', some(praise.length > 0 && blame.length > 0), hits);
  add('praise1', some(praise.length === 1), praise);
  add('praise2', some(praise.length >= 2), praise);
  add('blame1', some(blame.length === 1), blame);
  add('blame2', some(blame.length >= 2), blame);
  add('none', some(hits.length === 0));
  add('oneSided', some(praise.length > 0) - some(blame.length > 0), hits);
  add('deniedPraise', some(blame.some((hit) => hit.denied)), blame);
  add('deniedBlame', some(praise.some((hit) => hit.denied)), praise);
  add('idle', some(reading.idleDenials > 0));
  add('idle2', some(reading.idleDenials > 1));
  add('asks', some(asks));
  add('asksNothing', some(asks && hits.length === 0));
  add('calls', some(marks.some((mark) => mark.key.includes('!'))));
  add('trails', some(marks.some((mark) => mark.key === '…')));
  add('drawn', some(tokens.some((token) => token.drawn)));
  add('shouts', some(tokens.some((token) => token.shouted)));
  add('emojiUp', Math.min(1, up / 3), emojis);
  add('emojiDown', Math.min(1, down / 3), emojis);
  add('emojiNone', some(emoji.length === 0));
  add('mocksPraise', some(reading.mocks > 0 && praise.length > 0), praise);
  add('mocksBlame', some(reading.mocks > 0 && praise.length === 0));
  add('ironyPraise', some(reading.irony > 0 && praise.length > 0), praise);
  add('ironyBlame', some(reading.irony > 0 && blame.length > 0), blame);
  add('ironyFacts', some(reading.irony > 0 && reading.facts > 0));
  add('factsPraise', some(reading.facts > 0 && praise.length > 0), praise);
  add('factsAlone', some(reading.facts > 0 && hits.length === 0));
  add('plain', Math.min(1, reading.plain / 3));
  add('plainNone', some(reading.plain > 0 && hits.length === 0));
  add('plainPraise', some(reading.plain > 1 && praise.length > 0), praise);
  add('short', some(words <= 3));
  add('long', some(words > 18));
  add('numbers', some(tokens.some((token) => token.kind === 'number')));
  add('links', some(tokens.some((token) => token.kind === 'link')));
  add('weak', some(hits.length > 0 && hits.every((hit) => Math.abs(hit.weight) <= 1.2)), hits);
  add('turnedUp', some(reading.turned.size > 0 && netOf(after) > 0), after);
  add('turnedDown', some(reading.turned.size > 0 && netOf(after) < 0), after);
  add('praiseFirst', some(praise.length > 0 && blame.length > 0 && (hits[0]?.weight ?? 0) > 0), praise);
  add('blameFirst', some(praise.length > 0 && blame.length > 0 && (hits[0]?.weight ?? 0) < 0), blame);
  const clash = praise.length > 0 && blame.length > 0;
  add('clashPlain', some(clash && reading.turned.size === 0), hits);
  add('clashMild', some(clash && hits.every((hit) => Math.abs(hit.weight) < 2.5)), hits);
  add('asksIdle', some(asks && reading.idleDenials > 0));
  add('degrees', some(reading.degrees > 0));
  return features;
}

const sum = (hits: readonly Hit[]) => hits.reduce((total, hit) => total + hit.weight, 0);
const strongest = (hits: readonly Hit[]) =>
  hits.reduce((most, hit) => (Math.abs(hit.weight) > Math.abs(most) ? hit.weight : most), 0) / 4.5;
const places = (hit: Place) => Array.from({ length: hit.count }, (_, n) => hit.from + n);

/** Words, and two in a row: with the language, because "bad" is one thing in English and another in Persian. */
function wordFeatures(reading: Reading): Feature[] {
  const { tokens, keys, language } = reading;
  const seed = hash(language);
  const features: Feature[] = [];
  let before = '';
  let beforeAt = -1;
  for (const [at, token] of tokens.entries()) {
    const key = token.kind === 'word' ? (keys[at] ?? '') : token.key;
    if (key === '') continue;
    features.push(hashed(`1${key}`, seed, [at]));
    if (before !== '') features.push(hashed(`2${before} ${key}`, seed, [beforeAt, at]));
    before = token.kind === 'mark' && token.key !== ',' ? '' : key;
    beforeAt = at;
  }
  return scaled(features, wordsWeigh);
}

/** Two to five letters in a row within a word, which see through endings and spellings. */
function partFeatures(reading: Reading): Feature[] {
  const seed = hash(`${reading.language} part`);
  const features: Feature[] = [];
  for (const [at, token] of reading.tokens.entries()) {
    if (token.kind !== 'word') continue;
    const word = `^${(reading.keys[at] ?? '').slice(0, longestWord)}$`;
    const of = [at];
    for (let from = 0; from + 2 <= word.length; from += 1) {
      let mixed = seed;
      for (let length = 1; length <= 5 && from + length <= word.length; length += 1) {
        mixed = Math.imul(mixed ^ word.charCodeAt(from + length - 1), 0x01000193);
        if (length > 1) features.push(placed(finished(mixed ^ length), of));
      }
    }
  }
  return scaled(features, partsWeigh);
}

function hashed(text: string, seed: number, of: readonly number[]): Feature {
  return placed(hash(text, seed), of);
}

function placed(number: number, of: readonly number[]): Feature {
  return { index: ruledCount + (number & (hashedCount - 1)), value: 1, of };
}

/** Of length one together, so that a long text shouts no louder than a short one. */
function scaled(features: Feature[], weight: number): Feature[] {
  const value = features.length ? weight / Math.sqrt(features.length) : 0;
  for (const feature of features) feature.value = value;
  return features;
}
