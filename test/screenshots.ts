import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { healthPage } from '../client/i18n/fa/health-page.ts';
import { connectors } from '../connectors/index.ts';
import { dnsOf } from '../connectors/simulator.ts';
import { createApp } from '../server/app.ts';
import { createLog } from '../server/log.ts';
import type { Conversation } from '../shared/conversation.ts';
import type { CustomerPage } from '../shared/customer-list.ts';
import type { Preferences } from '../shared/user.ts';
import { Agent } from './agent.ts';
import { createTestDatabase } from './database.ts';
import { openShopPage } from './demo/be-the-customer.ts';
import { furnishBoard } from './demo/board.ts';
import { furnishCustomers } from './demo/care.ts';
import { seeded } from './demo/compose.ts';
import { type DemoLine, importYear, known, lettersOf, people } from './demo/history.ts';
import { teachMoonlight } from './demo/listening.ts';
import { openingMorning } from './demo/opening.ts';
import { introduce, voicesOf } from './demo/public.people.ts';
import { furnishPublic } from './demo/public-life.ts';
import { openShop, passwords, shareOut } from './demo/shop.ts';
import { Square } from './demo/square.ts';
import { Town } from './demo/town.ts';
import { openBrowser } from './journeys/browser.ts';
import { catalogs, expect } from './journeys/desk.ts';
import { buildPages } from './journeys/installation.ts';
import { publicPictures } from './screenshots.public.ts';
import { startSimulators, zoneOf } from './simulators.ts';
import { until } from './world.ts';

/** `npm run screenshots`: the main screens over the demonstration's data, as pictures in docs/; or those alone whose names are given. */
const only = process.argv.slice(2);
const docs = fileURLToPath(new URL('../docs', import.meta.url));
const seed = 1405;
const customers = 180;
const messages = 4_000;

interface Story {
  /** Which of the simulators' peers it is, and on which connector they write first and last. */
  peer: number;
  name: string;
  turns: { by: string; text: string }[];
  draft: string;
}

const stories: Record<'fa' | 'en', Story> = {
  fa: {
    peer: 900_001,
    name: 'سارا احمدی',
    turns: [
      { by: 'telegram', text: 'سلام، وقت بخیر 🌱' },
      { by: 'telegram', text: 'مانتوی سرمه‌ای امروز رسید ولی سایز ۴۰ برایم کوچک است. می‌شود با ۴۲ عوض کنید؟' },
      { by: 'agent', text: 'سلام سارا جان. بله، حتماً. شمارهٔ سفارش را می‌فرستید؟' },
      { by: 'telegram', text: 'سفارش MH-20418، با همین شماره ثبت شده.' },
      { by: 'note', text: 'سایز ۴۲ در انبار مرکزی دو عدد هست؛ یکی را کنار گذاشتم.' },
      {
        by: 'agent',
        text: 'ممنون. سایز ۴۲ را برایتان کنار گذاشتیم و پیک فردا بین ۱۰ تا ۱۴ می‌آید. مانتوی ۴۰ را به همان پیک بدهید.',
      },
      { by: 'telegram', text: 'عالی! فردا صبح خانه هستم. هزینهٔ پیک با من است؟' },
    ],
    draft: 'نه، تعویض اول رایگان است. اگر',
  },
  en: {
    peer: 900_002,
    name: 'Daniel Brooks',
    turns: [
      { by: 'telegram', text: 'Hi! My parcel MH-20511 says delivered, but nothing is here.' },
      { by: 'agent', text: 'Hello Daniel, I am sorry about that. Let me ask the courier, one moment.' },
      { by: 'note', text: 'The courier left it with the doorman of number 12 and will confirm by phone.' },
      {
        by: 'agent',
        text: 'They left it with the doorman of number 12, next door. Could you have a look there?',
      },
      {
        by: 'telegram',
        text: 'Found it, thank you so much! One more thing: can I still add gift wrapping to MH-20519?',
      },
      { by: 'telegram', text: 'It has not shipped yet, as far as I can see.' },
    ],
    draft: 'Yes, it leaves the warehouse tonight. Which paper would you',
  },
};

/** Of the demonstration's first morning, the one whose letter has a layout. */
const letterWriter = 'رعنا نعمتی';
const question = 'سلام، کیف چرمی رنگ مشکی هم دارد؟';
const answer = 'سلام، بله؛ مشکی و عسلی موجود است و تا فردا به دستتان می‌رسد.';

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'yekja-screenshots-'));
  const closing: (() => Promise<unknown> | unknown)[] = [() => rm(dir, { recursive: true, force: true })];
  try {
    const clientDir = join(dir, 'client');
    await buildPages(clientDir);
    const database = await createTestDatabase();
    closing.push(() => database.close());
    const simulators = await startSimulators({ deliveryStep: 100 });
    closing.push(() => Promise.all(Object.values(simulators).map((simulator) => simulator.close())));
    const app = await createApp({
      mongoUri: database.uri,
      secretKey: 'a key for pictures only, of no use to anybody',
      host: '127.0.0.1',
      port: 0,
      endpoints: Object.fromEntries(
        Object.entries(simulators).map(([id, simulator]) => [id, simulator.endpoint]),
      ),
      dns: dnsOf(zoneOf(simulators)),
      clientDir,
      log: createLog({ level: 'warn' }),
    });
    closing.push(() => app.close());

    const logins = await passwords();
    const shop = await openShop(app.context, { simulators, logins });
    const lines = shop.channels.map(({ id, channelId }): DemoLine => {
      const [connector, simulator] = [connectors[id], simulators[id]];
      if (!connector || !simulator) throw new Error(`There is no connector or simulator of ${id}.`);
      return { connector, simulator, channelId };
    });
    const count = await importYear(app.context, {
      now: new Date(),
      lines,
      agents: shop.agents,
      random: seeded(seed),
      customers,
      messages,
      onProgress: () => undefined,
    });
    console.log(`${count} messages of ${customers} customers`);
    await furnishCustomers(app.context, {
      viewer: shop.administrator,
      people: known(lines, customers, seeded(seed)),
      mobile: (n) => simulators['sms']?.peer(customers + n) ?? '',
      now: new Date(),
      random: seeded(seed + 1),
    });
    const settled = people(lines, customers, seeded(seed));
    const voices = voicesOf(lines, settled, seeded(seed));
    await introduce(voices);
    const { marketer, administrator } = shop;
    const met = known(lines, customers, seeded(seed));
    const now = new Date();
    const told = await furnishPublic(app.context, { voices, people: met, marketer, now, seed: seed + 2 });
    console.log(`${told} public words`);
    for (const { id, hookUrl } of shop.channels) simulators[id]?.setHook(hookUrl);
    const town = new Town({
      simulators,
      people: settled,
      letters: lettersOf(lines),
      random: seeded(seed),
      onError: (error) => console.error(error),
    });
    closing.push(() => town.stop());
    const letters = lines.find(({ connector }) => connector.manifest.capabilities.letters);
    const chat = lines.find(({ connector }) => connector.manifest.capabilities.sessions);
    if (!letters || !chat) throw new Error('The shop has a mailbox and a web chat.');
    await openingMorning(app.context, { letters, agents: shop.agents });
    const shopPage = await openShopPage(app.context, {
      channelId: chat.channelId,
      home: app.url,
      port: 0,
      isNew: true,
    });
    closing.push(() => shopPage.close());
    const stop = shareOut(app.context, shop.agents.slice(0, 2), 4);
    await town.start(14);
    // Nobody else writes or takes what was written while the pictures are taken.
    town.stop();
    stop();
    const square = new Square({ voices, random: seeded(seed), onError: (error) => console.error(error) });
    closing.push(() => square.stop());
    await square.posts({ launches: true });
    await square.widelyRead();
    await teachMoonlight(app.context, marketer);
    await square.burst();
    await furnishBoard(app.context, { marketer, administrator, now, random: seeded(seed + 4) });

    const [negar, kian, admin, raha] = logins;
    if (!negar || !kian || !admin || !raha) throw new Error('The shop has four logins.');
    const staff = { fa: new Agent(app.url), en: new Agent(app.url) };
    await staff.fa.signIn(negar.email, negar.password);
    await staff.en.signIn(kian.email, kian.password);
    const conversations = {
      fa: await tell(staff.fa, stories.fa),
      en: await tell(staff.en, stories.en),
    };

    async function tell(agent: Agent, { peer, name, turns }: Story): Promise<Conversation> {
      const { id: userId } = await agent.call<{ id: string }>('GET', '/api/session');
      let open: Conversation | null = null;
      for (const { by, text } of turns) {
        const simulator = simulators[by];
        // A provider tells whole seconds: what is written in the second of our answer would stand before it.
        const second = Math.ceil(Date.now() / 1_000) * 1_000;
        await until('the next second', () => Date.now() > second);
        if (simulator) await simulator.customerWrites({ peer: simulator.peer(peer), name, text });
        else if (open && by === 'agent') await agent.reply(open, text);
        else if (open) await agent.call('POST', `/api/conversations/${open.id}/messages`, noteOf(open, text));
        open = await until(`“${text}”`, async () => {
          const { conversations: all } = await agent.conversations();
          return all.find(({ preview }) => preview?.text === text);
        });
        if (by !== 'agent' && by !== 'note' && open.assigneeId !== userId)
          await agent.call('PATCH', `/api/conversations/${open.id}`, { deed: 'assign', assigneeId: userId });
      }
      if (!open) throw new Error('A story needs a turn.');
      return open;
    }

    const browser = await openBrowser({ whole: true });
    closing.push(() => browser.close());
    const shoot = async (
      file: string,
      options: {
        login?: { email: string; password: string };
        preferences?: Partial<Preferences>;
        /** Of another site than ours. */
        url?: string;
        path: string;
        phone?: boolean;
        ready: (page: Page) => Promise<void>;
      },
    ) => {
      if (only.length && !only.some((name) => file.includes(name))) return;
      const { login, preferences, url = app.url, path, phone, ready } = options;
      const { page, context } = await browser.person(phone ? { width: 390, height: 844 } : {});
      const headers = { origin: app.url };
      if (login) {
        await context.request.post(`${app.url}/api/session`, { data: login, headers });
        await context.request.patch(`${app.url}/api/profile`, { data: { preferences }, headers });
      } else if (preferences)
        await page.addInitScript(
          (display) => localStorage.setItem('yekja.display', display),
          JSON.stringify(preferences),
        );
      await page.goto(`${url}${path}`);
      await ready(page);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(docs, file), animations: 'disabled', caret: 'hide' });
      console.log(`docs/${file}`);
      await context.close();
    };
    const inbox = (language: 'fa' | 'en') => async (page: Page) => {
      const { turns, draft } = stories[language];
      const last = turns.at(-1)?.text ?? '';
      await expect(page.locator('#timeline').getByText(last)).toBeVisible();
      await page.locator('#composer-text').fill(draft);
      // Read, saved, and everything of the customer there.
      await expect(
        page.locator('#composer').getByText(catalogs[language].composer.draftSaved),
      ).toBeAttached();
      await expect(
        page.getByRole('img', { name: catalogs[language].delivery.state.sent, exact: true }).first(),
      ).toBeVisible();
    };
    const fa = { language: 'fa', calendar: 'jalali', theme: 'light' } as const;
    const en = { language: 'en', calendar: 'gregorian', theme: 'light' } as const;
    const at = (language: 'fa' | 'en') => `/inbox/all/${conversations[language].id}`;
    await shoot('inbox-fa-light.png', { login: negar, preferences: fa, path: at('fa'), ready: inbox('fa') });
    await shoot('inbox-en-light.png', { login: kian, preferences: en, path: at('en'), ready: inbox('en') });
    await shoot('inbox-en-dark.png', {
      login: kian,
      preferences: { ...en, theme: 'dark' },
      path: at('en'),
      ready: inbox('en'),
    });
    await shoot('phone-fa.png', {
      login: negar,
      preferences: fa,
      path: at('fa'),
      phone: true,
      ready: inbox('fa'),
    });
    const { conversations: rows, customers: writers } = await staff.fa.conversations();
    const rana = writers.find(({ name }) => name === letterWriter);
    const letter = rows.find(({ customerId }) => customerId === rana?.id);
    await shoot('letter-fa.png', {
      login: negar,
      preferences: fa,
      path: `/inbox/all/${letter?.id}`,
      ready: async (page) => {
        await expect(page.locator('#timeline').getByText(catalogs.fa.letter.whole)).toBeVisible();
      },
    });
    await publicPictures({ staff: staff.fa, square, negar, raha, preferences: fa, shoot });
    const best = await until('a customer who bought', async () => {
      const { customers: list } = await staff.fa.call<CustomerPage>(
        'GET',
        '/api/customers/list?sort=spent&limit=1',
      );
      return list.find(({ spent }) => spent > 0);
    });
    await shoot('customer-fa.png', {
      login: admin,
      preferences: fa,
      path: `/customers/${best.id}`,
      ready: (page) => expect(page.getByRole('feed').getByRole('article').first()).toBeVisible(),
    });
    await until('candidates for duplicates', async () => {
      const { count: open } = await staff.fa.call<{ count: number }>('GET', '/api/duplicates/count');
      return open > 0;
    });
    await shoot('duplicates-fa.png', {
      login: admin,
      preferences: fa,
      path: '/customers/duplicates',
      ready: (page) => expect(page.getByRole('table').first()).toBeVisible(),
    });
    await shoot('search-fa.png', {
      login: negar,
      preferences: fa,
      path: '/search?q=سفارش',
      ready: (page) => expect(page.locator('mark').first()).toBeVisible(),
    });
    await shoot('health-fa.png', {
      login: admin,
      preferences: fa,
      path: '/health',
      ready: (page) => expect(page.getByText(healthPage.healthPage.lastIn).first()).toBeVisible(),
    });
    await shoot('wizard-fa.png', {
      login: admin,
      preferences: fa,
      path: '/channels/new',
      ready: (page) => expect(page.getByRole('heading', { level: 1 })).toBeVisible(),
    });
    await shoot('shop-fa.png', {
      url: shopPage.url,
      path: '',
      ready: async (page) => {
        await page.locator('#ask').click();
        // The chat is in a closed shadow tree: found as a frame, not by its element.
        const frame = await until('the frame of the chat', async () =>
          page.frames().find((each) => each !== page.mainFrame() && each.url().includes('/widget/')),
        );
        await frame.getByRole('textbox').last().fill(question);
        await frame.getByRole('textbox').last().press('Enter');
        const asked = await until(`“${question}”`, async () =>
          (await staff.fa.conversations()).conversations.find(({ preview }) => preview?.text === question),
        );
        await staff.fa.reply(asked, answer);
        await expect(frame.getByText(answer, { exact: true })).toBeVisible();
      },
    });
    await shoot('sign-in-en.png', {
      preferences: en,
      path: '/',
      ready: (page) => expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible(),
    });
  } finally {
    for (const step of closing.reverse()) await step();
  }
}

function noteOf({ seq }: Conversation, text: string) {
  return { id: crypto.randomUUID(), kind: 'note', text, fileIds: [], lastSeenSeq: seq };
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
