import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listener, serve } from '../../connectors/simulator.ts';
import { frameHeaders, type Images, wholeDocument } from '../../server/messages/whole.html.ts';
import { type Browser, openBrowser } from './browser.ts';

/**
 * A letter's layout in a real browser. What stands around it is tried on hostile markup as it was written, without the sanitiser: the
 * frame alone has to hold.
 */
let browser: Browser;
let ours: Listener;
let theirs: Listener;
/** What somebody else's server was asked for, and as what. */
const asked: { url: string; as: string; referer: string | undefined }[] = [];
let served: { html: string; images: Images };

beforeAll(async () => {
  browser = await openBrowser();
  theirs = await serve(({ url, headers, response }) => {
    asked.push({ url: url.pathname, as: String(headers['sec-fetch-dest']), referer: headers.referer });
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('parent.document.title = "taken"; alert(1)');
  });
  ours = await serve(({ url, response }) => {
    if (url.pathname === '/letter') {
      for (const [name, value] of Object.entries(frameHeaders(served.images)))
        response.setHeader(name, value);
      response.end(served.html);
      return;
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(
      '<!doctype html><title>ours</title><iframe src="/letter" width="600" height="400"></iframe>',
    );
  });
});
afterAll(async () => {
  await browser?.close();
  await ours?.close();
  await theirs?.close();
});
beforeEach(() => {
  asked.length = 0;
});

/** Everything that markup can do by itself, each at an address of its own. */
const hostile = (at: string) => `<!doctype html>
<base href="${at}/base/">
<link rel="stylesheet" href="${at}/link.css"><link rel="prefetch" href="${at}/prefetch"><link rel="preconnect" href="${at}">
<meta http-equiv="refresh" content="0;url=${at}/refresh">
<style>@import "${at}/import.css"; @font-face { font-family: x; src: url(${at}/font) } p { font-family: x; background: url(${at}/style.png) }</style>
<script src="${at}/script.js"></script><script>parent.document.title = 'taken'; top.location = '${at}/top'; fetch('${at}/fetch')</script>
<body onload="top.location = '${at}/onload'">
<p style="background: url(${at}/attribute.png)">words</p>
<img src="${at}/img.png" onerror="fetch('${at}/onerror')"><img srcset="${at}/srcset.png 1x"><picture><source srcset="${at}/source.png"><img></picture>
<svg onload="fetch('${at}/svg')"><image href="${at}/svg.png"/><script>parent.document.title = 'taken'</script></svg>
<iframe src="${at}/frame"></iframe><iframe srcdoc="<script>top.document.title = 'taken'</script>"></iframe>
<object data="${at}/object"></object><embed src="${at}/embed">
<video src="${at}/video" poster="${at}/poster.png" autoplay></video><audio src="${at}/audio" autoplay></audio>
<form id="f" action="${at}/form" target="_top"><input name="a" value="b" autofocus onfocus="this.form.submit()"></form>
<details open ontoggle="fetch('${at}/toggle')"><summary>x</summary></details>
<a id="link" href="${at}/link" target="_blank" rel="opener" ping="${at}/ping">a link</a>`;

async function shown(html: string, images: Images) {
  served = { html, images };
  const { page, context } = await browser.person();
  const said: string[] = [];
  page.on('dialog', (dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(ours.endpoint, { waitUntil: 'networkidle' });
  expect(page.url()).toBe(`${ours.endpoint}/`);
  expect(await page.title()).toBe('ours');
  expect(said).toEqual([]);
  return { page, context };
}

describe('the frame around a letter', () => {
  it('lets nothing run and nothing out, even of what nobody has cleaned', async () => {
    const { page, context } = await shown(hostile(theirs.endpoint), 'none');
    expect(asked).toEqual([]);
    const frame = page.frames()[1];
    expect(await frame?.locator('p').textContent()).toBe('words');
    expect(await frame?.evaluate(() => window.origin).catch(() => 'null')).toBe('null');
    await context.close();
  });

  it('lets pictures in when they were asked for, and still nothing else', async () => {
    const { context } = await shown(hostile(theirs.endpoint), 'remote');
    expect(asked.length).toBeGreaterThan(0);
    // A prefetch is under the widest directive of a policy (CSP 3): it is fetched and thrown away. The sanitiser leaves none.
    expect(asked.filter(({ as, url }) => as !== 'image' && url !== '/prefetch')).toEqual([]);
    for (const { referer } of asked) expect(referer).toBeUndefined();
    await context.close();
  });

  it('opens a link in a window that does not know where it came from', async () => {
    const html = wholeDocument({ html: hostile(theirs.endpoint), images: 'none', inline: new Map() });
    const { page, context } = await shown(html, 'none');
    expect(asked).toEqual([]);
    const opened = context.waitForEvent('page');
    await page.frameLocator('iframe').getByText('a link').click();
    const other = await opened;
    await other.waitForLoadState();
    expect(other.url()).toBe(`${theirs.endpoint}/link`);
    expect(await other.evaluate(() => window.opener)).toBeNull();
    expect(asked.find(({ url }) => url === '/link')?.referer).toBeUndefined();
    expect(asked.some(({ url }) => url === '/ping')).toBe(false);
    await context.close();
  });
});
