import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import { catalogs, type Desk, expect } from './desk.ts';
import type { Look } from './states.ts';

const words = (desk: Desk) => customerCatalogs[desk.t === catalogs.fa ? 'fa' : 'en'].imports;

/** Of no language: the list shows it to readers of either. */
const fileName = '1405-08';

/** A purchase that is right and one that is wrong in everything. */
const tables = {
  fa: {
    name: fileName,
    rows: [
      'شماره سفارش,موبایل,نام مشتری,تاریخ,مبلغ (تومان),وضعیت,کالا',
      '۵۱۰۱,۰۹۱۲۲۲۲۰۰۰۱,مریم رستمی,۱۴۰۴/۰۵/۱۲,۱٬۲۵۰٬۰۰۰,تحویل شده,مانتو',
      '۵۱۰۲,۰۹۱۲,علی کریمی,۱۴۰۴/۱۳/۰۱,هیچ,مهمان,کفش',
    ],
  },
  en: {
    name: fileName,
    rows: [
      'order number,mobile,customer name,date,amount,status,product',
      '6101,09122220002,Mary Rose,2025-08-03,1250000,delivered,Coat',
      '6102,0912,Ally Keen,2025-13-01,none,guest,Shoes',
    ],
  },
};

export async function chooseFile(
  desk: Desk,
  table: { name: string; rows: readonly string[] },
): Promise<void> {
  await desk.page.locator('input[type=file]').setInputFiles({
    name: table.name,
    mimeType: 'text/csv',
    buffer: Buffer.from(`${table.rows.join('\n')}\n`),
  });
}

const stays = async () => undefined;

/** A table on its way in and out again, step by step: each look goes on from the one before, and nothing is left in the end. */
export const importLooks: Look[] = [
  {
    name: 'a new import',
    async show(desk) {
      const kind = words(desk).kind.purchases;
      await desk.goTo('/customers/imports/new?kind=purchases');
      await expect(desk.page.getByRole('radio', { name: kind })).toBeChecked();
    },
    leave: stays,
  },
  {
    name: 'the columns of an import',
    async show(desk) {
      await chooseFile(desk, desk.t === catalogs.fa ? tables.fa : tables.en);
      await expect(desk.page.getByRole('list', { name: words(desk).columns })).toBeVisible();
      await expect(desk.page.getByRole('heading', { name: words(desk).how })).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'what a column may be',
    async show(desk) {
      await desk.page
        .getByRole('list', { name: words(desk).columns })
        .getByRole('button')
        .last()
        .click();
      await expect(desk.page.getByRole('listbox')).toBeVisible();
    },
    async leave(desk) {
      await desk.page.keyboard.press('Escape');
      await expect(desk.page.getByRole('listbox')).toBeHidden();
    },
  },
  {
    name: 'what an import would do',
    async show(desk) {
      await desk.button(words(desk).check).click();
      await expect(desk.page.getByRole('heading', { name: words(desk).report })).toBeVisible();
      await expect(desk.page.getByRole('heading', { name: words(desk).statusWords })).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'what an import did',
    async show(desk) {
      await desk.button(words(desk).run(1)).click();
      await expect(desk.button(words(desk).undo)).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'taking an import back',
    async show(desk) {
      await desk.button(words(desk).undo).click();
      await expect(desk.page.getByRole('alertdialog', { name: words(desk).undoTitle })).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'an import that was taken back',
    async show(desk) {
      await desk.button(words(desk).undoDo).click();
      await expect(desk.page.getByRole('heading', { name: words(desk).undone })).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'the list of imports',
    async show(desk) {
      await desk.goTo('/customers/imports');
      await expect(
        desk.page
          .getByRole('list', { name: words(desk).list })
          .getByRole('link')
          .first(),
      ).toBeVisible();
    },
    leave: stays,
  },
];
