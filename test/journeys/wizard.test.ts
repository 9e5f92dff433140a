import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { settingsCatalogs } from '../../client/i18n/settings-words.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { Holiday } from '../../shared/hours.ts';
import { Agent } from '../agent.ts';
import { axe, type Browser, openBrowser } from './browser.ts';
import { catalogs } from './desk.ts';
import { type Installation, install } from './installation.ts';

vi.setConfig({ testTimeout: 120_000 });

const login = { email: 'negar@example.com', password: 'a long enough password' };
let place: Installation;
let browser: Browser;
let admin: Agent;

beforeAll(async () => {
  [place, browser] = await Promise.all([install(), openBrowser()]);
  admin = new Agent(place.url);
  await admin.setUp({
    code: place.setUpCode,
    organisation: 'فروشگاه نمونه',
    language: 'fa',
    calendar: 'jalali',
    timeZone: 'Asia/Tehran',
    name: 'نگار نمونه',
    ...login,
  });
  await admin.call('POST', '/api/teams', { name: 'فروش', memberIds: [] });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await place?.close();
});

async function enter(path: string, options: { language: 'fa' | 'en'; dark?: boolean; width?: number }) {
  const { page, context } = await browser.person(options);
  page.setDefaultTimeout(20_000);
  const headers = { origin: place.url };
  await context.request.post(`${place.url}/api/session`, { data: login, headers });
  await context.request.patch(`${place.url}/api/profile`, {
    data: { preferences: { language: options.language, theme: 'system' } },
    headers,
  });
  await page.goto(`${place.url}${path}`);
  const t = catalogs[options.language];
  const w = settingsCatalogs[options.language];
  await page.getByRole('navigation', { name: w.wizard.steps }).waitFor();
  return { page, context, t, w };
}

const clean = async (page: Page, what: string) => expect(await axe(page), what).toEqual([]);
const channelOf = async (connector: string): Promise<ChannelDetails> => {
  const list = await admin.call<ChannelDetails[]>('GET', '/api/channels');
  const found = list.find((channel) => channel.connector === connector);
  if (!found) throw new Error(`There is no channel of ${connector}.`);
  return found;
};

/** By the keyboard alone: Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const focus = document.activeElement;
      if (!(focus instanceof HTMLElement)) return '';
      const labels =
        focus instanceof HTMLInputElement || focus instanceof HTMLTextAreaElement ? focus.labels : null;
      return (
        focus.getAttribute('aria-label') ?? [...(labels ?? [])].map((label) => label.textContent).join(' ')
      ).concat(
        ' ',
        focus instanceof HTMLButtonElement || focus instanceof HTMLAnchorElement ? focus.textContent : '',
      );
    });
    if (typeof name === 'string' ? here.includes(name) : name.test(here)) return;
  }
  throw new Error(`Tab never came to ${name}.`);
}

/** What a browser does when somebody pastes. */
const paste = (page: Page, text: string) =>
  page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', pasted);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    if (document.activeElement?.dispatchEvent(event)) document.execCommand('insertText', false, pasted);
  }, text);

describe('the steps of a channel', () => {
  it('are walked by the keyboard alone, left in the middle and taken up again', async () => {
    const sms = place.simulators['sms'];
    if (!sms) throw new Error('There is no SMS simulator.');
    const { page, context, t, w } = await enter('/channels/new', { language: 'fa' });
    await clean(page, 'choose');

    // Choose, by what it is called in its description.
    await tabTo(page, w.wizard.search);
    await page.keyboard.insertText('كاوه نگار');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /اتصال/ }).waitFor();
    await clean(page, 'connect');

    // What was typed outlives a reload, but for the secret.
    await tabTo(page, 'شمارهٔ خط');
    await page.keyboard.insertText(String(sms.settings['line']));
    await page.reload();
    await page.getByText(w.wizard.keptText).waitFor();
    expect(await page.getByRole('textbox', { name: 'شمارهٔ خط' }).inputValue()).toBe(sms.settings['line']);

    // A wrong key is refused beside its field; the objection goes when the field is changed.
    await tabTo(page, 'کلید API');
    await page.keyboard.insertText('not-the-key');
    await page.keyboard.press('Enter');
    await page.getByText(t.fields.refused).waitFor();
    await clean(page, 'connect, refused');
    const key = page.getByRole('textbox', { name: 'کلید API' });
    await expect
      .poll(() => key.evaluate((input) => input === document.activeElement), { timeout: 15_000 })
      .toBe(true);
    await page.keyboard.press('Control+a');
    await paste(page, `\u200f "${sms.settings['apiKey']}"\n`);
    expect(await key.inputValue()).toBe(sms.settings['apiKey']);
    expect(await page.getByText(t.fields.refused).count()).toBe(0);
    await page.keyboard.press('Enter');

    // Both ways, with each tick as it comes.
    await page.getByRole('heading', { name: t.channelTest.title }).waitFor();
    const sms1 = await channelOf('sms');
    sms.setHook(new URL(sms1.hookUrl, place.url).href);
    await clean(page, 'test');

    // Left in the middle: the channel is there, and the steps go on where they stood; Back leads to what was set.
    await page.goto(`${place.url}/channels/new`);
    await page.getByRole('link', { name: w.wizard.resume }).waitFor();
    await tabTo(page, w.wizard.resume);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: t.channelTest.title }).waitFor();
    await page
      .getByRole('link', { name: new RegExp(`${w.wizard.step.connect}`) })
      .first()
      .click();
    await page.getByRole('button', { name: w.wizard.save }).waitFor();
    expect(await page.getByRole('textbox', { name: 'کلید API' }).inputValue()).toBe('');
    await page.goBack();
    await page.getByRole('heading', { name: t.channelTest.title }).waitFor();

    const customer = sms.peer(7);
    const sent = new Promise<void>((resolve) => {
      const off = sms.onSent(() => {
        off();
        resolve();
      });
    });
    await tabTo(page, t.channelTest.address);
    await page.keyboard.insertText(customer);
    await page.keyboard.press('Enter');
    await sent;
    await page.locator('[data-step=received][data-state=waiting]').waitFor();
    await sms.customerWrites({ peer: customer, text: 'رسید، سپاس' });
    await page.getByText(t.channelTest.passed).waitFor();
    await clean(page, 'test, passed');
    await tabTo(page, w.wizard.continue);
    await page.keyboard.press('Enter');

    // Team, hours, holidays, automatic reply, silence.
    await page.getByText(w.wizard.routingText).waitFor();
    await page.getByRole('button', { name: w.routing.team }).click();
    await page.getByRole('option', { name: 'فروش' }).click();
    await page.getByRole('radiogroup', { name: w.routing.hours }).getByText(w.routing.scheduled).click();
    const thursday = page.getByRole('textbox', { name: w.hours.toOf(w.hours.days.thu) });
    await thursday.fill('۸');
    await page.getByText(w.hours.backwards).waitFor();
    await page.getByRole('button', { name: w.wizard.saveRouting }).click();
    await expect
      .poll(() => thursday.evaluate((input) => input === document.activeElement), { timeout: 15_000 })
      .toBe(true);
    await thursday.fill('۱۲۳۰');
    await page.getByRole('button', { name: w.hours.copyFrom(w.hours.days.thu) }).click();
    const [nowruz] = await admin.call<Holiday[]>('GET', '/api/holidays?year=1405');
    await page
      .locator('label', { has: page.getByRole('switch', { name: nowruz?.name.fa, exact: true }) })
      .first()
      .click();
    await page.getByRole('textbox', { name: w.routing.closed }).fill('اکنون بسته‌ایم.');
    await page.getByRole('region', { name: w.routing.preview }).getByText('اکنون بسته‌ایم.').waitFor();
    await page.getByText(w.routing.silentOn).click();
    await clean(page, 'routing');
    await page.getByRole('button', { name: w.wizard.saveRouting }).click();

    await page.getByRole('heading', { name: w.wizard.doneTitle('پیامک') }).waitFor();
    await clean(page, 'done');
    expect(await page.getByText(w.wizard.notTested).count()).toBe(0);
    const { routing } = await channelOf('sms');
    const day = [{ from: '09:00', to: '12:30' }];
    expect(routing.hours).toMatchObject({
      timeZone: 'Asia/Tehran',
      week: { sat: day, fri: day },
      iranianHolidays: true,
      except: [nowruz?.date],
    });
    expect(routing).toMatchObject({
      teamId: expect.any(String),
      autoReply: { open: '', closed: 'اکنون بسته‌ایم.' },
      // It is on by itself.
      silentAfter: null,
    });
    await page.getByRole('link', { name: w.wizard.toHealthText }).click();
    await page.getByRole('region', { name: /پیامک/ }).waitFor();
    await context.close();
  });

  it('make a web chat on a phone, tried in the widget on the page itself', async () => {
    const { page, context, t, w } = await enter('/channels/new?connector=webchat', {
      language: 'en',
      dark: true,
      width: 390,
    });
    await clean(page, 'connect on a phone');
    await page.getByRole('textbox', { name: 'Name on the widget', exact: true }).fill('Mahtab Shop');
    await page.getByRole('button', { name: w.wizard.connect }).click();
    await page.getByText(w.howToTest.sessions).waitFor();
    await page.getByRole('button', { name: t.channelTest.start }).click();
    const widget = page.frameLocator('iframe');
    await widget.getByRole('textbox').fill('Is anybody there?');
    await page.keyboard.press('Enter');
    await page.getByText(t.channelTest.passed).waitFor();
    await widget.getByText('Test message').first().waitFor();
    await clean(page, 'test of a web chat');
    await page.getByRole('button', { name: w.wizard.continue }).click();
    await page.getByRole('button', { name: w.wizard.skipRouting }).click();
    await page.getByRole('link', { name: w.wizard.toDesigner }).waitFor();
    await clean(page, 'done on a phone');
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const { settings } = await channelOf('webchat');
    expect(settings['site']).toMatch(/^[\w-]{8,}$/);
    await context.close();
  });
});
