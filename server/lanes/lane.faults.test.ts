import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Fault } from '../../connectors/connector.ts';
import { header, laneOf, type Outbound, received, say, startOutbound } from '../../test/outbound.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { workLane } from './lane.worker.ts';

const faults: Fault[] = [
  'serverError',
  'htmlError',
  'rateLimit',
  'resetBeforeAccept',
  'resetAfterAccept',
  'hang',
];
const call = fc.constantFrom('sms/send', 'sms/statuslocalmessageid');
const plan = fc.array(fc.tuple(fc.constantFrom(...faults), call), { minLength: 4, maxLength: 10 });

/** Until nothing is to leave any more: each round two servers at once, then the time that waits ask for. */
async function workThrough(world: Outbound, lanes: string[]): Promise<number> {
  const { ctx } = world;
  const other = await ctx.sibling();
  try {
    for (let round = 1; ; round += 1) {
      await Promise.all(lanes.flatMap((lane) => [workLane(ctx, lane), workLane(other, lane)]));
      const open = await ctx.models.messages.countDocuments({
        $or: [{ 'delivery.state': { $in: ['queued', 'sending'] } }, { 'delivery.nextAt': { $ne: null } }],
        delivery: { $ne: null },
      });
      if (!open) return round;
      if (round > 150) throw new Error(`${open} messages never came to an end.`);
      world.pass(70_000);
    }
  } finally {
    await other.close();
  }
}

it('whatever goes wrong on the way, a provider that can be asked gets each message exactly once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (planned) => {
      const world = await startOutbound({ context: { leaseMs: 900 } });
      try {
        const { ctx, simulator } = world;
        for (const [fault, method] of planned) simulator.fail(fault, { call: method });
        const messages: MessageDoc[] = [];
        for (const n of [1, 2]) {
          const conversation = await world.begin(n);
          for (const i of [1, 2, 3]) messages.push(await say(ctx, conversation, { text: `${n}.${i}` }));
        }
        await workThrough(world, [...new Set(messages.map(laneOf))]);

        const sent = received(simulator).map((one) => one.text);
        const states = await ctx.models.messages.find({ kind: 'message' }).lean<MessageDoc[]>();
        for (const message of states) {
          const times = sent.filter((text) => text === message.text).length;
          // Asking may have been given up after ten minutes: then an agent decides, and it left once or not at all.
          if (message.delivery?.state === 'unknown') expect(times).toBeLessThanOrEqual(1);
          else expect([message.text, message.delivery?.state, times]).toEqual(outcome(message, times));
          expect((await header(ctx, { _id: message.conversationId })).undelivered).toBe(
            states.filter(
              (one) =>
                one.conversationId === message.conversationId &&
                ['failed', 'unknown'].includes(one.delivery?.state ?? ''),
            ).length,
          );
        }
        for (const n of [1, 2]) {
          const lane = sent.filter((text) => text.startsWith(`${n}.`));
          expect(lane).toEqual([...lane].sort());
        }
      } finally {
        await world.close();
      }
    }),
    { numRuns: 5 },
  );
});

/** Sent once, or given up after ten minutes of refusals without ever having left. */
function outcome(message: MessageDoc, times: number): [string, string, number] {
  return message.delivery?.state === 'failed' && times === 0
    ? [message.text, 'failed', 0]
    : [message.text, 'sent', 1];
}
