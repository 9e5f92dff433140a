import sanitize from 'sanitize-html';

/** 'none': nothing is fetched from anywhere. 'remote': pictures are, because somebody asked for them. */
export type Images = 'none' | 'remote';

/** What marks text up and does nothing. What a connector let through is looked at again: each of the two must hold alone. */
const tags = (
  'a abbr address article b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure ' +
  'font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small span strike strong sub sup ' +
  'table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ');

const attributes = [
  ...['align', 'alt', 'bgcolor', 'border', 'cellpadding', 'cellspacing', 'color', 'colspan', 'dir', 'face'],
  ...['height', 'lang', 'nowrap', 'rowspan', 'scope', 'size', 'span', 'start', 'style', 'title', 'type'],
  ...['valign', 'value', 'width', 'href', 'rel', 'target', 'src'],
];

/** Something to be fetched, or a way to write it that a filter does not see. */
const reaching = /url|image-set|expression|binding|behavior|\\|\/\*|[<{}@]|position\s*:\s*(fixed|sticky)/i;

/**
 * A whole document around a message's own layout. Goes out with `frameHeaders`, which alone would keep it from doing anything.
 * @param options.inline content id → data: URL
 */
export function wholeDocument(options: {
  html: string;
  images: Images;
  inline: ReadonlyMap<string, string>;
}): string {
  const body = sanitize(options.html, {
    allowedTags: tags,
    allowedAttributes: { '*': attributes },
    nonTextTags: [
      'script',
      'style',
      'title',
      'textarea',
      'option',
      'noscript',
      'template',
      'xmp',
      'svg',
      'math',
    ],
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['data', 'http', 'https'] },
    allowedSchemesAppliedToAttributes: ['href', 'src'],
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    transformTags: { '*': (tagName, given) => ({ tagName, attribs: attributesOf(tagName, given, options) }) },
  });
  const dir = isRightToLeft(body) ? 'rtl' : 'ltr';
  return `<!doctype html><html dir="${dir}"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><title></title><style>${style}</style></head><body>${body}</body></html>`;
}

const style =
  'html{background:#fff;color:#1a1a1a;color-scheme:light}' +
  'body{margin:12px;font:15px/1.6 system-ui,"Segoe UI",Tahoma,sans-serif;overflow-wrap:anywhere}' +
  'img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}' +
  'blockquote{margin:8px 0;padding-inline-start:12px;border-inline-start:3px solid #ccc}';

function attributesOf(
  tag: string,
  given: sanitize.Attributes,
  { images, inline }: { images: Images; inline: ReadonlyMap<string, string> },
): sanitize.Attributes {
  const { src, href, target: _target, rel: _rel, style: css, 'data-remote-src': remote, ...rest } = given;
  const kept: sanitize.Attributes = rest;
  if (css && !reaching.test(css)) kept.style = css;
  if (tag === 'a' && href && /^(https?:|mailto:|tel:)/i.test(href))
    Object.assign(kept, { href, target: '_blank', rel: 'noopener noreferrer nofollow' });
  if (tag === 'img') {
    const own = src && /^cid:/i.test(src) ? inline.get(src.slice(4)) : undefined;
    const asked = images === 'remote' && remote && /^https?:\/\//i.test(remote) ? remote : undefined;
    const shown = own ?? asked;
    if (shown) kept.src = shown;
  }
  return kept;
}

/** What a frame with somebody else's layout may do: nothing but show it, and open a link in a window of its own. */
export function frameHeaders(images: Images): Record<string, string> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      'sandbox allow-popups allow-popups-to-escape-sandbox',
      "default-src 'none'",
      `img-src data:${images === 'remote' ? ' https: http:' : ''}`,
      "style-src 'unsafe-inline'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'SAMEORIGIN',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

function isRightToLeft(html: string): boolean {
  const sample = html.replace(/<[^>]*>/g, ' ').slice(0, 20_000);
  const count = (pattern: RegExp) => sample.match(pattern)?.length ?? 0;
  return (
    count(/[\p{Script=Arabic}\p{Script=Hebrew}]/gu) >
    count(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/gu)
  );
}
