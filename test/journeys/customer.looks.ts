import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import type { Company } from '../../shared/company.ts';
import type { CustomerPage } from '../../shared/customer-list.ts';
import type { Field } from '../../shared/field.ts';
import type { SearchPage } from '../../shared/search.ts';
import type { Segment } from '../../shared/segment.ts';
import type { Tag } from '../../shared/tag.ts';
import { until } from '../world.ts';
import { catalogs, type Desk, expect, type Stage } from './desk.ts';
import type { Look } from './states.ts';

/** Somebody of whom everything is known, in one language. */
const people = {
  fa: {
    name: 'مینا راد',
    birthday: '1990-06-12',
    city: 'یزد',
    job: 'معمار',
    address: 'خیابان کاشانی، کوچهٔ سوم',
    said: 'خودش گفت',
    concern: 'نگران دیر رسیدن بسته است',
    like: 'رنگ‌های تیره',
    bought: 'گلیم دستباف',
    item: 'گلیم کوچک',
    company: 'پخش البرز',
    field: 'سطح باشگاه',
    group: 'باشگاه',
    options: ['نقره‌ای', 'طلایی'],
    tag: 'وفادار',
    segment: 'یزدی‌ها',
  },
  en: {
    name: 'Laura Beck',
    birthday: '1984-02-03',
    city: 'Yazd',
    job: 'Architect',
    address: 'Third alley, Kashani Street',
    said: 'She said so',
    concern: 'Worries that parcels come late',
    like: 'Dark colours',
    bought: 'Woven kilim',
    item: 'Small kilim',
    company: 'Alborz Trading',
    field: 'Club level',
    group: 'Club',
    options: ['Silver', 'Gold'],
    tag: 'loyal',
    segment: 'People of Yazd',
  },
} as const;
type Language = keyof typeof people;

const languageOf = ({ t }: Desk): Language => (t === catalogs.fa ? 'fa' : 'en');
const words = (desk: Desk) => customerCatalogs[languageOf(desk)];

export interface Seeded {
  looks: Look[];
  /** Takes what every customer's page would show out of sight again. */
  tidy(): Promise<void>;
}

/** A customer with something in every panel; resolves once they are listed and found. */
export async function seedCustomer({ world }: Stage, language: Language): Promise<Seeded> {
  const { agent } = world;
  const who = people[language];
  const [tag, field, company] = await Promise.all([
    agent.call<Tag>('POST', '/api/tags', { name: who.tag }),
    agent.call<Field>('POST', '/api/fields', {
      name: who.field,
      type: 'choice',
      group: who.group,
      options: who.options.map((name) => ({ name })),
    }),
    agent.call<Company>('POST', '/api/companies', { name: who.company }),
  ]);
  const { id } = await agent.call<{ id: string }>('POST', '/api/customers', {
    name: who.name,
    change: {
      city: who.city,
      job: who.job,
      address: who.address,
      birthday: who.birthday,
      language,
      fields: { [field.id]: field.options[0]?.id },
      tags: { add: [tag.id], remove: [] },
      companies: { add: [company.id], remove: [] },
      preferredChannels: ['mobile', 'emailAddress'],
      hours: { from: '17:00', to: '21:00', days: [6, 0] },
      concerns: { add: [{ text: who.concern }], remove: [] },
      likes: { add: [{ text: who.like }], remove: [] },
    },
  });
  for (const [kind, value] of [
    ['mobile', language === 'fa' ? '09121110001' : '09121110002'],
    ['emailAddress', `person.${language}@example.com`],
    ['customerNumber', `${language === 'fa' ? 71 : 72}00`],
  ])
    await agent.call('POST', `/api/customers/${id}/identities`, { kind, value, reason: who.said });
  await agent.call('PUT', `/api/customers/${id}/consents/mobile`, { state: 'granted', evidence: who.said });
  await agent.call('PUT', `/api/customers/${id}/consents/emailAddress`, { state: 'withdrawn' });
  await agent.call('POST', `/api/customers/${id}/records`, {
    kind: 'purchase',
    externalId: `BX-${language === 'fa' ? 11 : 12}`,
    at: new Date().toISOString(),
    title: who.bought,
    amount: 12_500_000,
    items: [{ name: who.item, quantity: 2, amount: 12_500_000 }],
    status: 'open',
  });
  const segment = await agent.call<Segment>('POST', '/api/segments', {
    name: who.segment,
    rule: { match: 'all', conditions: [{ attribute: 'city', operator: 'is', value: who.city }] },
  });
  await until('the customer in the list', async () => {
    const list = `/api/customers/list?sort=lastAt&limit=10&segmentId=${segment.id}`;
    const { customers } = await agent.call<CustomerPage>('GET', list);
    return customers.some((row) => row.id === id && row.purchases === 1);
  });
  await until('the record in the search', async () => {
    const q = encodeURIComponent(who.bought);
    const found = await agent.call<SearchPage>('GET', `/api/search?q=${q}&kinds=records&limit=5`);
    return found.records?.found.length;
  });
  return {
    looks: customerLooks({ id, segmentId: segment.id }),
    async tidy() {
      await agent.call('PATCH', `/api/fields/${field.id}`, { archived: true });
      await agent.call('DELETE', `/api/segments/${segment.id}`);
    },
  };
}

const stays = async () => undefined;
const closes = async (desk: Desk) => {
  await desk.page.keyboard.press('Escape');
  await expect(desk.page.getByRole('dialog')).toBeHidden();
};

const customerLooks = ({ id, segmentId }: { id: string; segmentId: string }): Look[] => {
  const panel = (desk: Desk, name: keyof ReturnType<typeof words>['panels']['names']) =>
    desk.page.getByRole('region', { name: words(desk).panels.names[name], exact: true });
  /** On a phone the panels are behind a tab. */
  const toRecord = async (desk: Desk) => {
    await desk.goTo(`/customers/${id}`);
    const tab = desk.page.getByRole('tab', { name: words(desk).customerPage.record });
    const feed = desk.page.getByRole('feed');
    await expect(feed.getByText(people[languageOf(desk)].bought)).toBeVisible();
    if (await tab.isVisible()) await tab.click();
    await expect(panel(desk, 'edits').getByRole('listitem').first()).toBeVisible();
    await expect(panel(desk, 'records').getByText(people[languageOf(desk)].bought)).toBeVisible();
  };
  return [
    {
      name: 'the list of customers',
      async show(desk) {
        await desk.goTo(`/customers?segment=${segmentId}`);
        await expect(desk.page.getByRole('link', { name: people[languageOf(desk)].name })).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'a new customer',
      async show(desk) {
        await desk.button(words(desk).createCustomer.title).click();
        await expect(desk.page.getByRole('dialog', { name: words(desk).createCustomer.title })).toBeVisible();
      },
      leave: closes,
    },
    {
      name: 'the history of a customer',
      async show(desk) {
        await desk.goTo(`/customers/${id}`);
        const feed = desk.page.getByRole('feed');
        await expect(feed.getByText(people[languageOf(desk)].bought)).toBeVisible();
      },
      leave: stays,
    },
    { name: 'the panels of a customer', show: toRecord, leave: stays },
    {
      name: 'a field in its place',
      async show(desk) {
        await panel(desk, 'profile')
          .getByRole('button', { name: new RegExp(`^${words(desk).profileField.city}`) })
          .click();
        await expect(
          panel(desk, 'profile').getByRole('textbox', { name: words(desk).profileField.city }),
        ).toBeFocused();
      },
      leave: (desk) => desk.page.keyboard.press('Escape'),
    },
    {
      name: 'hours in their place',
      async show(desk) {
        await panel(desk, 'preferences')
          .getByRole('button', { name: new RegExp(`^${words(desk).preferences.hours}`) })
          .click();
        await expect(
          panel(desk, 'preferences').getByRole('textbox', { name: words(desk).preferences.from }),
        ).toBeFocused();
      },
      leave: (desk) => desk.page.keyboard.press('Escape'),
    },
    {
      name: 'another contact point',
      async show(desk) {
        await desk.button(words(desk).contacts.add).click();
        await expect(desk.page.getByRole('dialog', { name: words(desk).contacts.add })).toBeVisible();
      },
      leave: closes,
    },
    {
      name: 'a purchase by hand',
      async show(desk) {
        await desk.button(words(desk).records.add).click();
        const dialog = desk.page.getByRole('dialog', { name: words(desk).records.add });
        await expect(dialog.getByRole('button', { name: desk.t.kit.openCalendar })).toBeVisible();
      },
      leave: closes,
    },
    {
      name: 'the arrangement',
      async show(desk) {
        await desk.button(words(desk).panels.arrange).press('Enter');
        await expect(desk.page.getByRole('region', { name: words(desk).panels.arrange })).toBeVisible();
      },
      async leave(desk) {
        await desk.button(words(desk).panels.arrangeDone).click();
        await expect(panel(desk, 'contacts')).toBeVisible();
      },
    },
    {
      name: 'what the search found',
      async show(desk) {
        await desk.goTo(`/search?q=${encodeURIComponent(people[languageOf(desk)].bought)}`);
        await expect(
          desk.page
            .getByRole('region', { name: words(desk).searchPage.kind.records })
            .getByRole('link')
            .first(),
        ).toBeVisible();
      },
      leave: stays,
    },
    {
      name: 'nothing found',
      async show(desk) {
        await desk.goTo('/search?q=98765432109876');
        await expect(desk.page.getByText(words(desk).searchPage.nothingText)).toBeVisible();
      },
      leave: stays,
    },
  ];
};
