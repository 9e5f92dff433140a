import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Connector, ConnectorError } from '../../connectors/connector.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver, drain } from '../../test/intake.ts';
import { person, plain, rawEvent, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { InboundDoc } from './inbound.model.ts';
import { inlineBytes } from './inbound.store.ts';

let ctx: TestContext;
let channel: ChannelDoc;
let ahead = 0;
let asked = 0;
/** What the provider says when it is asked. */
let answer: () => Uint8Array | null = () => null;

/** Its events name nobody: whoever wrote must be asked for. */
const terse: Connector = {
  ...plain,
  complete: async () => {
    asked += 1;
    return answer();
  },
};

beforeAll(async () => {
  ctx = await createTestContext({
    connectors: { plain: terse },
    now: () => new Date(Date.now() + ahead),
  });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  ahead = 0;
  asked = 0;
  answer = () => null;
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const words = (text: string) => written(person('1001', { name: 'نرگس' }), text, { externalIds: ['one'] });
const payload = (text: string): Uint8Array => rawEvent([words(text)]).payload;
const texts = async () =>
  (await ctx.models.messages.find({ kind: 'message' }).lean()).map((message) => message.text);
const stored = async (id: string | undefined) => {
  const doc = await ctx.models.inbound.findById(id).lean<InboundDoc>();
  if (!doc) throw new Error(`There is no event ${id}.`);
  return doc;
};
const refusal = (kind: 'retryable' | 'permanent') => () => {
  throw new ConnectorError({ class: kind, code: 'x', message: 'The provider says nothing of it.' });
};

it('takes in what the provider was asked for, and keeps it with the event', async () => {
  answer = () => payload('what it points to');
  const [id] = await deliver(ctx, channel, [rawEvent([words('only a number')])]);
  expect(await texts()).toEqual(['what it points to']);
  expect(await stored(id)).toMatchObject({ state: 'done', completed: true });
});

it('takes in the event as it is when there is nothing to add', async () => {
  const [id] = await deliver(ctx, channel, [rawEvent([words('all of it')])]);
  expect(await texts()).toEqual(['all of it']);
  expect(await stored(id)).toMatchObject({ state: 'done', completed: false });
});

it('tries again while the provider is away, and asks no more once it has answered', async () => {
  answer = refusal('retryable');
  const [id] = await deliver(ctx, channel, [rawEvent([words('only a number')])]);
  expect(await stored(id)).toMatchObject({ state: 'new', reason: 'The provider says nothing of it.' });
  expect(await texts()).toEqual([]);
  answer = () => payload('what it points to');
  ahead += 60_000;
  await drain(ctx);
  expect(await texts()).toEqual(['what it points to']);
  expect(asked).toBe(2);
  await ctx.models.inbound.updateOne({ _id: id }, { $set: { state: 'new', lease: null } });
  await drain(ctx);
  expect(asked).toBe(2);
  expect(await texts()).toEqual(['what it points to']);
});

it('shows as failed what means nothing without an answer that will never come', async () => {
  answer = refusal('permanent');
  const [id] = await deliver(ctx, channel, [rawEvent([words('only a number')])]);
  expect(await stored(id)).toMatchObject({ state: 'failed', reason: 'The provider says nothing of it.' });
  expect(asked).toBe(1);
});

it('uses an answer that is too large to be kept, and keeps the event as it came', async () => {
  const long = 'ب'.repeat(inlineBytes);
  answer = () => payload(long);
  const [id] = await deliver(ctx, channel, [rawEvent([words('only a number')])]);
  const doc = await stored(id);
  expect(doc).toMatchObject({ state: 'done', completed: false });
  expect(doc.bytes).toBeLessThan(inlineBytes);
  expect(await ctx.models.messages.countDocuments({ kind: 'message' })).toBe(1);
});
