import { skeleton } from './names.sound.ts';
import { compareTokens, isInitialOf, type Likeness, likenessScore } from './names.token.ts';
import { normalise } from './normalise.ts';

/** How two names are alike. */
export const nameReasons = [
  'same',
  /** But for half-space, letters of one sound, titles. */
  'spelling',
  /** One in Persian, one in Latin letters. */
  'transliterated',
  /** Family name first. */
  'order',
  /** A letter for a name. */
  'initial',
  /** One letter wrong. */
  'typo',
  /** One has a name the other lacks. */
  'partial',
  'different',
] as const;
export type NameReason = (typeof nameReasons)[number];

/** From here on two names are read as one. */
export const sameName = 0.78;

const mostTokens = 6;

const male = ['اقای', 'اقا', 'سید', 'mr', 'mister', 'seyed', 'seyyed', 'sayed', 'sayyed', 'sayyid', 'sir'];
const female = [
  'خانم',
  'خانوم',
  'بانو',
  'دوشیزه',
  'سیده',
  'mrs',
  'ms',
  'miss',
  'seyedeh',
  'seyyedeh',
  'sayyeda',
];
const either = [
  'دکتر',
  'مهندس',
  'استاد',
  'پروفسور',
  'حاج',
  'حاجی',
  'حاجیه',
  'کربلایی',
  'مشهدی',
  'شیخ',
  'جناب',
  'سرکار',
  'سرهنگ',
  'dr',
  'doctor',
  'prof',
  'professor',
  'eng',
  'engr',
  'haj',
  'haji',
  'hajj',
];
const gender = new Map<string, 'male' | 'female' | null>([
  ...male.map((title) => [title, 'male'] as const),
  ...female.map((title) => [title, 'female'] as const),
  ...either.map((title) => [title, null] as const),
]);

/** What makes another family name of the one before it. */
const suffixes = new Set(
  'زاده نژاد پور فر نیا راد منش تبار فرد پناه وند لو دوست خواه نسب زادگان zadeh zade nejad nezhad pour poor far nia rad manesh tabar fard panah vand'.split(
    ' ',
  ),
);

/** Words in which God's name is often written with one letter less. */
const ofGod =
  /^(عبد|روح|ید|حبیب|نعمت|فتح|نصرت|قدرت|عزت|حشمت|ولی|سیف|اسد|فضل|عین|فرج|لطف|ذبیح|نور|شکر|رحمت|عنایت|هدایت|خلیل|امر|ایت)اله$/;

/** A name taken apart: its words without titles, in the order given names first. */
export interface ParsedName {
  tokens: readonly string[];
  /** A title was there. */
  titled: boolean;
  gender: 'male' | 'female' | null;
}

/** Taken apart names are asked for again and again. */
const parsed = new Map<string, ParsedName>();

export function parseName(name: string): ParsedName {
  const before = parsed.get(name);
  if (before) return before;
  if (parsed.size > 20_000) parsed.clear();
  const fresh = parseFresh(name);
  parsed.set(name, fresh);
  return fresh;
}

function parseFresh(name: string): ParsedName {
  // "Ahmadi, Mohammad": what follows the comma comes first.
  const [family = '', ...rest] = name.split(/[,،]/);
  const turned = rest.length === 1 && rest[0]?.trim() && !gender.has(words(rest[0])[0] ?? '');
  const all = words(turned ? `${rest[0]} ${family}` : name);
  const tokens = all.filter((word) => !gender.has(word));
  // Nothing but a title is a name after all.
  const kept = tokens.length ? tokens : all;
  const genders = new Set(all.map((word) => gender.get(word)).filter(Boolean));
  const [only = null] = genders;
  return {
    tokens: kept.slice(0, mostTokens),
    titled: kept.length < all.length,
    gender: genders.size === 1 ? (only ?? null) : null,
  };
}

function words(text: string): string[] {
  return normalise(text.normalize('NFKC'))
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]/g, '')
    .replace(/['’`ʼ]/g, '')
    .split(/[^\p{L}]+/u)
    .filter(Boolean)
    .map((word) => (word === 'اله' ? 'الله' : ofGod.test(word) ? word.replace(/اله$/, 'الله') : word))
    .reduce<string[]>((all, word) => {
      // God's name is never a name alone: it ends the one before.
      if (word === 'الله' && all.length) all.push(`${all.pop()}${word}`);
      else all.push(word);
      return all;
    }, [])
    .map((word) => word.replace(/(?<=.)الدین$/, 'دین').replace(/(?<=.)[aeou]l-?(?=d+[aei]+n$)/, ''));
}

/** What one alignment of two names found. */
interface Aligned {
  /** Sum of how alike the matched words are, and over how many. */
  sum: number;
  matched: number;
  worst: Likeness | 'initial';
  /** Words left over. */
  restA: string[];
  restB: string[];
}

const rank: Record<Likeness | 'initial', number> = {
  same: 0,
  spelling: 1,
  transliterated: 2,
  typo: 3,
  initial: 4,
  part: 5,
};

/**
 * How alike two names of people are, whichever of Persian and Latin they are written in. Not how sure it is that they are one person:
 * thousands bear one name.
 */
export function nameSimilarity(a: string, b: string): { score: number; reason: NameReason } {
  // In one order whichever is asked first: the answer is the same from either side.
  const [one, two] = inOrder(parseName(a), parseName(b));
  if (!one.tokens.length || !two.tokens.length) return { score: 0, reason: 'different' };
  if (one.gender && two.gender && one.gender !== two.gender) return { score: 0.2, reason: 'different' };
  const titled = one.titled !== two.titled;
  if (one.tokens.join(' ') === two.tokens.join(' '))
    return titled ? { score: 0.99, reason: 'spelling' } : { score: 1, reason: 'same' };
  let best = judged(align(one.tokens, two.tokens), titled);
  if (best.score >= 0.9) return best;
  for (const turned of turns(two.tokens)) {
    const other = judged(align(one.tokens, turned), titled);
    if (other.score * 0.97 <= best.score) continue;
    best = { score: other.score * 0.97, reason: mildest(other.reason) };
  }
  return best;
}

/** The one with fewer words first. */
function inOrder(a: ParsedName, b: ParsedName): [ParsedName, ParsedName] {
  const more = a.tokens.length - b.tokens.length;
  return more > 0 || (more === 0 && a.tokens.join(' ') > b.tokens.join(' ')) ? [b, a] : [a, b];
}

const mildest = (reason: NameReason): NameReason =>
  reason === 'same' || reason === 'spelling' || reason === 'transliterated' ? 'order' : reason;

/** The family name first, or last. */
function turns(tokens: readonly string[]): string[][] {
  if (tokens.length < 2) return [];
  const lastFirst = [tokens.at(-1) as string, ...tokens.slice(0, -1)];
  return tokens.length === 2 ? [lastFirst] : [lastFirst, [...tokens.slice(1), tokens[0] as string]];
}

/** The best way to lay the words of one name beside those of the other, in order; words may be joined, or be left over. */
function align(a: readonly string[], b: readonly string[]): Aligned {
  const memo = new Map<number, Aligned>();
  const from = (i: number, j: number): Aligned => {
    const known = memo.get(i * 16 + j);
    if (known) return known;
    let best: Aligned = { sum: 0, matched: 0, worst: 'same', restA: a.slice(i), restB: b.slice(j) };
    const offer = (next: Aligned) => {
      if (value(next) > value(best)) best = next;
    };
    if (i < a.length) offer({ ...from(i + 1, j), restA: [a[i] as string, ...from(i + 1, j).restA] });
    if (j < b.length) offer({ ...from(i, j + 1), restB: [b[j] as string, ...from(i, j + 1).restB] });
    for (const [m, n] of joins) {
      if (i + m > a.length || j + n > b.length) continue;
      const like = compareWords(a.slice(i, i + m), b.slice(j, j + n));
      if (!like) continue;
      const rest = from(i + m, j + n);
      const size = Math.max(m, n);
      offer({
        ...rest,
        sum: rest.sum + size * (like === 'initial' ? 0.7 : likenessScore[like]),
        matched: rest.matched + size,
        worst: rank[like] > rank[rest.worst] ? like : rest.worst,
      });
    }
    memo.set(i * 16 + j, best);
    return best;
  };
  return from(0, 0);
}

/** How many words of each side may stand for one of the other's. */
const joins = [
  [1, 1],
  [1, 2],
  [2, 1],
  [1, 3],
  [3, 1],
] as const;

const value = ({ sum, restA, restB }: Aligned) => sum - 0.3 * (restA.length + restB.length);

function compareWords(a: readonly string[], b: readonly string[]): Likeness | 'initial' | null {
  const [one, two] = [a.join(''), b.join('')];
  const joined = a.length + b.length > 2;
  if (!joined && (one.length === 1) !== (two.length === 1))
    return (one.length === 1 ? isInitialOf(one, two) : isInitialOf(two, one)) ? 'initial' : null;
  const like = compareTokens(one, two, { exact: joined });
  return like === 'same' && joined ? 'spelling' : like;
}

function judged(found: Aligned, titled: boolean): { score: number; reason: NameReason } {
  const { matched, restA, restB } = found;
  if (!matched) return { score: 0, reason: 'different' };
  const mean = found.sum / matched;
  if (restA.length && restB.length) {
    const total = matched + Math.max(restA.length, restB.length);
    return { score: 0.4 * mean * (matched / total), reason: 'different' };
  }
  const rest = [...restA, ...restB];
  if (rest.length) {
    const telling = rest.some((word) => suffixes.has(word)) ? 0.6 : 1;
    const score = (matched > 1 ? 0.72 : 0.5) * mean * telling;
    return { score, reason: 'partial' };
  }
  const worst = found.worst;
  if (worst === 'initial') return { score: Math.min(mean, 0.74), reason: 'initial' };
  if (worst === 'part') return { score: matched > 1 ? Math.min(mean, 0.72) : 0.4, reason: 'partial' };
  if (worst === 'typo') return { score: Math.min(mean, 0.86), reason: 'typo' };
  const reason = worst === 'same' && titled ? 'spelling' : worst;
  return { score: titled ? mean * 0.99 : mean, reason };
}

/**
 * Keys under which names that are alike meet, for asking an index: the consonants of all its words, in whichever script, order and
 * spacing; and those with one left out. Of a single word there are none: too many share it.
 */
export function nameKeys(name: string): { whole: string[]; slips: string[] } {
  const tokens = parseName(name).tokens.filter((token) => token.length > 1);
  if (countNames(name) < 2) return { whole: [], slips: [] };
  const bones = tokens.map((token) => skeleton(token).replace(/^A/, ''));
  const ways = [bones, [bones.at(-1), ...bones.slice(0, -1)]].map((way) =>
    way
      .join('')
      .replace(/(.)\1+/g, '$1')
      .slice(0, 40),
  );
  const whole = [...new Set(ways)].filter((way) => way.length >= 3).sort();
  const [first = ''] = whole;
  // Shorter ones would meet half the country.
  if (first.length < 5) return { whole, slips: [] };
  const slips = new Set([first]);
  if (first.length > 5)
    for (let i = 0; i < first.length; i += 1) slips.add(first.slice(0, i) + first.slice(i + 1));
  return { whole, slips: [...slips] };
}

/** How many names it has, given and of the family: حسین‌زاده is one, an initial none. */
export function countNames(name: string): number {
  return parseName(name).tokens.filter((token) => token.length > 1 && !suffixes.has(token)).length;
}

/** Words of a name that say who it is, as they are compared. Empty: it is no name. */
export function nameWords(name: string): readonly string[] {
  return parseName(name).tokens;
}
