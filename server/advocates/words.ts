import { normalise } from '../../shared/text/normalise.ts';

/** What a sentence does, by the words in it: Persian, English, and Persian in Latin letters. Texts are normalised before. */

const any = (...parts: string[]) => new RegExp(parts.join('|'), 'u');
/** A word on its own; `\b` knows no Persian letters. */
const word = (pattern: string) => `(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`;

const recommends = any(
  word(
    '(?:پیشنهاد|توصیه)(?:ش|شو|ش رو|ش را)?(?: رو| را)?(?: (?:هم|حتما|واقعا|شدیدا|اکیدا))* ?می ?(?:کنم|کنیم)',
  ),
  word('(?:شدیدا|حتما|اکیدا|واقعا) (?:پیشنهاد|توصیه)(?: ?می ?(?:شه|شود))?'),
  word(
    'حتما(?: (?:ازش|از این|اینو|این رو|این را|یکی))? (?:بخرید|بخرین|بگیرید|بگیرین|امتحان کنید|امتحان کنین|تهیه کنید)',
  ),
  word('به (?:همه|هر کسی|دوستام|دوستانم|شما) (?:پیشنهاد|معرفی|توصیه)(?:ش)? (?:می ?کنم|می ?کنیم|کردم)'),
  word('از دستش? (?:ندید|ندین|ندهید)'),
  word('شک نکنید|شک نکنین'),
  word(
    "i(?:'d| would| do| can| will|'ll)?(?: (?:definitely|highly|really|strongly|totally|certainly|also))* recommend",
  ),
  word("we(?:'d| would| do)?(?: (?:definitely|highly|really|strongly))* recommend"),
  word('(?:highly|strongly|definitely) recommend(?:ed)?'),
  word('recommend(?:ed|ing)? (?:it|them|this|you) to (?:everyone|everybody|all|my|friends|anyone|others)'),
  word('(?:you|everyone|everybody) should (?:definitely |really )?(?:buy|get|try)'),
  word('must[- ]buy|must[- ]have|worth every penny'),
  word('(?:pishnahad|tosi[ey]e?) (?:mi ?konam|mikonam|mikonim)'),
  word('hatman (?:bekharid|bekharin|begirid|begirin)'),
);
/** A recommendation that is asked for, or refused. */
const recommendsNot = any(
  word(
    "(?:don'?t|do not|not|never|wouldn'?t|would not|can'?t|cannot|didn'?t|won'?t|hardly)(?: \\w+){0,2} recommend(?:ed)?",
  ),
  word('(?:would|do|can|could|does|did) (?:you|anyone|anybody|someone|somebody) recommend'),
  word('(?:اصلا|ابدا|به هیچ عنوان|به هیچ وجه) (?:پیشنهاد|توصیه)'),
  word('(?:حتما|شدیدا|اکیدا|واقعا) (?:پیشنهاد|توصیه) ?ن?می? ?ن(?:می ?کنم|می ?شه|می ?شود)'),
  word("(?:shouldn'?t|should not|never) (?:buy|get|try)"),
);

const experiences = any(
  word(
    '(?:خریدم|خریدیم|گرفتم|گرفتیم|سفارش دادم|سفارش دادیم|استفاده (?:کردم|می ?کنم|کردیم|می ?کنیم)|امتحان کردم)',
  ),
  word(
    '(?:راضی ?ام|راضی هستم|راضی بودم|تجربه(?: من|م|ام)|دستم رسید|به دستم رسید|مشتری(?: ثابت)?(?:شون|تون|شان|تان)? ?(?:ام|هستم|شدم))',
  ),
  word(
    "(?:i|we)(?:'ve| have| had)?(?: (?:just|recently|also|been|already|never|always))* (?:bought|ordered|purchased|used|using|tried|received|got|love|loved|own|owned|owning|switched|visited)",
  ),
  word('my (?:experience|order|purchase|second|third|family|wife|husband|kids|mother|father|team)'),
  word('(?:kharidam|gereftam|estefade kardam|estefade mikonam|sefaresh dadam|razi ?am|razi hastam)'),
);

const thanks = any(
  word(
    'ممنون(?:م|تم|تونم)?|مرسی|تشکر|متشکرم|سپاس(?:گزارم)?|دم(?:ت|تون| شما) ?گرم|دست(?:ت|تون) درد نکنه|لطف کردی(?:د|ن)?|خدا خیرت بده',
  ),
  word(
    "thank(?:s| you)|thx|tysm|that (?:worked|helped)|it worked|works now|solved|fixed it|you(?:'re| are) a life ?saver",
  ),
  word('حل شد|درست شد|کار کرد|جواب داد'),
  word('mersi|merci|mamnoon(?:am)?|mamnun(?:am)?|damet garm|hal shod|dorost shod'),
);

const asks = any(
  '[?؟]',
  word(
    'چطور|چطوری|چجوری|چه جوری|چگونه|کجا|کی می ?دونه|کسی می ?دونه|کسی می ?داند|راهنمایی|مشکل دارم|کمک(?:م)? (?:کنید|کنین|می ?خوام)|چنده|چند است|ایا',
  ),
  word(
    'how (?:do|can|to|did|does|much|long)|where (?:can|do|is)|anyone know|does anyone|anybody know|need help|help me|can (?:someone|anyone|i)',
  ),
  word('chetor(?:i)?|chejoori|kasi midoone|komak konid'),
);

/** Says that others should buy or use it. */
export function isRecommendation(text: string): boolean {
  const said = normalise(text);
  return recommends.test(said) && !recommendsNot.test(said);
}

const longTestimonial = 20;

/** Tells at some length what somebody lived through themselves. */
export function isTestimonial(text: string): boolean {
  return wordsIn(text) >= longTestimonial && experiences.test(normalise(text));
}

/** Thanks for help, or says that it worked. */
export function isThanks(text: string): boolean {
  return thanks.test(normalise(text));
}

export function isQuestion(text: string): boolean {
  return asks.test(normalise(text));
}

const fewWords = 3;

/** So short that it is a courtesy: it says nothing of what it thanks for. */
export function isCourtesy(text: string): boolean {
  return wordsIn(text) <= fewWords && isThanks(text);
}

/** An answer tells something: not only a name, a thanks or a question back. */
export function isAnswer(text: string): boolean {
  const said = normalise(text);
  if (wordsIn(said.replace(/@[\w.]+/g, ' ')) < fewWords) return false;
  return !/[?؟]\s*$/.test(said) && !(isThanks(said) && wordsIn(said) <= 8);
}

export function wordsIn(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’\u200C]*/gu)?.length ?? 0;
}

const longestExcerpt = 280;

/** The sentence that fits, else the first; whole words, at most a few lines. Places are in UTF-16 units of the text as written. */
export function sentenceOf(text: string, fits: (sentence: string, at: readonly [number, number]) => boolean) {
  const sentences: { said: string; at: [number, number] }[] = [];
  for (const found of text.matchAll(/[^.!?؟\n۔…]+[.!?؟۔…]*/gu)) {
    const said = found[0].trim();
    if (said) sentences.push({ said, at: [found.index, found.index + found[0].length] });
  }
  const chosen = sentences.find(({ said, at }) => fits(said, at)) ?? sentences[0];
  return shortened(chosen?.said ?? text.trim());
}

function shortened(text: string): string {
  if (text.length <= longestExcerpt) return text;
  const cut = text.slice(0, longestExcerpt);
  const space = cut.lastIndexOf(' ');
  return `${(space > longestExcerpt / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
