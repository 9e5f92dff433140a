import { afterAll, beforeAll, expect as equals, it } from 'vitest';
import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import { settingsCatalogs } from '../../client/i18n/settings-words.ts';
import type { Field } from '../../shared/field.ts';
import type { Segment } from '../../shared/segment.ts';
import type { Tag } from '../../shared/tag.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';

const w = customerCatalogs.en;
const s = settingsCatalogs.en;
const minute = 60_000;
let stage: Stage;
let desk: Desk;
let loyal: Tag;
let contract: Field;
const ids: Record<string, string> = {};
beforeAll(async () => {
  stage = await setStage();
  const { agent } = stage.world;
  loyal = await agent.call<Tag>('POST', '/api/tags', { name: 'Loyal', colour: 'green' });
  contract = await agent.call<Field>('POST', '/api/fields', {
    name: 'Contract',
    type: 'choice',
    options: [{ name: 'Yearly' }, { name: 'Monthly' }],
  });
  for (const name of ['Sara Ahmadi', 'Nima Karimi', 'Daniel Brooks']) {
    const made = await agent.call<{ id: string }>('POST', '/api/customers', { name, change: {} });
    ids[name] = made.id;
  }
  desk = await Desk.open({ stage });
});
afterAll(() => stage?.close());

const change = (name: string, body: object) =>
  stage.world.agent.call('PATCH', `/api/customers/${ids[name]}`, body);
const tagged = (name: string) => change(name, { tags: { add: [loyal.id], remove: [] } });
const key = (keys: string) => desk.page.keyboard.press(keys);
const combobox = (name: string) => desk.page.getByRole('combobox', { name });
const preview = () => desk.page.getByRole('region', { name: w.rule.preview });
const segments = () => desk.page.getByRole('list', { name: w.segments.list });

/** In the list that is open: the first that is called so. */
async function pick(list: string, words: string): Promise<void> {
  await combobox(list).fill(words);
  await expect(desk.page.getByRole('option').first()).toHaveText(new RegExp(`^${words}`));
  await key('Enter');
}

it(
  'a segment is built by the keyboard with a group and a custom field, and counts live',
  async () => {
    const { page } = desk;
    const { attributes } = w.rule;
    await tagged('Sara Ahmadi');
    await change('Sara Ahmadi', { fields: { [contract.id]: contract.options[0]?.id } });
    await desk.goTo('/customers/segments');
    await expect(page.getByText(w.segments.emptyTitle)).toBeVisible();
    await key('c');
    await expect(page.getByRole('textbox', { name: w.segments.name })).toBeFocused();
    await page.keyboard.insertText('Loyal and near');
    await expect(preview().getByText(w.segments.customers(3))).toBeVisible();

    await desk.button(w.rule.addCondition).press('Enter');
    await pick(w.rule.findAttribute, attributes.tags);
    // The keyboard goes on where the value is chosen.
    const tags = w.rule.chooseFor(attributes.tags);
    await expect(desk.button(tags)).toBeFocused();
    await expect(preview().getByText(w.rule.leftOut(1))).toBeVisible();
    await key('Enter');
    await pick(tags, 'Loyal');
    await key('Escape');
    await expect(preview().getByText(w.segments.customers(1))).toBeVisible();
    await expect(preview().getByRole('link')).toHaveText([/Sara Ahmadi/]);

    await desk.button(w.rule.addGroup).press('Enter');
    await pick(w.rule.findAttribute, 'Contract');
    await expect(desk.button(w.rule.chooseFor('Contract'))).toBeFocused();
    await key('Enter');
    await pick(w.rule.chooseFor('Contract'), 'Yearly');
    await key('Escape');
    const group = page.getByRole('group', { name: w.rule.group });
    await desk.button(w.rule.addToGroup, group).press('Enter');
    await pick(w.rule.findAttribute, attributes.city);
    await expect(group.getByRole('textbox')).toBeFocused();
    await page.keyboard.insertText('Tehran');
    await expect(preview()).toContainText('Contract');
    await expect(preview().getByText(w.segments.customers(1))).toBeVisible();

    // Somebody changes elsewhere, and comes in by the other way of the group.
    await tagged('Nima Karimi');
    await change('Nima Karimi', { city: 'Tehran' });
    await expect(preview().getByText(w.segments.customers(2))).toBeVisible();
    await expect(preview().getByRole('link', { name: /Nima Karimi/ })).toBeVisible();
    await desk.button(desk.t.common.save).click();
    await expect(segments().getByRole('listitem')).toHaveCount(1);
    equals(await stage.world.agent.call<Segment[]>('GET', '/api/segments')).toMatchObject([
      {
        name: 'Loyal and near',
        sharedWith: 'nobody',
        rule: {
          match: 'all',
          conditions: [
            { attribute: 'tags', operator: 'anyOf', value: [loyal.id] },
            {
              match: 'any',
              conditions: [
                { attribute: `field:${contract.id}`, operator: 'anyOf', value: [contract.options[0]?.id] },
                { attribute: 'city', operator: 'contains', value: 'Tehran' },
              ],
            },
          ],
        },
      },
    ]);
  },
  2 * minute,
);

it(
  'its members are shown and its count follows them; it is copied, deleted, and comes back',
  async () => {
    const { page, t } = desk;
    const count = segments().getByRole('link', { name: w.segments.showOf('Loyal and near') });
    await expect(count).toHaveText(w.segments.customers(2));
    await tagged('Daniel Brooks');
    await change('Daniel Brooks', { city: 'Tehran' });
    // Told at most every few seconds.
    await expect(count).toHaveText(w.segments.customers(3), { timeout: 30_000 });
    await count.click();
    await expect(page).toHaveURL(/\/customers\?segment=/);
    await expect(page.getByRole('table').getByRole('link')).toHaveCount(3);

    await page.goBack();
    await desk.button(w.segments.menu('Loyal and near')).click();
    await page.getByRole('menuitem', { name: w.segments.duplicate }).click();
    const name = page.getByRole('textbox', { name: w.segments.name });
    await expect(name).toHaveValue(w.segments.copyOf('Loyal and near'));
    await name.fill('Everybody’s');
    await page.getByText(w.segments.share).click();
    await desk.button(t.common.save).click();
    const copy = segments().getByRole('listitem').filter({ hasText: 'Everybody’s' });
    await expect(copy).toContainText(w.segments.everyone);
    await desk.button(w.segments.menu('Everybody’s')).click();
    await page.getByRole('menuitem', { name: w.segments.delete }).click();
    await expect(copy).toBeHidden();
    await desk.button(t.common.undo).click();
    await expect(copy).toBeVisible();

    // Whoever does not manage segments reads it and may take a copy.
    const agent = await Desk.open({ stage, login: await stage.hire('Agent Example') });
    await agent.goTo('/customers/segments');
    const rows = agent.page.getByRole('list', { name: w.segments.list }).getByRole('listitem');
    await expect(rows).toHaveCount(1);
    await rows.getByRole('link').first().click();
    await expect(agent.page.getByText(w.segments.readOnly)).toBeVisible();
    await expect(agent.page.getByRole('link', { name: w.segments.duplicate })).toBeVisible();
    await expect(agent.button(agent.t.common.save)).toBeHidden();
    equals(agent.complaints).toEqual([]);
    await agent.close();
  },
  2 * minute,
);

it(
  'whoever bought something is found by what is sold and by what is typed',
  async () => {
    const { page } = desk;
    const { attributes } = w.rule;
    await stage.world.agent.call('POST', `/api/customers/${ids['Nima Karimi']}/records`, {
      kind: 'purchase',
      at: new Date().toISOString(),
      title: 'Order',
      amount: 60_000_000,
      items: [{ name: 'Leather bag' }],
    });
    await desk.goTo('/customers/segments/new');
    await desk.button(w.rule.addCondition).press('Enter');
    await pick(w.rule.findAttribute, attributes.boughtItems);
    const items = w.rule.chooseFor(attributes.boughtItems);
    await expect(desk.button(items)).toBeFocused();
    await key('Enter');
    await expect(page.getByRole('option', { name: 'Leather bag' })).toBeVisible();
    await pick(items, 'Leather');
    await combobox(items).fill('Hat');
    await expect(page.getByRole('option')).toHaveText([w.rule.addName('Hat')]);
    await key('Enter');
    await expect(page.getByRole('option', { name: 'Hat', selected: true })).toBeVisible();
    await key('Escape');
    await expect(preview().getByText(w.segments.customers(1))).toBeVisible();
    await expect(preview().getByRole('link')).toHaveText([/Nima Karimi/]);
    await desk.button(w.rule.addCondition).press('Enter');
    await combobox(w.rule.findAttribute).fill(attributes.spent90);
    await expect(page.getByRole('option').first()).toHaveText(attributes.spent90);
    await key('Enter');
    // Six million tomans were spent, and seven are asked for.
    const amount = page.getByRole('textbox', { name: w.rule.value });
    await expect(amount).toBeFocused();
    await amount.fill('7000000');
    await key('Tab');
    await expect(preview()).toContainText('7,000,000');
    await expect(preview().getByText(w.rule.nobody)).toBeVisible();
  },
  2 * minute,
);

it(
  'a company is made, given somebody on their page, and shows its people',
  async () => {
    const { page, t } = desk;
    await desk.goTo('/customers/companies');
    await expect(page.getByText(w.companies.emptyTitle)).toBeVisible();
    await key('c');
    const dialog = page.getByRole('dialog', { name: w.companies.add });
    await dialog.getByRole('textbox', { name: w.companies.name }).fill('Rahavard');
    const nationalId = dialog.getByRole('textbox', { name: w.companies.nationalId });
    await nationalId.fill('10380284791');
    await dialog.getByRole('textbox', { name: w.companies.domains }).fill('@Rahavard.Example');
    await desk.button(w.companies.create, dialog).click();
    await expect(dialog.getByText(w.companies.nationalIdWrong)).toBeVisible();
    await expect(nationalId).toBeFocused();
    await nationalId.fill('۱۰۳۸۰۲۸۴۷۹۰');
    await key('Enter');
    await expect(dialog).toBeHidden();
    const row = page.getByRole('list', { name: w.customersArea.companies }).getByRole('listitem');
    await expect(row).toContainText('10380284790');
    await expect(row).toContainText('rahavard.example');

    await desk.goTo(`/customers/${ids['Sara Ahmadi']}`);
    await desk.button(w.companiesPanel.change).press('Enter');
    await pick(w.companiesPanel.title, 'Rahavard');
    const panel = page.getByRole('region', { name: w.panels.names.companies });
    await expect(panel.getByText('Rahavard')).toBeVisible();
    await desk.goTo('/customers/companies');
    const people = row.getByRole('link', { name: w.companies.peopleOf('Rahavard', 1) });
    await people.click();
    await expect(page.getByText(w.companies.only('Rahavard'))).toBeVisible();
    await expect(page.getByRole('table').getByRole('link')).toHaveText(['Sara Ahmadi']);
    await desk.button(w.companies.all).click();
    await expect(page.getByRole('table').getByRole('link')).toHaveCount(3);

    await desk.goTo('/customers/companies');
    await desk.button(w.companies.archive('Rahavard')).click();
    await expect(row).toBeHidden();
    await desk.button(t.common.undo).click();
    await expect(row).toContainText('Rahavard');
  },
  2 * minute,
);

it(
  'a key made in the settings opens the public API until it is revoked',
  async () => {
    const { page } = desk;
    await desk.goTo('/api-keys');
    await desk.button(s.apiKeys.add).click();
    await page.getByRole('textbox', { name: s.apiKeys.name }).fill('Warehouse');
    await desk.button(s.apiKeys.create).click();
    const made = page.getByRole('alertdialog', { name: s.apiKeys.madeTitle });
    const secret = (await made.locator('code').textContent()) ?? '';
    const ask = (authorization: string) =>
      fetch(`${desk.url}/api/v1/customers`, { headers: { authorization } });
    const answer = await ask(`Bearer ${secret}`);
    equals(answer.status).toBe(200);
    const { customers } = (await answer.json()) as { customers: { cid: string; name: string }[] };
    equals(customers.map(({ name }) => name).sort()).toEqual(Object.keys(ids).sort());
    equals((await ask('Bearer nonsense')).status).toBe(401);

    await desk.button(s.apiKeys.done, made).click();
    await expect(made).toBeHidden();
    await desk.button(s.apiKeys.revokeOf('Warehouse')).click();
    const sure = page.getByRole('alertdialog', { name: s.apiKeys.revokeOf('Warehouse') });
    await desk.button(s.apiKeys.revoke, sure).click();
    await expect(page.getByText(s.apiKeys.revokedChip, { exact: true })).toBeVisible();
    equals((await ask(`Bearer ${secret}`)).status).toBe(401);
    equals(desk.complaints).toEqual([]);
  },
  minute,
);
