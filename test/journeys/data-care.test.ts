import { afterAll, beforeAll, describe, it } from 'vitest';
import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import { connectDatabase } from '../../server/db/connect.ts';
import { createModels } from '../../server/db/models.ts';
import type { DuplicatePage } from '../../shared/duplicate.ts';
import type { MergePreview } from '../../shared/merge.ts';
import type { QualityRows } from '../../shared/quality.ts';
import { until } from '../world.ts';
import { Desk, expect, lineOf, type Stage, setStage, writesLetter } from './desk.ts';

const minute = 60_000;
const w = customerCatalogs.en;
let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage({ channels: ['sms', 'telegram', 'email'] });
  desk = await Desk.open({ stage });
});
afterAll(() => stage?.close());

const key = (keys: string) => desk.page.keyboard.press(keys);
const options = () => desk.list.getByRole('option');
const dialog = () => desk.page.getByRole('dialog', { name: w.merge.title });
const toast = (text: string) => desk.page.getByRole('status').getByText(text, { exact: true });

async function make(name: string, change: object = {}): Promise<string> {
  const made = await stage.world.agent.call<{ id: string }>('POST', '/api/customers', { name, change });
  return made.id;
}

/** Whose conversation says this now. */
async function customerOf(text: string): Promise<string> {
  const { conversations } = await stage.world.agent.conversations();
  const found = conversations.find(({ preview }) => preview?.text.includes(text));
  if (!found) throw new Error(`No conversation says “${text}”.`);
  return found.customerId;
}

/** In the dialog that searches: finds the other, and comes to both side by side. */
async function choose(words: string): Promise<void> {
  await expect(dialog().getByRole('searchbox')).toBeFocused();
  await desk.page.keyboard.insertText(words);
  await expect(dialog().getByRole('listitem')).toHaveCount(1);
  await key('Enter');
  await expect(dialog().getByRole('textbox', { name: w.merge.reason })).toBeFocused();
}

describe('one person on three channels', () => {
  it(
    'becomes one record by what is seen side by side, and comes apart again with all that arrived since',
    async () => {
      const { t } = desk;
      const sms = lineOf(stage, 'sms').simulator;
      const telegram = lineOf(stage, 'telegram').simulator;
      const [mobile, chat] = [sms.peer(1), telegram.peer(1)];
      await sms.customerWrites({ peer: mobile, text: 'First by SMS.' });
      await writesLetter(stage, { n: 1, name: 'S. Ahmadi', subject: 'An order', text: 'First by mail.' });
      await telegram.customerWrites({ peer: chat, name: 'Sara Ahmadi', text: 'First by Telegram.' });
      await expect(options()).toHaveCount(3);
      const sara = await customerOf('First by Telegram.');

      // From the panel beside the conversation.
      await desk.open('First by Telegram.');
      const panel = desk.page.getByRole('complementary', { name: t.inbox.customer });
      await desk.button(t.link.button, panel).click();
      await choose(mobile);
      await expect(dialog().getByRole('region', { name: w.merge.stays })).toContainText('Sara Ahmadi');
      await expect(dialog().getByRole('region', { name: w.merge.joins })).toContainText(mobile);
      const names = dialog().getByRole('group', { name: w.profileField.name }).getByRole('radio');
      await expect(names.first()).toBeChecked();
      await key('Shift+Tab');
      await expect(names.first()).toBeFocused();
      await key('ArrowRight');
      await expect(names.last()).toBeChecked();
      await key('ArrowLeft');
      await expect(names.first()).toBeChecked();
      await key('Tab');
      await desk.page.keyboard.insertText('She says so');
      await key('Enter');
      await expect(dialog()).toBeHidden();
      await expect(options()).toHaveCount(2);
      await expect(desk.bubble('First by SMS.')).toBeVisible();

      // And from the page of the customer, by its key.
      await desk.goTo(`/customers/${sara}`);
      const history = desk.page.getByRole('region', { name: w.history.title });
      await expect(history.getByText('First by SMS.')).toBeVisible();
      await expect(history.getByText('First by mail.')).toHaveCount(0);
      await key('m');
      await choose('S. Ahmadi');
      await desk.page.keyboard.insertText('Same order number');
      await key('Enter');
      await expect(toast(w.merge.done('S. Ahmadi'))).toBeVisible();
      for (const text of ['First by SMS.', 'First by mail.', 'First by Telegram.'])
        await expect(history.getByText(text)).toBeVisible();

      await sms.customerWrites({ peer: mobile, text: 'Second by SMS.' });
      await telegram.customerWrites({ peer: chat, text: 'Second by Telegram.' });
      await expect(history.getByText('Second by SMS.')).toBeVisible();
      await expect(history.getByText('Second by Telegram.')).toBeVisible();

      // The number was somebody else's after all.
      const merge = desk.page.getByRole('listitem').filter({ hasText: 'She says so' });
      await merge.getByRole('button', { name: w.merge.unmerge }).press('Enter');
      // Under a hand it stays.
      await desk.button(w.merge.openApart).hover();
      await expect(merge).toHaveCount(0);
      await expect(history.getByText('Second by SMS.')).toHaveCount(0);
      await expect(history.getByText('Second by Telegram.')).toBeVisible();
      await expect(history.getByText('First by mail.')).toBeVisible();
      const undone = history.getByRole('article').filter({ hasText: 'un-merged' });
      await expect(undone).toContainText('two records again');
      await desk.button(w.merge.openApart).click();
      await expect(desk.page).not.toHaveURL(new RegExp(sara));
      await expect(history.getByText('First by SMS.')).toBeVisible();
      await expect(history.getByText('Second by SMS.')).toBeVisible();
      await expect(history.getByText('Second by Telegram.')).toHaveCount(0);
      await expect(undone).toContainText('two records again');

      await desk.goTo('/inbox/all');
      await expect(options()).toHaveCount(2);
      await desk.open('Second by SMS.');
      await expect(desk.bubble('Second by SMS.')).toBeVisible();
      await expect(desk.bubble('Second by Telegram.')).toHaveCount(0);
      await desk.open('Second by Telegram.');
      await expect(desk.bubble('First by mail.')).toBeVisible();
      await expect(desk.bubble('Second by SMS.')).toHaveCount(0);
      expect(desk.complaints).toEqual([]);
    },
    2 * minute,
  );
});

describe('the queue of duplicates', () => {
  it(
    'is worked through with the keyboard alone, and every decision is taken back',
    async () => {
      const pairs = [
        ['Negar Karimi', 'نگار کریمی', '1990-01-02', 'Shiraz'],
        ['Mohammadreza Hosseini', 'محمدرضا حسینی', '1985-07-12', 'Isfahan'],
        ['Leila Rostami', 'لیلا رستمی', '1979-11-30', 'Tabriz'],
      ] as const;
      for (const [latin, persian, birthday, city] of pairs)
        for (const name of [latin, persian]) await make(name, { birthday, city });
      const { agent } = stage.world;
      const queue = await until('three pairs', async () => {
        const page = await agent.call<DuplicatePage>('GET', '/api/duplicates');
        // The count and the list are not of one moment.
        return page.count === pairs.length && page.duplicates.length === pairs.length ? page : undefined;
      });

      await desk.page.evaluate(() => document.getElementById('content')?.focus());
      for (const step of ['g', 'c']) await key(step);
      await expect(desk.page).toHaveURL(/\/customers$/);
      const parts = desk.page.getByRole('navigation', { name: w.customersArea.label });
      const count = (n: string) => parts.getByText(w.duplicates.waiting(n));
      await expect(count('3')).toBeAttached();
      await parts.getByRole('link', { name: w.customersArea.duplicates }).focus();
      await key('Enter');
      const row = (at: number) =>
        desk.page.getByRole('list', { name: w.duplicates.list }).getByRole('button').nth(at);
      const chosen = (at: number) => expect(row(at)).toHaveAttribute('aria-current', 'true');
      const texts = queue.duplicates.map(({ customers: [one, two] }) => [one.name, two.name]);
      await chosen(0);
      await key('j');
      await chosen(1);
      await key('k');
      await chosen(0);
      const table = desk.page.getByRole('table', { name: w.duplicates.pair });
      for (const name of texts[0] ?? [])
        await expect(table.getByRole('link', { name: new RegExp(name) })).toBeVisible();
      await expect(desk.page.getByText(w.duplicates.nameReason.transliterated)).toBeVisible();

      // Put off: the next one is looked at, this one stands last.
      await key('s');
      for (const name of texts[1] ?? []) await expect(row(0)).toContainText(name);
      for (const name of texts[0] ?? []) await expect(row(2)).toContainText(name);
      await chosen(0);

      await key('n');
      // Under a hand it stays.
      await toast(w.duplicates.notSameDone).hover();
      await expect(count('2')).toBeAttached();
      await key('z');
      await desk.page.mouse.move(640, 200);
      await expect(toast(w.duplicates.restored)).toBeVisible();
      await expect(count('3')).toBeAttached();

      // The last word of the queue is the server's: whoever is on screen is merged.
      const current = queue.duplicates.find(({ customers }) => customers[0].name === texts[1]?.[0]);
      const [one, two] = current?.customers ?? [];
      if (!one || !two) throw new Error('The second pair has two customers.');
      await expect(row(0)).toContainText(one.name);
      await key('m');
      await expect(dialog().getByRole('textbox', { name: w.merge.reason })).not.toHaveValue('');
      const preview = await agent.call<MergePreview>('GET', `/api/customers/${one.id}/merge?with=${two.id}`);
      expect(preview.fields.filter(({ differs }) => differs).map(({ field }) => field)).toEqual(['name']);
      await key('Enter');
      await toast(w.merge.done(two.name)).hover();
      await expect(count('2')).toBeAttached();
      await expect(row(0)).not.toContainText(one.name);
      await key('z');
      await desk.page.mouse.move(640, 200);
      await expect(toast(w.merge.apart(two.name))).toBeVisible();
      await expect(count('3')).toBeAttached();
      expect(desk.complaints).toEqual([]);
    },
    2 * minute,
  );
});

describe('the board of data quality', () => {
  it(
    'mends a name, an address and what is missing in their rows, and takes all of it back',
    async () => {
      const { agent } = stage.world;
      const id = await make('test');
      await agent.call('POST', `/api/customers/${id}/identities`, {
        kind: 'emailAddress',
        value: 'reza@gmial.com',
        reason: 'Said so',
      });
      await until('both problems', async () => {
        const rows = await agent.call<QualityRows>('GET', '/api/quality/badEmailDomain');
        return rows.rows.some(({ customerId }) => customerId === id) || undefined;
      });
      await desk.goTo('/customers/quality');
      const problems = desk.page.getByRole('navigation', { name: w.quality.problems });
      await problems.getByRole('link', { name: w.quality.problem.namePlaceholder }).click();
      const rows = desk.page.getByRole('region', {
        name: w.quality.rows(w.quality.problem.namePlaceholder),
      });
      await expect(rows.getByRole('link', { name: 'test' })).toBeVisible();
      await key('j');
      await key('Enter');
      const name = rows.getByRole('textbox', { name: w.profileField.name });
      await expect(name).toBeFocused();
      await key('Control+a');
      await desk.page.keyboard.insertText('Reza Karimi');
      await key('Enter');
      await expect(toast(w.quality.mended('Reza Karimi'))).toBeVisible();
      await expect(rows.getByRole('link', { name: 'test' })).toHaveCount(0);
      await expect(rows).toBeFocused();
      await key('z');
      await expect(rows.getByRole('link', { name: 'test' })).toBeVisible();

      await problems.getByRole('link', { name: w.quality.problem.badEmailDomain }).click();
      const mails = desk.page.getByRole('region', {
        name: w.quality.rows(w.quality.problem.badEmailDomain),
      });
      /** The page has asked again, and it is there or not. */
      const listed = (there: boolean) =>
        desk.page.waitForResponse(
          async (answer) =>
            answer.url().includes('/api/quality/badEmailDomain') &&
            answer.ok() &&
            (await answer.text()).includes(id) === there,
        );
      const gone = listed(false);
      await desk.button(w.quality.mendOf('test'), mails).click();
      await desk.button(`${w.quality.use} reza@gmail.com`, mails).click();
      await toast(w.quality.mended('test')).hover();
      const addresses = async () =>
        (await agent.call<{ identities: { value: string }[] }>('GET', `/api/customers/${id}`)).identities.map(
          ({ value }) => value,
        );
      expect(await addresses()).toEqual(['reza@gmail.com']);
      await gone;
      const again = listed(true);
      await key('z');
      await desk.page.mouse.move(640, 200);
      await expect.poll(addresses).toEqual(['reza@gmial.com']);
      await again;

      // It is right as it is: said once, and taken back.
      await expect(desk.button(w.quality.ignoreOf('test'), mails)).toBeVisible();
      await key('j');
      await key('i');
      await expect(toast(w.quality.ignored('test'))).toBeVisible();
      await expect(mails.getByRole('link', { name: 'test' })).toHaveCount(0);
      await key('z');
      await expect(mails.getByRole('link', { name: 'test' })).toBeVisible();

      // What is not there at all: by its bar, filled in by the same hand, and the next row has the keyboard.
      await problems.getByRole('link', { name: w.quality.overview }).click();
      await desk.page.getByRole('link', { name: w.profileField.city }).click();
      const lacking = desk.page.getByRole('region', {
        name: w.quality.rows(w.quality.without(w.profileField.city)),
      });
      const lacks = lacking.getByRole('link', { name: 'test' });
      await lacks.focus();
      await key('Enter');
      await expect(lacking.getByRole('textbox', { name: w.profileField.city })).toBeFocused();
      await desk.page.keyboard.insertText('Shiraz');
      await key('Enter');
      await expect(toast(w.quality.mended('test'))).toBeVisible();
      await expect(lacks).toHaveCount(0);
      await expect(lacking.getByRole('link').and(desk.page.locator(':focus'))).toHaveCount(1);
      await key('z');
      await expect(lacks).toBeVisible();

      // What more than a value says: on their page, where it is said.
      await desk.goTo('/customers/quality?missing=consent');
      await desk.page.getByRole('main').getByRole('link', { name: 'test' }).focus();
      await key('Enter');
      const consents = desk.page.getByRole('region', { name: w.panels.names.consents });
      await expect(desk.button(w.consents.grant, consents).first()).toBeFocused();
      expect(desk.complaints).toEqual([]);
    },
    2 * minute,
  );

  it(
    'tells a birthday that is to come, refuses another such one and takes a right one in its row',
    async () => {
      const { agent, mongoUri, database } = stage.world;
      const change = { birthday: '1990-06-12' };
      const { id } = await agent.call<{ id: string }>('POST', '/api/customers', {
        name: 'Mina Born',
        change,
      });
      // As it was kept before such days were refused.
      const db = await connectDatabase(mongoUri, { database, appName: 'tests' });
      await createModels(db).customers.updateOne({ _id: id }, { $set: { 'profile.birthday': '2199-06-12' } });
      await db.close();
      await agent.call('PATCH', `/api/customers/${id}`, { city: 'Shiraz' });
      await until('the problem', async () => {
        const { rows } = await agent.call<QualityRows>('GET', '/api/quality/badBirthday');
        return rows.length > 0;
      });
      await desk.goTo('/customers/quality?problem=badBirthday');
      const rows = desk.page.getByRole('region', { name: w.quality.rows(w.quality.problem.badBirthday) });
      await expect(rows.getByText('2199')).toBeVisible();
      await desk.button(w.quality.mendOf('Mina Born'), rows).click();
      const year = rows.getByRole('spinbutton', { name: /year/i });
      await year.focus();
      await desk.page.keyboard.type('2150');
      await key('Enter');
      await expect(rows.getByText(w.panels.wrong.birthday.notYet)).toBeVisible();
      await year.focus();
      await desk.page.keyboard.type('1991');
      await key('Enter');
      await expect(toast(w.quality.mended('Mina Born'))).toBeVisible();
      await expect(rows.getByRole('link', { name: 'Mina Born' })).toHaveCount(0);
      const { profile } = await agent.call<{ profile: { birthday: string } }>('GET', `/api/customers/${id}`);
      expect(profile.birthday).toBe('1991-06-12');
      expect(desk.complaints).toEqual([]);
    },
    2 * minute,
  );
});
