import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import { settingsCatalogs } from '../../client/i18n/settings-words.ts';
import type { CompanyPage } from '../../shared/company.ts';
import type { Field } from '../../shared/field.ts';
import type { Segment } from '../../shared/segment.ts';
import { catalogs, type Desk, expect, type Stage } from './desk.ts';
import type { Look } from './states.ts';

const names = {
  fa: {
    segment: 'خریداران نزدیک',
    city: 'کرمان',
    company: 'پخش کویر',
    note: 'واحد خرید',
    field: 'رنگ',
    option: 'آبی',
  },
  en: {
    segment: 'Buyers near us',
    city: 'Kerman',
    company: 'Desert Trading',
    note: 'Ask for procurement',
    field: 'Colour',
    option: 'Blue',
  },
} as const;
type Language = keyof typeof names;

const languageOf = ({ t }: Desk): Language => (t === catalogs.fa ? 'fa' : 'en');
const words = (desk: Desk) => customerCatalogs[languageOf(desk)];
const settings = (desk: Desk) => settingsCatalogs[languageOf(desk)];

/**
 * What the pages of segments, companies, fields and keys show. What was left there in another language is put away or takes names of this
 * one.
 */
export async function seedSegments(
  { world }: Stage,
  language: Language,
): Promise<{ looks: Look[]; tidy: () => Promise<void> }> {
  const { agent } = world;
  const own = names[language];
  for (const { id } of await agent.call<Segment[]>('GET', '/api/segments'))
    await agent.call('DELETE', `/api/segments/${id}`);
  const { companies } = await agent.call<CompanyPage>('GET', '/api/companies?limit=50');
  for (const { id } of companies) await agent.call('PATCH', `/api/companies/${id}`, { archived: true });
  const fields = await agent.call<Field[]>('GET', '/api/fields');
  for (const [at, { id }] of fields.entries())
    await agent.call('PATCH', `/api/fields/${id}`, {
      name: `${own.field} ${at + 1}`,
      group: '',
      hint: '',
      archived: true,
    });

  const field = await agent.call<Field>('POST', '/api/fields', {
    name: own.field,
    type: 'choice',
    options: [{ name: own.option }],
  });
  const company = await agent.call<{ id: string }>('POST', '/api/companies', {
    name: own.company,
    domains: ['desert.example'],
    note: own.note,
  });
  const segment = await agent.call<Segment>('POST', '/api/segments', {
    name: own.segment,
    sharedWith: 'everyone',
    rule: {
      match: 'all',
      conditions: [
        { attribute: 'city', operator: 'is', value: own.city },
        { attribute: 'createdAt', operator: 'since', value: '2025-03-20T20:30:00.000Z' },
        {
          match: 'any',
          conditions: [
            { attribute: `field:${field.id}`, operator: 'anyOf', value: [field.options[0]?.id] },
            { attribute: 'companies', operator: 'noneOf', value: [company.id] },
            { attribute: 'spent', operator: 'atLeast', value: 50_000_000 },
            { attribute: 'lastInboundAt', operator: 'notInLast', value: 90 },
            { attribute: 'completeness', operator: 'lessThan', value: 60 },
          ],
        },
      ],
    },
  });
  return {
    looks: segmentLooks(segment.id),
    async tidy() {
      await agent.call('DELETE', `/api/segments/${segment.id}`);
      await agent.call('PATCH', `/api/companies/${company.id}`, { archived: true });
      await agent.call('PATCH', `/api/fields/${field.id}`, { archived: true });
    },
  };
}

const stays = async () => undefined;
const closes = async (desk: Desk) => {
  await desk.page.keyboard.press('Escape');
  await expect(desk.page.getByRole('dialog')).toBeHidden();
};

const segmentLooks = (id: string): Look[] => [
  {
    name: 'the segments',
    async show(desk) {
      await desk.goTo('/customers/segments');
      const list = desk.page.getByRole('list', { name: words(desk).segments.list });
      await expect(list.getByText(names[languageOf(desk)].company)).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'the rule of a segment',
    async show(desk) {
      await desk.goTo(`/customers/segments/${id}`);
      const group = desk.page.getByRole('group', { name: words(desk).rule.group });
      await expect(group.getByText(names[languageOf(desk)].company)).toBeVisible();
      await expect(desk.page.getByRole('spinbutton').first()).toBeVisible();
      const preview = desk.page.getByRole('region', { name: words(desk).rule.preview });
      await expect(preview.getByText(words(desk).segments.customers(0))).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'what can be asked of a customer',
    async show(desk) {
      await desk.button(words(desk).rule.addCondition).click();
      await expect(desk.page.getByRole('combobox', { name: words(desk).rule.findAttribute })).toBeFocused();
    },
    leave: closes,
  },
  {
    name: 'a condition that is not finished',
    async show(desk) {
      await desk.button(words(desk).rule.addCondition).click();
      await desk.page
        .getByRole('combobox', { name: words(desk).rule.findAttribute })
        .fill(words(desk).rule.attributes.tags);
      await desk.page.keyboard.press('Enter');
      await desk.button(desk.t.common.save).click();
      await expect(desk.page.getByText(words(desk).rule.needs.list)).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'the companies',
    async show(desk) {
      await desk.goTo('/customers/companies');
      await expect(desk.page.getByText(names[languageOf(desk)].company)).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'a new company',
    async show(desk) {
      await desk.button(words(desk).companies.add).click();
      const dialog = desk.page.getByRole('dialog', { name: words(desk).companies.add });
      await expect(dialog.getByRole('textbox').first()).toBeFocused();
    },
    leave: closes,
  },
  {
    name: 'the fields',
    async show(desk) {
      await desk.goTo('/fields');
      await expect(desk.page.getByText(names[languageOf(desk)].field, { exact: true })).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'a new field',
    async show(desk) {
      await desk.button(settings(desk).customFields.add).click();
      await expect(desk.page.getByRole('dialog', { name: settings(desk).customFields.add })).toBeVisible();
    },
    leave: closes,
  },
  {
    name: 'the keys of programs',
    async show(desk) {
      await desk.goTo('/api-keys');
      await expect(desk.page.getByText(settings(desk).apiKeys.emptyTitle)).toBeVisible();
    },
    leave: stays,
  },
  {
    name: 'a new key',
    async show(desk) {
      await desk.button(settings(desk).apiKeys.add).click();
      await expect(desk.page.getByRole('dialog', { name: settings(desk).apiKeys.add })).toBeVisible();
    },
    leave: closes,
  },
];
