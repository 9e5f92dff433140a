import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { webhookSecret } from '../../connectors/telegram/face.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { InboundPage } from '../../shared/inbound.ts';
import type { Me, UserDetails } from '../../shared/user.ts';
import { Agent } from '../agent.ts';
import { until } from '../world.ts';
import { axe, type Browser, openBrowser } from './browser.ts';
import { type Installation, install } from './installation.ts';

const login = { email: 'negar@example.com', password: 'a long enough password' };
const colleague = { email: 'sara@example.com', password: 'another long password' };

vi.setConfig({ testTimeout: 90_000 });

let place: Installation;
let browser: Browser;
let admin: Agent;
let sms: ChannelDetails;
let telegram: ChannelDetails;
/** The administrator's window, in which most of this happens. */
let desk: Page;

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
  const connect = async (connector: string, name: string) => {
    const settings = place.simulators[connector]?.settings ?? {};
    return admin.createChannel({ connector, name, settings });
  };
  sms = await connect('sms', 'پیامک پشتیبانی');
  telegram = await connect('telegram', 'ربات فروشگاه');
  await admin.call('POST', '/api/users', {
    name: 'سارا نمونه',
    role: 'agent',
    channelIds: [sms.id],
    ...colleague,
  });
  ({ page: desk } = await enter(login, '/users'));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await place?.close();
});

/** A window of its own in which somebody is signed in already: the door has a journey of its own. */
async function enter(as: { email: string; password: string }, path: string) {
  const { page, context } = await browser.person();
  page.setDefaultTimeout(15_000);
  const signedIn = await context.request.post(`${place.url}/api/session`, {
    data: as,
    headers: { origin: place.url },
  });
  expect(signedIn.status()).toBe(200);
  await load(page, path);
  return { page, context };
}

const load = async (page: Page, path: string) => {
  await page.goto(`${place.url}${path}`);
  await page.locator('[data-rail]').waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
};
/** As a link leads there: without loading anything anew. */
const go = async (page: Page, path: string) => {
  await page.evaluate((to) => history.pushState(null, '', to), path);
  await page.getByRole('heading', { level: 1 }).waitFor();
};
const field = (page: Page, name: string) => page.getByRole('textbox', { name });
const clean = async (page: Page, what: string) => expect(await axe(page), what).toEqual([]);

describe('the door', () => {
  it('says what is wrong, and after too many attempts how long to wait', async () => {
    const { page, context } = await browser.person();
    await page.goto(place.url);
    await page.getByRole('heading', { name: 'ورود به ⁨فروشگاه نمونه⁩' }).waitFor();
    await clean(page, 'sign-in');
    const enterButton = page.getByRole('button', { name: 'ورود', exact: true });
    await enterButton.click();
    await page.getByText('این مورد را پر کنید.').first().waitFor();
    await clean(page, 'sign-in, empty');
    await field(page, 'ایمیل').fill('nobody@example.com');
    await field(page, 'گذرواژه').fill('nothing that is right');
    await enterButton.click();
    await page.getByText('ایمیل یا گذرواژه درست نیست.').waitFor();
    await clean(page, 'sign-in, wrong');
    // The further attempts of somebody who does not give up.
    const wrong = { email: 'nobody@example.com', password: 'nothing that is right' };
    const attempt = () =>
      context.request.post(`${place.url}/api/session`, { data: wrong, headers: { origin: place.url } });
    await until('too many attempts', async () => (await attempt()).status() === 429);
    await enterButton.click();
    const throttled = page.getByRole('alert').filter({ hasText: 'تلاش‌ها زیاد شد.' });
    await throttled.getByText('دقیقه').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('alert').filter({ hasText: 'Too many attempts.' }).waitFor();
    await clean(page, 'sign-in, English');
    await context.close();
  });
});

describe('users', () => {
  it('are made, changed and put aside; the last administrator stays', async () => {
    const page = desk;
    await page.getByText('سارا نمونه').waitFor();

    await page.getByRole('button', { name: 'افزودن کاربر' }).click();
    const dialog = page.getByRole('dialog');
    const submit = dialog.getByRole('button', { name: 'افزودن کاربر' });
    await submit.click();
    await dialog.getByText('این مورد را پر کنید.').first().waitFor();
    await field(page, 'نام و نام خانوادگی').fill('آرش نمونه');
    await field(page, 'ایمیل').fill(colleague.email);
    await dialog.getByRole('button', { name: 'ساختن گذرواژه' }).click();
    const password = await field(page, 'گذرواژه').inputValue();
    await dialog.getByText('کانال‌های برگزیده').click();
    await dialog.getByText('ربات فروشگاه').click();
    await submit.click();
    await dialog.getByText('این مقدار پیش‌تر ثبت شده است.').waitFor();
    await clean(page, 'new user, taken');
    await field(page, 'ایمیل').fill('arash@example.com');
    await submit.click();
    await page.getByText('حساب ⁨آرش نمونه⁩ ساخته شد').waitFor();
    const arash = new Agent(place.url);
    const me: Me = await arash.signIn('arash@example.com', password);
    expect(me).toMatchObject({ role: 'agent', channelIds: [telegram.id] });

    await page.getByRole('button', { name: 'ویرایش ⁨آرش نمونه⁩' }).click();
    await dialog.locator('label', { has: page.getByRole('switch') }).click();
    await dialog.getByRole('button', { name: 'ذخیره' }).click();
    await page.getByText('غیرفعال', { exact: true }).waitFor();
    await expect(arash.call('GET', '/api/session')).rejects.toMatchObject({ code: 'unauthenticated' });
    await page.getByRole('button', { name: 'واگرد' }).click();
    await page.getByText('حساب ⁨آرش نمونه⁩ فعال شد').waitFor();

    await page.getByRole('button', { name: 'ویرایش ⁨نگار نمونه⁩' }).click();
    await dialog.getByText('به گفتگوهای کانال‌های خود پاسخ می‌دهد.').click();
    await dialog.getByRole('button', { name: 'ذخیره' }).click();
    await dialog.getByText('این حساب، آخرین مدیر سامانه است.').waitFor();
    await clean(page, 'the last administrator');
    const users = await admin.call<UserDetails[]>('GET', '/api/users');
    expect(users.find((user) => user.email === login.email)?.role).toBe('administrator');
    await page.keyboard.press('Escape');
  });
});

describe('a profile', () => {
  it('changes language, theme and calendar at once and for every browser', async () => {
    const { page, context } = await enter(colleague, '/settings');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'نمایهٔ من' }).waitFor();
    await clean(page, 'profile');
    const kept = () =>
      page.waitForResponse((answer) => answer.url().endsWith('/api/profile') && answer.status() === 200);
    let saved = kept();
    await page.getByRole('radiogroup', { name: 'زبان' }).getByText('English').click();
    await page.getByRole('heading', { name: 'My profile' }).waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
    await saved;
    saved = kept();
    await page.getByText('Dark', { exact: true }).click();
    await page.locator('html[data-theme=dark]').waitFor();
    await saved;
    await clean(page, 'profile, English and dark');
    await go(page, '/shortcuts');
    saved = kept();
    await page.getByText('Single-key shortcuts').click();
    await saved;

    // Single keys are off: `?` does nothing, and the list says so.
    await page.keyboard.press('?');
    await page.locator('[data-rail]').getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText('Single-key shortcuts are switched off.').waitFor();
    expect(await sheet.getByText('Send, resolve and go to the next').count()).toBe(1);
    expect(await sheet.getByText('Snooze', { exact: true }).count()).toBe(0);
    await clean(page, 'cheat sheet, English and dark');
    await page.keyboard.press('Escape');

    const elsewhere = await enter(colleague, '/profile');
    await elsewhere.page.locator('html[lang=en][data-theme=dark]').waitFor();
    await elsewhere.context.close();
    await go(page, '/profile');
    saved = kept();
    await page.getByText('فارسی', { exact: true }).click();
    await page.locator('html[lang=fa]').waitFor();
    await saved;
    await context.close();
  });

  it('changes the password for the one who knows the old one; other sessions end and are asked again', async () => {
    const second = await enter(login, '/profile');
    const page = desk;
    await go(page, '/profile');
    await field(page, 'گذرواژهٔ کنونی').fill('not the password');
    await field(page, 'گذرواژهٔ تازه').fill('a new long password');
    await page.getByRole('button', { name: 'تغییر گذرواژه' }).click();
    await page.getByText('گذرواژهٔ کنونی درست نیست.').waitFor();
    await field(page, 'گذرواژهٔ کنونی').fill(login.password);
    await page.getByRole('button', { name: 'تغییر گذرواژه' }).click();
    await page.getByText('گذرواژه تغییر کرد').waitFor();
    login.password = 'a new long password';

    const again = second.page.getByRole('alertdialog', { name: 'دوباره وارد شوید' });
    await again.waitFor();
    await clean(second.page, 'signed out under one’s hands');
    await again.locator('input[name=password]').fill('wrong one');
    await second.page.keyboard.press('Enter');
    await again.getByText('ایمیل یا گذرواژه درست نیست.').waitFor();
    await clean(second.page, 'signed out, wrong password');
    await again.locator('input[name=password]').fill(login.password);
    await second.page.keyboard.press('Enter');
    await again.waitFor({ state: 'detached' });
    expect(second.page.url()).toBe(`${place.url}/profile`);
    await admin.signIn(login.email, login.password);
    await second.context.close();
  });
});

describe('an agent', () => {
  it('finds nothing of what is the administrators’', async () => {
    const { page, context } = await enter(colleague, '/settings');
    const rail = page.locator('[data-rail]');
    await expect.poll(() => rail.getByRole('link').count(), { timeout: 15_000 }).toBe(5);
    const offered = page.getByRole('main').getByRole('link');
    await expect.poll(() => offered.count(), { timeout: 15_000 }).toBe(4);
    await page.getByRole('searchbox').fill('وب هوک');
    await page.getByText('تنظیمی با').waitFor();
    const kept = [
      '/channels',
      '/channels/new',
      `/channels/${sms.id}`,
      '/health',
      '/inbound',
      '/users',
      '/teams',
      '/tags',
      '/fields',
      '/api-keys',
    ];
    for (const path of kept) {
      await go(page, '/profile');
      await go(page, path);
      await page.getByRole('heading', { name: 'این صفحه پیدا نشد' }).waitFor();
    }
    const agent = new Agent(place.url);
    await agent.signIn(colleague.email, colleague.password);
    await expect(agent.call('GET', '/api/channels')).rejects.toMatchObject({ code: 'forbidden' });
    await context.close();
  });
});

describe('channels', () => {
  it('are paused, archived and brought back; their health and settings are on one page', async () => {
    const page = desk;
    await go(page, '/channels');
    await page.getByRole('link', { name: /ربات فروشگاه/ }).click();
    await page.getByRole('heading', { name: 'آزمایش دوسویه' }).waitFor();
    await clean(page, 'a channel');
    await page.getByRole('button', { name: 'توقف', exact: true }).click();
    await page.getByText('کانال متوقف شد').waitFor();
    await page.getByRole('button', { name: 'واگرد' }).click();
    await page.getByText('کانال دوباره کار می‌کند').waitFor();

    await page.getByRole('button', { name: 'بایگانی' }).click();
    await page.getByRole('alertdialog').waitFor();
    await clean(page, 'archive, asked');
    await page.getByRole('alertdialog').getByRole('button', { name: 'بایگانی' }).click();
    await page.getByRole('button', { name: 'بازگردانی' }).click();
    await page.getByText('کانال بازگردانده شد').waitFor();

    const before = telegram.hookUrl;
    await page.getByRole('button', { name: 'تعویض نشانی' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'تعویض نشانی' }).click();
    await page.getByText('نشانی تازه ساخته شد').waitFor();
    const list = await admin.call<ChannelDetails[]>('GET', '/api/channels');
    telegram = list.find((channel) => channel.id === telegram.id) ?? telegram;
    expect(telegram.hookUrl).not.toBe(before);
    expect(telegram.state).toBe('connected');

    // A name is changed, the secret is never shown, and stays.
    await page.getByRole('tab', { name: 'تنظیمات کانال' }).click();
    const token = field(page, 'توکن ربات');
    expect([await token.inputValue(), await token.getAttribute('placeholder')]).toEqual(['', 'بدون تغییر']);
    await field(page, 'نام کانال').fill('ربات فروشگاه ۲');
    await page.getByRole('button', { name: 'ذخیره' }).click();
    await page.getByText('تنظیمات کانال ذخیره شد').waitFor();
    await page.getByRole('heading', { name: 'ربات فروشگاه ۲' }).waitFor();
  });
});

describe('what did not come in', () => {
  const push = (update: object) =>
    fetch(new URL(telegram.hookUrl, place.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-telegram-bot-api-secret-token': webhookSecret(place.simulators['telegram']?.settings ?? {}),
      },
      body: JSON.stringify(update),
    });
  const at = Math.floor(Date.now() / 1000);
  const from = { id: 4242, is_bot: false, first_name: 'مهدی' };
  const strange = { message_id: 71, date: at, from, chat: { id: 4242, type: 'private' }, hologram: { a: 1 } };
  const group = {
    message_id: 72,
    date: at,
    from: { ...from, is_bot: true },
    chat: { id: -99, type: 'group' },
    text: 'سلام به همه',
  };

  it('is shown with its reason and taken up again', async () => {
    const page = desk;
    await go(page, '/inbound');
    await page.getByText('هیچ پیامی ناموفق نمانده است').waitFor();
    expect((await push({ update_id: 900_001, message: strange })).status).toBe(200);
    expect((await push({ update_id: 900_002, message: group })).status).toBe(200);
    const listed = (state: string) => () =>
      admin
        .call<InboundPage>('GET', `/api/inbound?state=${state}`)
        .then(({ events }) => events.length > 0 && events);
    await until('the failed event', listed('failed'));
    await until('the ignored event', listed('ignored'));

    await load(page, '/inbound');
    await page.getByText('hologram').first().waitFor();
    await page.getByText('ربات فروشگاه').waitFor();
    await clean(page, 'failed events');
    await page.getByRole('button', { name: 'پردازش دوباره' }).click();
    await page.getByText('دوباره در صف پردازش است').waitFor();
    await page.getByRole('radiogroup').getByText('نادیده گرفته‌شده').click();
    await page.getByText('سلام به همه').waitFor();
    await clean(page, 'ignored events');
    await page.getByRole('button', { name: 'بازگردانی' }).click();
    await page.getByText('هیچ پیامی نادیده گرفته نشده است').waitFor();
    // Its content has not become known by that: it fails again and is shown again.
    await until('the event that fails again', listed('failed'));
  });
});

describe('every page', () => {
  const pages = [
    { path: '/channels', api: '**/api/channels', failed: 'فهرست کانال‌ها بارگذاری نشد' },
    { path: '/users', api: '**/api/users', failed: 'فهرست کاربرها بارگذاری نشد' },
    { path: '/inbound', api: '**/api/inbound?*', failed: 'فهرست بارگذاری نشد' },
  ];

  it('waits, fails with an id, and is there at another try', async () => {
    const page = desk;
    for (const { path, api, failed } of pages) {
      let open: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        open = resolve;
      });
      await page.route(api, async (route) => {
        await held;
        await route.fulfill({
          status: 500,
          json: { code: 'internal', message: 'broken on purpose', errorId: 'abcd1234' },
        });
      });
      await load(page, path);
      await page.locator('.bone').first().waitFor();
      if (path === '/channels') await clean(page, 'a page on its way');
      open();
      await page.getByText(failed).waitFor({ timeout: 20_000 });
      await page.getByText('abcd1234').waitFor();
      if (path === '/channels') await clean(page, 'a page that failed');
      await page.unroute(api);
      await page.getByRole('button', { name: 'تلاش دوباره' }).click();
      await page.getByText(failed).waitFor({ state: 'detached' });
      await page.getByRole('main').getByRole('list').first().waitFor();
    }
  });

  it('stays as it was when it cannot be refreshed, and says from when it is', async () => {
    const page = desk;
    await go(page, '/health');
    const card = page.getByRole('region', { name: /پیامک پشتیبانی/ });
    await card.waitFor();
    await page.route('**/api/channels', (route) => route.abort());
    // A word over the socket: the page asks again, and cannot.
    await admin.call('PATCH', `/api/channels/${telegram.id}`, { name: 'ربات فروشگاه' });
    await page.getByText('به‌روز نشد؛').waitFor({ timeout: 30_000 });
    expect(await card.count()).toBe(1);
    await clean(page, 'health, stale');
    await page.unroute('**/api/channels');
  });

  it('is as clean in English and dark on a phone, and never scrolls sideways', async () => {
    const page = desk;
    await go(page, '/profile');
    const saved = page.waitForResponse((answer) => answer.url().endsWith('/api/profile'));
    await page.getByRole('radiogroup', { name: 'زبان' }).getByText('English').click();
    await saved;
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[lang=en][data-theme=dark]').waitFor();
    // The narrowest that must do without scrolling sideways (WCAG 1.4.10).
    await page.setViewportSize({ width: 320, height: 800 });
    for (const path of [
      '/settings',
      '/channels',
      '/channels/new',
      '/channels/new?connector=telegram',
      `/channels/${sms.id}`,
      `/channels/${sms.id}/settings`,
      `/channels/${sms.id}/routing`,
      '/health',
      '/inbound',
      '/users',
      '/notifications',
      '/shortcuts',
      '/profile',
    ]) {
      await go(page, path);
      await page.locator('.bone').first().waitFor({ state: 'detached' });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
      await clean(page, `${path} on a phone`);
    }
  });
});
