import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PublicWay, publicWays, script, style, type Tongue, texts } from './shop-page.parts.ts';

/**
 * The page of a small shop with the web chat in it: an origin of its own and a strict content policy, as an organisation's site would
 * have. Whoever opens it is the customer.
 */
export interface ShopPage {
  url: string;
  origin: string;
  close(): Promise<void>;
}

export interface ShopPageOptions {
  /** Where the product is. */
  home: string;
  site: string;
  /** The site's secret for signed users; absent: nobody can sign in. */
  secret?: string;
  port?: number;
  host?: string;
  /** Said of itself by the page, in place of its own policy. */
  policy?: string;
  /** Says something where all can read it; absent: the page has no form for it. */
  say?: (said: Said) => Promise<void>;
}

export interface Said {
  way: PublicWay;
  name: string;
  text: string;
}

const longestForm = 8_000;

/** What the form says; null where it says nothing that can be said. */
async function saidIn(request: IncomingMessage): Promise<Said | null> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > longestForm) return null;
  }
  const form = new URLSearchParams(body);
  const way = publicWays.find((each) => each === form.get('way'));
  const name = form.get('name')?.trim().slice(0, 50);
  const text = form.get('text')?.trim().slice(0, 280);
  return way && name && text ? { way, name, text } : null;
}

/** What the documentation of the widget tells a strict page to have, and nothing more. */
export function strictPolicy(home: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${home}`,
    `connect-src ${home}`,
    `frame-src ${home}`,
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

export async function startShopPage(options: ShopPageOptions): Promise<ShopPage> {
  const policy = options.policy ?? strictPolicy(options.home);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://shop.invalid');
    const send = (type: string, body: string) =>
      response
        .writeHead(200, {
          'content-type': `${type}; charset=utf-8`,
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        })
        .end(body);
    if (url.pathname === '/shop.css') return send('text/css', style);
    if (url.pathname === '/shop.js') return send('text/javascript', script);
    if (request.method === 'POST' && url.pathname === '/say' && options.say) {
      const back = url.searchParams.get('tongue') === 'en' ? '/en' : '/';
      // Forms of other sites have nothing to say here.
      const own = new URL(request.headers.origin ?? 'http://nobody.invalid').host === request.headers.host;
      const { say } = options;
      const done = own ? saidIn(request).then((said) => said && say(said).then(() => said)) : null;
      void Promise.resolve(done)
        .then((said) => response.writeHead(303, { location: said ? `${back}?said=1` : back }).end())
        .catch(() => response.writeHead(500, { 'content-type': 'text/plain' }).end('It could not be said.'));
      return;
    }
    if (url.pathname === '/' || url.pathname === '/en')
      return send(
        'text/html',
        page({ ...options, tongue: url.pathname === '/' ? 'fa' : 'en', query: url.searchParams }),
      );
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page in this shop.');
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A user as the shop's own server vouches for them: the documented way to make the hash. */
export function signed(
  secret: string,
  user: { userId: string; name?: string; email?: string; mobile?: string },
) {
  const { userId, name = '', email = '', mobile = '' } = user;
  const text = JSON.stringify([userId, name, email, mobile]);
  return {
    userId,
    name,
    email,
    mobile,
    hash: createHmac('sha256', secret).update(text, 'utf8').digest('hex'),
  };
}

function page(options: ShopPageOptions & { tongue: Tongue; query: URLSearchParams }): string {
  const { home, site, secret, tongue, query, say } = options;
  const t = texts[tongue];
  const who = t.users.find(({ userId }) => userId === query.get('as'));
  // On its own element, as a strict policy wants it: no script within the page.
  const user =
    who && secret ? ` data-user="${safe(JSON.stringify(signed(secret, who)))}"` : ' data-user="null"';
  const links = t.users
    .map(
      ({ userId, name }) =>
        `<a href="?as=${userId}"${who?.userId === userId ? ' aria-current="true"' : ''}>${name}</a>`,
    )
    .join('');
  return `<!doctype html>
<html lang="${tongue}" dir="${tongue === 'fa' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t.title}</title>
<link rel="stylesheet" href="/shop.css">
<script src="/shop.js"${user}></script>
<script async src="${safe(home)}/widget/loader.js" data-site="${safe(site)}"></script>
</head>
<body>
<header><strong>${t.shop}</strong><nav aria-label="${t.language}"><a href="/" lang="fa">فارسی</a><a href="/en" lang="en">English</a></nav></header>
<main>
<h1>${t.heading}</h1>
<p>${t.lead}</p>
<p><button type="button" id="ask">${t.ask}</button></p>
<ul>${t.goods.map(({ name, price, look }) => `<li><span class="picture ${look}"></span><h2>${name}</h2><p>${price}</p></li>`).join('')}</ul>
${secret ? `<section><h2>${t.signIn}</h2><p>${t.signInText}</p><p class="users"><a href="?"${who ? '' : ' aria-current="true"'}>${t.nobody}</a>${links}</p></section>` : ''}
${say ? aloud(tongue, query.has('said')) : ''}
</main>
<footer>${t.footer}</footer>
</body>
</html>`;
}

function aloud(tongue: Tongue, said: boolean): string {
  const t = texts[tongue];
  const ways = publicWays.map((way) => `<option value="${way}">${t.ways[way]}</option>`).join('');
  return `<section><h2>${t.aloud}</h2><p>${t.aloudText}</p>
${said ? `<p role="status">${t.wasSaid}</p>` : ''}
<form method="post" action="/say?tongue=${tongue}">
<label>${t.where}<select name="way">${ways}</select></label>
<label>${t.name}<input name="name" required maxlength="50" autocomplete="off"></label>
<label>${t.words}<textarea name="text" required maxlength="280" rows="3"></textarea></label>
<button>${t.say}</button>
</form></section>`;
}

function safe(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign,
  );
}
