import { afterAll, beforeAll, describe, it } from 'vitest';
import { customerCatalogs } from '../../client/i18n/customer-words.ts';
import { settingsCatalogs } from '../../client/i18n/settings-words.ts';
import type { Customer } from '../../shared/customer.ts';
import type { CustomerPage } from '../../shared/customer-list.ts';
import type { Field } from '../../shared/field.ts';
import type { Team } from '../../shared/team.ts';
import { axe } from './browser.ts';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

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

describe('what a message says', () => {
  it('is kept as a concern and as a consent, with the message, and taken back', async () => {
    const { simulator } = lineOf(stage, 'telegram');
    const text = 'Please write to me here, the doorbell wakes the baby';
    await simulator.customerWrites({ peer: simulator.peer(5), name: 'Tara Finch', text });
    await desk.goTo('/inbox/all');
    await desk.row(text).click();
    await expect(desk.bubble(text)).toBeVisible();
    const { keep } = w;
    const dialog = desk.page.getByRole('dialog', { name: keep.title });
    const toast = (said: string) => desk.page.getByText(said, { exact: true });
    await key('b');
    await expect(dialog.getByRole('textbox', { name: keep.words })).toHaveValue(text);
    await dialog.getByRole('textbox', { name: keep.words }).fill('The doorbell wakes the baby');
    await key('Enter');
    await expect(dialog).toBeHidden();
    await expect(toast(w.panels.changed(w.profileField.concerns))).toBeVisible();

    await desk.bubble(text).hover();
    await desk.button(desk.t.timeline.messageMenu, desk.bubble(text)).click();
    await desk.page.getByRole('menuitem', { name: keep.title }).click();
    await dialog.getByRole('button', { name: keep.what }).click();
    await desk.page.getByRole('option', { name: keep.kinds.granted }).click();
    await expect(dialog.getByText(keep.ofChannel(w.identityKind.telegramUser))).toBeVisible();
    await desk.button(keep.save, dialog).click();
    await expect(toast(w.consents.saved(w.identityKind.telegramUser))).toBeVisible();

    const { customers } = await stage.world.agent.call<CustomerPage>('GET', '/api/customers/list?limit=20');
    const id = customers.find(({ name }) => name === 'Tara Finch')?.id ?? '';
    const kept = () => stage.world.agent.call<Customer>('GET', `/api/customers/${id}`);
    const { profile, consents } = await kept();
    const messageId = consents[0]?.messageId ?? '';
    expect(consents).toMatchObject([{ state: 'granted', source: 'message', evidence: text }]);
    expect(profile.concerns).toMatchObject([{ text: 'The doorbell wakes the baby', messageId }]);

    await desk.goTo(`/customers/${id}`);
    await desk.button(w.consents.withdraw, panel('consents')).press('Enter');
    await expect(panel('consents').getByText(w.consents.withdrawn)).toBeVisible();
    await expect(toast(w.consents.saved(w.identityKind.telegramUser))).toBeVisible();
    await key('z');
    await expect(panel('consents').getByText(w.consents.granted)).toBeVisible();
    expect((await kept()).consents).toMatchObject([{ state: 'granted', evidence: text, messageId }]);
    await panel('concerns').getByRole('link', { name: keep.toMessage }).click();
    await expect(desk.page).toHaveURL(new RegExp(`entry=${messageId}`));
    await expect(feed().getByRole('article').filter({ hasText: text })).toBeInViewport();
  });
});

describe('a way to a customer', () => {
  it('is said to reach nobody, and is taken back; so is one that was added', async () => {
    const { id } = await make('Pari Lowe', {
      identities: [{ kind: 'mobile', value: '09121110104', reason: 'From a card' }],
    });
    const kept = () => stage.world.agent.call<Customer>('GET', `/api/customers/${id}`);
    await desk.goTo(`/customers/${id}`);
    const line = panel('contacts').getByRole('listitem').filter({ hasText: '+989121110104' });
    await line.getByRole('button').click();
    await desk.page.getByRole('menuitem', { name: w.contacts.nobody }).click();
    await expect(line.getByText(desk.t.customer.unreachable)).toBeVisible();
    expect((await kept()).identities[0]?.unreachable).toBe(true);
    await expect(desk.page.getByText(w.contacts.nobodySaid('+989121110104'))).toBeVisible();
    await desk.button(desk.t.common.undo).click();
    await expect(line.getByText(desk.t.customer.unreachable)).toBeHidden();

    await desk.button(w.contacts.add, panel('contacts')).click();
    const dialog = desk.page.getByRole('dialog', { name: w.contacts.add });
    await dialog.getByRole('textbox', { name: w.identityKind.mobile }).fill('09121110105');
    await dialog.getByRole('textbox', { name: w.contacts.reason }).fill('Said so on the phone');
    await key('Enter');
    const added = panel('contacts').getByRole('listitem').filter({ hasText: '+989121110105' });
    await expect(added).toBeVisible();
    await expect(dialog).toBeHidden();
    await key('z');
    await expect(added).toBeHidden();
    expect((await kept()).identities).toHaveLength(1);
  });

  it('is verified with a reason, which stands beside it, by the keyboard alone; and that is taken back', async () => {
    const { id } = await make('Roza Lowe', {
      identities: [{ kind: 'nationalCode', value: '0123456789', reason: 'From a form' }],
    });
    await desk.goTo(`/customers/${id}`);
    const line = panel('contacts').getByRole('listitem').filter({ hasText: '0123456789' });
    await expect(line.getByText(w.contacts.stated)).toBeVisible();
    await line.getByRole('button').press('Enter');
    await desk.page.getByRole('menuitem', { name: w.contacts.vouch }).press('Enter');
    const dialog = desk.page.getByRole('dialog', { name: w.vouch.title });
    await expect(dialog.getByRole('textbox', { name: w.vouch.reason })).toBeFocused();
    await desk.page.keyboard.insertText('ab');
    await key('Enter');
    await expect(dialog.getByText(w.vouch.short)).toBeVisible();
    await desk.page.keyboard.insertText(' saw the identity card');
    await key('Enter');
    await expect(dialog).toBeHidden();
    await expect(line.getByText(w.contacts.verified, { exact: true })).toBeVisible();
    await expect(line.getByText('ab saw the identity card')).toBeVisible();
    await key('z');
    await expect(line.getByText(w.contacts.stated)).toBeVisible();
    await expect(feed().getByText('ab saw the identity card').first()).toBeVisible();
    await expect(line.getByText('From a form')).toBeVisible();
  });
});

describe('the panels', () => {
  it('are given to a team as they stand here', async () => {
    const { id } = await stage.world.agent.call<Team>('POST', '/api/teams', {
      name: 'Field Team',
      memberIds: [],
    });
    const { id: customerId } = await make('Quinn Marsh');
    await desk.goTo(`/customers/${customerId}`);
    // By the keyboard: panels above it that are still on their way move it under a pointer.
    await desk.button(w.panels.arrange).press('Enter');
    const arrange = desk.page.getByRole('region', { name: w.panels.arrange });
    await desk.button(w.panels.hide(w.panels.names.value), arrange).click();
    await desk.button(w.panels.moveDown(w.panels.names.contacts), arrange).click();
    await desk.button(w.panels.forTeam, arrange).click();
    await desk.page.getByRole('menuitem', { name: 'Field Team' }).click();
    await expect(desk.page.getByText(w.panels.givenToTeam('Field Team'))).toBeVisible();
    const teams = await stage.world.agent.call<Team[]>('GET', '/api/teams');
    const given = teams.find((team) => team.id === id)?.panels;
    expect(given?.hidden).toContain('value');
    expect(given?.order.indexOf('contacts')).toBe(1);
    await desk.button(w.panels.asTeam, arrange).click();
    await desk.button(w.panels.arrangeDone, arrange).click();
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
    await expect(desk.page.getByRole('list', { name: words.title })).toHaveAttribute('aria-busy', 'false');
    await key('Enter');
    await expect(rows.nth(2)).toContainText('Shoe size');
    await expect(desk.page.getByRole('button', { name: words.up('Shoe size') })).toBeFocused();
  });
});

describe('somebody nobody has spoken with', () => {
  it('is found by the search, and written to from their page where they wish, in Persian', async () => {
    const fa = customerCatalogs.fa;
    // Neither today nor tomorrow, wherever it is which.
    const day = (new Date().getUTCDay() + 3) % 7;
    const { id } = await make('نیلوفر کریمی', {
      change: { preferredChannels: ['mobile'], hours: { from: '09:00', to: '17:00', days: [day] } },
      identities: [{ kind: 'mobile', value: '09121110109', reason: 'From a card' }],
    });
    const login = await stage.hire('Negar Amini');
    const other = await Desk.open({ stage, login, preferences: { language: 'fa', calendar: 'jalali' } });
    await other.page.keyboard.press('/');
    const search = other.page.getByRole('dialog', { name: other.t.views.searchLabel });
    await search.getByRole('searchbox').fill('نیلوفر');
    await expect(search.getByRole('listitem')).toHaveCount(1);
    await other.page.keyboard.press('Enter');
    await expect(other.page).toHaveURL(new RegExp(`/customers/${id}$`));
    await expect(
      other.page.getByText(fa.writing.outside(fa.preferences.weekdays[day] ?? '', '۰۹:۰۰', '۱۷:۰۰')),
    ).toBeVisible();

    await other.button(fa.writing.more).click();
    await other.page.getByRole('menuitem', { name: fa.writing.another }).click();
    const choosing = other.page.getByRole('dialog', { name: 'نیلوفر کریمی' });
    await expect(choosing.getByRole('radio')).toBeChecked();
    await expect(choosing.getByText(fa.writing.chosen)).toBeVisible();
    expect(await axe(other.page)).toEqual([]);
    await other.page.keyboard.press('Escape');
    await expect(choosing).toBeHidden();

    await other.button(fa.writing.button).click();
    await expect(other.page).toHaveURL(/\/inbox\/all\//);
    await expect(other.textbox).toBeFocused();
    await other.page.keyboard.insertText('سلام، سفارش شما آماده است.');
    await other.page.keyboard.press('Control+Enter');
    await expect
      .poll(() => sent(lineOf(stage, 'sms'), 'سلام، سفارش شما آماده است.'))
      .toMatchObject([{ peer: '+989121110109' }]);
    expect(other.complaints).toEqual([]);
    await other.close();
  });

  it('is chosen in the inbox with what is known of them, or told why nothing reaches them', async () => {
    await make('Vera Stone', {
      identities: [{ kind: 'mobile', value: '09121110111', reason: 'From a card' }],
    });
    const { id } = await make('Vera Nowhere');
    await desk.goTo('/inbox/all');
    await desk.button(desk.t.inbox.newConversation).click();
    const dialog = desk.page.getByRole('dialog', { name: desk.t.inbox.newConversation });
    await desk.button(desk.t.begin.known, dialog).click();
    await expect(dialog.getByRole('searchbox')).toBeFocused();
    await desk.page.keyboard.insertText('Vera Stone');
    await expect(dialog.getByRole('listitem')).toHaveCount(1);
    await key('Enter');
    await expect(dialog.getByRole('radio', { name: '+989121110111' })).toBeChecked();
    await expect(desk.button(w.writing.button, dialog)).toBeFocused();
    expect(await axe(desk.page)).toEqual([]);
    await key('Enter');
    await expect(dialog).toBeHidden();
    await expect(desk.textbox).toBeFocused();
    await expect(desk.page.getByText(desk.t.begin.begun('sms'))).toBeVisible();

    await desk.goTo(`/customers/${id}`);
    await desk.button(w.writing.button).click();
    await expect(desk.page.getByRole('dialog').getByText(w.writing.none)).toBeVisible();
    await key('Escape');
    await expect(desk.button(w.writing.button)).toBeFocused();
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
