/**
 * What of HTML is given to parsers. Their time grows with the number of tags, and with the square of how deep elements lie in one
 * another, so what is beyond anything real is not given to them.
 */

/** A long thread of Outlook's has some ten thousand tags in half a million letters. */
const maxLength = 1_000_000;
const maxTags = 60_000;
const maxDepth = 500;

export function tooMuch(html: string): boolean {
  return html.length > maxLength || manyTags(html) || tooDeep(html);
}

function manyTags(html: string): boolean {
  let tags = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    tags += 1;
    if (tags > maxTags) return true;
  }
  return false;
}

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

/** Roughly as a parser would find it. */
function tooDeep(html: string): boolean {
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
