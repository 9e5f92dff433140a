import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BrowserContext, Frame, Locator, Page } from '@playwright/test';
import { catalogs } from '../../client/widget/words.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { Conversation } from '../../shared/conversation.ts';
import { type ShopPage, startShopPage } from '../demo/shop-page.ts';
import { until } from '../world.ts';
import { expect, type Stage } from './desk.ts';

const secret = 'the-secret-of-the-shop-s-own-server';

/** An organisation's site with the web chat in it, on an origin of its own. */
export interface Shop extends ShopPage {
  channel: ChannelDetails;
  site: string;
}

export async function openShop(
  stage: Stage,
  options: { settings?: Record<string, unknown>; allowed?: boolean; foreign?: boolean } = {},
): Promise<Shop> {
  const home = stage.world.servers[0]?.url ?? '';
  const site = `shop-${randomUUID()}`;
  // Under another host than the product's it is another site to the browser, which then lets the frame keep nothing.
  const host = options.foreign ? 'localhost' : '127.0.0.1';
  const page = await startShopPage({ home, site, secret, host });
  const channel = await stage.world.agent.createChannel({
    connector: 'webchat',
    name: 'Shop',
    settings: {
      name: 'Mahtab Shop',
      site,
      allowedOrigins: options.allowed === false ? 'https://elsewhere.example' : page.origin,
      identitySecret: secret,
      ...options.settings,
    },
  });
  return { ...page, channel, site };
}

/** The conversation whose newest message says this. */
export function conversationAbout(stage: Stage, text: string): Promise<Conversation> {
  return until(`“${text}”`, async () => {
    const { conversations } = await stage.world.agent.conversations();
    return conversations.find(({ preview }) => preview?.text.includes(text));
  });
}

/** Somebody at the shop's page. Everything in the panel is found by its role and its name in the widget's catalog. */
export class Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly t: (typeof catalogs)['en'];
  /** Errors nobody caught, what a content policy stopped, dialogs. */
  readonly complaints: string[] = [];

  private constructor(page: Page, context: BrowserContext, language: 'fa' | 'en') {
    this.page = page;
    this.context = context;
    this.t = catalogs[language];
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (/yekja|policy|refused|violat|uncaught|postMessage/i.test(message.text()))
        this.complaints.push(`console: ${message.text()}`);
    });
  }

  static async begin(
    stage: Stage,
    shop: Pick<Shop, 'url'>,
    options: {
      language?: 'fa' | 'en';
      width?: number;
      height?: number;
      dark?: boolean;
    } = {},
  ): Promise<Visit> {
    const { page, context } = await stage.browser.person({ width: 1200, height: 800, ...options });
    const visit = new Visit(page, context, options.language ?? 'en');
    await page.goto(options.language === 'fa' ? shop.url : `${shop.url}en`);
    return visit;
  }

  /** The same person in another tab. */
  async another(url = this.page.url()): Promise<Visit> {
    const visit = new Visit(await this.context.newPage(), this.context, this.t === catalogs.fa ? 'fa' : 'en');
    await visit.page.goto(url);
    return visit;
  }

  /** What stands in the page for the widget; the rest is behind a closed shadow. */
  get bubble(): Locator {
    return this.page.locator('body > div');
  }

  async open(): Promise<void> {
    await this.bubble.click();
    await expect(this.panel.getByRole('heading', { level: 1 })).toBeVisible();
  }

  get frame(): Frame | undefined {
    return this.page.frames().find((frame) => frame !== this.page.mainFrame() && !frame.isDetached());
  }

  get panel(): Frame {
    if (!this.frame) throw new Error('The page has no frame of the widget.');
    return this.frame;
  }

  get textbox(): Locator {
    return this.panel.getByRole('textbox', { name: this.t.write });
  }

  message(text: string | RegExp): Locator {
    return this.panel.getByRole('article').filter({ hasText: text });
  }

  async texts(): Promise<string[]> {
    return this.panel.locator('article .text').allInnerTexts();
  }

  async write(text: string): Promise<void> {
    await this.textbox.fill(text);
    await this.textbox.press('Enter');
    await expect(this.message(text)).toBeVisible();
  }

  /** The server has it. */
  async arrived(text: string | RegExp): Promise<void> {
    await expect(
      this.message(text).getByRole('img', { name: new RegExp(`^(${this.t.received}|${this.t.read})$`) }),
    ).toBeVisible();
  }

  /** Resolves once the frame is there and has spoken, without anybody opening it. */
  async loaded(): Promise<void> {
    await until('the frame', () => this.frame?.evaluate(() => document.readyState === 'complete'));
  }

  /** For looking at, when PICTURES_DIR says where. */
  async photograph(name: string): Promise<void> {
    const dir = process.env.PICTURES_DIR;
    if (dir) await this.page.screenshot({ path: join(dir, `${name}.png`) });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
