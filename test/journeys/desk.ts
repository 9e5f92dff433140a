import { appendFileSync } from 'node:fs';
import { type BrowserContext, type Locator, type Page, expect as playwrightExpect } from '@playwright/test';
import { onTestFailed, TestRunner } from 'vitest';
import { en } from '../../client/i18n/en.ts';
import { type Catalog, fa } from '../../client/i18n/fa.ts';
import type { SimulatedMessage } from '../../connectors/connector.ts';

import type { Preferences, UserDetails } from '../../shared/user.ts';
import type { ViewKey } from '../../shared/view.ts';
import type { simulators } from '../simulators.ts';
import { type Line, startWorld, type World, type WorldOptions } from '../world.ts';
import { type Browser, openBrowser } from './browser.ts';
import { builtPages } from './pages.ts';

/** Waits until it is so; a busy machine needs longer than a person would accept. */
export const expect = playwrightExpect.configure({ timeout: 15_000 });

export const catalogs: Record<Preferences['language'], Catalog> = { fa, en };

export interface Login {
  email: string;
  password: string;
}

/** A world whose servers serve the built pages, and a browser to look at them. */
export interface Stage {
  world: World;
  browser: Browser;
  /** A colleague with these channels; all of them when none are named. */
  hire(name: string, channelIds?: string[]): Promise<Login & { id: string }>;
  close(): Promise<void>;
}

/** @param options.wholeBrowser for what a Chromium without windows does otherwise */
export async function setStage(options: WorldOptions & { wholeBrowser?: boolean } = {}): Promise<Stage> {
  const { wholeBrowser = false, ...rest } = options;
  const world = await startWorld({ ...rest, clientDir: builtPages() });
  const browser = await openBrowser({ whole: wholeBrowser }).catch(async (error: unknown) => {
    await world.close();
    throw error;
  });
  return {
    world,
    browser,
    async hire(name, channelIds) {
      const login = {
        email: `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`,
        password: `the password of ${name}`,
      };
      const user = await world.agent.call<UserDetails>('POST', '/api/users', {
        ...login,
        name,
        role: 'agent',
        channelIds: channelIds ?? 'all',
      });
      return { ...login, id: user.id };
    },
    async close() {
      await browser.close();
      await world.close();
    },
  };
}

export interface DeskOptions {
  stage: Stage;
  /** Of the server that this browser speaks to; else the first. */
  url?: string;
  login?: Login;
  preferences?: Partial<Preferences>;
  width?: number;
  height?: number;
  view?: ViewKey;
}

/** One person at the inbox in a window of their own. Everything is found by its role and its name in the catalog. */
export class Desk {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly url: string;
  t: Catalog;
  /** What went wrong in the page: errors nobody caught, what the content policy stopped, dialogs of the browser. */
  readonly complaints: string[] = [];
  /** How often a document was loaded: without a reload it stays as it was. */
  loads = 0;

  private constructor(page: Page, options: { context: BrowserContext; url: string; t: Catalog }) {
    this.page = page;
    this.context = options.context;
    this.url = options.url;
    this.t = options.t;
    page.on('load', () => {
      this.loads += 1;
    });
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (/content security policy|refused to|uncaught|warning: /i.test(message.text()))
        this.complaints.push(`console: ${message.text()}`);
    });
  }

  /** Signed in over the API (the page of signing in has a journey of its own) and looking at a view. */
  static async open(options: DeskOptions): Promise<Desk> {
    const { world, browser } = options.stage;
    const url = options.url ?? world.servers[0]?.url ?? '';
    const preferences: Partial<Preferences> = {
      language: 'en',
      calendar: 'gregorian',
      theme: 'light',
      ...options.preferences,
    };
    const { page, context } = await browser.person({
      ...(options.width && { width: options.width }),
      ...(options.height && { height: options.height }),
    });
    const headers = { origin: url };
    const signedIn = await context.request.post(`${url}/api/session`, {
      data: options.login ?? world.login,
      headers,
    });
    expect(signedIn.ok(), await signedIn.text()).toBe(true);
    const chosen = await context.request.patch(`${url}/api/profile`, { data: { preferences }, headers });
    expect(chosen.ok(), await chosen.text()).toBe(true);
    const desk = new Desk(page, { context, url, t: catalogs[preferences.language ?? 'en'] });
    tellWhenFailed(page);
    await desk.goTo(`/inbox/${options.view ?? 'all'}`);
    return desk;
  }

  /** Loads an address and waits until the page is drawn and hears from the server. */
  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
    await expect(this.page.getByRole('navigation', { name: this.t.rail.label })).toBeVisible();
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  get list(): Locator {
    return this.page.getByRole('listbox', { name: this.t.inbox.list });
  }

  /** A conversation of the list by what its row says. */
  row(text: string | RegExp): Locator {
    return this.list.getByRole('option').filter({ hasText: text });
  }

  get timeline(): Locator {
    return this.page.locator('#timeline');
  }

  /** A message of the open stream by its text. */
  bubble(text: string | RegExp): Locator {
    return this.timeline.getByRole('article').filter({ hasText: text });
  }

  get composer(): Locator {
    return this.page.getByRole('region', { name: this.t.inbox.composer });
  }

  get textbox(): Locator {
    return this.composer.getByRole('textbox');
  }

  button(name: string, within: Locator | Page = this.page): Locator {
    return within.getByRole('button', { name, exact: true });
  }

  tick(state: keyof Catalog['delivery']['state'], bubble: Locator): Locator {
    return bubble.getByRole('img', { name: this.t.delivery.state[state], exact: true });
  }

  async open(text: string | RegExp): Promise<void> {
    await this.row(text).click();
    // The pane follows the list: until then it shows the conversation before.
    await expect(this.page.locator('[data-pane][aria-busy=true]')).toHaveCount(0);
    await expect(this.textbox).toBeVisible();
    // Under a hand the rows stay where they are.
    const { width, height } = this.page.viewportSize() ?? { width: 0, height: 0 };
    await this.page.mouse.move(width / 2, height / 2);
  }

  /** Writes and sends with the keyboard, from wherever the focus is outside a field. */
  async answer(text: string): Promise<void> {
    await this.page.keyboard.press('r');
    await expect(this.textbox).toBeFocused();
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Control+Enter');
  }
}

/** Where `npm test` wants the pages of failed journeys, to show them last. */
const failedPages = process.env.YEKJA_FAILED_PAGES;

/** What a page shows when its test fails, as its accessibility tree: the failure alone seldom says why. */
function tellWhenFailed(page: Page): void {
  // Opened before the tests, a page is of none of them.
  if (!TestRunner.getCurrentTest()) return;
  onTestFailed(async ({ task }) => {
    if (page.isClosed()) return;
    const shown = `${task.name}: ${page.url()}\n${await page.locator('body').ariaSnapshot()}`;
    if (failedPages) appendFileSync(failedPages, `${shown}\n`);
    else console.error(shown);
  });
}

/** The one line of a connector in this world. */
export function lineOf({ world }: Stage, connector: string): Line {
  const line = world.lines.find(({ connector: each }) => each.manifest.id === connector);
  if (!line) throw new Error(`This world has no line of ${connector}.`);
  return line;
}

/** What the provider's own record says was sent to customers in these words. */
export function sent({ simulator }: Line, text: string): SimulatedMessage[] {
  return simulator
    .messages()
    .filter((message) => message.direction === 'toCustomer' && message.text === text);
}

/** What a letter says beside its text. */
export interface LetterWritten {
  n: number;
  name: string;
  subject: string;
  text: string;
  html?: string;
  cc?: string[];
  references?: string[];
  forged?: boolean;
  file?: { name: string; type: string; body: Uint8Array };
}

type Mail = Awaited<ReturnType<(typeof simulators)['email']>>;

export const mailOf = (stage: Stage): Mail => lineOf(stage, 'email').simulator as Mail;

/** A customer writes a letter; resolves with its Message-ID. */
export function writesLetter(stage: Stage, { n, ...letter }: LetterWritten): Promise<string> {
  const mail = mailOf(stage);
  return mail.customerWrites({ peer: mail.peer(n), ...letter });
}
