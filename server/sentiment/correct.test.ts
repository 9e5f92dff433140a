import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { agent } from '../../test/outbound.ts';
import { mentioned, person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { workFacts } from '../customers/facts.worker.ts';
import { checkInvariants } from '../db/invariants.ts';
import { convertHit } from '../listening/convert.ts';
import { updateHit } from '../listening/hit.update.ts';
import { workListening } from '../listening/listen.worker.ts';
import { createSearch } from '../listening/saved.service.ts';
import { importConversations } from '../messages/import.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { putRecord } from '../records/record.service.ts';
import { correctSentiment } from './correct.ts';
import { boughtNames, forgetProducts } from './products.ts';

let ctx: TestContext;
let channel: ChannelDoc;
const sara = person('1001', { name: 'Sara Example' });
const boss: Viewer = { id: 'boss', role: 'administrator', channelIds: 'all', teamIds: [] };
const running = new AbortController();

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  forgetProducts(ctx);
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

async function message(filter: object = { kind: 'message', direction: 'in' }): Promise<MessageDoc> {
  const found = await ctx.models.messages.findOne(filter).sort({ at: 1, seq: 1 }).lean<MessageDoc>();
  if (!found) throw new Error('There is no such message.');
  return found;
}
async function conversation(): Promise<ConversationDoc> {
  const found = await ctx.models.conversations.findOne({}).lean<ConversationDoc>();
  if (!found) throw new Error('There is no conversation.');
  return found;
}
const correct = async (label: 'positive' | 'neutral' | 'negative' | null, viewer: Viewer = agent) => {
  const { _id, conversationId } = await message();
  return correctSentiment(ctx, viewer, { conversationId, messageId: _id, label });
};
const labels = () => ctx.models.sentimentLabels.find({}).lean();

describe('what a customer writes', () => {
  it('has its mood when it is there, and the row of the list says so', async () => {
    await deliver(ctx, channel, [written(sara, 'کیفیتش افتضاحه')]);
    expect((await message()).sentiment).toMatchObject({ label: 'negative', language: 'fa', by: 'model' });
    expect((await conversation()).preview).toMatchObject({ sentiment: 'negative' });
  });

  it('has another when its sender writes other words, whatever was said of the first', async () => {
    await deliver(ctx, channel, [written(sara, 'کیفیتش افتضاحه', { externalIds: ['a'] })]);
    await correct('neutral');
    await deliver(ctx, channel, [
      { type: 'edit', externalId: 'a', text: 'کیفیتش عالیه', at: new Date(), order: '2' },
    ]);
    expect((await message()).sentiment).toMatchObject({ label: 'positive', by: 'model' });
    expect(await labels()).toEqual([]);
    expect((await conversation()).preview).toMatchObject({ sentiment: 'positive' });
  });

  it('leaves none behind when it is taken back, and has none where nothing is said', async () => {
    await deliver(ctx, channel, [written(sara, 'کیفیتش افتضاحه', { externalIds: ['a'] })]);
    await deliver(ctx, channel, [{ type: 'delete', externalId: 'a', at: new Date() }]);
    expect((await message()).sentiment).toBeNull();
    await deliver(ctx, channel, [written(sara, 'https://example.com', { externalIds: ['b'] })]);
    expect((await message({ externalId: 'b' })).sentiment).toBeNull();
  });

  it('long ago has one too, and what was written to them none', async () => {
    const at = new Date(Date.now() - 86_400_000);
    const identity = {
      kind: 'telegramUser' as const,
      value: '7',
      display: '@7',
      channelId: channel._id,
      threadKey: '7',
    };
    await importConversations(ctx, {
      customers: [
        {
          identities: [identity],
          conversations: [
            {
              messages: [
                { direction: 'in', identity: 0, text: 'I love it, thank you', at, externalId: '1' },
                { direction: 'out', identity: 0, text: 'Great to hear!', at, externalId: '2' },
              ],
            },
          ],
        },
      ],
    });
    expect((await message({ direction: 'in' })).sentiment).toMatchObject({ label: 'positive' });
    expect((await message({ direction: 'out' })).sentiment ?? null).toBeNull();
  });

  it('names products by what the organisation’s purchases call them', async () => {
    await deliver(ctx, channel, [written(sara, 'hello')]);
    const { customerId } = await conversation();
    await putRecord(ctx, {
      kind: 'purchase',
      customerId,
      externalId: 'P-1',
      put: {
        at: new Date().toISOString(),
        title: 'Order',
        amount: 1,
        currency: 'IRR',
        items: [{ name: 'کیف چرمی', code: '', quantity: 1, amount: null }],
        status: 'done',
        statusText: '',
        note: '',
        referralCode: '',
      },
      source: { by: 'api', id: 'key' },
    });
    forgetProducts(ctx);
    expect(await boughtNames(ctx)).toEqual(['کیف چرمی']);
    await deliver(ctx, channel, [written(sara, 'کیف چرمی عالی بود', { externalIds: ['b'] })]);
    const { _id: messageId, conversationId, sentiment } = await message({ externalId: 'b' });
    const of = (label: 'positive' | 'negative') => [{ aspect: null, product: 'کیف چرمی', label }];
    expect(sentiment?.about).toEqual(of('positive'));
    // It was irony: then it is no praise of the product either.
    const options = { conversationId, messageId };
    const told = await correctSentiment(ctx, agent, { ...options, label: 'negative' });
    expect(told.sentiment?.about).toEqual(of('negative'));
    const back = await correctSentiment(ctx, agent, { ...options, label: null });
    expect(back.sentiment?.about).toEqual(of('positive'));

    // From the moment on in which somebody listens for it, the product has the name that they gave it.
    const bag = {
      name: 'کیف مهتاب',
      kind: 'product' as const,
      terms: ['کیف چرمی', 'mahtab bag'],
      exclude: [],
    };
    await createSearch(ctx, boss, { ...bag, excludeAuthors: [], channelIds: 'all', alert: false });
    await deliver(ctx, channel, [written(sara, 'I love your Mahtab bag', { externalIds: ['c'] })]);
    expect((await message({ externalId: 'c' })).sentiment?.about).toEqual([
      { aspect: null, product: 'کیف مهتاب', label: 'positive' },
    ]);
    expect(await boughtNames(ctx)).toEqual(['کیف چرمی']);
  });
});

describe('what is taken back', () => {
  const gone = (externalId: string): InboundEvent => ({ type: 'delete', externalId, at: ctx.now() });
  const words = 'کیفیتش افتضاحه';

  it('takes what was said of it along, for good', async () => {
    await deliver(ctx, channel, [written(sara, words, { externalIds: ['a'] })]);
    await correct('neutral');
    expect(await labels()).toMatchObject([{ text: words }]);
    await deliver(ctx, channel, [gone('a')]);
    expect(await labels()).toEqual([]);
    await deliver(ctx, channel, [written(sara, words, { externalIds: ['a'] }), gone('a')]);
    expect(await labels()).toEqual([]);
    await expect(correct('neutral')).rejects.toMatchObject({ code: 'notFound' });
  });

  it('leaves alone what was said of others, and what came before it was known', async () => {
    await deliver(ctx, channel, [gone('b')]);
    await deliver(ctx, channel, [
      written(sara, words, { externalIds: ['a'] }),
      written(sara, words, { externalIds: ['b'], at: new Date(Date.now() + 1000) }),
    ]);
    await correct('neutral');
    await deliver(ctx, channel, [gone('b')]);
    expect(await labels()).toMatchObject([{ text: words, label: 'neutral' }]);
  });

  it('in public takes it along too, as a mention and as the message that it became', async () => {
    await deliver(
      ctx,
      channel,
      ['a', 'b', 'c'].map((externalId) => mentioned(sara, words, { externalId })),
    );
    const asked = { name: 'Quality', kind: 'keyword' as const, terms: ['کیفیتش'], exclude: [] };
    await createSearch(ctx, boss, { ...asked, excludeAuthors: [], channelIds: 'all', alert: false });
    await workListening(ctx, running.signal, { rest: 0 });
    const idOf = (externalId: string) => `${channel._id}:${externalId}`;
    for (const externalId of ['a', 'b', 'c'])
      await updateHit(ctx, boss, { id: idOf(externalId), update: { sentiment: 'neutral' } });
    await deliver(ctx, channel, [gone('a')]);
    expect((await labels()).map(({ _id }) => _id).sort()).toEqual([idOf('b'), idOf('c')]);
    await convertHit(ctx, boss, idOf('b'));
    const became = await message({ externalId: 'b' });
    expect((await labels()).map(({ _id }) => _id)).toContain(became._id);
    expect((await labels()).map(({ _id }) => _id)).not.toContain(idOf('b'));
    await deliver(ctx, channel, [gone('b')]);
    expect((await labels()).some(({ _id }) => _id === became._id || _id === idOf('b'))).toBe(false);
    const edit = { type: 'edit' as const, externalId: 'c', text: 'عالیه', at: ctx.now(), order: '1' };
    await deliver(ctx, channel, [edit]);
    expect(await labels()).toEqual([]);
  });
});

describe('an agent’s word for it', () => {
  beforeEach(() => deliver(ctx, channel, [written(sara, 'کیفیتش افتضاحه')]).then(() => undefined));

  it('stands on the message in one commit, and is kept with what it was said of', async () => {
    const before = await conversation();
    const after = await correct('neutral');
    expect(after.sentiment).toMatchObject({
      label: 'neutral',
      score: 0,
      confidence: 1,
      by: 'agent',
      byUserId: agent.id,
    });
    expect(after.sentiment?.words.length).toBeGreaterThan(0);
    expect((await conversation()).version).toBe(before.version + 1);
    expect((await conversation()).preview).toMatchObject({ sentiment: 'neutral' });
    expect(await labels()).toMatchObject([
      {
        _id: after._id,
        text: 'کیفیتش افتضاحه',
        language: 'fa',
        label: 'neutral',
        guessed: 'negative',
        by: agent.id,
      },
    ]);
  });

  it('is taken back by its undo, which gives the model its say again', async () => {
    await correct('positive');
    const after = await correct(null);
    expect(after.sentiment).toMatchObject({ label: 'negative', by: 'model', byUserId: null });
    expect(await labels()).toEqual([]);
  });

  it('said twice is said once', async () => {
    await correct('positive');
    const { version } = await conversation();
    await correct('positive');
    expect((await conversation()).version).toBe(version);
  });

  it('is refused where they may not, and where there is no mood to speak of', async () => {
    await expect(correct('positive', { ...agent, channelIds: [] })).rejects.toMatchObject({
      code: 'notFound',
    });
    const { conversationId } = await message();
    await expect(
      correctSentiment(ctx, agent, { conversationId, messageId: 'nobody', label: 'neutral' }),
    ).rejects.toMatchObject({ code: 'notFound' });
    await deliver(ctx, channel, [written(sara, '12345', { externalIds: ['n'] })]);
    const number = await message({ externalId: 'n' });
    await expect(
      correctSentiment(ctx, agent, { conversationId, messageId: number._id, label: 'neutral' }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is what the facts of the customer count', async () => {
    await deliver(ctx, channel, [
      written(sara, 'ممنون، عالی بود', { externalIds: ['b'], at: new Date(Date.now() + 1000) }),
    ]);
    const work = async () => {
      await workFacts(ctx, running.signal);
      return (await ctx.models.facts.findById((await conversation()).customerId).lean<FactsDoc>())?.sentiment;
    };
    expect(await work()).toEqual({ last: 'positive', positive: 1, neutral: 0, negative: 1 });
    await correct('neutral');
    expect(await work()).toEqual({ last: 'positive', positive: 1, neutral: 1, negative: 0 });
  });
});
