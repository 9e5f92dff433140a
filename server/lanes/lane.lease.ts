import type { ClientSession } from 'mongoose';
import type { Context } from '../context.ts';
import type { LaneDoc } from './lane.model.ts';

/** A lane in the hands of this process. */
export interface HeldLane {
  readonly laneId: string;
  readonly conversationId: string;
  readonly channelId: string;
  /** Higher than every earlier holder's. */
  readonly fence: number;
  /** As last read: the lane is let go only with this number. */
  touched: number;
  /** On this process's monotonic clock, counted from before the question was asked: never later than the database's own. */
  until: number;
}

/** Milliseconds that the lease certainly still has. */
export function remaining(held: Pick<HeldLane, 'until'>): number {
  return held.until - performance.now();
}

const until = (ms: number) => ({ $add: ['$$NOW', ms] });

/**
 * Takes a lane that nobody holds or whose lease has run out by the database's clock. A lane exists once a message was queued in it.
 * @returns null when another holds it or there is no such lane
 */
export async function takeLane(ctx: Context, laneId: string): Promise<HeldLane | null> {
  const asked = performance.now();
  const lane = await ctx.models.lanes.collection.findOneAndUpdate(
    { _id: laneId as never, $or: [{ lease: null }, { $expr: { $lte: ['$lease.until', '$$NOW'] } }] },
    [
      {
        $set: {
          lease: {
            owner: ctx.nodeId,
            until: until(ctx.leaseMs),
            fence: { $add: [{ $ifNull: ['$lease.fence', 0] }, 1] },
          },
        },
      },
    ],
    { returnDocument: 'after' },
  );
  const taken = lane as unknown as LaneDoc | null;
  if (!taken?.lease) return null;
  return {
    laneId,
    conversationId: taken.conversationId,
    channelId: taken.channelId,
    fence: taken.lease.fence,
    touched: taken.touched,
    until: asked + ctx.leaseMs,
  };
}

/**
 * Makes the lease last `ms` from now. Inside a transaction it is what makes that transaction and a take-over exclude each other;
 * `held` is then to be given the result once the transaction holds.
 * @returns what `held.until` is from now on
 * @throws LaneLost when another has taken the lane
 */
export async function extendLane(
  ctx: Context,
  held: HeldLane,
  options: { ms: number; session?: ClientSession },
): Promise<number> {
  const asked = performance.now();
  const result = await ctx.models.lanes.collection.updateOne(
    mine(ctx, held),
    [{ $set: { 'lease.until': until(options.ms) } }],
    options.session ? { session: options.session } : {},
  );
  if (!result.matchedCount) throw new LaneLost(held.laneId);
  return asked + options.ms;
}

/**
 * Lets the lane go, unless a message was queued since it was last read: then it stays held, with the new number.
 * The fence stays behind: the next holder's is higher.
 */
export async function letLaneGo(ctx: Context, held: HeldLane): Promise<'gone' | 'touched' | 'lost'> {
  const { lanes } = ctx.models;
  for (;;) {
    const result = await lanes.collection.updateOne(
      { ...mine(ctx, held), touched: held.touched },
      { $set: { 'lease.until': new Date(0) } },
    );
    if (result.matchedCount) return 'gone';
    const lane = await lanes.findById(held.laneId, null, { lean: true }).exec();
    if (!lane || lane.lease?.fence !== held.fence) return 'lost';
    if (lane.touched !== held.touched) {
      held.touched = lane.touched;
      return 'touched';
    }
  }
}

const mine = (ctx: Context, held: HeldLane) => ({
  _id: held.laneId as never,
  'lease.owner': ctx.nodeId,
  'lease.fence': held.fence,
});

/** Another holds the lane now: whatever this process still knows about it is dropped. */
export class LaneLost extends Error {
  constructor(laneId: string) {
    super(`The lane ${laneId} was taken over.`);
    this.name = 'LaneLost';
  }
}
