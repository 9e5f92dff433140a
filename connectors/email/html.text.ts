import { compile, type FormatCallback } from 'html-to-text';
import { tooMuch } from './html.bounds.ts';

/**
 * The text of a mail that is HTML only. Mail programs mark in HTML what they quote; the marks are carried over into the text as two
 * characters of the private use area, which stand alone on a line and are taken out of what was written.
 */

/** Everything after it is the mail that is answered. */
export const quoteBegins = '\uE000';
/** The line after it says who wrote what is quoted below. */
export const attributionFollows = '\uE001';

const marks = /[\uE000\uE001]/g;

/** Where the rest of the mail is another one: Outlook's, Yahoo's, Samsung's and others' containers. */
const quoteContainers = [
  '#divRplyFwdMsg',
  '#appendonsend',
  '#mail-editor-reference-message-container',
  '#ms-outlook-mobile-reference-message',
  'div.yahoo_quoted',
  'div.protonmail_quote',
  'div.moz-forward-container',
  'div.zmail_extra',
  '#quoted_header',
];
const attributionContainers = [
  'div.gmail_attr',
  'div.moz-cite-prefix',
  'div.yahoo-quoted-begin',
  'p.gmail_attr',
];

const marked =
  (mark: string): FormatCallback =>
  (element, walk, builder) => {
    builder.openBlock({ leadingLineBreaks: 1 });
    builder.addLiteral(mark);
    builder.closeBlock({ trailingLineBreaks: 1 });
    builder.openBlock({ leadingLineBreaks: 1 });
    walk(element.children, builder);
    builder.closeBlock({ trailingLineBreaks: 1 });
  };

const maxInput = 1_000_000;

const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: maxInput, maxDepth: 200, ellipsis: '' },
  formatters: { quoteContainer: marked(quoteBegins), attributionContainer: marked(attributionFollows) },
  selectors: [
    {
      selector: 'a',
      options: { linkBrackets: ['<', '>'], hideLinkHrefIfSameAsText: true, noAnchorUrl: true },
    },
    { selector: 'img', format: 'skip' },
    { selector: 'hr', format: 'lineBreak' },
    { selector: 'style', format: 'skip' },
    { selector: 'script', format: 'skip' },
    { selector: 'title', format: 'skip' },
    { selector: 'td', format: 'inlineSurround', options: { prefix: '', suffix: ' ' } },
    { selector: 'th', format: 'inlineSurround', options: { prefix: '', suffix: ' ' } },
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'p.MsoNormal', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'p', options: { leadingLineBreaks: 1, trailingLineBreaks: 2 } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ...quoteContainers.map((selector) => ({ selector, format: 'quoteContainer' })),
    ...attributionContainers.map((selector) => ({ selector, format: 'attributionContainer' })),
  ],
});

/** With the marks; `withoutMarks` makes it readable. Never throws. */
export function htmlToText(html: string): string {
  const own = html.replace(marks, '');
  return tidy(converted(own));
}

/** Is it worth looking for marks at all? */
export const hasQuoteContainer = (html: string): boolean =>
  /divRplyFwdMsg|appendonsend|reference-message|yahoo[-_]quoted|protonmail_quote|zmail_extra|quoted_header|gmail_attr|moz-(cite|forward)/.test(
    html,
  );

export const withoutMarks = (text: string): string =>
  text.replace(/^[\uE000\uE001]\n?/gm, '').replace(marks, '');

function converted(html: string): string {
  try {
    if (!tooMuch(html)) return convert(html);
    throw new Error('too much');
  } catch {
    // The words without their tags.
    return html
      .slice(0, maxInput)
      .replace(/<(style|script|title)\b[^<>]*>[^<]*/gi, ' ')
      .replace(/<[^<>]*>/g, ' ');
  }
}

const tidy = (text: string): string =>
  text
    .replace(/\u00A0/g, ' ')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
