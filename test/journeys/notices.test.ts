import { afterAll, beforeAll, it } from 'vitest';
import type { Conversation } from '../../shared/conversation.ts';
import { Desk, expect, type Login, lineOf, type Stage, setStage } from './desk.ts';

let stage: Stage;
let sara: Login & { id: string };
beforeAll(async () => {
  stage = await setStage({ channels: ['telegram'] });
  sara = await stage.hire('Sara Ahmadi');
  const { simulator } = lineOf(stage, 'telegram');
  await simulator.customerWrites({ peer: simulator.peer(1), name: 'Customer 1', text: 'Hello' });
});
afterAll(() => stage?.close());

/** What the system was asked to show, instead of showing it: headless there is nobody to see it. */
const record = () => {
  const shown: string[] = [];
  class Recorded {
    static permission = 'granted';
    onclick: (() => void) | null = null;
    onclose: (() => void) | null = null;
    constructor(title: string) {
      shown.push(title);
    }
    close() {}
  }
  Object.assign(window, { Notification: Recorded, shown });
};
const shownIn = (desk: Desk) => desk.page.evaluate(() => (window as unknown as { shown: string[] }).shown);

it('one window of several tells, and none tells of what is before one’s eyes', async () => {
  const one = await Desk.open({ stage, login: sara });
  await one.context.addInitScript(record);
  await one.page.reload();
  const second = await one.context.newPage();
  await second.goto(`${one.url}/inbox/mine`);
  await expect(second.getByRole('navigation', { name: one.t.views.label })).toBeVisible();
  const { conversations } = await stage.world.agent.call<{ conversations: Conversation[] }>(
    'GET',
    '/api/conversations?view=all',
  );
  const [conversation] = conversations;
  // What a view counts comes once the window hears.
  for (const page of [one.page, second])
    await expect(
      page
        .getByRole('navigation', { name: one.t.views.label })
        .getByRole('link', { name: new RegExp(`^${one.t.views.unassigned} .*1`) }),
    ).toBeVisible();
  await stage.world.agent.call('PATCH', `/api/conversations/${conversation?.id}`, {
    deed: 'assign',
    assigneeId: sara.id,
  });
  const title = one.t.notices.title.assignedToMe('Customer 1');
  const all = async () => [
    ...(await shownIn(one)),
    ...(await second.evaluate(() => (window as unknown as { shown: string[] }).shown)),
  ];
  await expect.poll(all).toEqual([title]);
  await expect(one.page).toHaveTitle(/^\(1\) /);

  // The second window has the eyes and the conversation: the first, which speaks for both, stays silent.
  await second.bringToFront();
  await second.getByRole('option', { name: /Customer 1/ }).click();
  await expect(second.locator('#timeline').getByText('Hello')).toBeVisible();
  const { simulator } = lineOf(stage, 'telegram');
  await simulator.customerWrites({ peer: simulator.peer(1), text: 'Are you there?' });
  await expect(second.locator('#timeline').getByText('Are you there?')).toBeVisible();
  // Something that does ring, after it: what came before had its time.
  await simulator.customerWrites({ peer: simulator.peer(2), name: 'Customer 2', text: 'Another' });
  const other = await expect
    .poll(async () => {
      const page = await stage.world.agent.call<{ conversations: Conversation[] }>(
        'GET',
        '/api/conversations?view=unassigned',
      );
      return page.conversations.length;
    })
    .toBe(1)
    .then(() =>
      stage.world.agent.call<{ conversations: Conversation[] }>('GET', '/api/conversations?view=unassigned'),
    );
  await stage.world.agent.call('PATCH', `/api/conversations/${other.conversations[0]?.id}`, {
    deed: 'assign',
    assigneeId: sara.id,
  });
  await expect.poll(all).toEqual([title, one.t.notices.title.assignedToMe('Customer 2')]);
});
