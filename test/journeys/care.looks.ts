import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import type { DuplicatePage } from '../../shared/duplicate.ts';
import type { QualityProblem, QualityRows } from '../../shared/quality.ts';
import { until } from '../world.ts';
import { catalogs, type Desk, expect, type Stage } from './desk.ts';
import type { Look } from './states.ts';

/** Two who are one by their name, birthday and city, and somebody whose name and address are wrong. */
const people = {
  fa: {
    pair: ['نگار کریمی', 'کریمی نگار'],
    born: '1990-01-02',
    city: 'شیراز',
    stand: 'تست',
    right: 'رضا نوری',
    said: 'خودش گفت',
  },
  en: {
    pair: ['Daniel Moore', 'Moore Daniel'],
    born: '1984-05-06',
    city: 'Leeds',
    stand: 'test',
    right: 'Peter Hall',
    said: 'Said so',
  },
} as const;
type Language = keyof typeof people;

const languageOf = ({ t }: Desk): Language => (t === catalogs.fa ? 'fa' : 'en');
const words = (desk: Desk) => customerCatalogs[languageOf(desk)];

/** What the pages of clean data show; resolves, once it is derived, with what takes it out of sight again. */
export async function seedCare({ world }: Stage, language: Language): Promise<() => Promise<void>> {
  const { agent } = world;
  const { pair, born, city, stand, right, said } = people[language];
  const make = (name: string, change: object) =>
    agent.call<{ id: string }>('POST', '/api/customers', { name, change });
  for (const name of pair) await make(name, { birthday: born, city });
  const wrong = await make(stand, { city });
  const value = 'someone@gmial.com';
  const stated = await agent.call<{ identities: { id: string; value: string }[] }>(
    'POST',
    `/api/customers/${wrong.id}/identities`,
    { kind: 'emailAddress', value, reason: said },
  );
  const duplicate = await until('the pair', async () => {
    const page = await agent.call<DuplicatePage>('GET', '/api/duplicates');
    return page.duplicates.find(({ customers }) => pair.some((name) => name === customers[0].name));
  });
  const has = async (problem: QualityProblem) => {
    const { rows } = await agent.call<QualityRows>('GET', `/api/quality/${problem}`);
    return rows.some(({ customerId }) => customerId === wrong.id);
  };
  await until('the wrong address', async () => (await has('badEmailDomain')) || undefined);
  return async () => {
    await agent.call('POST', `/api/duplicates/${duplicate.id}/dismiss`);
    const identity = stated.identities.find((each) => each.value === value);
    await agent.call(
      'DELETE',
      `/api/customers/${wrong.id}/identities/${encodeURIComponent(identity?.id ?? '')}`,
    );
    await agent.call('PATCH', `/api/customers/${wrong.id}`, { name: right });
    await until('the right name', async () => !(await has('namePlaceholder')) || undefined);
  };
}

const stays = async () => undefined;
const closes = async (desk: Desk) => {
  await desk.page.keyboard.press('Escape');
  await expect(desk.page.getByRole('dialog')).toBeHidden();
};

/** The pages of clean data and what opens over them. */
export const careLooks: Look[] = [
  {
    name: 'the queue of duplicates',
    async show(desk) {
      await desk.goTo('/customers/duplicates');
      await expect(desk.page.getByRole('table', { name: words(desk).duplicates.pair })).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'a merge before it is done',
    async show(desk) {
      await desk.page.keyboard.press('m');
      await expect(
        desk.page.getByRole('dialog').getByRole('textbox', { name: words(desk).merge.reason }),
      ).toBeVisible();
    },
    leave: closes,
  },
  {
    name: 'the board of data quality',
    async show(desk) {
      await desk.goTo('/customers/quality');
      await expect(desk.page.getByRole('heading', { name: words(desk).quality.histogram })).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'the board as a table',
    async show(desk) {
      await desk.button(words(desk).quality.asTable).click();
      await expect(desk.page.getByRole('table', { name: words(desk).quality.histogram })).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'the weights',
    async show(desk) {
      await desk.button(words(desk).quality.weights).click();
      await expect(desk.page.getByRole('dialog').getByRole('textbox').first()).toBeVisible();
    },
    leave: closes,
  },
  {
    name: 'a problem mended in its row',
    async show(desk) {
      await desk.goTo('/customers/quality?problem=badEmailDomain');
      const mend = desk.page.getByRole('button', { name: words(desk).quality.mend }).first();
      await expect(mend).toBeVisible();
      await desk.page.keyboard.press('j');
      await desk.page.keyboard.press('Enter');
      await expect(
        desk.page.getByRole('textbox', { name: words(desk).identityKind.emailAddress }),
      ).toBeFocused();
    },
    leave: stays,
  },
];
