import { afterAll, beforeAll, describe, it } from 'vitest';
import { defaultRouting } from '../../shared/channel.ts';
import { signed, startShopPage } from '../demo/shop-page.ts';
import { axe } from './browser.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';
import { conversationAbout, openShop, type Shop, Visit } from './visit.ts';

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let stage: Stage;
let shop: Shop;
beforeAll(async () => {
  // A whole Chromium denies storage to a frame of another site.
  stage = await setStage({ channels: ['webchat'], wholeBrowser: true });
  shop = await openShop(stage);
});
afterAll(async () => {
  await shop?.close();
  await stage?.close();
});

const agent = () => stage.world.agent;
const reply = async (question: string, text: string) =>
  agent().reply(await conversationAbout(stage, question), text);

describe('the widget in a page of another site with a strict policy', () => {
  it('carries a conversation both ways, and leaves the page as it was', async () => {
    const visit = await Visit.begin(stage, shop);
    const desk = await Desk.open({ stage });
    await visit.page.evaluate(() => {
      const seen = { shift: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
          seen.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await expect(visit.bubble).toBeVisible();
    await visit.photograph('bubble');
    await visit.open();
    await expect(visit.textbox).toBeFocused();
    // Whoever only looks is nobody yet.
    expect((await visit.context.storageState()).origins.flatMap(({ localStorage }) => localStorage)).toEqual(
      [],
    );

    const question = 'Hello, where is my order MH-20418?';
    await visit.write(question);
    await visit.arrived(question);
    await desk.open(question);
    await expect(visit.message(question).getByRole('img', { name: visit.t.read })).toBeVisible();
    await desk.answer('It leaves today.');
    await expect(visit.message('It leaves today.')).toBeVisible();
    await expect(visit.message('It leaves today.')).toContainText('Admin Example');
    await expect(desk.tick('read', desk.bubble('It leaves today.'))).toBeVisible();
    await visit.photograph('talk-en');
    // The agent sees that the visitor is there, and where.
    await expect(desk.page.locator('header').getByText(desk.t.presence.online)).toBeVisible();
    const panel = desk.page.getByRole('complementary', { name: desk.t.inbox.customer });
    await expect(panel.locator(`a[href="${visit.page.url()}"]`)).toBeVisible();

    expect(
      await visit.page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift),
    ).toBe(0);
    expect(await visit.context.cookies()).toEqual([]);
    expect(await visit.page.evaluate(() => [document.styleSheets.length, Object.keys(localStorage)])).toEqual(
      [1, [`yekja:${shop.site}`]],
    );
    expect(visit.complaints).toEqual([]);
    expect(desk.complaints).toEqual([]);
    await desk.close();
    await visit.close();
  });

  it('goes on where it was after a reload, and tells of what came meanwhile', async () => {
    const visit = await Visit.begin(stage, shop);
    await visit.open();
    await visit.write('I will come back.');
    await visit.arrived('I will come back.');
    await visit.textbox.fill('half a thought');
    await visit.page.reload();
    await visit.loaded();
    // Closed, and nobody looking: the answer is unread until the panel opens.
    const unread = visit.page.evaluate(
      () =>
        new Promise((resolve) =>
          (window as unknown as { yekja: { on(name: string, run: (n: number) => void): void } }).yekja.on(
            'unread',
            resolve,
          ),
        ),
    );
    await reply('I will come back.', 'Welcome back.');
    expect(await unread).toBe(1);
    await visit.photograph('unread');
    await visit.open();
    await expect(visit.message('Welcome back.')).toBeVisible();
    await expect(visit.textbox).toHaveValue('half a thought');
    expect(await visit.texts()).toEqual(['I will come back.', 'Welcome back.']);
    await visit.close();
  });

  it('keeps what is written without a connection, also when the page is left, and sends it once and in order', async () => {
    const visit = await Visit.begin(stage, shop);
    await visit.open();
    await visit.write('Before the tunnel.');
    await visit.arrived('Before the tunnel.');
    await visit.context.setOffline(true);
    await visit.write('First in the tunnel.');
    await visit.write('Second in the tunnel.');
    await expect(visit.panel.getByText(visit.t.offline)).toBeVisible();
    await expect(visit.panel.getByRole('img', { name: visit.t.waiting })).toHaveCount(2);
    await visit.photograph('offline');
    await visit.page.close();
    await visit.context.setOffline(false);

    const again = await visit.another(`${shop.url}en`);
    const conversation = await conversationAbout(stage, 'Second in the tunnel.');
    await again.open();
    await again.arrived('Second in the tunnel.');
    const inOrder = ['Before the tunnel.', 'First in the tunnel.', 'Second in the tunnel.'];
    expect(await again.texts()).toEqual(inOrder);
    const { messages } = await agent().timeline(conversation.customerId);
    expect(messages.flatMap((one) => ('text' in one && one.kind === 'message' ? [one.text] : []))).toEqual(
      inOrder,
    );
    await again.close();
  });

  it('shows two tabs the same', async () => {
    const visit = await Visit.begin(stage, shop);
    const other = await visit.another();
    await visit.open();
    await other.open();
    await visit.write('From the one tab.');
    await expect(other.message('From the one tab.')).toBeVisible();
    await other.write('From the other tab.');
    await expect(visit.message('From the other tab.')).toBeVisible();
    await visit.arrived('From the other tab.');
    const { customerId } = await conversationAbout(stage, 'From the other tab.');
    expect((await agent().timeline(customerId)).messages).toHaveLength(2);
    await visit.close();
  });

  it('remembers with the page’s help where the browser lets a frame keep nothing', async () => {
    const foreign = await openShop(stage, { foreign: true });
    const visit = await Visit.begin(stage, foreign);
    await visit.open();
    expect(
      await visit.panel.evaluate(() => {
        try {
          return localStorage.length;
        } catch (error) {
          return (error as Error).name;
        }
      }),
    ).toBe('SecurityError');
    await visit.write('Kept by the page.');
    await visit.arrived('Kept by the page.');
    await visit.page.reload();
    await visit.loaded();
    await visit.open();
    await expect(visit.message('Kept by the page.')).toBeVisible();
    await visit.write('And it goes on.');
    await visit.arrived('And it goes on.');
    const { customerId } = await conversationAbout(stage, 'And it goes on.');
    const other = await visit.another();
    await other.loaded();
    await other.open();
    await other.write('From another tab.');
    await expect(visit.message('From another tab.')).toBeVisible();
    await conversationAbout(stage, 'From another tab.');
    expect((await agent().timeline(customerId)).messages).toHaveLength(3);
    await visit.close();
    await foreign.close();
  });

  it('gives a page that is not on the list nothing at all', async () => {
    const stranger = await openShop(stage, { allowed: false });
    const visit = await Visit.begin(stage, stranger);
    await expect.poll(() => visit.complaints.join()).toContain('allowed origins');
    await expect(visit.bubble).toHaveCount(0);
    // Nor does the frame let itself be held, whatever the page does.
    await visit.page.evaluate((src) => {
      const frame = document.createElement('iframe');
      frame.src = src;
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener('load', resolve));
    }, `${stage.world.servers[0]?.url}/widget/${stranger.site}`);
    expect(await visit.frame?.locator('#root').count()).toBe(0);
    await expect.poll(() => visit.complaints.join()).toMatch(/frame-ancestors/);
    await visit.close();
    await stranger.close();
  });

  it('shows hostile text as text', async () => {
    const visit = await Visit.begin(stage, shop);
    await visit.open();
    const hostile = '<img src=x onerror=alert(1)> javascript:alert(2) [x](javascript:alert(3)) ok';
    await visit.write(hostile);
    await visit.arrived('ok');
    await reply(
      'onerror',
      `<script>alert(4)</script> \u202Etxt.exe https://example.com/"onmouseover="alert(5)`,
    );
    await expect(visit.message('<script>alert(4)</script>')).toBeVisible();
    expect(await visit.panel.locator('article img[src], article script').count()).toBe(0);
    const links = visit.panel.locator('article a');
    expect(await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).protocol))).toEqual(
      ['https:'],
    );
    await expect(links).toHaveAttribute('rel', /noopener/);
    expect(visit.complaints).toEqual([]);
    await visit.close();
  });

  it('carries files both ways, and says what is too large before anything is sent', async () => {
    const visit = await Visit.begin(stage, shop);
    await visit.open();
    const pick = visit.panel.locator('input[type=file]');
    await pick.setInputFiles([
      { name: 'small.png', mimeType: 'image/png', buffer: picture },
      { name: 'huge.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(11 * 1024 * 1024) },
    ]);
    await expect(visit.panel.getByText(visit.t.tooLarge('huge.bin', '10 MB'))).toBeVisible();
    await expect(visit.panel.getByRole('progressbar')).toHaveCount(0);
    await visit.textbox.fill('A picture of it.');
    await visit.textbox.press('Enter');
    await visit.arrived('A picture of it.');
    await expect(visit.panel.getByRole('img', { name: visit.t.picture('small.png') })).toHaveAttribute(
      'src',
      /^blob:/,
    );
    const { customerId } = await conversationAbout(stage, 'A picture of it.');
    const { messages } = await agent().timeline(customerId);
    expect(JSON.stringify(messages)).toContain('small.png');

    await pick.setInputFiles([
      { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('MZ\x90\0'.padEnd(400, 'x')) },
    ]);
    // By its content a program, whatever it is called.
    await expect(visit.panel.getByText(visit.t.fileRefused('photo.png'))).toBeVisible();
    await visit.photograph('files');
    expect(visit.complaints).toEqual([]);
    await visit.close();
  });

  it('knows whom the site vouches for, and shows nobody what another wrote', async () => {
    const visit = await Visit.begin(stage, shop);
    await visit.page.goto(`${shop.url}en?as=c-1042`);
    await visit.open();
    await visit.write('This is Parisa.');
    await visit.arrived('This is Parisa.');
    await visit.textbox.fill('for Parisa’s eyes');
    const { customerId } = await conversationAbout(stage, 'This is Parisa.');
    const { customer } = await agent()
      .call<{ customer: { name: string } }>('GET', `/api/customers/${customerId}`)
      .then((found) => ('customer' in found ? found : { customer: found as unknown as { name: string } }));
    expect(customer.name).toBe('Parisa Nikbakht');

    await visit.page.goto(`${shop.url}en?as=c-1077`);
    await visit.open();
    await expect(visit.textbox).toHaveValue('');
    await visit.write('This is Arman.');
    await visit.arrived('This is Arman.');
    expect(await visit.texts()).toEqual(['This is Arman.']);

    await visit.page.goto(`${shop.url}en`);
    await visit.open();
    await expect(visit.textbox).toBeVisible();
    await expect(visit.panel.getByRole('article')).toHaveCount(0);
    const kept = await visit.panel.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(kept).not.toMatch(/Parisa|Arman|c-10/);
    await visit.close();
  });

  it('tells the page whose hash is wrong, and takes the visitor for nobody', async () => {
    const visit = await Visit.begin(stage, shop);
    const said = visit.page.evaluate(
      (user) =>
        new Promise((resolve) => {
          const { yekja } = window as unknown as { yekja: { queue: { push(call: unknown[]): void } } };
          yekja.queue.push(['on', 'error', resolve]);
          yekja.queue.push(['identify', user]);
          yekja.queue.push(['open']);
        }),
      signed('another secret', { userId: 'c-1042', name: 'Parisa Nikbakht' }),
    );
    expect(JSON.stringify(await said)).toContain('hash');
    await visit.write('Who am I?');
    await visit.arrived('Who am I?');
    const conversation = await conversationAbout(stage, 'Who am I?');
    expect(JSON.stringify(await agent().timeline(conversation.customerId))).not.toContain('Parisa');
    await visit.close();
  });
});

describe('the panel', () => {
  it('speaks the page’s language and writes from its side', async () => {
    const visit = await Visit.begin(stage, shop, { language: 'fa' });
    const box = await visit.bubble.boundingBox();
    expect(box?.x).toBeLessThan(100);
    await visit.open();
    await expect(visit.panel.locator('html')).toHaveAttribute('dir', 'rtl');
    await visit.write('سلام، سفارش MH-20418 کی می‌رسد؟');
    await visit.arrived(/سفارش/);
    await reply('MH-20418', 'Sure! سفارش شما فردا می‌رسد.');
    await expect(visit.message(/Sure/).locator('p').first()).toHaveAttribute('dir', 'rtl');
    await expect(visit.message(/Sure/).locator('time')).toHaveText(/^[۰-۹]{2}:[۰-۹]{2}$/);
    await visit.photograph('talk-fa');
    await visit.page.evaluate(() => {
      (window as unknown as { yekja: { setLanguage(to: string): void } }).yekja.setLanguage('en');
    });
    await expect(visit.panel.locator('html')).toHaveAttribute('dir', 'ltr');
    await visit.close();
  });

  it('fills a phone, keeps the focus inside, and gives it back with Escape', async () => {
    const visit = await Visit.begin(stage, shop, { language: 'fa', width: 390, height: 780 });
    await visit.open();
    const size = await visit.panel.evaluate(() => [innerWidth, innerHeight]);
    expect(size).toEqual([390, 780]);
    await visit.photograph('phone-fa');
    const seen = new Set<string>();
    for (let step = 0; step < 12; step += 1) {
      await visit.page.keyboard.press('Tab');
      expect(await visit.page.evaluate(() => document.activeElement?.tagName)).toBe('DIV');
      seen.add(await visit.panel.evaluate(() => document.activeElement?.tagName ?? ''));
    }
    expect(seen).toContain('TEXTAREA');
    await visit.page.keyboard.press('Escape');
    // To the page, the button and the frame are one element: the frame knows when it is left.
    await expect.poll(() => visit.panel.evaluate(() => document.hasFocus())).toBe(false);
    expect(
      await visit.page.evaluate(() => document.activeElement === document.querySelector('body > div')),
    ).toBe(true);
    await visit.page.keyboard.press('Enter');
    await expect(visit.textbox).toBeFocused();
    await visit.close();
  });

  it('survives a page that changes without loading, and being included twice', async () => {
    const visit = await Visit.begin(stage, shop);
    await visit.open();
    await visit.write('Before the page changed.');
    await visit.arrived('Before the page changed.');
    await visit.page.evaluate(() => {
      document.documentElement.replaceChild(document.createElement('body'), document.body);
      const again = document.createElement('script');
      const first = document.querySelector<HTMLScriptElement>('script[data-site]');
      again.dataset['site'] = first?.dataset['site'] ?? '';
      return new Promise((resolve) => {
        again.addEventListener('load', resolve);
        // A page with trusted types names whom it trusts; this one is a test's.
        const types = (
          window as unknown as {
            trustedTypes: { createPolicy(n: string, r: object): { createScriptURL(u: string): string } };
          }
        ).trustedTypes;
        again.src = types
          .createPolicy('test', { createScriptURL: (url: string) => url })
          .createScriptURL(first?.src ?? '');
        document.head.append(again);
      });
    });
    await expect(visit.bubble).toHaveCount(1);
    await visit.loaded();
    await expect(visit.message('Before the page changed.')).toBeVisible();
    await visit.close();
  });

  it('asks who is there before the first word, where the site wants to know', async () => {
    const asking = await openShop(stage, { settings: { preChat: 'required' } });
    const visit = await Visit.begin(stage, asking);
    await visit.open();
    await expect(visit.textbox).toHaveCount(0);
    await visit.panel.getByRole('button', { name: visit.t.begin }).click();
    await expect(visit.panel.getByText(visit.t.needed)).toBeVisible();
    await expect(visit.panel.getByLabel(visit.t.name, { exact: true })).toBeFocused();
    await visit.panel.getByLabel(visit.t.name, { exact: true }).fill('Daniel Brooks');
    await visit.panel.getByLabel(visit.t.address).fill('daniel@customers.example');
    await visit.photograph('pre-chat');
    await visit.panel.getByRole('button', { name: visit.t.begin }).click();
    await visit.write('Hello from Daniel.');
    await visit.arrived('Hello from Daniel.');
    await expect(visit.panel.getByText('daniel@customers.example')).toBeVisible();
    await visit.close();
    await asking.close();
  });

  it('says that nobody is there out of hours, and keeps an address for the answer', async () => {
    const closed = await openShop(stage);
    const never = { sat: [], sun: [], mon: [], tue: [], wed: [], thu: [], fri: [] };
    const hours = { timeZone: 'Asia/Tehran', week: never, iranianHolidays: false, closed: [], except: [] };
    await agent().call('PATCH', `/api/channels/${closed.channel.id}`, {
      routing: { ...defaultRouting, hours },
    });
    const visit = await Visit.begin(stage, closed, { language: 'fa' });
    await visit.open();
    await expect(visit.panel.getByText(visit.t.closed)).toBeVisible();
    await visit.write('کسی هست؟');
    await visit.arrived('کسی هست؟');
    await visit.panel.getByLabel(visit.t.address).fill('somebody@');
    await visit.panel.getByRole('button', { name: visit.t.save }).click();
    await expect(visit.panel.getByText(visit.t.addressWrong)).toBeVisible();
    await visit.panel.getByLabel(visit.t.address).fill('۰۹۱۲ ۰۰۰ ۰۰ ۰۷');
    await visit.photograph('out-of-hours');
    await visit.panel.getByRole('button', { name: visit.t.save }).click();
    await expect(visit.panel.getByText('09120000007')).toBeVisible();
    await visit.page.reload();
    await visit.loaded();
    await visit.open();
    await expect(visit.panel.getByText(/09120000007|\+989120000007/)).toBeVisible();
    expect(visit.complaints).toEqual([]);
    await visit.close();
    await closed.close();
  });

  it('shows both sides who is writing', async () => {
    const visit = await Visit.begin(stage, shop);
    await visit.open();
    await visit.write('Is somebody writing?');
    await visit.arrived('Is somebody writing?');
    const desk = await Desk.open({ stage });
    await desk.open('Is somebody writing?');
    // It is told at most every few seconds: they go on writing until it was.
    const answers = desk.textbox.pressSequentially('Yes, and many thanks for waiting. ', { delay: 150 });
    await expect(visit.panel.getByText(visit.t.typing('Admin Example'))).toBeVisible();
    await visit.photograph('typing');
    await answers;
    const writes = visit.textbox.pressSequentially('Good, and many thanks to you all. ', { delay: 150 });
    await expect(desk.page.getByText(/typing|is writing/i).first()).toBeAttached();
    await writes;
    await desk.close();
    await visit.close();
  });

  it.each([
    ['fa', false],
    ['en', true],
  ] as const)('has nothing that axe finds, in %s (dark: %s)', async (language, dark) => {
    const { page, context } = await stage.browser.person({ width: 420, height: 720, dark });
    await page.goto(`${stage.world.servers[0]?.url}/widget/${shop.site}?test=1&language=${language}`);
    await expect(page.getByRole('textbox')).toBeVisible();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('textbox').fill('A question about axe.');
    await page.getByRole('textbox').press('Enter');
    await reply('A question about axe.', 'An answer: https://example.com');
    await expect(page.getByRole('article')).toHaveCount(2);
    expect(await axe(page)).toEqual([]);
    await context.close();
  });

  it('is used by a page that is not of the product’s origin only as the product says', async () => {
    const other = await startShopPage({
      home: stage.world.servers[0]?.url ?? '',
      site: shop.site,
      host: 'localhost',
    });
    const visit = await Visit.begin(stage, { url: other.url });
    await expect.poll(() => visit.complaints.join()).toMatch(/CORS|Access-Control|policy/);
    await expect(visit.bubble).toHaveCount(0);
    await visit.close();
    await other.close();
  });
});
