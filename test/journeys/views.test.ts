import { afterAll, beforeAll, expect as equals, it } from 'vitest';
import type { Conversation } from '../../shared/conversation.ts';
import type { Tag } from '../../shared/tag.ts';
import { Desk, expect, lineOf, type Stage, setStage } from './desk.ts';

let stage: Stage;
let desk: Desk;
let late: Tag;
beforeAll(async () => {
  stage = await setStage({ channels: ['telegram'] });
  const { simulator } = lineOf(stage, 'telegram');
  desk = await Desk.open({ stage });
  for (const n of [1, 2, 3])
    await simulator.customerWrites({ peer: simulator.peer(n), name: `Customer ${n}`, text: `Question ${n}` });
  await expect(desk.list.getByRole('option')).toHaveCount(3);
  late = await stage.world.agent.call<Tag>('POST', '/api/tags', { name: 'Late', colour: 'red' });
});
afterAll(() => stage?.close());

async function conversationOf(name: string): Promise<Conversation> {
  const { conversations, customers } = await stage.world.agent.call<{
    conversations: Conversation[];
    customers: { id: string; name: string }[];
  }>('GET', '/api/conversations?view=all');
  const customer = customers.find((each) => each.name === name);
  const found = conversations.find(({ customerId }) => customerId === customer?.id);
  if (!found) throw new Error(`No conversation with ${name}.`);
  return found;
}

const update = async (name: string, body: object) =>
  stage.world.agent.call('PATCH', `/api/conversations/${(await conversationOf(name)).id}`, body);
const views = () => desk.page.getByRole('navigation', { name: desk.t.views.label });

it('a filter is chosen part by part, kept as a view, and rows come and go by it', async () => {
  const { page, t } = desk;
  await desk.button(t.filter.label).click();
  const bar = page.getByRole('region', { name: t.filter.label });
  await bar.getByRole('button', { name: t.filter.tag }).click();
  await page.getByRole('dialog', { name: t.filter.tag }).getByText('Late').click();
  await page.keyboard.press('Escape');
  await expect(page.getByText(t.views.emptyOther)).toBeVisible();

  // Before anybody saved it, the server's own list agrees with the rows that events move.
  await update('Customer 2', { deed: 'tag', add: [late.id], remove: [] });
  await expect(desk.row('Customer 2')).toBeVisible();
  await expect(desk.list.getByRole('option')).toHaveCount(1);
  await page.reload();
  await expect(desk.list.getByRole('option')).toHaveCount(1);
  await expect(desk.row('Customer 2')).toContainText('Late');

  await desk.button(t.filter.save).click();
  await page.getByRole('textbox', { name: t.views.name }).fill('Late ones');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/inbox\/saved:/);
  await expect(page.getByRole('heading', { name: 'Late ones', level: 2 })).toBeVisible();
  // The button that was pressed has left with the filter; the keyboard has not.
  await expect(page.locator('#content')).toBeFocused();
  await expect(desk.row('Customer 2')).toBeVisible();
  await update('Customer 3', { deed: 'tag', add: [late.id], remove: [] });
  await expect(desk.row('Customer 3')).toBeVisible();
  await expect(views().getByRole('link', { name: 'Late ones' })).toContainText('2');
});

it('a saved view is renamed, deleted, and comes back with undo', async () => {
  const { page, t } = desk;
  await views().getByRole('link', { name: 'Late ones' }).hover();
  await desk.button(t.views.menu('Late ones')).click();
  await page.getByRole('menuitem', { name: t.views.edit }).click();
  await page.getByRole('textbox', { name: t.views.name }).fill('Overdue');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Overdue', level: 2 })).toBeVisible();

  await views().getByRole('link', { name: 'Overdue' }).hover();
  await desk.button(t.views.menu('Overdue')).click();
  await page.getByRole('menuitem', { name: t.views.delete }).click();
  await expect(page).toHaveURL(/\/inbox\/all$/);
  await expect(views().getByRole('link', { name: 'Overdue' })).toBeHidden();
  await desk.button(t.common.undo).click();
  await expect(views().getByRole('link', { name: 'Overdue' })).toBeVisible();
});

it('a view says what it goes by, also after that was put away', async () => {
  const { page, t } = desk;
  await stage.world.agent.call('PATCH', `/api/tags/${late.id}`, { archived: true });
  // By the keyboard: Enter follows the link that has it.
  await views().getByRole('link', { name: 'Overdue' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/inbox\/saved:/);
  await desk.button(t.filter.label).press('Enter');
  const bar = page.getByRole('region', { name: t.filter.label });
  await expect(bar.getByRole('button', { name: `${t.filter.tag}: Late` })).toBeVisible();
  await desk.button(t.filter.label).press('Enter');
  await stage.world.agent.call('PATCH', `/api/tags/${late.id}`, { archived: false });
  await desk.goTo('/inbox/all');
});

it('a team’s view counts what is given to it, and a colleague of the team sees the shared view', async () => {
  const { page, t } = desk;
  const me = await stage.world.agent.call<{ id: string }>('GET', '/api/session');
  const sara = await stage.hire('Sara Ahmadi');
  const team = await stage.world.agent.call<{ id: string }>('POST', '/api/teams', {
    name: 'Returns',
    memberIds: [me.id, sara.id],
  });
  const link = views().getByRole('link', { name: 'Returns' });
  await expect(link).toBeVisible();
  await desk.open('Customer 1');
  await page.keyboard.press('t');
  await page.getByRole('combobox', { name: t.team.title }).fill('returns');
  await page.keyboard.press('Enter');
  await expect(link).toContainText('1');
  await link.click();
  await expect(desk.row('Customer 1')).toBeVisible();
  await expect(desk.list.getByRole('option')).toHaveCount(1);
  await stage.world.agent.call('POST', '/api/views', {
    name: 'Urgent returns',
    filter: { status: ['open'], team: { anyOf: [team.id] }, priority: ['urgent'] },
    sharedWith: { teamId: team.id },
  });
  const other = await Desk.open({ stage, login: sara });
  const shared = other.page.getByRole('link', { name: 'Urgent returns' });
  await expect(shared).toBeVisible();
  await update('Customer 1', { deed: 'priority', priority: 'urgent' });
  await expect(shared).toContainText('1');
  equals(other.complaints).toEqual([]);
  await other.close();
});

it('a mention brings a conversation into the view of mentions until it is struck off', async () => {
  const nima = await stage.hire('Nima Karimi');
  await desk.goTo('/inbox/all');
  await desk.open('Customer 2');
  await desk.page.keyboard.press('n');
  await expect(desk.textbox).toBeFocused();
  await desk.page.keyboard.insertText('Please look ');
  await desk.page.keyboard.type('@nim');
  await expect(desk.page.getByRole('region', { name: desk.t.mention.pick })).toBeVisible();
  await desk.page.keyboard.press('Tab');
  await expect(desk.textbox).toHaveValue('Please look @Nima Karimi ');
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.bubble('Please look @Nima Karimi')).toBeVisible();

  const other = await Desk.open({ stage, login: nima, view: 'mentions' });
  await other.open('Customer 2');
  const mark = other.row('Customer 2').getByRole('img', { name: other.t.mention.mark });
  await expect(mark).toBeVisible();
  await other.page.getByRole('button', { name: other.t.mention.strike }).click();
  // The open row stays until somebody leaves it, without its mark.
  await expect(mark).toBeHidden();
  await other.page.keyboard.press('z');
  await expect(mark).toBeVisible();
  await other.page.keyboard.press('d');
  await expect(mark).toBeHidden();
  await other.page.getByRole('link', { name: new RegExp(`^${other.t.views.all}`) }).click();
  await other.page.getByRole('link', { name: other.t.views.mentions }).click();
  await expect(other.page.getByText(other.t.views.emptyTitle.mentions)).toBeVisible();
  equals(other.complaints).toEqual([]);
  await other.close();
});
