import { afterAll, beforeAll, it, expect as plain } from 'vitest';
import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import type { CustomerRecord } from '../../shared/record.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';
import { chooseFile } from './import.looks.ts';

const w = customerCatalogs.fa.imports;
let stage: Stage;
let desk: Desk;
/** Somebody who is known already, with a mobile number. */
let maryam: string;

beforeAll(async () => {
  stage = await setStage();
  const { agent } = stage.world;
  maryam = (await agent.call<{ id: string }>('POST', '/api/customers', { name: 'مریم رستمی', change: {} }))
    .id;
  await agent.call('POST', `/api/customers/${maryam}/identities`, {
    kind: 'mobile',
    value: '09123456789',
    reason: 'خودش گفت',
  });
  desk = await Desk.open({ stage, preferences: { language: 'fa', calendar: 'jalali' } });
});
afterAll(() => stage?.close());

const orders = {
  name: 'سفارش‌های پاییز.csv',
  rows: [
    'شماره سفارش,موبایل,نام مشتری,تاریخ,مبلغ (تومان),وضعیت,کالا',
    '۱۰۰۱,۰۹۱۲۳۴۵۶۷۸۹,مریم رستمی,۱۴۰۴/۰۵/۱۲,۱٬۲۵۰٬۰۰۰,تحویل شده,مانتو سرمه‌ای',
    '۱۰۰۲,۰۹۱۲۳,علی کریمی,۱۴۰۴/۰۷/۰۱,۹۹۰٬۰۰۰,تحویل شده,کفش',
    '۱۰۰۳,۰۹۱۲۷۶۵۴۳۲۱,نیما صادقی,۱۴۰۴/۱۳/۰۱,۳۲۰٬۰۰۰,تحویل شده,کیف',
    '۱۰۰۴,۰۹۱۲۷۶۵۴۳۲۱,نیما صادقی,۱۴۰۴/۰۸/۱۵,۷۱۵٬۰۰۰,مهمان ویژه,کمربند',
  ],
};
const feed = () => desk.page.getByRole('feed');
const recordsOfMaryam = async () =>
  (await stage.world.agent.call<{ records: CustomerRecord[] }>('GET', `/api/customers/${maryam}/records`))
    .records;

it('a file that is no table is refused before it leaves, and in words that help', async () => {
  await desk.goTo('/customers/imports');
  await expect(desk.page.getByText(w.emptyTitle)).toBeVisible();
  await desk.button(w.start).click();
  await chooseFile(desk, { name: 'orders.xlsx', rows: ['PK'] });
  await expect(desk.page.getByRole('alert').filter({ hasText: w.workbook })).toBeVisible();
  // One that only its content gives away, the server tells from a table.
  await chooseFile(desk, { name: 'orders.csv', rows: ['%PDF-1.7', '%âãÏÓ'] });
  await expect(desk.page.getByRole('alert').filter({ hasText: w.notTable })).toBeVisible();
});

it('says which rows are wrong and what would be right before anything is written', async () => {
  await desk.page.getByRole('radio', { name: w.kind.purchases }).press('Space');
  await chooseFile(desk, orders);
  const columns = desk.page.getByRole('list', { name: w.columns });
  const date = columns.getByRole('button', { name: new RegExp(w.isWhat('تاریخ')) });
  await expect(date).toContainText(w.target['at'] ?? '');
  // The header says tomans: so they are.
  await expect(desk.page.getByRole('radio', { name: w.units.toman })).toBeChecked();

  // Without its date a purchase is not tried: what is missing is said. Chosen by the keyboard alone.
  await date.focus();
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.getByRole('listbox')).toBeVisible();
  await desk.page.keyboard.press('Home');
  await desk.page.keyboard.press('Enter');
  await expect(date).toContainText(w.leaveOut);
  await desk.button(w.check).click();
  await expect(desk.page.getByRole('alert').filter({ hasText: w.lacksDate })).toBeVisible();
  await date.click();
  await desk.page.getByRole('option', { name: w.target['at'] ?? '', exact: true }).click();
  await desk.button(w.check).click();

  await expect(desk.page.getByRole('heading', { name: w.report })).toBeVisible();
  const wrong = desk.page.getByRole('table', { name: w.errors }).locator('tbody').getByRole('row');
  await expect(wrong).toHaveCount(3);
  for (const [at, row, column, value] of [
    [0, '۳', 'موبایل', '۰۹۱۲۳'],
    [1, '۴', 'تاریخ', '۱۴۰۴/۱۳/۰۱'],
    [2, '۵', 'وضعیت', 'مهمان ویژه'],
  ] as const) {
    const cells = wrong.nth(at).getByRole('cell');
    await expect(cells).toHaveCount(5);
    await expect(cells.nth(0)).toHaveText(row);
    await expect(cells.nth(1)).toHaveText(column);
    await expect(cells.nth(2)).toHaveText(value);
    await expect(cells.nth(4)).not.toBeEmpty();
  }
  plain(await recordsOfMaryam()).toEqual([]);

  const href = await desk.page.getByRole('link', { name: w.errorsCsv }).getAttribute('href');
  const csv = await (await desk.context.request.get(`${desk.url}${href}`)).text();
  plain(csv.trim().split('\r\n')).toHaveLength(4);

  // A page that is loaded again comes back to the step.
  await desk.page.reload();
  await expect(desk.button(w.run(1))).toBeVisible();
});

it('takes in the rows of a status once it is told what the status means', async () => {
  await desk.page.getByRole('button', { name: new RegExp(w.statusOf('مهمان ویژه')) }).click();
  await desk.page.getByRole('option', { name: w.status.done, exact: true }).click();
  await desk.button(w.checkAgain).click();
  await expect(desk.button(w.run(2))).toBeVisible();
  await expect(desk.page.getByText(w.wouldCustomers(1))).toBeVisible();
});

it('a file that nobody ran is deleted for good, and whoever looks at it sees that', async () => {
  const before = desk.page.url();
  const name = 'اشتباه.csv';
  await desk.goTo('/customers/imports/new?kind=purchases');
  await chooseFile(desk, { ...orders, name });
  await expect(desk.page.getByRole('list', { name: w.columns })).toBeVisible();
  const other = await desk.context.newPage();
  await other.goto(desk.page.url());
  await expect(other.getByRole('list', { name: w.columns })).toBeVisible();

  await desk.button(w.remove).click();
  const asked = desk.page.getByRole('alertdialog', { name: w.removeTitle });
  await expect(asked.getByText(w.removeText)).toBeVisible();
  await desk.page.keyboard.press('Escape');
  await expect(asked).toBeHidden();
  await expect(desk.button(w.remove)).toBeFocused();
  await desk.page.keyboard.press('Enter');
  await desk.button(w.removeDo, asked).click();
  const list = desk.page.getByRole('list', { name: w.list });
  await expect(list.getByRole('link')).toHaveCount(1);
  await expect(list).not.toContainText(name);
  await expect(desk.page.getByRole('main')).toBeFocused();
  await expect(other.getByText(w.goneTitle)).toBeVisible();
  await other.close();
  await desk.page.goto(before);
  await expect(desk.button(w.run(2))).toBeVisible();
});

it('brings the purchase to its customer, and takes it back', async () => {
  await desk.button(w.run(2)).click();
  await expect(desk.page.getByText(w.didCustomers(1))).toBeVisible();
  const address = desk.page.url();
  plain(await recordsOfMaryam()).toMatchObject([
    // In rials; the twelfth of Mordad 1404, as it began in Tehran.
    { externalId: '1001', amount: 12_500_000, at: '2025-08-02T20:30:00.000Z', title: 'مانتو سرمه‌ای' },
  ]);
  await desk.goTo(`/customers/${maryam}`);
  await expect(feed().getByText('مانتو سرمه‌ای').first()).toBeVisible();

  await desk.page.goto(address);
  await desk.button(w.undo).click();
  const asked = desk.page.getByRole('alertdialog', { name: w.undoTitle });
  await expect(asked.getByText(w.undoMade(2, 'purchases'))).toBeVisible();
  await desk.button(w.undoDo, asked).click();
  await expect(desk.page.getByRole('heading', { name: w.undone })).toBeVisible();
  plain(await recordsOfMaryam()).toEqual([]);
  await desk.goTo(`/customers/${maryam}`);
  await expect(desk.page.getByRole('heading', { level: 1 })).toContainText('مریم رستمی');
  // What else is known of her stays.
  await expect(feed()).not.toBeEmpty();
  await expect(desk.page.getByText('مانتو سرمه‌ای')).toHaveCount(0);
  plain(desk.complaints).toEqual([]);
});
