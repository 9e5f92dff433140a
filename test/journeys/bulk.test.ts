import { afterAll, beforeAll, expect as equals, it } from 'vitest';
import type { Conversation } from '../../shared/conversation.ts';
import { Desk, expect, lineOf, type Stage, setStage } from './desk.ts';

let stage: Stage;
let desk: Desk;
beforeAll(async () => {
  stage = await setStage({ channels: ['telegram'] });
  const { simulator } = lineOf(stage, 'telegram');
  desk = await Desk.open({ stage });
  for (const n of [1, 2, 3, 4])
    await simulator.customerWrites({ peer: simulator.peer(n), name: `Customer ${n}`, text: `Question ${n}` });
  await expect(desk.list.getByRole('option')).toHaveCount(4);
});
afterAll(() => stage?.close());

const all = async () =>
  (await stage.world.agent.call<{ conversations: Conversation[] }>('GET', '/api/conversations?view=all'))
    .conversations;

/** What bulk deeds change, by conversation. */
const held = async () =>
  Object.fromEntries(
    (await all()).map(({ id, assigneeId, status, priority, tagIds }) => [
      id,
      { assigneeId, status, priority, tagIds },
    ]),
  );

it('many are changed at once, and one undo puts back exactly what was', async () => {
  const { page, t } = desk;
  // They are not alike before: the undo must tell them apart.
  const [first, second] = await all();
  const me = await stage.world.agent.call<{ id: string }>('GET', '/api/session');
  await stage.world.agent.call('PATCH', `/api/conversations/${first?.id}`, {
    deed: 'assign',
    assigneeId: me.id,
  });
  await stage.world.agent.call('PATCH', `/api/conversations/${second?.id}`, {
    deed: 'priority',
    priority: 'low',
  });
  const before = await held();

  await desk.list.focus();
  await page.keyboard.press('Shift+A');
  await expect(page.getByRole('region', { name: t.bulk.label })).toContainText(t.bulk.chosen(4));
  await page.keyboard.press('i');
  await expect(page.getByText(t.bulk.did.assignedToMe(4))).toBeVisible();
  equals(Object.values(await held()).every(({ assigneeId }) => assigneeId === me.id)).toBe(true);
  await page.keyboard.press('z');
  await expect(page.getByText(t.bulk.undone(3))).toBeVisible();
  equals(await held()).toEqual(before);

  await page.keyboard.press('p');
  await page.getByRole('combobox', { name: t.priority.title }).fill('urgent');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () => Object.values(await held()).every(({ priority }) => priority === 'urgent'))
    .toBe(true);
  // With the mouse: the keyboard stays where it was.
  await desk.list.focus();
  await desk.button(t.common.undo).last().click();
  await expect.poll(held).toEqual(before);
  await expect(desk.list).toBeFocused();

  await page.keyboard.press('e');
  await expect
    .poll(async () => Object.values(await held()).every(({ status }) => status === 'resolved'))
    .toBe(true);
  await expect(page.getByRole('region', { name: t.bulk.label })).toBeHidden();
  await page.keyboard.press('z');
  await expect.poll(held).toEqual(before);
  equals(desk.complaints).toEqual([]);
});

it('names those that could not be changed', async () => {
  const { page, t } = desk;
  await page.reload();
  await expect(desk.list.getByRole('option')).toHaveCount(4);
  // One of them goes out of reach between the choice and the deed.
  await page.route('**/api/conversations/bulk', async (route) => {
    const { ids, update } = route.request().postDataJSON() as { ids: string[]; update: object };
    await route.continue({ postData: JSON.stringify({ ids: [...ids.slice(1), 'nowhere'], update }) });
  });
  await desk.list.focus();
  await page.keyboard.press('Shift+A');
  await page.keyboard.press('i');
  await expect(page.getByText(t.bulk.someFailed(3, 1, `\u2068${t.row.unnamed}\u2069`))).toBeVisible();
  await page.unroute('**/api/conversations/bulk');
});

it('rows are chosen with the mouse as with the keys', async () => {
  const { page, t } = desk;
  await page.reload();
  const row = (nth: number) => desk.list.getByRole('option').nth(nth);
  await row(0).click({ modifiers: ['Control'] });
  await row(2).click({ modifiers: ['Shift'] });
  await expect(page.getByRole('region', { name: t.bulk.label })).toContainText(t.bulk.chosen(3));
  for (const nth of [0, 1, 2]) await expect(row(nth)).toHaveAttribute('aria-selected', 'true');
  await expect(row(3)).toHaveAttribute('aria-selected', 'false');
  await desk.list.focus();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: t.bulk.label })).toBeHidden();
});
