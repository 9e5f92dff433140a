import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InboundMessage, Sender } from '../../connectors/connector.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { drain } from '../../test/intake.ts';
import { plain, rawEvent, written } from '../../test/provider.ts';
import { seeded, shuffled } from '../../test/random.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { storeEvents } from '../inbound/inbound.store.ts';
import { processEvent } from '../inbound/inbound.worker.ts';
import type { MessageDoc } from './message.model.ts';

/** Other letters in another order for each run; SEED repeats a failed one. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const worlds = 6;
const orders = 5;

let ctx: TestContext;
let other: TestContext;
beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
  other = await ctx.sibling();
});
afterAll(async () => {
  await other?.close();
  await ctx?.close();
});

const people: Sender[] = ['sara@example.com', 'omid@example.net', 'lena@example.org'].map((value) => ({
  kind: 'emailAddress',
  value,
  display: value,
}));

interface Posted {
  letter: InboundMessage;
  /** Which of our mailboxes it came to. */
  boxes: number[];
}

/** Letters of several people who answer each other and are copied in, some with references lost, some to both mailboxes. */
function world(random: () => number): Posted[] {
  const start = Date.now() - 86_400_000;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const posted: Posted[] = [];
  for (let n = 0; n < 9; n += 1) {
    const before = posted.length && random() < 0.8 ? pick(posted) : null;
    const chain = before ? [before.letter.externalIds[0] ?? '', ...(before.letter.references ?? [])] : [];
    const references = random() < 0.3 ? chain.slice(0, 1) : chain.slice(0, 5);
    const id = `letter-${n}`;
    posted.push({
      letter: written(pick(people), id, {
        externalIds: [id],
        scope: 'email',
        direction: random() < 0.25 ? 'out' : 'in',
        threadKey: references.at(-1) ?? id,
        at: new Date(start + n * 60_000),
        providerOrder: id,
        digest: id,
        ...(references.length ? { references } : {}),
      }),
      boxes: pick([[0], [1], [0, 1]]),
    });
  }
  return posted;
}

async function play(posted: readonly Posted[], random: () => number): Promise<unknown> {
  await ctx.empty();
  const boxes: ChannelDoc[] = [];
  for (const accountRef of ['first', 'second'])
    boxes.push(await ctx.addChannel({ connector: 'plain', accountRef }));
  const arrivals = posted.flatMap(({ letter, boxes: to }) =>
    to.flatMap((box) => [
      { letter, box },
      { letter, box },
    ]),
  );
  const ids: string[] = [];
  for (const { letter, box } of shuffled(arrivals, random)) {
    const channel = boxes[box] as ChannelDoc;
    const stored = await storeEvents(ctx, {
      hookId: channel.hookId,
      channel,
      connectorId: 'plain',
      events: [rawEvent([letter], { accountRef: channel.accountRef })],
    });
    ids.push(...stored.ids);
    if (random() < 0.4) await drain(ctx);
  }
  if (random() < 0.5) await Promise.all(ids.map((id, n) => processEvent(n % 2 ? ctx : other, id)));
  await drain(ctx);
  expect(await checkInvariants(ctx.models)).toEqual([]);
  return endOf(boxes);
}

async function endOf(boxes: readonly ChannelDoc[]): Promise<unknown> {
  const messages = await ctx.models.messages.find({ kind: 'message' }).lean<MessageDoc[]>();
  const ids = new Map(messages.map((message) => [message._id, message.externalId]));
  const boxOf = (id: string | null) => boxes.findIndex((box) => box._id === id);
  const writers = new Map(messages.map((message) => [message.conversationId, message.identityId]));
  return {
    messages: messages
      .map((message) => ({
        id: message.externalId,
        by: message.identityId,
        direction: message.direction,
        thread: message.threadKey,
        answers: message.inReplyTo && ids.get(message.inReplyTo),
        related: message.relatedId && writers.get(message.relatedId),
        boxes: [message.channelId, ...message.alsoChannelIds].map(boxOf).sort(),
      }))
      .sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1)),
    conversations: (await ctx.models.conversations.find({}).lean())
      .map((one) => ({
        of: writers.get(one._id),
        messages: one.messageCount,
        channels: one.channelIds.map(boxOf).sort(),
        target: one.replyTarget?.threadKey,
        waits: one.waitingSince,
      }))
      .sort((a, b) => (String(a.of) < String(b.of) ? -1 : 1)),
    customers: await ctx.models.customers.countDocuments({}),
    unread: await ctx.models.inbound.countDocuments({ state: { $ne: 'done' } }),
  };
}

it(`letters end alike in every order, through two mailboxes and on two servers (SEED=${seed})`, async () => {
  const random = seeded(seed);
  for (let n = 1; n <= worlds; n += 1) {
    const posted = world(random);
    const first = await play(posted, () => 0.999);
    for (let order = 1; order <= orders; order += 1)
      expect(await play(posted, random), `world ${n}, order ${order} of SEED=${seed}`).toEqual(first);
  }
});
