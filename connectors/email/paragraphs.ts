/** A plain text as HTML that says the direction of each paragraph: mail programs guess it for the whole mail, and often wrongly. */

const rightToLeft = /(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/gu;

/** By the letters that there are more of: a Persian sentence may begin with the name of a product. Without letters as `otherwise`. */
export function directionOf(text: string, otherwise: 'rtl' | 'ltr' = 'ltr'): 'rtl' | 'ltr' {
  const right = text.match(rightToLeft)?.length ?? 0;
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  if (all === 0) return otherwise;
  return right * 2 >= all ? 'rtl' : 'ltr';
}

export function htmlOf(text: string): string {
  const whole = directionOf(text);
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .replace(/^\n+|\s+$/g, '')
    .split(/\n[ \t]*\n+/)
    .map((paragraph) => {
      const dir = directionOf(paragraph, whole);
      const lines = paragraph
        .split('\n')
        .map((line) => escapeHtml(line).replace(/^ +/, (spaces) => '&nbsp;'.repeat(spaces.length)));
      return `<p dir="${dir}" style="margin:0 0 1em">${lines.join('<br>\n')}</p>`;
    });
  return `<!DOCTYPE html>\n<html dir="${whole}"><head><meta charset="utf-8"></head><body dir="${whole}">\n${paragraphs.join('\n')}\n</body></html>\n`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
