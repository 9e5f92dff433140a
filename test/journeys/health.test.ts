import { afterAll, beforeAll, describe, it } from 'vitest';
import { settingsCatalogs } from '../../client/i18n/settings-words.ts';
import { webhookSecret } from '../../connectors/telegram/face.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import { until } from '../world.ts';
import { axe } from './browser.ts';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

const w = settingsCatalogs.fa;
let stage: Stage;
let desk: Desk;

beforeAll(async () => {
  stage = await setStage();
  desk = await Desk.open({ stage, preferences: { language: 'fa', calendar: 'jalali' } });
});
afterAll(() => stage?.close());

const channelOf = async (connector: string): Promise<ChannelDetails> => {
  const { channelId } = lineOf(stage, connector);
  const list = await stage.world.agent.call<ChannelDetails[]>('GET', '/api/channels');
  const found = list.find(({ id }) => id === channelId);
  if (!found) throw new Error(`There is no channel of ${connector}.`);
  return found;
};
const conversation = () =>
  until('the conversation', async () => (await stage.world.agent.conversations()).conversations[0]);
const cardOf = (channel: ChannelDetails) => desk.page.locator(`section[data-channel="${channel.id}"]`);
const clean = async (what: string) => expect(await axe(desk.page), what).toEqual([]);

describe('the health of the channels', () => {
  it('is there without asking again: what came in, in words and to the minute', async () => {
    await desk.goTo('/health');
    const channel = await channelOf('sms');
    const card = cardOf(channel);
    await expect(card).toBeVisible();
    await expect(desk.page.getByText(w.healthPage.summaryGood)).toBeVisible();
    const { simulator } = lineOf(stage, 'sms');
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام' });
    await expect(card.getByText('همین حالا').first()).toBeVisible();
    await expect(card.getByText(/امروز ساعت/).first()).toBeVisible();
    await clean('all is well');
  });

  it('names what did not leave, why, and sends it again', async () => {
    const { simulator } = lineOf(stage, 'sms');
    const channel = await channelOf('sms');
    simulator.fail('blocked', { times: 1 });
    await stage.world.agent.reply(await conversation(), 'سفارش شما آماده است.');
    const card = cardOf(channel);
    const fold = card.getByRole('button', { name: w.healthPage.showFailures(1) });
    await expect(fold).toBeVisible();
    await expect(desk.page.getByText(w.healthPage.summaryBad(1))).toBeVisible();
    await fold.click();
    await expect(card.getByText('سفارش شما آماده است.')).toBeVisible();
    const list = card.getByRole('list', { name: w.healthPage.failuresOf(channel.name) });
    await expect(list.getByText(w.reasons.said).first()).toBeVisible();
    await clean('a message that did not leave');
    await list.getByRole('button', { name: /تلاش دوباره/ }).click();
    await expect(desk.page.getByText(w.healthPage.replayed(1))).toBeVisible();
    // The provider took the first one too, and said only later that it was blocked.
    await until(
      'the message at the provider again',
      () => sent(lineOf(stage, 'sms'), 'سفارش شما آماده است.').length === 2,
    );
    await expect(list).toBeHidden();
  });

  it('names what could not be understood, and takes all of it up again', async () => {
    const { simulator } = lineOf(stage, 'telegram');
    const channel = await channelOf('telegram');
    const url = new URL(channel.hookUrl, stage.world.servers[0]?.url);
    for (const id of [1, 2]) {
      const from = { id: 4242, is_bot: false, first_name: 'مهدی' };
      const at = Math.floor(Date.now() / 1000);
      const message = {
        message_id: 70 + id,
        date: at,
        from,
        chat: { id: 4242, type: 'private' },
        hologram: id,
      };
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-telegram-bot-api-secret-token': webhookSecret(simulator.settings),
        },
        body: JSON.stringify({ update_id: 900_000 + id, message }),
      });
      expect(answer.status).toBe(200);
    }
    const card = cardOf(channel);
    const fold = card.getByRole('button', { name: w.healthPage.showFailures(2) });
    await expect(fold).toBeVisible();
    await fold.click();
    await expect(card.getByText(w.reasons.failedHere).first()).toBeVisible();
    await clean('events that could not be understood');
    await card.getByRole('button', { name: w.healthPage.replayAll }).click();
    await expect(desk.page.getByText(w.healthPage.replayed(2))).toBeVisible();
  });

  it('pauses and resumes a channel with an undo, and says why one paused itself', async () => {
    const { simulator } = lineOf(stage, 'sms');
    const channel = await channelOf('sms');
    const card = cardOf(channel);
    await card.getByRole('button', { name: w.healthPage.pauseOf(channel.name) }).click();
    await expect(card.getByText(w.healthPage.paused)).toBeVisible();
    await desk.page.getByRole('button', { name: desk.t.common.undo }).last().click();
    await expect(card.getByText(w.healthPage.listening.listening)).toBeVisible();

    simulator.fail('badCredentials', { times: 1 });
    await stage.world.agent.reply(await conversation(), 'پیک در راه است.');
    await expect(card.getByText(w.reasons.class.auth).first()).toBeVisible();
    await expect(card.getByText(w.reasons.said).first()).toBeVisible();
    const way = desk.page.locator('[data-rail] a[href="/health"]');
    await expect(way).toHaveAccessibleName(desk.t.rail.channelsIll(1));
    await clean('a channel that paused itself');
    await card.getByRole('button', { name: w.healthPage.resumeOf(channel.name) }).click();
    await expect(card.getByText(w.healthPage.pausedBySelf)).toBeHidden();
    await expect(way).toHaveAccessibleName(desk.t.health.title);
    // What waited for that leaves by itself.
    await until('the waiting message', () => sent(lineOf(stage, 'sms'), 'پیک در راه است.').length === 1);
    expect(desk.complaints).toEqual([]);
  });
});
