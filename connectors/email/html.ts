import sanitize from 'sanitize-html';
import { tooMuch } from './html.bounds.ts';
import { styleWithin } from './style.ts';

/**
 * The HTML of a mail as it may be shown: what is not on these lists is gone. It is drawn in a sandboxed frame all the same; either must
 * hold alone.
 */

const tags = [
  ...[
    'p',
    'div',
    'span',
    'br',
    'hr',
    'wbr',
    'a',
    'img',
    'b',
    'strong',
    'i',
    'em',
    'u',
    's',
    'strike',
    'del',
    'ins',
  ],
  ...[
    'sub',
    'sup',
    'small',
    'big',
    'font',
    'center',
    'blockquote',
    'pre',
    'code',
    'tt',
    'kbd',
    'samp',
    'cite',
    'q',
  ],
  ...[
    'mark',
    'abbr',
    'address',
    'bdi',
    'bdo',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'ul',
    'ol',
    'li',
    'dl',
    'dt',
    'dd',
  ],
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'],
  ...['section', 'article', 'header', 'footer', 'main', 'figure', 'figcaption'],
];

/** Their text is code, or nothing that a reader of the mail was meant to see. */
const withoutText = [
  ...[
    'script',
    'style',
    'title',
    'textarea',
    'option',
    'select',
    'noscript',
    'template',
    'xmp',
    'plaintext',
    'listing',
  ],
  ...[
    'iframe',
    'noembed',
    'noframes',
    'frameset',
    'object',
    'applet',
    'svg',
    'math',
    'audio',
    'video',
    'canvas',
  ],
];

const size = { align: true, valign: true, width: true, height: true, bgcolor: true };

const attributes: Record<string, string[]> = {
  '*': ['dir', 'lang', 'title', 'style', 'align'],
  a: ['href', 'rel', 'target'],
  img: ['src', 'data-remote-src', 'alt', 'width', 'height'],
  font: ['color', 'face', 'size'],
  table: [...Object.keys(size), 'border', 'cellpadding', 'cellspacing'],
  tr: Object.keys(size),
  td: [...Object.keys(size), 'colspan', 'rowspan', 'nowrap'],
  th: [...Object.keys(size), 'colspan', 'rowspan', 'nowrap', 'scope'],
  col: ['span', 'width'],
  colgroup: ['span', 'width'],
  ol: ['start', 'type'],
  ul: ['type'],
  li: ['value'],
};

/** Deeper than any mail program writes; browsers slow down on it. */
const maxNesting = 150;
const maxAttribute = 2000;

const maxOutput = 2_000_000;

/** @returns sanitised HTML; null when it is too much or nested too deep to be shown. */
export function sanitiseHtml(html: string): string | null {
  if (tooMuch(html)) return null;
  const clean = sanitized(html);
  return clean.length > maxOutput ? null : clean;
}

function sanitized(html: string): string {
  return sanitize(html, {
    allowedTags: tags,
    allowedAttributes: attributes,
    nonTextTags: withoutText,
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid'] },
    allowedSchemesAppliedToAttributes: ['href', 'src'],
    allowProtocolRelative: false,
    // The style attribute is filtered by styleWithin, before.
    parseStyleAttributes: false,
    nestingLimit: maxNesting,
    enforceHtmlBoundary: false,
    transformTags: { '*': transform },
  }).trim();
}

function transform(tagName: string, given: sanitize.Attributes): sanitize.Tag {
  const attribs: sanitize.Attributes = {};
  for (const [name, value] of Object.entries(given)) {
    if (value.length <= maxAttribute || name === 'style') attribs[name] = value;
  }
  if (attribs.style !== undefined) {
    const style = styleWithin(attribs.style);
    if (style === '') delete attribs.style;
    else attribs.style = style;
  }
  if (attribs.dir !== undefined && !/^(ltr|rtl|auto)$/i.test(attribs.dir)) delete attribs.dir;
  for (const name of ['bgcolor', 'color'])
    if (attribs[name] !== undefined && !/^#?[\w]{1,30}$/.test(attribs[name])) delete attribs[name];
  for (const name of [
    'width',
    'height',
    'border',
    'cellpadding',
    'cellspacing',
    'colspan',
    'rowspan',
    'span',
  ])
    if (attribs[name] !== undefined && !/^\d{1,4}(\.\d+)?(px|%)?$/.test(attribs[name].trim()))
      delete attribs[name];
  if (tagName === 'a') return { tagName, attribs: linkOf(attribs) };
  if (tagName === 'img') return { tagName, attribs: imageOf(attribs) };
  return { tagName, attribs };
}

/** A link leads out of the product in a window of its own, or it is none. */
function linkOf({ href, rel: _rel, target: _target, ...rest }: sanitize.Attributes): sanitize.Attributes {
  const address = href === undefined ? null : outside(href);
  return address === null
    ? rest
    : { ...rest, href: address, rel: 'noopener noreferrer nofollow', target: '_blank' };
}

function outside(written: string): string | null {
  // Browsers drop these inside an address; nothing may hide behind them here.
  const bare = withoutBlanks(written);
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(bare)) return null;
  try {
    const url = new URL(bare);
    if (url.username !== '' || url.password !== '') return null;
    return url.href;
  } catch {
    return null;
  }
}

/** Inline files stay; what lies elsewhere is fetched only when somebody asks: fetching it tells its owner that the mail was read. */
function imageOf({ src, ...rest }: sanitize.Attributes): sanitize.Attributes {
  delete rest['data-remote-src'];
  const bare = withoutBlanks(src ?? '');
  if (/^cid:/i.test(bare)) return { ...rest, src: `cid:${decoded(bare.slice(4))}` };
  const remote = outside(bare.startsWith('//') ? `https:${bare}` : bare);
  return remote !== null && /^https?:/.test(remote) ? { ...rest, 'data-remote-src': remote } : rest;
}

const withoutBlanks = (text: string): string =>
  text.replace(/[\s\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+/gu, '');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Content ids that the sanitised HTML shows. */
export function contentIdsIn(html: string): Set<string> {
  const found = [...html.matchAll(/ src="cid:([^"]*)"/g)].map((match) => plainText(match[1] ?? ''));
  return new Set(found);
}

function plainText(text: string): string {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
