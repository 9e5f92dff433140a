/** Longer than any provider's limit; beyond it the raw event still has everything, for thirty days. */
const maxLength = 100_000;

/** A text as it can be kept: half characters, which no UTF-8 holds, replaced; nothing endless. */
export function cleanText(text: string): string {
  return text
    .slice(0, maxLength)
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
