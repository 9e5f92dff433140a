/** The style attribute of a mail, declaration by declaration: what is listed, and only within the box that the mail is shown in. */

const colour = /^(#[0-9a-f]{3,8}|[a-z]{3,30}|(rgb|hsl)a?\([\d\s.,%/]{1,40}\))$/;
/** Not negative: what is moved out of its place may cover what does not belong to the mail. */
const length =
  '(0|\\d{1,4}(\\.\\d{1,4})?(px|pt|em|rem|ex|ch|in|cm|mm|pc|%)?|\\.\\d{1,4}(em|rem|px|pt)|medium|thin|thick|normal)';
const one = new RegExp(`^${length}$`);
const four = new RegExp(`^(${length}|auto)( (${length}|auto)){0,3}$`);
const extent = new RegExp(`^(${length}|auto|none|inherit|(min|max|fit)-content)$`);
const line = '(none|hidden|solid|dotted|dashed|double|groove|ridge|inset|outset|windowtext|initial)';
const border = new RegExp(
  `^(${length}|${line}|${colour.source.slice(1, -1)})( (${length}|${line}|${colour.source.slice(1, -1)})){0,2}$`,
);
const words = (list: string): RegExp => new RegExp(`^(${list})$`);

const sides = (name: string, suffix = ''): string[] =>
  ['', '-top', '-right', '-bottom', '-left'].map((side) => `${name}${side}${suffix}`);
const each = (names: string[], pattern: RegExp): [string, RegExp][] => names.map((name) => [name, pattern]);

const allowed = new Map<string, RegExp>([
  ...each(
    ['color', 'background-color', 'background', 'text-decoration-color', ...sides('border', '-color')],
    colour,
  ),
  ['font-family', /^[\p{L}\p{M}\d\s,'"_-]{1,300}$/u],
  [
    'font-size',
    new RegExp(`^(${length}|xx-small|x-small|small|large|x-large|xx-large|smaller|larger|inherit)$`),
  ],
  ['font-weight', /^(normal|bold|bolder|lighter|[1-9]00|inherit)$/],
  ['font-style', words('normal|italic|oblique|inherit')],
  ['line-height', one],
  ['letter-spacing', one],
  ['text-indent', one],
  ['text-align', words('left|right|center|justify|start|end|inherit|initial')],
  [
    'text-decoration',
    /^(none|underline|line-through|overline)( (none|underline|line-through|overline)){0,2}$/,
  ],
  ['text-decoration-line', words('none|underline|line-through|overline')],
  ['text-transform', words('none|uppercase|lowercase|capitalize')],
  ['direction', words('ltr|rtl|inherit')],
  ['unicode-bidi', words('normal|embed|isolate|plaintext')],
  ['white-space', words('normal|nowrap|pre|pre-wrap|pre-line|break-spaces')],
  ['word-break', words('normal|break-all|break-word|keep-all')],
  ['overflow-wrap', words('normal|break-word|anywhere')],
  ['word-wrap', words('normal|break-word')],
  ['vertical-align', words('baseline|sub|super|top|middle|bottom|text-top|text-bottom|inherit')],
  ['display', words('block|inline|inline-block|none|table|table-row|table-cell|list-item|inherit')],
  ['float', words('left|right|none')],
  ['clear', words('left|right|both|none')],
  ...each(['width', 'max-width', 'min-width', 'height', 'max-height', 'min-height'], extent),
  ...each([...sides('margin'), ...sides('padding')], four),
  ...each([...sides('border')], border),
  ...each(sides('border', '-width'), four),
  ...each(sides('border', '-style'), new RegExp(`^${line}( ${line}){0,3}$`)),
  ['border-collapse', words('collapse|separate')],
  ['border-spacing', four],
  ['border-radius', four],
  ['list-style-type', /^[a-z-]{1,30}$/],
  ['list-style', /^[a-z -]{1,40}$/],
]);

/** Escapes, comments and nested blocks are ways past a filter; no mail program writes them in an attribute. */
const suspicious = /[\\{}<@]|\/\*|\*\/|expression|javascript|url\s*\(|image\s*\(|-moz-binding|behavior/i;
const maxStyle = 5000;

/** @returns the declarations that may stay, or an empty text. */
export function styleWithin(style: string): string {
  if (style.length > maxStyle) return '';
  return style
    .split(';')
    .flatMap((declaration) => {
      const colon = declaration.indexOf(':');
      if (colon < 1 || suspicious.test(declaration)) return [];
      const name = declaration.slice(0, colon).trim().toLowerCase();
      const written = declaration
        .slice(colon + 1)
        .replace(/!\s*important\s*$/i, '')
        .replace(/\s+/g, ' ')
        .trim();
      const value = name === 'font-family' ? written : written.toLowerCase();
      return allowed.get(name)?.test(value) ? [`${name}:${value}`] : [];
    })
    .join(';');
}
