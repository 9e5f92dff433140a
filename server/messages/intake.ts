import type { InboundEvent } from '../../connectors/connector.ts';
import { callStep } from '../calls/call.intake.ts';
import type { Context } from '../context.ts';
import type { InboundDoc } from '../inbound/inbound.model.ts';
import { mentionStep } from '../posts/post.ours.ts';
import type { BodyDoc } from './body.ts';
import { commit, type Tx } from './commit.ts';
import { deleteStep } from './intake.delete.ts';
import { editStep } from './intake.edit.ts';
import { type MessageSteps, messageSteps } from './intake.message.ts';
import { publicStep } from './intake.public.ts';
import { reachStep } from './intake.reach.ts';
import { reactionStep } from './intake.reaction.ts';
import { statusStep } from './intake.status.ts';
import { type Arrival, done, type Outcome, type Step } from './intake.step.ts';
import { cleanText } from './intake.text.ts';
import { typingStep } from './intake.typing.ts';
import { watermarkSteps } from './intake.watermark.ts';
import { findParts, waitFor } from './parts.ts';

/** The lease ran out and somebody else has the event: nothing of this was written. */
export class EventLost extends Error {
  constructor(id: string) {
    super(`The event ${id} was taken over.`);
    this.name = 'EventLost';
  }
}

/** What an earlier step waited for came meanwhile: from the first step again. */
class Restart extends Error {}

const maxRounds = 5;

/** Raw payloads stay this long after `done`. */
export const keepPayloadMs = 30 * 24 * 3_600_000;

/**
 * Takes what one raw event means into conversations, and sets the event's state in the transaction of the last of it. Each step can
 * be done twice, so an event that was interrupted simply begins again.
 * @throws Contended, EventLost, or whatever the database says
 */
export async function intake(
  ctx: Context,
  arrival: Arrival,
  events: readonly InboundEvent[],
): Promise<InboundDoc['state']> {
  const stored: NonNullable<MessageSteps['stored']>[] = [];
  try {
    const steps: Step[] = [];
    for (const event of meant(arrival, events)) {
      const said = publicStep(ctx, arrival, event);
      if (said) steps.push(said);
      if (event.type === 'message') {
        const made = await messageSteps(ctx, arrival, event);
        if (made.stored) stored.push(made.stored);
        steps.push(...made.steps);
      } else steps.push(...stepsOf(ctx, arrival, event));
    }
    if (!steps.length)
      steps.push(async () => ({ state: 'ignored', reason: 'There is nothing in it for the inbox.' }));
    for (let round = 1; ; round += 1) {
      try {
        return await run(ctx, arrival, { events, steps });
      } catch (error) {
        if (!(error instanceof Restart) || round === maxRounds) throw error;
      }
    }
  } finally {
    for (const one of stored) await removeUnused(ctx, one);
  }
}

/** What a person wanted although it was not for the inbox is taken at its word. */
function meant({ inbound }: Arrival, events: readonly InboundEvent[]): InboundEvent[] {
  return inbound.restored
    ? events.flatMap((event) => (event.type === 'ignored' ? (event.restored ?? [event]) : [event]))
    : [...events];
}

/** A body's file is its message's, or nobody's: it was a copy, or the message could not be written. */
async function removeUnused(ctx: Context, stored: { fileId: string; messageId: string }): Promise<void> {
  try {
    const body = await ctx.models.bodies.findById(stored.messageId, { fileId: 1 }).lean<BodyDoc>();
    if (body?.fileId !== stored.fileId) await ctx.files.remove(stored.fileId);
  } catch (error) {
    ctx.log.warn({ err: error, file: stored.fileId }, 'file not removed');
  }
}

async function run(
  ctx: Context,
  arrival: Arrival,
  { events, steps }: { events: readonly InboundEvent[]; steps: readonly Step[] },
): Promise<InboundDoc['state']> {
  const before: Outcome[] = [];
  const left = [...steps];
  for (let step = left.shift(); step; ) {
    const now = step;
    const { outcome, state } = await commit(ctx, async (tx) => {
      const outcome = await now(tx);
      const last = left.length === 0 && !outcome.again && !outcome.follows;
      const state = last ? await settle(tx, arrival, { events, outcomes: [...before, outcome] }) : null;
      return { outcome, state };
    });
    for (const id of outcome.orphans ?? [])
      await ctx.files.remove(id).catch((error) => ctx.log.warn({ err: error, file: id }, 'file not removed'));
    if (state) return state;
    if (outcome.again) continue;
    before.push(outcome);
    left.unshift(...(outcome.follows ?? []));
    step = left.shift();
  }
  throw new Error('An event without steps cannot end.');
}

function stepsOf(ctx: Context, arrival: Arrival, event: Exclude<InboundEvent, { type: 'message' }>): Step[] {
  if (arrival.inbound.history && event.type !== 'ignored')
    return [
      async () => ({
        state: 'ignored',
        reason: `History: a word of type “${event.type}” from before the channel was connected.`,
      }),
    ];
  return event.type === 'watermark' ? watermarkSteps(ctx, arrival, event) : [stepOf(ctx, arrival, event)];
}

function stepOf(
  ctx: Context,
  arrival: Arrival,
  event: Exclude<InboundEvent, { type: 'message' | 'watermark' }>,
): Step {
  switch (event.type) {
    case 'status':
      return statusStep(arrival, event);
    case 'edit':
      return editStep(arrival, event);
    case 'delete':
      return deleteStep(arrival, event);
    case 'reaction':
      return reactionStep(ctx, arrival, event);
    case 'typing':
      return typingStep(arrival, event);
    case 'reachability':
      return reachStep(ctx, arrival, event);
    // What it says was said by the step before.
    case 'post':
      return async () => done;
    case 'mention':
      return mentionStep(ctx, arrival, event);
    case 'call':
      return callStep(ctx, arrival, event);
    case 'ignored':
      return async () => ({ state: 'ignored', reason: event.reason });
  }
}

/** Writes what the event waits for and, last of all, the event itself. */
async function settle(
  tx: Tx,
  arrival: Arrival,
  { events, outcomes }: { events: readonly InboundEvent[]; outcomes: readonly Outcome[] },
): Promise<InboundDoc['state']> {
  const now = tx.ctx.now();
  const waits = [...new Set(outcomes.flatMap((outcome) => outcome.waitsFor ?? []))];
  const come = (await findParts(tx, waits)).some((part) => part.messageId);
  const looksAgain = outcomes.find((outcome) => outcome.lookAgainAt)?.lookAgainAt ?? null;
  if (come) throw new Restart();
  for (const id of waits) await waitFor(tx, id, arrival.inbound._id);

  const parked = outcomes.some((outcome) => outcome.state === 'parked');
  const ignored = outcomes.every((outcome) => outcome.state === 'ignored');
  const state = parked ? 'parked' : ignored ? 'ignored' : 'done';
  const written = await tx.models.inbound.updateOne(
    { _id: arrival.inbound._id, state: 'working', 'lease.fence': arrival.fence },
    {
      $set: {
        state,
        attempts: 0,
        reason: ignored
          ? (outcomes.find((outcome) => outcome.reason)?.reason ?? null)
          : wanted(arrival, events),
        ...(ignored ? restoredAs(events) : { restorable: false, about: null }),
        parkedAt: parked ? (arrival.inbound.parkedAt ?? now) : null,
        doneAt: parked ? null : now,
        nextAt: parked ? looksAgain : new Date(now.getTime() + keepPayloadMs),
        channelId: arrival.channel._id,
      },
    },
    { session: tx.session },
  );
  if (!written.matchedCount) throw new EventLost(arrival.inbound._id);
  return state;
}

/** What a person would take in, for the list to show. */
function restoredAs(events: readonly InboundEvent[]): Pick<InboundDoc, 'restorable' | 'about'> {
  // A message that is ignored all the same is of somebody who is blocked.
  const restored = events.flatMap((event) => {
    if (event.type === 'ignored') return event.restored ?? [];
    return event.type === 'message' ? [event] : [];
  });
  const message = restored.find((event) => event.type === 'message');
  const said = message && (message.letter?.subject || message.text.trim());
  return {
    restorable: restored.length > 0,
    about: message ? cleanText(`${message.sender.display}: ${said}`).slice(0, 200) : null,
  };
}

/** Why it would have been ignored, had nobody wanted it. */
function wanted({ inbound }: Arrival, events: readonly InboundEvent[]): string | null {
  const ignored = events.find((event) => event.type === 'ignored');
  return inbound.restored && ignored ? ignored.reason : null;
}
