/** A plain text as HTML that says the direction of each paragraph: mail programs guess it for the whole mail, and often wrongly. */

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/g;
const leftToRight = /[A-Za-z\u00C0-\u024F\u0370-\u052F]/g;

/** By the letters that there are more of: a Persian sentence may begin with the name of a product. Without letters as `otherwise`. */
export function directionOf(text: string, otherwise: 'rtl' | 'ltr' = 'ltr'): 'rtl' | 'ltr' {
  const right = text.match(rightToLeft)?.length ?? 0;
  const left = text.match(leftToRight)?.length ?? 0;
  if (right === 0 && left === 0) return otherwise;
  return right >= left ? 'rtl' : 'ltr';
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
