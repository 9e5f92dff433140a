import { afterAll, beforeAll, describe, it } from 'vitest';
import { settingsCatalogs } from '../../client/i18n/settings-words.ts';
import type { CannedReply } from '../../shared/canned.ts';
import type { Tag } from '../../shared/tag.ts';
import type { Me, User } from '../../shared/user.ts';
import { axe } from './browser.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';

const w = settingsCatalogs.en;
let stage: Stage;
let desk: Desk;
let sara: { id: string };

beforeAll(async () => {
  stage = await setStage();
  sara = await stage.hire('Sara');
  desk = await Desk.open({ stage });
});
afterAll(() => stage?.close());

const clean = async (what: string) => {
  // A page comes when it is asked for: until then there is nothing to look at.
  await expect(desk.page.locator('h1').first()).toBeAttached();
  expect(await axe(desk.page), what).toEqual([]);
};
const get = <T>(path: string) => stage.world.agent.call<T>('GET', path);
const field = (name: string) => desk.page.getByRole('textbox', { name, exact: true });
const press = (name: string) => desk.button(name).click();
const toast = (text: string) => expect(desk.page.getByText(text)).toBeVisible();

describe('what a team works with', () => {
  it('has teams with members, put away and brought back', async () => {
    await desk.goTo('/teams');
    await clean('no teams');
    await press(w.teams.add);
    const dialog = desk.page.getByRole('dialog');
    await field(w.teams.name).fill('Sales');
    await dialog.getByText('Sara').click();
    await clean('a new team');
    await dialog.getByRole('button', { name: w.teams.add }).click();
    await toast(w.teams.created('Sales'));
    await expect(desk.page.getByText(w.teams.memberCount(1))).toBeVisible();
    const team = (await get<User[]>('/api/users')).find(({ id }) => id === sara.id)?.teamIds[0];
    expect(team).toEqual(expect.any(String));

    await press(w.teams.add);
    await field(w.teams.name).fill('sales');
    await dialog.getByRole('button', { name: w.teams.add }).click();
    await expect(dialog.getByText(desk.t.errors.reason.duplicateName)).toBeVisible();
    await desk.page.keyboard.press('Escape');

    await press(w.teams.archiveOf('Sales'));
    await expect(desk.page.getByRole('heading', { name: w.teams.archivedTitle })).toBeVisible();
    await desk.page.keyboard.press('z');
    await toast(w.teams.restored('Sales'));

    // The same from the side of the person.
    await desk.goTo('/users');
    await press(desk.t.users.edit('Sara'));
    await dialog.getByRole('checkbox', { name: 'Sales' }).press('Space');
    await dialog.getByRole('button', { name: desk.t.common.save }).click();
    await toast(desk.t.users.saved('Sara'));
    const after = await get<User[]>('/api/users');
    expect(after.find(({ id }) => id === sara.id)?.teamIds).toEqual([]);
  });

  it('has tags in colours, one of each name', async () => {
    await desk.goTo('/tags');
    await press(w.tags.add);
    const dialog = desk.page.getByRole('dialog');
    await field(w.tags.name).fill('Refund');
    await dialog.getByRole('radio', { name: w.tags.colours.purple }).press('Space');
    await clean('a new tag');
    await dialog.getByRole('button', { name: w.tags.add }).click();
    await toast(w.tags.created('Refund'));
    expect(await get<Tag[]>('/api/tags')).toMatchObject([{ name: 'Refund', colour: 'purple' }]);

    await press(w.tags.add);
    await field(w.tags.name).fill('refund');
    await dialog.getByRole('button', { name: w.tags.add }).click();
    await toast(w.tags.exists('Refund'));

    await press(w.tags.edit('Refund'));
    await field(w.tags.name).fill('Refunds');
    await dialog.getByRole('button', { name: desk.t.common.save }).click();
    await toast(w.tags.saved('Refunds'));
    await press(w.tags.archiveOf('Refunds'));
    await expect(desk.page.getByRole('heading', { name: w.tags.archivedTitle })).toBeVisible();
    await clean('tags');
    await desk.page.keyboard.press('z');
    await toast(w.tags.restored('Refunds'));
  });

  it('has canned replies in folders, with variables that exist', async () => {
    await desk.goTo('/canned/new');
    await field(w.canned.titleField).fill('When it leaves');
    await desk.page.getByRole('textbox', { name: w.canned.shortcut }).fill('/leaves');
    await desk.page.getByRole('textbox', { name: w.canned.folder }).fill('Orders / Shipping');
    const body = desk.page.getByRole('textbox', { name: w.canned.body });
    await body.fill('Hello {{customer.age}}, it leaves today.');
    await press(w.canned.add);
    await expect(desk.page.getByText('There is no variable')).toBeVisible();
    await clean('a variable that does not exist');
    // What was begun outlives the page.
    await desk.page.reload();
    await expect(body).toHaveValue('Hello {{customer.age}}, it leaves today.');

    // A variable goes where the caret is; what was typed around it stays, and the preview follows.
    await body.fill('Hello , it leaves today.');
    await body.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(6, 6));
    await desk.page.getByRole('button', { name: w.canned.insertVariable }).press('Enter');
    await desk.page.getByRole('menuitem', { name: w.canned.variables['customer.name'] }).press('Enter');
    const written = 'Hello {{customer.name|dear friend}}, it leaves today.';
    await expect(body).toHaveValue(written);
    await expect(body).toBeFocused();
    await expect(
      desk.page
        .getByRole('region', { name: w.canned.preview })
        .getByText('Hello Sara Ahmadi, it leaves today.'),
    ).toBeVisible();
    await desk.page.getByRole('button', { name: w.canned.sharedWith }).click();
    await desk.page.getByRole('option', { name: w.canned.everyone }).click();
    await clean('a canned reply');
    await press(w.canned.add);
    await toast(w.canned.created);
    expect(await get<CannedReply[]>('/api/canned')).toMatchObject([
      { shortcut: 'leaves', folder: ['Orders', 'Shipping'], text: written, sharedWith: 'everyone' },
    ]);

    await desk.page.getByRole('button', { name: /Shipping/ }).click();
    await clean('canned replies');
    await desk.page.getByRole('link', { name: /When it leaves/ }).click();
    await press(w.canned.remove);
    await expect(desk.page.getByText(w.canned.emptyTitle)).toBeVisible();
    await desk.page.keyboard.press('z');
    await expect(desk.page.getByRole('link', { name: /When it leaves/ })).toBeVisible();
  });
});

describe('what is one’s own', () => {
  const saved = () =>
    desk.page.waitForResponse((answer) => answer.url().endsWith('/api/profile') && answer.status() === 200);
  const mine = async () => (await get<Me>('/api/session')).preferences;

  it('says when to ring, and when not', async () => {
    await desk.goTo('/notifications');
    const { events } = w.notifications;
    let answered = saved();
    await desk.page.getByRole('checkbox', { name: w.notifications.soundFor(events.teamNew) }).press('Space');
    await answered;
    answered = saved();
    await desk.page.getByRole('slider', { name: w.notifications.volume }).press('End');
    await answered;
    await desk.page.getByRole('button', { name: w.notifications.testSound }).click();
    answered = saved();
    await desk.page.getByText(w.notifications.quietOn).click();
    await answered;
    answered = saved();
    await field(w.notifications.from).fill('۲۳');
    await field(w.notifications.to).fill('6:30');
    await answered;
    await clean('notifications');
    await expect
      .poll(async () => (await mine()).notify)
      .toMatchObject({
        rules: { teamNew: { sound: true, desktop: false } },
        volume: 100,
        quiet: { from: '23:00', to: '06:30' },
      });
    expect(desk.complaints).toEqual([]);
  });

  it('puts shortcuts on other keys, by pressing them', async () => {
    await desk.goTo('/shortcuts');
    const row = (id: string) => desk.page.locator(`[data-command="${id}"]`);
    const note = desk.t.commands['conversation.note'];
    await press(w.keysEditor.change(note));
    const dialog = desk.page.getByRole('dialog');
    await expect(dialog.getByText(w.keysEditor.pressHelp)).toBeVisible();
    // Taken already: it says by whom, and may be taken from there.
    await desk.page.keyboard.press('r');
    await expect(
      dialog.getByText(w.keysEditor.conflict(desk.t.commands['conversation.reply'])),
    ).toBeVisible();
    await clean('keys that are taken');
    let answered = saved();
    await dialog
      .getByRole('button', { name: w.keysEditor.replace(desk.t.commands['conversation.reply']) })
      .click();
    await answered;
    await expect(row('conversation.note').locator('kbd')).toHaveText(['R']);
    await expect(row('conversation.reply')).toContainText(w.keysEditor.off);
    expect((await mine()).keys).toEqual(
      expect.arrayContaining([
        { action: 'conversation.note', keys: 'r' },
        { action: 'conversation.reply', keys: '' },
      ]),
    );
    await clean('changed shortcuts');
    answered = saved();
    await press(w.keysEditor.resetAll);
    await answered;
    await expect(row('conversation.reply').locator('kbd')).toHaveText(['R']);

    // New keys work at once, everywhere.
    await press(w.keysEditor.change(desk.t.commands['go.profile']));
    await desk.page.keyboard.press('Alt+Shift+K');
    answered = saved();
    await dialog.getByRole('button', { name: desk.t.common.save }).click();
    await answered;
    await desk.page.keyboard.press('Alt+Shift+K');
    await expect(desk.page.getByRole('heading', { name: desk.t.profile.title })).toBeVisible();
  });

  it('is found by a word', async () => {
    await desk.goTo('/settings');
    await desk.page.getByRole('searchbox', { name: w.area.search }).fill('business hours');
    await desk.page.getByRole('link', { name: new RegExp(w.area.hours) }).click();
    await expect(desk.page.getByRole('heading', { name: desk.t.channels.title })).toBeVisible();
    expect(desk.complaints).toEqual([]);
  });
});
