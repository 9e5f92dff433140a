/**
 * How deep elements lie in one another, roughly as a parser would find it: parsers take a time that grows with the square of the depth,
 * so what is deeper than anything real is not given to them.
 */

const maxDepth = 500;

const empty = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
/** An element that ends the one before it without being told, when that one is the innermost. */
const ends: Record<string, string[]> = {
  p: ['p'],
  li: ['li'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
  tr: ['tr', 'td', 'th'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  option: ['option'],
};
const endsParagraph = new Set(
  'address article blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main ol pre section table ul'.split(
    ' ',
  ),
);

export function tooDeep(html: string): boolean {
  const open: string[] = [];
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 4);
      if (end < 0) return false;
      at = end;
      continue;
    }
    const tag = /^<(\/?)([A-Za-z][^\s/<>]{0,40})/.exec(html.slice(at, at + 44));
    if (!tag) continue;
    const name = (tag[2] ?? '').toLowerCase();
    if (tag[1] === '/') {
      const opened = open.lastIndexOf(name);
      if (opened >= 0) open.length = opened;
    } else if (!empty.has(name)) {
      const implied = ends[name] ?? (endsParagraph.has(name) ? ['p'] : []);
      while (implied.includes(open.at(-1) ?? '')) open.pop();
      if (open.push(name) > maxDepth) return true;
    }
  }
  return false;
}
