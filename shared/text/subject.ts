/** What mail programs put before a subject, in the languages of those who write here, once or again and again. */
const prefixes =
  /^(?:\s*(?:re|fwd?|aw|wg|sv|vs|tr|rv|antw|پاسخ|جواب|هدایت|ارسال مجدد)\s*(?:\[\d+\])?\s*[:：]\s*)+/iu;

/** What a subject is about, without the marks of answers and forwards. */
export function baseSubject(subject: string): string {
  return subject.replace(prefixes, '').trim();
}

/** One line, whatever was pasted: a header ends where its line does. */
export function cleanSubject(subject: string): string {
  return subject.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/**
 * The subject of a letter for which nobody wrote one: of what is passed on, else the thread's own; of the first letter of a
 * thread, how its text begins.
 * @param of.forwarded undefined when nothing is passed on; null when that has no subject
 * @param of.thread the newest subject of the thread's letters; null when there is none
 */
export function givenSubject(of: {
  text: string;
  forwarded: string | null | undefined;
  thread: string | null;
}): string {
  const { text, forwarded, thread } = of;
  if (forwarded !== undefined) return `Fwd: ${baseSubject(forwarded ?? thread ?? '')}`.trim();
  if (thread !== null) return `Re: ${baseSubject(thread)}`.trim();
  const line = cleanSubject(text.trim().split('\n', 1)[0] ?? '');
  return line.length > 78 ? `${line.slice(0, 77).trimEnd()}…` : line;
}
