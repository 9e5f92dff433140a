import { foldPoint } from './fold.ts';

export const foldedWords = (words: string): ReadonlySet<string> =>
  new Set(
    words
      .trim()
      .split(/\s+/)
      .map((word) => [...word].map((char) => foldPoint(char.codePointAt(0) ?? 0)).join('')),
  );

/**
 * What people write before or after a word joined, with a half-space or with a space (می‌شود, میشود, می شود; کتاب‌ها, کتابها, کتاب ها).
 * `bound` never stands alone: whoever asks for it means it together with its neighbour.
 */
export const bound = {
  before: foldedWords('می نمی همی'),
  after: foldedWords(`
    ها های هایی هایم هایت هایش هایمان هایتان هایشان هام هات هاش هامون هاتون هاشون
    ی ای یی ام ات اش اید اند ایم مان تان شان مون تون شون م ت ش ترین تری`),
};

/** Words of their own that are also written together with the next or the one before: این‌که, هم‌چنین, بیمه‌نامه. */
export const loose = {
  before: foldedWords('بی نا هم هر این آن چه هیچ پیش باز غیر'),
  after: foldedWords(
    'تر گر گری گاه مند وار دار داری که جا طور گونه قدر نامه خانه پذیر کننده دهنده گیر گذار گذاری آمیز ساز سازی شناس رسان رسانی بندی',
  ),
};
