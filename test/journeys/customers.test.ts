import type { Page, Request } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import { connectDatabase } from '../../server/db/connect.ts';
import { key } from '../../server/db/key.ts';
import { createModels } from '../../server/db/models.ts';
import type { RecordDoc } from '../../server/records/record.model.ts';
import type { Customer } from '../../shared/customer.ts';
import type { CustomerPage } from '../../shared/customer-list.ts';
import type { Field } from '../../shared/field.ts';
import { until } from '../world.ts';
import { Desk, expect, lineOf, type Stage, setStage, writesLetter } from './desk.ts';

const minute = 60_000;
const w = customerCatalogs.en;
const hour = 3_600_000;

let stage: Stage;
let desk: Desk;
/** Who wrote by telegram, text message and letter: one person by now. */
let sara: string;
let level: Field;
beforeAll(async () => {
  stage = await setStage({ channels: ['sms', 'telegram', 'email'] });
  const { agent } = stage.world;
  const [telegram, sms] = [lineOf(stage, 'telegram').simulator, lineOf(stage, 'sms').simulator];
  await telegram.customerWrites({
    peer: telegram.peer(1),
    name: 'Sara Ahmadi',
    text: 'سلام، می‌شود رنگ آن را عوض کنید؟',
  });
  await sms.customerWrites({ peer: sms.peer(1), text: 'The parcel is not here yet' });
  await writesLetter(stage, {
    n: 1,
    name: 'Sara Ahmadi',
    subject: 'An invoice',
    text: 'Please send the invoice',
  });
  const list = () => agent.call<CustomerPage>('GET', '/api/customers/list?sort=createdAt&limit=20');
  const { customers } = await until('three customers', async () => {
    const page = await list();
    return page.customers.length === 3 && page;
  });
  const named = customers.filter(({ name }) => name === 'Sara Ahmadi').map(({ id }) => id);
  sara = named[0] ?? '';
  for (const other of customers.filter(({ id }) => id !== sara))
    await agent.call('POST', `/api/customers/${sara}/merge`, { otherId: other.id, reason: 'She said so' });
  level = await agent.call<Field>('POST', '/api/fields', {
    name: 'Level',
    type: 'choice',
    options: [{ name: 'Silver' }, { name: 'Gold' }],
  });
  await agent.call('POST', `/api/customers/${sara}/records`, {
    kind: 'purchase',
    externalId: 'BX-1234',
    at: new Date().toISOString(),
    title: 'Blue jacket',
    amount: 12_500_000,
  });
  desk = await Desk.open({ stage });
}, 2 * minute);
afterAll(async () => {
  await desk?.close();
  await stage?.close();
});

const panel = (name: keyof typeof w.panels.names) =>
  desk.page.getByRole('region', { name: w.panels.names[name], exact: true });
const feed = () => desk.page.getByRole('feed', { name: w.history.title });
const asKept = () => stage.world.agent.call<Customer>('GET', `/api/customers/${sara}`);

describe('the page of a customer', () => {
  it('shows what one person said and did on three channels', async () => {
    await desk.goTo('/customers');
    await desk.page.getByRole('link', { name: 'Sara Ahmadi', exact: true }).click();
    await expect(desk.page.getByRole('heading', { name: 'Sara Ahmadi', level: 1 })).toBeVisible();
    for (const said of ['می‌شود رنگ', 'The parcel is not here yet', 'Please send the invoice', 'Blue jacket'])
      await expect(feed().getByRole('article').filter({ hasText: said }).first()).toBeVisible();
    const contacts = panel('contacts').getByRole('listitem');
    await expect(contacts).toHaveCount(3);
    await expect(contacts.getByText(w.contacts.verified)).toHaveCount(3);
    await expect(panel('conversations').getByRole('link')).toHaveCount(3);
    await expect(panel('records').getByText('Blue jacket')).toBeVisible();
  });

  it('is changed in place, by the keyboard alone, and each change is taken back', async () => {
    const city = panel('profile').getByRole('button', { name: new RegExp(`^${w.profileField.city}`) });
    await city.focus();
    await desk.page.keyboard.press('Enter');
    const field = panel('profile').getByRole('textbox', { name: w.profileField.city });
    await expect(field).toBeFocused();
    await desk.page.keyboard.insertText('Nowhere');
    await desk.page.keyboard.press('Escape');
    await expect(city).toBeFocused();
    await expect(city).not.toContainText('Nowhere');

    await desk.page.keyboard.press('Enter');
    await desk.page.keyboard.insertText('Shiraz');
    await desk.page.keyboard.press('Enter');
    await expect(city).toContainText('Shiraz');
    await expect(city).toBeFocused();
    expect((await asKept()).profile.city).toBe('Shiraz');
    await desk.page.keyboard.press('z');
    await expect(city).not.toContainText('Shiraz');
    expect((await asKept()).profile.city).toBe('');
    await expect(
      feed()
        .getByText(/Shiraz/)
        .first(),
    ).toBeVisible();

    await panel('fields')
      .getByRole('button', { name: /^Level/ })
      .click();
    await desk.page
      .getByRole('menuitemradio', { name: 'Gold' })
      .or(desk.page.getByRole('menuitem', { name: 'Gold' }))
      .click();
    await expect(panel('fields').getByRole('button', { name: /^Level/ })).toContainText('Gold');
    expect((await asKept()).profile.fields[level.id]).toBe(level.options[1]?.id);
    await expect(panel('edits').getByRole('listitem').first()).toContainText('Gold');
    await desk.button(w.edits.undo, panel('edits')).first().press('Enter');
    await expect(panel('fields').getByRole('button', { name: /^Level/ })).not.toContainText('Gold');
  });

  it('takes a stated address, which a code proves', async () => {
    await desk.button(w.contacts.add, panel('contacts')).click();
    const dialog = desk.page.getByRole('dialog', { name: w.contacts.add });
    const value = dialog.getByRole('textbox', { name: w.identityKind.mobile });
    await expect(value).toBeFocused();
    await value.fill('12');
    await dialog.getByRole('textbox', { name: w.contacts.reason }).fill('Said so on the phone');
    await desk.page.keyboard.press('Enter');
    await expect(dialog.getByText(w.contacts.invalid.mobile)).toBeVisible();
    const sms = lineOf(stage, 'sms').simulator;
    const number = sms.peer(7);
    await value.fill(number);
    await desk.page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    const line = panel('contacts').getByRole('listitem').filter({ hasText: w.contacts.stated });
    await expect(line).toHaveCount(1);
    await expect(line).toContainText('Said so on the phone');

    await line.getByRole('button').click();
    await desk.page.getByRole('menuitem', { name: w.contacts.verify }).click();
    const verify = desk.page.getByRole('dialog', { name: w.verify.title });
    await desk.button(w.verify.send, verify).click();
    const code = verify.getByRole('textbox', { name: w.verify.code });
    await expect(code).toBeFocused();
    const digits = await until('the code', () => {
      const text = sms.messages().findLast(({ direction }) => direction === 'toCustomer')?.text ?? '';
      return /\d{4,8}/.exec(text)?.[0];
    });
    await code.fill(digits === '000000' ? '111111' : '000000');
    await desk.page.keyboard.press('Enter');
    await expect(verify.getByText(w.verify.wrong)).toBeVisible();
    await code.fill(digits);
    await desk.page.keyboard.press('Enter');
    await expect(verify).toBeHidden();
    await expect(panel('contacts').getByText(w.contacts.stated)).toHaveCount(0);
  });

  it('is arranged by keys, for this person', async () => {
    await desk.button(w.panels.arrange).press('Enter');
    const arrange = desk.page.getByRole('region', { name: w.panels.arrange });
    await arrange.getByRole('button', { name: w.panels.names.contacts, exact: true }).focus();
    const kept = () =>
      desk.page.waitForResponse(
        (answer) => answer.url().endsWith('/api/profile') && answer.request().method() === 'PATCH',
      );
    const moved = kept();
    await desk.page.keyboard.press('Alt+ArrowDown');
    await moved;
    const hidden = kept();
    await desk.button(w.panels.hide(w.panels.names.value), arrange).click();
    await hidden;
    await desk.button(w.panels.arrangeDone, arrange).click();
    await expect(panel('profile')).toBeVisible();
    await expect(panel('value')).toBeHidden();
    const names = await desk.page.getByRole('heading', { level: 2 }).allTextContents();
    expect(names.indexOf(w.panels.names.profile)).toBeLessThan(names.indexOf(w.panels.names.contacts));
    await desk.goTo(`/customers/${sara}`);
    await expect(panel('contacts')).toBeVisible();
    await expect(panel('value')).toBeHidden();
    expect(desk.complaints).toEqual([]);
  });
});

/** What of the feed's height is covered by entries, at each frame, while `run` goes on. */
async function framesWhile(
  page: Page,
  run: () => Promise<void>,
): Promise<{ rows: number; covered: number }[]> {
  await page.evaluate(() => {
    const seen: { rows: number; covered: number }[] = [];
    const box = document.querySelector('[role="feed"]');
    const look = () => {
      const { top, bottom, height } = box?.getBoundingClientRect() ?? new DOMRect();
      const rows = [...(box?.querySelectorAll('[data-index]') ?? [])]
        .map((row) => row.getBoundingClientRect())
        .filter((row) => row.bottom > top && row.top < bottom);
      const covered = rows.reduce(
        (sum, row) => sum + Math.min(row.bottom, bottom) - Math.max(row.top, top),
        0,
      );
      seen.push({ rows: rows.length, covered: covered / height });
      Object.assign(window, { frame: requestAnimationFrame(look) });
    };
    Object.assign(window, { seen });
    look();
  });
  await run();
  return page.evaluate(() => {
    const { frame, seen } = window as unknown as { frame: number; seen: { rows: number; covered: number }[] };
    cancelAnimationFrame(frame);
    return seen;
  });
}

describe('a history of 10,000 entries', () => {
  const many = 10_000;
  /** When the newest of them was. */
  let newest: number;
  beforeAll(async () => {
    const db = await connectDatabase(stage.world.mongoUri, {
      database: stage.world.database,
      appName: 'tests',
    });
    const models = createModels(db);
    const now = Date.now();
    newest = now;
    const records = Array.from({ length: many }, (_, n): RecordDoc => {
      const at = new Date(now - n * hour);
      return {
        _id: key('own', 'purchase', `H-${n}`),
        kind: 'purchase',
        customerId: sara,
        externalId: `H-${n}`,
        at,
        title: `Purchase ${n}`,
        amount: 10_000 + n * 10,
        currency: 'IRR',
        items: [],
        status: 'done',
        statusText: '',
        note: '',
        source: { by: 'api', id: 'seed' },
        version: 1,
        createdAt: at,
        updatedAt: at,
        todo: ['search'],
      };
    });
    for (let n = 0; n < many; n += 1_000) await models.records.insertMany(records.slice(n, n + 1_000));
    await db.close();
    await desk.goTo(`/customers/${sara}`);
    await expect(feed().getByText('Purchase 0', { exact: true })).toBeVisible();
  }, 3 * minute);

  const scrolled = () => feed().evaluate((box) => box.scrollTop);

  it('scrolls without a blank frame and keeps few of them in the page', async () => {
    await feed().hover();
    const frames = await framesWhile(desk.page, async () => {
      for (let n = 0; n < 40; n += 1) {
        const before = await scrolled();
        await desk.page.mouse.wheel(0, 700);
        await expect.poll(scrolled).toBeGreaterThan(before);
      }
    });
    expect(frames.length).toBeGreaterThan(40);
    expect(frames.filter(({ rows }) => rows === 0)).toEqual([]);
    expect(Math.min(...frames.map(({ covered }) => covered))).toBeGreaterThan(0.8);
    expect(await feed().locator('[data-index]').count()).toBeLessThan(80);
  });

  it('asks for what is new alone while messages come, whatever was read before', async () => {
    await feed().evaluate((box) => box.scrollTo({ top: 0 }));
    await expect(feed().getByText('Purchase 0', { exact: true })).toBeVisible();
    const sms = lineOf(stage, 'sms').simulator;
    const asked: string[] = [];
    const count = (request: Request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.endsWith(`/${sara}/history`)) asked.push(search);
    };
    desk.page.on('request', count);
    for (let n = 1; n <= 10; n += 1) await sms.customerWrites({ peer: sms.peer(1), text: `Fresh ${n}.` });
    for (let n = 1; n <= 10; n += 1) await expect(feed().getByText(`Fresh ${n}.`)).toHaveCount(1);
    desk.page.off('request', count);
    expect(asked.length).toBeGreaterThan(0);
    // Each of the loaded windows for each of them would be some eighty.
    expect(asked.length).toBeLessThanOrEqual(12);
  });

  it('goes to a day of the Jalali calendar: what stands first is the last of that day', async () => {
    const { agent } = stage.world;
    const prefer = (calendar: 'jalali' | 'gregorian') =>
      agent.call<{ preferences: { timeZone: string } }>('PATCH', '/api/profile', {
        preferences: { calendar },
      });
    const { preferences } = await prefer('jalali');
    const parts = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', {
      timeZone: preferences.timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    });
    const dayOf = (n: number) => {
      const all = parts.formatToParts(newest - n * hour);
      const part = (type: string) => all.find((one) => one.type === type)?.value ?? '';
      return { year: part('year'), month: part('month'), day: part('day') };
    };
    const wanted = dayOf(100 * 24);
    await desk.goTo(`/customers/${sara}`);
    await desk.button(w.history.goToDay).click();
    const dialog = desk.page.getByRole('dialog', { name: w.history.goToDay });
    for (const [type, value] of Object.entries(wanted)) {
      await dialog.getByRole('spinbutton', { name: new RegExp(`^${type}`, 'i') }).focus();
      await desk.page.keyboard.type(value);
    }
    await expect(feed().getByText('Purchase 0', { exact: true })).toBeVisible();
    await desk.button(w.history.go, dialog).click();
    await expect(dialog).toBeHidden();
    await expect(feed().getByText('Purchase 0', { exact: true })).toBeHidden();
    const first = await until('what stands first', () =>
      feed().evaluate((box) => {
        const { top } = box.getBoundingClientRect();
        const entry = [...box.querySelectorAll('article')].find(
          (one) => one.getBoundingClientRect().bottom > top + 8,
        );
        return /Purchase (\d+)/.exec(entry?.textContent ?? '')?.[1];
      }),
    );
    expect(dayOf(Number(first))).toEqual(wanted);
    expect(dayOf(Number(first) - 1)).not.toEqual(wanted);
    await prefer('gregorian');
    await desk.goTo(`/customers/${sara}`);
  });

  it('goes to a day, and from there both ways; what is read stays where it is', async () => {
    const newestEntry = feed().getByText('Purchase 0', { exact: true });
    await expect(newestEntry).toBeVisible();
    await desk.button(w.history.goToDay).click();
    const day = desk.page.getByRole('dialog', { name: w.history.goToDay });
    const month = day.getByRole('spinbutton', { name: /month/i });
    await month.focus();
    await desk.page.keyboard.press('ArrowDown');
    await desk.page.keyboard.press('ArrowDown');
    await desk.button(w.history.go, day).click();
    await expect(day).toBeHidden();
    await expect(newestEntry).toBeHidden();
    const frames = () =>
      desk.page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
    const topmost = async () => {
      const texts = await feed()
        .getByText(/^Purchase \d+$/)
        .allTextContents();
      return Number(/\d+/.exec(texts[0] ?? '0')?.[0]);
    };
    // For a moment the page's own beginning is drawn, before the day is taken to the top.
    const shown = await until('entries of that day', async () => {
      const first = await topmost();
      await frames();
      return first > 1_000 && first === (await topmost()) && { first };
    });
    // Newer ones come above; the entry that was first is found again further down, not lost.
    const entry = feed().getByText(`Purchase ${shown.first + 5}`, { exact: true });
    await expect(entry).toBeVisible();
    await feed().hover();
    const place = async () => (await entry.boundingBox())?.y ?? 0;
    // What came about the day was measured and stands.
    const before = await until('a place that stays', async () => {
      const y = await place();
      await frames();
      return y !== 0 && y === (await place()) && y;
    });
    await desk.page.mouse.wheel(0, -200);
    await expect.poll(async () => Math.abs((await place()) - before - 200)).toBeLessThan(40);
    await until('what is much newer', async () => {
      await desk.page.mouse.wheel(0, -600);
      return (await topmost()) < shown.first - 80;
    });
    await desk.button(w.history.toNewest).click();
    await expect(feed().getByText('Purchase 0', { exact: true })).toBeVisible();
  });

  it('is narrowed by kind and by words, and walked by J and K', async () => {
    await desk.button(w.history.groups.messages).click();
    // What she wrote at first and lately, and the code that was sent to her.
    await expect(feed().getByRole('article')).toHaveCount(14);
    await desk.page.keyboard.press('/');
    await expect(desk.page.getByRole('searchbox', { name: w.history.search })).toBeFocused();
    // While it is typed, without Enter.
    await desk.page.keyboard.insertText('میشود');
    await expect(feed().getByRole('article')).toHaveCount(1);
    await expect(feed().getByRole('article')).toContainText('می‌شود رنگ');
    await feed().focus();
    await desk.page.keyboard.press('j');
    await expect(feed().getByRole('article')).toBeFocused();
    await desk.page.keyboard.press('Enter');
    await expect(desk.bubble('می‌شود رنگ')).toBeVisible();
    expect(desk.complaints).toEqual([]);
  });
});

describe('searching everything', () => {
  it.each(['می‌شود', 'میشود'])('finds «%s» however it is typed, and opens the message', async (typed) => {
    await desk.goTo('/search');
    await expect(desk.page.getByRole('searchbox')).toBeFocused();
    await desk.page.keyboard.insertText(typed);
    const messages = desk.page.getByRole('region', { name: w.searchPage.kind.messages });
    await expect(messages.getByRole('link')).toHaveCount(1);
    await expect(messages.locator('mark')).toHaveText('می‌شود');
    await desk.page.keyboard.press('ArrowDown');
    await expect(messages.getByRole('link')).toBeFocused();
    await desk.page.keyboard.press('Enter');
    await expect(desk.page).toHaveURL(/\/inbox\/all\//);
    await expect(desk.bubble('می‌شود رنگ')).toBeInViewport();
  });

  it('finds an order by its number and opens it in the history', async () => {
    await desk.goTo('/search?q=BX-1234');
    const records = desk.page.getByRole('region', { name: w.searchPage.kind.records });
    await records.getByRole('link').click();
    await expect(desk.page).toHaveURL(/\/customers\/.*entry=/);
    await expect(feed().getByRole('article').filter({ hasText: 'Blue jacket' })).toBeInViewport();
  });
});
