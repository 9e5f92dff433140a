import { afterAll, beforeAll, it, expect as sure } from 'vitest';
import { advocateCatalogs } from '../../client/i18n/advocate-words.ts';
import { chartCatalogs } from '../../client/i18n/chart-words.ts';
import { listeningCatalogs } from '../../client/i18n/listening-words.ts';
import { reportCatalogs } from '../../client/i18n/report-words.ts';
import { socialCatalogs } from '../../client/i18n/social-words.ts';
import { axe } from './browser.ts';
import { Desk, expect, type Login, lineOf, type Stage, sent, setStage } from './desk.ts';

const a = advocateCatalogs.en;
const l = listeningCatalogs.en;
const s = socialCatalogs.en;

let stage: Stage;
let desk: Desk;

beforeAll(async () => {
  stage = await setStage({ channels: ['x', 'instagram'] });
  const { agent } = stage.world;
  const login: Login = { email: 'raha@example.com', password: 'the password of Raha' };
  await agent.call('POST', '/api/users', {
    ...login,
    name: 'Raha Marketer',
    role: 'marketer',
    channelIds: 'all',
  });
  await agent.call('POST', '/api/listening/searches', {
    name: 'Elm',
    kind: 'brand',
    terms: ['elm', 'نارون'],
    exclude: [],
    excludeAuthors: [],
    channelIds: 'all',
    alert: true,
  });
  desk = await Desk.open({ stage, login });
});
afterAll(() => stage?.close());

const x = () => lineOf(stage, 'x');

/** Somebody says something on X to nobody in particular: the saved search finds it. */
async function mentions(n: number, who: { name: string; followers: number }, text: string): Promise<void> {
  const { simulator } = x();
  await simulator.act({ do: 'mention', peer: simulator.peer(n), ...who, text });
}

const said = (text: string) =>
  desk.page.getByRole('feed', { name: l.stream.list }).getByRole('article').filter({ hasText: text });
const column = (stageName: string) => desk.page.getByRole('region', { name: stageName, exact: true });
const card = (name: string, within = desk.page.locator('main')) =>
  within.getByRole('button', { name, exact: true });

it('goes from a mention to a rewarded advocate', async () => {
  const { page } = desk;
  await desk.goTo('/listening');
  await expect(page.getByText(l.stream.quietTitle)).toBeVisible();
  const praise = 'I love my elm kettle, it is excellent! I highly recommend it to everyone.';
  await mentions(7, { name: 'Sara Fan', followers: 24_000 }, praise);
  const hit = said(praise);
  await expect(hit).toBeVisible();
  await hit.focus();
  await expect(hit.locator('[data-sentiment]')).toHaveAttribute('data-sentiment', 'positive');
  sure(await axe(page)).toEqual([]);

  // Whoever said it becomes a customer, with all they said before.
  await page.keyboard.press('c');
  await expect(desk.bubble(praise)).toBeVisible();

  // By the keyboard alone: the board, one stage further, the record, the reward.
  await page.locator('#content').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  const found = card('Sara Fan', column(a.stage.discovered));
  await expect(found).toBeVisible();
  await found.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(card('Sara Fan', column(a.stage.contacted))).toBeFocused();
  sure(await axe(page)).toEqual([]);
  await page.keyboard.press('Enter');
  const record = page.getByRole('dialog', { name: 'Sara Fan' });
  await expect(record.getByText('I highly recommend it to everyone.').first()).toBeVisible();
  sure(await axe(page)).toEqual([]);
  await page.keyboard.press('r');
  const giving = page.getByRole('dialog', { name: a.reward.giveTo('Sara Fan') });
  await giving.getByRole('textbox', { name: a.reward.reason }).fill('Kind words about the kettle');
  await giving.getByRole('button', { name: a.reward.submit }).click();
  await expect(giving).toBeHidden();

  // They hear of it where they speak, to them alone.
  await expect
    .poll(() => sent(x(), thanks).map(({ peer, visibility }) => [peer, visibility]))
    .toEqual([[x().simulator.peer(7), undefined]]);
  await record.getByRole('tab', { name: a.person.tabs.rewards }).click();
  await expect(record.getByText('Kind words about the kettle')).toBeVisible();
});

const thanks = 'Hello Sara Fan, thank you for standing by us: 100 points were added to your loyalty account.';

it('has somebody else approve what is worth much', async () => {
  const { page } = desk;
  await desk.goTo('/advocates');
  const theirs = card('Sara Fan');
  await expect(theirs).toBeVisible();
  await theirs.focus();
  await page.keyboard.press('r');
  const giving = page.getByRole('dialog', { name: a.reward.giveTo('Sara Fan') });
  await giving.getByRole('textbox', { name: a.reward.points, exact: true }).fill('5000');
  await giving.getByRole('textbox', { name: a.reward.points, exact: true }).press('Tab');
  await giving.getByRole('textbox', { name: a.reward.reason }).fill('A film of the kettle');
  await giving.getByRole('button', { name: a.reward.submitWaits }).click();
  await expect(giving).toBeHidden();
  await desk.goTo('/advocates/approvals');
  await expect(page.getByText(a.approvals.notMine)).toBeVisible();
  await expect(page.getByRole('button', { name: a.approvals.approve })).toBeHidden();

  const boss = await Desk.open({ stage });
  await boss.goTo('/advocates/approvals');
  await boss.page
    .getByRole('list', { name: a.approvals.list })
    .getByRole('link', { name: 'Sara Fan', exact: true })
    .focus();
  await boss.page.keyboard.press('a');
  await expect(boss.page.getByText(a.approvals.emptyTitle)).toBeVisible();
  await boss.close();
  // The page of whoever asked hears of it.
  await expect(page.getByText(a.approvals.emptyTitle)).toBeVisible();
  sure(await axe(page)).toEqual([]);

  await desk.goTo('/reports/advocates');
  const report = reportCatalogs.en;
  await expect(page.getByRole('heading', { name: report.rewards.praised(2, 0) })).toBeVisible();
  const reach = page.getByRole('region').filter({
    has: page.getByRole('heading', { name: '24,000 followers' }),
  });
  await reach.getByRole('button', { name: chartCatalogs.en.showTable }).click();
  await expect(reach.getByRole('cell', { name: '24,000', exact: true })).toBeVisible();
  sure(await axe(page)).toEqual([]);
  const csv = await reach.getByRole('link', { name: chartCatalogs.en.csv }).getAttribute('href');
  const file = await page.request.get(`${desk.url}${csv}`);
  sure(file.headers()['content-type']).toContain('text/csv');
  sure(await file.text()).toContain('"24000"');
  await desk.goTo('/reports/advocates?range=lastMonth');
  await expect(page.getByText(report.empty)).toBeVisible();
});

it('is told when far more is said than usual, and why', async () => {
  const { page } = desk;
  await desk.goTo('/listening');
  for (let n = 0; n < 14; n += 1)
    await mentions(
      100 + n,
      { name: `Angry ${n}`, followers: 10 + n },
      `Payment at elm fails again, this is terrible ${n}`,
    );
  await expect(page.getByRole('link', { name: l.spikes.look })).toBeVisible();
  await page.getByRole('link', { name: l.spikes.look }).click();
  const alert = page.getByRole('article').filter({ hasText: l.spikes.title('Elm') });
  await expect(alert.getByText(l.spikes.new, { exact: true })).toBeVisible();
  await expect(alert).toContainText('Angry 13');
  await expect(alert).toContainText('Payment at elm fails again, this is terrible');
  sure(await axe(page)).toEqual([]);
  await alert.focus();
  await page.keyboard.press('d');
  await expect(alert.getByText(l.spikes.new, { exact: true })).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(said('Payment at elm fails again').first()).toBeVisible();
  await expect(page.getByRole('link', { name: l.spikes.look })).toBeHidden();
});

it('answers a comment before all, and hands the rest over to private', async () => {
  const { page } = desk;
  const instagram = lineOf(stage, 'instagram');
  const { simulator } = instagram;
  await simulator.act({
    do: 'public',
    peer: simulator.peer(60),
    name: 'Mina Comment',
    text: 'My order never came, what now?',
  });
  await desk.goTo('/inbox/all');
  await desk.open('My order never came');
  const way = (label: string) => desk.button(label, desk.composer);
  await expect(way(s.visibility.toPublic)).toHaveAttribute('aria-pressed', 'true');
  await desk.answer('We are sorry, and write to you at once.');
  await expect(desk.tick('sent', desk.bubble('We are sorry'))).toBeVisible();
  sure(sent(instagram, 'We are sorry, and write to you at once.')).toMatchObject([{ visibility: 'public' }]);

  await page.keyboard.press('Alt+p');
  await expect(way(s.visibility.toPrivate)).toHaveAttribute('aria-pressed', 'true');
  await expect(desk.textbox).toBeFocused();
  await page.keyboard.insertText('Which number does your order have?');
  await page.keyboard.press('Control+Enter');
  await expect(desk.timeline.getByText(desk.t.event.handedOver('Raha Marketer'))).toBeVisible();
  await expect
    .poll(() => sent(instagram, 'Which number does your order have?'))
    .toMatchObject([{ peer: simulator.peer(60) }]);
  sure(sent(instagram, 'Which number does your order have?')[0]?.visibility).toBeUndefined();
  // What they answer is private too, in the same conversation.
  await simulator.customerWrites({ peer: simulator.peer(60), text: 'It is 1234' });
  const answer = desk.bubble('It is 1234');
  await expect(answer).toBeVisible();
  await expect(answer.getByText(s.visibility.public, { exact: true })).toBeHidden();
  sure(desk.complaints).toEqual([]);
});
