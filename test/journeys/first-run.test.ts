import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axe, type Browser, openBrowser } from './browser.ts';
import { type Installation, install } from './installation.ts';

let place: Installation;
let browser: Browser;

beforeAll(async () => {
  [place, browser] = await Promise.all([install(), openBrowser()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await place?.close();
});

const password = 'یک جملهٔ کوتاه';

const next = (page: Page) => page.getByRole('button', { name: 'بعدی' }).click();
const field = (page: Page, name: string) => page.getByRole('textbox', { name });
const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

it('leads from an empty installation to an SMS channel that works both ways', async () => {
  const sms = place.simulators['sms'];
  if (!sms) throw new Error('There is no SMS simulator.');
  const { page } = await browser.person();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const clean = async (step: string) => expect(await axe(page), step).toEqual([]);

  // The code from the terminal; a wrong one is found when everything is sent, and leads back to its field.
  await page.goto(place.url);
  await heading(page, 'کد راه‌اندازی');
  await clean('code');
  await next(page);
  await page.getByText('این مورد را پر کنید.').waitFor();
  expect(await field(page, 'کد راه‌اندازی').getAttribute('aria-invalid')).toBe('true');
  await clean('code, empty');
  await field(page, 'کد راه‌اندازی').fill('AAAA-AAAA-AAAA');
  await next(page);

  // Language, live.
  await heading(page, 'زبان و تقویم');
  await clean('language');
  await page.getByRole('radiogroup', { name: 'زبان' }).getByText('English').click();
  await page.locator('html[lang=en][dir=ltr]').waitFor();
  await page.getByRole('heading', { name: 'Language and calendar' }).waitFor();
  await clean('language, English');
  await page.getByRole('radiogroup', { name: 'Language' }).getByText('فارسی').click();
  await page.locator('html[lang=fa][dir=rtl]').waitFor();
  await next(page);

  await heading(page, 'سازمان');
  await field(page, 'نام سازمان').fill('فروشگاه نمونه');
  await clean('organisation');
  await next(page);

  // A reload comes back to the same step with what was typed.
  await heading(page, 'حساب مدیر سامانه');
  await page.reload();
  await heading(page, 'حساب مدیر سامانه');
  await field(page, 'نام و نام خانوادگی').fill('نگار نمونه');
  await field(page, 'ایمیل').fill('negar@example.com');
  await field(page, 'گذرواژه').fill('کوتاه');
  await page.getByRole('button', { name: 'ساختن حساب' }).click();
  await page.getByText('دست‌کم ۱۰ نویسه بنویسید.').waitFor();
  await clean('administrator, short password');
  await field(page, 'گذرواژه').fill(password);
  await page.getByRole('button', { name: 'ساختن حساب' }).click();

  await page.getByText('این کد درست نیست. کد را دوباره از پایانهٔ سرور بردارید.').waitFor();
  await clean('code, refused');
  await field(page, 'کد راه‌اندازی').fill(place.setUpCode);
  await next(page);
  await next(page);
  expect(await field(page, 'نام سازمان').inputValue()).toBe('فروشگاه نمونه');
  await next(page);
  await page.getByRole('button', { name: 'ساختن حساب' }).click();
  await heading(page, 'صندوق ورودی آماده است');
  await clean('done');

  // The first channel: wrong key, then the right one.
  await page.getByRole('button', { name: 'وصل کردن کانال' }).click();
  await heading(page, 'اتصال کانال تازه');
  await clean('choice of a channel');
  await page.getByRole('link', { name: 'همهٔ کانال‌ها' }).click();
  await page.getByText('هنوز کانالی وصل نیست').waitFor();
  await clean('no channels');
  await page.getByRole('button', { name: 'افزودن کانال' }).click();
  await page.getByRole('button', { name: /پیامک/ }).click();
  await heading(page, 'اتصال');
  await page.getByRole('button', { name: 'اتصال و ادامه' }).click();
  await page.getByText('این مورد را پر کنید.').first().waitFor();
  await clean('channel, empty');
  await field(page, 'کلید API').fill('not-the-key');
  await field(page, 'شمارهٔ خط').fill(String(sms.settings['line']));
  await page.getByRole('button', { name: 'اتصال و ادامه' }).click();
  await page.getByText('سرویس‌دهنده این مقدار را نپذیرفت.').waitFor();
  await clean('channel, refused');
  await field(page, 'کلید API').fill(String(sms.settings['apiKey']));
  await page.getByRole('button', { name: 'اتصال و ادامه' }).click();

  // The secret is never shown again, and staying empty keeps it.
  await heading(page, 'آزمایش دوسویه');
  await page.getByRole('link', { name: 'اتصال', exact: false }).first().click();
  expect(await field(page, 'کلید API').inputValue()).toBe('');
  expect(await field(page, 'کلید API').getAttribute('placeholder')).toBe('بدون تغییر');
  expect(await page.content()).not.toContain(String(sms.settings['apiKey']));
  await page.getByRole('button', { name: 'ذخیره و ادامه' }).click();
  await heading(page, 'آزمایش دوسویه');
  await clean('channel');

  // What the page says is what is entered at the provider.
  const hook = (await page.getByRole('code').textContent()) ?? '';
  expect(hook).toMatch(/^http:.*\/hooks\/[\w-]{20,}$/);
  sms.setHook(hook);

  // Both ways, through the simulator's own socket.
  const customer = sms.peer(7);
  const sent = new Promise<string>((resolve) => {
    const off = sms.onSent((message) => {
      off();
      resolve(message.peer);
    });
  });
  await field(page, 'ارسال آزمایشی به').fill(customer);
  await page.getByRole('button', { name: 'شروع آزمایش' }).click();
  await page.locator('[data-step=sent][data-state=ok]').waitFor();
  await sent;
  await page.locator('[data-step=received][data-state=waiting]').waitFor();
  await clean('test under way');
  await sms.customerWrites({ peer: customer, text: 'رسید، سپاس' });
  await page.getByText('کانال در هر دو سو کار می‌کند.').waitFor();
  expect(await page.locator('[data-step=received]').textContent()).toContain('رسید، سپاس');
  await clean('test passed');

  // What the test exchanged is a conversation like any other.
  await page.goto(`${place.url}/channels`);
  await page.getByRole('link', { name: /متصل/ }).waitFor();
  await clean('channels');
  await page.goto(`${place.url}/users`);
  await page.getByText('هنوز همکاری نیفزوده‌اید').waitFor();
  await clean('no colleagues');
  expect(faults).toEqual([]);
}, 120_000);
