import { afterAll, beforeAll, describe, it } from 'vitest';
import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import { settingsCatalogs } from '../../client/i18n/settings-words.ts';
import type { CustomerPage } from '../../shared/customer-list.ts';
import type { Field } from '../../shared/field.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';

/** The pages of the customers with hands that slip: something refused, taken away under the keyboard, too long for its place. */
const minute = 60_000;
const w = customerCatalogs.en;
let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage();
  desk = await Desk.open({ stage });
}, minute);
afterAll(async () => {
  await desk?.close();
  await stage?.close();
});

const key = (keys: string) => desk.page.keyboard.press(keys);
const make = (name: string, more: object = {}) =>
  stage.world.agent.call<{ id: string }>('POST', '/api/customers', { name, ...more });
const panel = (name: keyof typeof w.panels.names) =>
  desk.page.getByRole('region', { name: w.panels.names[name], exact: true });
const feed = () => desk.page.getByRole('feed', { name: w.history.title });

describe('a new customer', () => {
  it('whose number is somebody’s already is not made twice: whose it is is said, and the form goes on', async () => {
    const { id } = await make('Nora Quill', {
      identities: [{ kind: 'mobile', value: '09121110101', reason: 'From a card' }],
    });
    await desk.goTo('/customers');
    await expect(desk.page.getByRole('link', { name: 'Nora Quill' })).toBeVisible();
    await desk.button(w.createCustomer.title).click();
    const dialog = desk.page.getByRole('dialog', { name: w.createCustomer.title });
    await dialog.getByRole('textbox', { name: desk.t.customer.name }).fill('N. Quill');
    const number = dialog.getByRole('textbox', { name: w.identityKind.mobile });
    await number.fill('0912 111 0101');
    await key('Enter');
    await expect(dialog.getByRole('link', { name: w.contacts.openOwner })).toHaveAttribute(
      'href',
      `/customers/${id}`,
    );
    await number.fill('12');
    await key('Enter');
    await expect(dialog.getByText(w.contacts.invalid.mobile)).toBeVisible();
    const list = await stage.world.agent.call<CustomerPage>('GET', '/api/customers/list?limit=20');
    expect(list.customers.map(({ name }) => name)).toEqual(['Nora Quill']);
    await number.fill('0912 111 0102');
    await key('Enter');
    await expect(desk.page.getByRole('heading', { name: 'N. Quill', level: 1 })).toBeVisible();
    await expect(panel('contacts').getByText('+989121110102')).toBeVisible();
    // The dialog and the button that opened it are gone: the keyboard begins at the page's beginning.
    await expect(desk.page.locator('#content')).toBeFocused();
  });
});

describe('the keyboard', () => {
  it('stays where a deed took its own button away', async () => {
    const { id } = await make('Omid Vance', {
      change: {
        concerns: { add: [{ text: 'Late parcels' }, { text: 'Loud doorbells' }], remove: [] },
        preferredChannels: ['mobile', 'emailAddress'],
      },
      identities: [{ kind: 'mobile', value: '09121110103', reason: 'From a card' }],
    });
    await desk.goTo(`/customers/${id}`);
    const remove = (text: string) => panel('concerns').getByRole('button', { name: w.concerns.remove(text) });
    await remove('Late parcels').focus();
    await key('Enter');
    await expect(remove('Loud doorbells')).toBeFocused();
    await key('Enter');
    await expect(desk.button(w.concerns.addConcern, panel('concerns'))).toBeFocused();

    const up = panel('preferences').getByRole('button', {
      name: w.preferences.up(w.identityKind.emailAddress),
    });
    await up.focus();
    await key('Enter');
    await expect(up).toBeDisabled();
    await expect(
      panel('preferences').getByRole('button', { name: w.preferences.down(w.identityKind.emailAddress) }),
    ).toBeFocused();

    await desk.button(w.consents.withdraw, panel('consents')).focus();
    await key('Enter');
    await expect(panel('consents').getByText(w.consents.withdrawn)).toBeVisible();
    await expect(desk.button(w.consents.grant, panel('consents'))).toBeFocused();
  });

  it('goes to a day of the history: the day is typed, and Enter goes', async () => {
    const go = desk.button(w.history.goToDay);
    await go.focus();
    await key('Enter');
    const parts = desk.page.getByRole('dialog', { name: w.history.goToDay }).getByRole('spinbutton');
    await expect(parts.first()).toBeFocused();
    await key('Enter');
    await expect(desk.button(w.history.toNewest)).toBeVisible();
    await expect(go).toBeFocused();
  });

  it('is in the number of a new condition, and in what a rule lacks when it is to be kept', async () => {
    await desk.goTo('/customers/segments/new');
    const name = desk.page.getByRole('textbox', { name: w.segments.name });
    await expect(name).toBeFocused();
    await desk.page.keyboard.insertText('Many purchases');
    await desk.button(w.rule.addCondition).focus();
    await key('Enter');
    await expect(desk.page.getByRole('combobox', { name: w.rule.findAttribute })).toBeFocused();
    await desk.page.keyboard.insertText(w.rule.attributes.purchases);
    await key('Enter');
    const number = desk.page.getByRole('textbox', { name: w.rule.value });
    await expect(number).toBeFocused();
    await desk.button(desk.t.common.save).focus();
    await key('Enter');
    await expect(desk.page.getByText(w.rule.needs.number)).toBeVisible();
    await expect(number).toBeFocused();
    await desk.page.keyboard.insertText('3');
    await key('Enter');
    await expect(desk.page.getByRole('list', { name: w.segments.list })).toContainText('Many purchases');
  });

  it('leaves a segment half made, and comes back to what was there', async () => {
    const { segments } = w;
    await desk.goTo('/customers/segments/new');
    const name = desk.page.getByRole('textbox', { name: segments.name });
    await expect(name).toBeFocused();
    await desk.page.keyboard.insertText('Half made');
    await desk.page.getByRole('link', { name: desk.t.common.cancel, exact: true }).click();
    await expect(desk.page.getByRole('list', { name: segments.list })).not.toContainText('Half made');
    await desk.button(segments.goOn).click();
    await expect(name).toHaveValue('Half made');
    // Kept, it was not left.
    await name.focus();
    await key('Enter');
    await expect(desk.page.getByRole('list', { name: segments.list })).toContainText('Half made');
    await expect(desk.button(segments.goOn)).toBeHidden();
  });

  it('follows a field that is moved among the fields', async () => {
    const words = settingsCatalogs.en.customFields;
    for (const name of ['Shoe size', 'Hat size', 'Glove size'])
      await stage.world.agent.call<Field>('POST', '/api/fields', { name, type: 'text' });
    await desk.goTo('/fields');
    const down = desk.page.getByRole('button', { name: words.down('Shoe size') });
    await down.focus();
    await key('Enter');
    const rows = desk.page.getByRole('list', { name: words.title }).getByRole('listitem');
    await expect(rows.nth(1)).toContainText('Shoe size');
    await expect(down).toBeFocused();
    await key('Enter');
    await expect(rows.nth(2)).toContainText('Shoe size');
    await expect(desk.page.getByRole('button', { name: words.up('Shoe size') })).toBeFocused();
  });
});

describe('what is too long for its place', () => {
  it('stays inside it, on a phone too', async () => {
    const long = 'W'.repeat(118);
    const { id } = await make(long, { change: { city: 'x'.repeat(80) } });
    await stage.world.agent.call('POST', `/api/customers/${id}/records`, {
      kind: 'purchase',
      externalId: 'EU-1',
      at: new Date().toISOString(),
      title: 'ط'.repeat(200),
      amount: 1_234,
      currency: 'EUR',
    });
    await desk.goTo(`/customers/${id}`);
    await expect(feed().getByRole('article').first()).toBeVisible();
    // Bought in other money than rials: that is no purchase of nothing.
    const head = desk.page.locator('header').filter({ has: desk.page.getByRole('heading', { level: 1 }) });
    await expect(head).toContainText(w.customerList.purchases(1));
    await expect(head).not.toContainText('toman');
    for (const width of [390, 1280]) {
      await desk.page.setViewportSize({ width, height: 800 });
      await expect(feed().getByRole('article').first()).toBeVisible();
      const beyond = () =>
        feed().evaluate((box) =>
          [...box.querySelectorAll('article *')].flatMap((each) =>
            each.getBoundingClientRect().right > box.getBoundingClientRect().right + 1
              ? [each.textContent?.slice(0, 20)]
              : [],
          ),
        );
      await expect.poll(beyond).toEqual([]);
    }
    expect(desk.complaints).toEqual([]);
  });
});
