import { afterAll, beforeAll, it } from 'vitest';
import { Desk, expect, type Login, lineOf, type Stage, sent, setStage } from './desk.ts';

let stage: Stage;
let nima: Login;
let sara: Login;
beforeAll(async () => {
  stage = await setStage({ servers: 2, channels: ['sms', 'telegram'] });
  nima = await stage.hire('Nima Karimi');
  sara = await stage.hire('Sara Ahmadi');
});
afterAll(() => stage?.close());

const url = (at: number) => stage.world.servers[at]?.url ?? '';
const telegram = () => lineOf(stage, 'telegram');

/** Two people before one conversation, each on a server of their own. */
async function together(n: number) {
  const [one, two] = await Promise.all([
    Desk.open({ stage, url: url(0), login: nima }),
    Desk.open({ stage, url: url(1), login: sara }),
  ]);
  const question = `Can I still change my order number ${n}?`;
  const { simulator } = telegram();
  await simulator.customerWrites({ peer: simulator.peer(n), name: `Customer ${n}`, text: question });
  await Promise.all([one.open(question), two.open(question)]);
  await Promise.all([expect(one.bubble(question)).toBeVisible(), expect(two.bubble(question)).toBeVisible()]);
  return { one, two, question };
}

/** A colleague answers while the other writes; the other's answer is stopped. */
async function collide(n: number, reply: { first: string; second: string }) {
  const { one, two, question } = await together(n);
  await two.page.keyboard.press('r');
  await expect(two.textbox).toBeFocused();
  await two.textbox.pressSequentially(reply.second);
  await one.answer(reply.first);
  await expect(two.bubble(reply.first)).toBeVisible();
  await two.page.keyboard.press('Control+Enter');
  const dialog = two.page.getByRole('alertdialog', { name: two.t.collision.title });
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText('Nima Karimi');
  await expect(dialog).toContainText(reply.first);
  await expect(dialog).toContainText(reply.second);
  expect(sent(telegram(), reply.second)).toHaveLength(0);
  return { one, two, dialog, question };
}

it('shows who looks at a conversation and who writes in it', async () => {
  const { one, two, question } = await together(1);
  const { t } = one;
  const heading = one.page.getByRole('heading', { name: 'Customer 1', level: 2 }).first();
  await expect(heading).toBeVisible();
  await expect(one.page.getByRole('img', { name: t.presence.viewing('Sara Ahmadi') })).toBeVisible();
  await expect(two.page.getByRole('img', { name: t.presence.viewing('Nima Karimi') })).toBeVisible();
  await expect(one.row(question).getByRole('img', { name: t.row.viewing('Sara Ahmadi') })).toBeVisible();

  await two.page.keyboard.press('r');
  await two.textbox.pressSequentially('Let me see');
  await expect(
    one.composer.getByRole('status').filter({ hasText: t.presence.replying('Sara Ahmadi') }),
  ).toBeVisible();
  await two.close();
  await expect(one.page.getByRole('img', { name: t.presence.viewing('Sara Ahmadi') })).toBeHidden();
  expect(one.complaints).toEqual([]);
  await one.close();
});

it('stops the second of two answers, and sends it all the same when told to', async () => {
  const reply = { first: 'Yes, until tonight.', second: 'No, it has left already.' };
  const { one, two, dialog } = await collide(2, reply);
  await two.button(two.t.collision.sendAnyway, dialog).click();
  await expect(dialog).toBeHidden();
  await expect(two.tick('sent', two.bubble(reply.second))).toBeVisible();
  await expect(one.bubble(reply.second)).toBeVisible();
  expect(sent(telegram(), reply.first)).toHaveLength(1);
  expect(sent(telegram(), reply.second)).toHaveLength(1);
  expect([...one.complaints, ...two.complaints]).toEqual([]);
  await Promise.all([one.close(), two.close()]);
});

it('gives the second answer back to be edited, and then lets it go', async () => {
  const reply = { first: 'Yes, what shall it be?', second: 'Yes, of course' };
  const { one, two, dialog } = await collide(3, reply);
  await two.button(two.t.collision.edit, dialog).click();
  await expect(dialog).toBeHidden();
  await expect(two.textbox).toBeFocused();
  await expect(two.textbox).toHaveValue(reply.second);
  await two.page.keyboard.press('End');
  await two.textbox.pressSequentially(', as Nima said.');
  await two.page.keyboard.press('Control+Enter');
  const edited = `${reply.second}, as Nima said.`;
  await expect(two.tick('sent', two.bubble(edited))).toBeVisible();
  expect(sent(telegram(), reply.second)).toHaveLength(0);
  expect(sent(telegram(), edited)).toHaveLength(1);
  await Promise.all([one.close(), two.close()]);
});

it('shows nothing of a channel to somebody who does not have it', async () => {
  const outsider = await stage.hire('Omid Rezaei', [lineOf(stage, 'sms').channelId]);
  const [insider, desk] = await Promise.all([
    Desk.open({ stage, url: url(0), login: nima }),
    Desk.open({ stage, url: url(1), login: outsider }),
  ]);
  const { simulator } = telegram();
  const hidden = 'This is not for everybody.';
  await simulator.customerWrites({ peer: simulator.peer(9), name: 'Hidden Customer', text: hidden });
  await insider.open(hidden);
  const address = new URL(insider.page.url()).pathname;
  const sms = lineOf(stage, 'sms').simulator;
  const visible = 'This one is.';
  await sms.customerWrites({ peer: sms.peer(9), text: visible });
  // What came later is here: the earlier one would be, too.
  await expect(desk.row(visible)).toBeVisible();
  await expect(desk.list.getByRole('option')).toHaveCount(1);
  await expect(desk.page.getByText('telegram', { exact: true })).toHaveCount(0);

  await desk.page.keyboard.press('/');
  const search = desk.page.getByRole('dialog', { name: desk.t.views.searchLabel });
  await search.getByRole('searchbox').fill('Hidden');
  await expect(search.getByText(desk.t.views.searchNothing).last()).toBeVisible();

  await desk.goTo(address);
  await expect(desk.page.getByText(desk.t.inbox.goneTitle)).toBeVisible();
  await expect(desk.page.getByText(hidden)).toHaveCount(0);
  expect(desk.complaints).toEqual([]);
  await Promise.all([insider.close(), desk.close()]);
});
