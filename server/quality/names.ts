import { normalise } from '../../shared/text/normalise.ts';

/** Words that stand where nobody asked for a name. */
const standIns = new Set(
  `test testing tester tset asdf qwerty user username customer client guest unknown noname anonymous admin none null undefined nan
  n/a na xxx abc foo bar temp name nobody someone new contact lead
  تست تستی ازمایشی ازمایش امتحان مشتری مشتریان کاربر کاربری مهمان ناشناس نامشخص نامعلوم بینام ندارد نام اسم
  فلانی خریدار مخاطب جدید شماره موقت کسی هیچکس`
    .split(/\s+/)
    .map((word) => normalise(word)),
);

/** What is wrong with a name by itself; null when it may be one. */
export function nameProblem(name: string): 'namePlaceholder' | 'nameWithoutLetters' | null {
  const plain = normalise(name);
  const letters = plain.replace(/[^\p{L}]+/gu, ' ').trim();
  if (!letters) return 'nameWithoutLetters';
  // With a number, or each other, they are no name either: "user 17", «مشتری جدید».
  const words = letters.split(' ');
  if (words.every((word) => standIns.has(word)) || standIns.has(words.join(''))) return 'namePlaceholder';
  // One letter again and again.
  return /^(\p{L})\1{2,}$/u.test(words.join('')) ? 'namePlaceholder' : null;
}
