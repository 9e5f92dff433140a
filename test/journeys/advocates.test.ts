import type { Locator } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { advocateCatalogs } from '../../client/i18n/advocate-words.ts';
import type { CommandId } from '../../client/i18n/fa.ts';
import type { Advocate, AdvocateDetail, AdvocateStage } from '../../shared/advocate.ts';
import type { RewardPage } from '../../shared/reward.ts';
import { Agent } from '../agent.ts';
import { until } from '../world.ts';
import { seedAdvocates } from './advocate.looks.ts';
import { Desk, expect, type Login, lineOf, type Stage, sent, setStage } from './desk.ts';

const w = advocateCatalogs.en;
const password = 'the password of a marketer';
let stage: Stage;
let desk: Desk;
let marketer: Login;
let paria: Advocate;
let kamran: Advocate;

beforeAll(async () => {
  stage = await setStage();
  const { agent } = stage.world;
  marketer = { email: 'marketer@example.com', password };
  await agent.call('POST', '/api/users', {
    ...marketer,
    name: 'Maya Marketer',
    role: 'marketer',
    channelIds: 'all',
  });
  const { advocates } = await seedAdvocates(stage, 'en');
  [paria, kamran] = advocates as [Advocate, Advocate, Advocate];
  desk = await Desk.open({ stage, login: marketer });
}, 60_000);
afterAll(async () => {
  await desk?.close();
  await stage?.close();
});

const key = (keys: string) => desk.page.keyboard.press(keys);
const column = (name: AdvocateStage, at: Desk = desk) =>
  at.page.getByRole('region', { name: w.stage[name], exact: true });
const card = (within: Locator, { name }: Advocate) => within.getByRole('button', { name, exact: true });
const detailOf = ({ customerId }: Advocate) =>
  stage.world.agent.call<AdvocateDetail>('GET', `/api/advocates/${customerId}`);
const stageOf = async (who: Advocate) => (await detailOf(who)).advocate.stage;

/** The board as it was at first: everybody discovered. By the address, without a new document. */
async function begin(): Promise<void> {
  await key('Escape');
  await key('Escape');
  await desk.page.evaluate(() => history.pushState(null, '', '/advocates'));
  await expect(card(column('discovered'), paria)).toBeVisible();
}

describe('the board, by the keyboard', () => {
  beforeEach(begin);

  /** What each command of the board is seen to do, by its keys. */
  const deeds: Record<Extract<CommandId, `board.${string}`>, () => Promise<void>> = {
    async 'board.toRight'() {
      await card(column('discovered'), paria).focus();
      await key('Shift+ArrowRight');
      const moved = card(column('contacted'), paria);
      await expect(moved).toBeFocused();
      await expect(desk.page.getByText(w.board.moved(paria.name, w.stage.contacted))).toBeVisible();
      expect(await stageOf(paria)).toBe('contacted');
      await key('z');
      await expect(card(column('discovered'), paria)).toBeVisible();
      await until('the move taken back', async () => (await stageOf(paria)) === 'discovered');
    },
    async 'board.toLeft'() {
      const { advocate } = await detailOf(kamran);
      await stage.world.agent.call('PATCH', `/api/advocates/${kamran.customerId}`, {
        version: advocate.version,
        stage: 'engaged',
      });
      // A colleague's move is seen without a reload.
      await card(column('engaged'), kamran).focus();
      // Two in a row: the second builds on the first.
      await key('Shift+ArrowLeft');
      await key('Shift+ArrowLeft');
      await expect(card(column('discovered'), kamran)).toBeFocused();
      await until('both moves', async () => (await stageOf(kamran)) === 'discovered');
    },
    async 'board.down'() {
      const cards = column('discovered').locator('[data-card]');
      const first = (await cards.first().textContent()) ?? '';
      await cards.first().focus();
      await key('Alt+ArrowDown');
      await expect(cards.nth(1)).toHaveText(first);
      await expect(cards.nth(1)).toBeFocused();
    },
    async 'board.up'() {
      const cards = column('discovered').locator('[data-card]');
      const second = (await cards.nth(1).textContent()) ?? '';
      await cards.nth(1).focus();
      await key('Alt+ArrowUp');
      await expect(cards.first()).toHaveText(second);
      await expect(cards.first()).toBeFocused();
    },
    async 'board.view'() {
      await key('v');
      const row = desk.page.getByRole('table', { name: w.table.caption });
      await expect(card(row, paria)).toBeVisible();
      await expect(desk.page).toHaveURL(/view=table/);
      await key('v');
      await expect(card(column('discovered'), paria)).toBeVisible();
    },
    async 'board.reward'() {
      await card(column('discovered'), paria).focus();
      await key('r');
      await expect(desk.page.getByRole('dialog', { name: w.reward.giveTo(paria.name) })).toBeVisible();
      await key('Escape');
      await expect(card(column('discovered'), paria)).toBeFocused();
    },
  };

  it.each(Object.keys(deeds))('%s', (id) => deeds[id as keyof typeof deeds]());
});

it('a card is dragged to another stage', async () => {
  await begin();
  const from = await card(column('discovered'), paria).boundingBox();
  const to = await column('ambassador').boundingBox();
  if (!from || !to) throw new Error('The board is not drawn.');
  await desk.page.mouse.move(from.x + 10, from.y + 10);
  await desk.page.mouse.down();
  await desk.page.mouse.move(to.x + 60, to.y + 120, { steps: 4 });
  await desk.page.mouse.up();
  await expect(card(column('ambassador'), paria)).toBeVisible();
  await until('the move', async () => (await stageOf(paria)) === 'ambassador');
  // Only dropped: the press opened nothing.
  await expect(desk.page.getByRole('dialog')).toHaveCount(0);
  await expect(desk.page.getByText(w.board.moved(paria.name, w.stage.ambassador))).toBeVisible();
  await desk.button(desk.t.common.undo).click();
  await expect(card(column('discovered'), paria)).toBeVisible();
  await until('the move taken back', async () => (await stageOf(paria)) === 'discovered');
});

describe('the record of one', () => {
  beforeAll(async () => {
    await begin();
    await card(column('discovered'), paria).click();
  });

  const drawer = () => desk.page.getByRole('dialog').first();
  const panel = () => drawer().getByRole('tabpanel');

  it('shows what the score is made of, and leads to what was said', async () => {
    const table = drawer().getByRole('table', { name: w.score.breakdown });
    await expect(table.getByRole('row').filter({ hasText: w.part.recommendation })).toBeVisible();
    await expect(drawer().getByText('I would recommend it to anyone').first()).toBeVisible();
    await expect(drawer().getByRole('link', { name: w.evidence.toMessage }).first()).toHaveAttribute(
      'href',
      /^\/inbox\/all\/.+message=/,
    );
  });

  it('asks for a testimonial on their channel, and records the answer', async () => {
    await desk.button(w.evidence.quote, drawer()).first().click();
    const dialog = desk.page.getByRole('dialog', { name: w.testimonial.ask });
    await expect(dialog.getByText(w.reward.previewOn('telegram'))).toBeVisible();
    await desk.button(w.testimonial.send, dialog).click();
    await expect(dialog).toBeHidden();
    const telegram = lineOf(stage, 'telegram');
    const asked = await until('the request at the provider', async () =>
      telegram.simulator.messages().find(({ text }) => text?.includes('/testimonial/')),
    );
    expect(asked.text).toContain(`Hello ${paria.name}`);
    await drawer().getByRole('tab', { name: w.person.tabs.testimonials }).click();
    await expect(panel().getByText(w.testimonial.state.asked)).toBeVisible();
    await desk.button(w.testimonial.record, drawer()).click();
    const answer = desk.page.getByRole('dialog', { name: w.testimonial.record });
    await answer.getByRole('textbox', { name: w.testimonial.reason }).fill('Said so on the phone');
    await desk.button(desk.t.common.save, answer).click();
    await expect(panel().getByText(w.testimonial.state.given)).toBeVisible();
    await expect(drawer().getByText('Said so on the phone')).toBeVisible();
  });

  it('makes a referral code', async () => {
    await drawer().getByRole('tab', { name: w.person.tabs.referral }).click();
    await desk.button(w.referral.make, drawer()).click();
    const { referral } = await until('the code', async () => {
      const detail = await detailOf(paria);
      return detail.referral ? detail : undefined;
    });
    await expect(drawer().getByText(referral?.code ?? '-', { exact: true })).toBeVisible();
  });

  it('gives points with a message on their channel, and takes them back', async () => {
    await drawer().getByRole('tab', { name: w.person.tabs.rewards }).click();
    await desk.button(w.reward.give, drawer()).first().click();
    const dialog = desk.page.getByRole('dialog', { name: w.reward.giveTo(paria.name) });
    await dialog.getByRole('textbox', { name: w.reward.tell }).fill('Thank you, {name}: {points} points.');
    const told = `Thank you, ${paria.name}: 100 points.`;
    await expect(dialog.getByText(told)).toBeVisible();
    await dialog.getByRole('textbox', { name: w.reward.reason }).fill('A kind word');
    await desk.button(w.reward.submit, dialog).click();
    await expect(dialog).toBeHidden();
    await expect(panel().getByText(w.reward.state.given)).toBeVisible();
    await until('the message at the provider', () => sent(lineOf(stage, 'telegram'), told).length === 1);
    await desk.button(w.reward.undo, drawer()).click();
    await expect(panel().getByText(w.reward.state.undone)).toBeVisible();
    await expect(panel().getByText(w.reward.undoes)).toBeVisible();
  });

  it('says what waits for approval before it is sent there', async () => {
    await desk.button(w.reward.give, drawer()).first().click();
    const dialog = desk.page.getByRole('dialog', { name: w.reward.giveTo(paria.name) });
    await expect(dialog.getByText(w.reward.limit('1,000', '1,000,000 tomans')).last()).toBeVisible();
    const points = dialog.getByRole('textbox', { name: w.reward.points, exact: true });
    await points.fill('5000');
    await points.press('Tab');
    await expect(dialog.getByText(w.reward.above('1,000', '1,000,000 tomans')).last()).toBeVisible();
    await dialog.getByRole('textbox', { name: w.reward.reason }).fill('A great film about us');
    await desk.button(w.reward.submitWaits, dialog).click();
    await expect(panel().getByText(w.reward.state.waiting)).toBeVisible();
  });
});

it('somebody else approves by the keyboard', async () => {
  const boss = await Desk.open({ stage });
  for (const step of ['g', 'a']) await boss.page.keyboard.press(step);
  await boss.page.getByRole('link', { name: w.advocatesArea.approvals }).click();
  const list = boss.page.getByRole('list', { name: w.approvals.list });
  await expect(list.getByText('A great film about us')).toBeVisible();
  await boss.page.keyboard.press('j');
  await expect(list.getByRole('link', { name: paria.name })).toBeFocused();
  await boss.page.keyboard.press('a');
  await expect(boss.page.getByText(w.approvals.approved(paria.name))).toBeVisible();
  await expect(boss.page.getByText(w.approvals.emptyTitle)).toBeVisible();
  const ledger = await stage.world.agent.call<RewardPage>('GET', '/api/rewards?state=given&limit=10');
  expect(ledger.rewards.find(({ points }) => points === 5_000)?.balance).toBe(5_000);
  // …or refuses what is asked for next.
  const asks = new Agent(desk.url);
  await asks.call('POST', '/api/session', marketer);
  await asks.call('POST', '/api/rewards', {
    id: crypto.randomUUID(),
    customerId: kamran.customerId,
    kind: 'points',
    points: 9_000,
    cost: null,
    text: '',
    reason: 'Too much',
  });
  await expect(list.getByText('Too much')).toBeVisible();
  await boss.page.keyboard.press('n');
  await expect(boss.page.getByText(w.approvals.refused(kamran.name))).toBeVisible();
  expect(boss.complaints).toEqual([]);
  await boss.close();
});

it('weights show who would move, and are kept', async () => {
  await desk.goTo('/advocates/settings');
  const preview = desk.page.getByRole('table', { name: w.weights.preview });
  await expect(preview.getByText(paria.name)).toBeVisible();
  const { advocate } = await detailOf(paria);
  // Only purchases count, and nobody bought.
  for (const part of [
    'praise',
    'recommendation',
    'testimonial',
    'help',
    'reach',
    'referrals',
    'recency',
  ] as const) {
    const field = desk.page.getByRole('textbox', { name: w.weights.weightOf(w.part[part]) });
    await field.fill('0');
    await field.press('Tab');
  }
  await expect(preview.getByTitle(w.weights.was(String(advocate.score)), { exact: true })).toHaveText('0');
  await desk.button(w.weights.discard).click();
  const slider = desk.page.getByRole('slider', { name: w.weights.weightOf(w.part.purchases) });
  await slider.focus();
  await key('ArrowRight');
  await desk.button(desk.t.common.save).click();
  await expect(desk.page.getByText(w.weights.saved)).toBeVisible();
  const { weights } = await stage.world.agent.call<{ weights: { purchases: number } }>(
    'GET',
    '/api/advocates/settings',
  );
  expect(weights.purchases).toBe(6);
});

it('codes are pasted, and what cannot be taken is named by its line', async () => {
  await desk.page.getByRole('link', { name: w.advocatesArea.coupons }).click();
  await desk.button(w.coupons.add).click();
  const dialog = desk.page.getByRole('dialog', { name: w.coupons.add });
  await dialog.getByRole('textbox', { name: w.coupons.name }).fill('Autumn');
  await dialog.getByRole('textbox', { name: w.coupons.cost }).fill('20000');
  await dialog.getByRole('textbox', { name: w.coupons.codes }).fill('A-1\nB 2\nA-1\nC-3');
  await expect(dialog.getByText(w.coupons.issue.space)).toBeVisible();
  await expect(dialog.getByText(w.coupons.issue.twice(1))).toBeVisible();
  await desk.button(w.coupons.save, dialog).click();
  await expect(desk.page.getByText(w.coupons.left(2, 2))).toBeVisible();
  await desk.button(w.coupons.addCodes).click();
  const more = desk.page.getByRole('dialog', { name: w.coupons.addTo('Autumn') });
  await more.getByRole('textbox', { name: w.coupons.codes }).fill('C-3\nD-4');
  await desk.button(w.coupons.addCodes, more).click();
  await expect(more.getByText(w.coupons.issue.known)).toBeVisible();
  await desk.button(w.coupons.addCodes, more).click();
  await expect(desk.page.getByText(w.coupons.left(3, 3))).toBeVisible();
});

it('whoever opted out is locked, and it is said why', async () => {
  await stage.world.agent.call('PUT', `/api/customers/${kamran.customerId}/consents/telegramUser`, {
    state: 'withdrawn',
  });
  await until('the lock', async () => (await detailOf(kamran)).advocate.optedOut || undefined);
  await desk.goTo(`/advocates?who=${kamran.customerId}`);
  const drawer = desk.page.getByRole('dialog');
  await expect(drawer.getByText(w.board.optedOutText)).toBeVisible();
  await expect(desk.button(w.person.start, drawer)).toBeDisabled();
  expect(desk.complaints).toEqual([]);
});
