import type { Context } from '../context.ts';
import { blankConversation } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { type Begun, type Moving, rearrange } from '../conversations/conversation.rearrange.ts';
import { mustNotBeSending } from '../conversations/conversation.thread.ts';
import { commit, type Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { type Destination, type Fresh, otherSide, type Plan, planApart } from './customer.unmerge.plan.ts';
import { type Apart, type MintedIds, readApart } from './customer.unmerge.read.ts';

/** What one transaction moves, unless the context says otherwise. */
const mostAtOnce = 500;

/** Conversation → what in it is the other side's, in its order. */
export type Foreign = ReadonlyMap<string, MessageDoc[]>;

/**
 * What arrived since and is the other side's: what an identity of theirs wrote, and what was written to it. Notes and lines of the
 * timeline are nobody's: they stay.
 * @param most at most so many, and none that somebody waits over still: where those are, the customer is answered
 */
export async function foreignMessages(tx: Tx, apart: Apart, most?: number): Promise<Foreign> {
  const { sideOf } = apart;
  const foreign = new Map<string, MessageDoc[]>();
  let left = most ?? Number.POSITIVE_INFINITY;
  for (const side of ['root', 'restored'] as const) {
    const theirs = apart.identities.filter((one) => sideOf(one.homeCustomerId) === otherSide(side));
    const here = apart.conversations.filter((one) => sideOf(one.homeCustomerId) === side);
    if (!theirs.length) continue;
    const waiting = most === undefined ? [] : here.filter((one) => one.waitingSince);
    const quiet = here.filter((one) => !waiting.includes(one));
    const places = [
      ...(quiet.length ? [{ conversationId: { $in: quiet.map((one) => one._id) } }] : []),
      ...waiting.map((one) => ({ conversationId: one._id, at: { $lt: one.waitingSince as Date } })),
    ];
    for (const place of places) {
      if (left <= 0) break;
      const query = tx.models.messages
        .find(
          {
            ...place,
            identityId: { $in: theirs.map((one) => one._id) },
            kind: { $in: ['message', 'call'] },
          },
          null,
          { session: tx.session },
        )
        .sort({ conversationId: 1, seq: 1 });
      if (most !== undefined) query.limit(left);
      const found = await query.lean<MessageDoc[]>();
      left -= found.length;
      for (const message of found)
        foreign.set(message.conversationId, [...(foreign.get(message.conversationId) ?? []), message]);
    }
  }
  mustNotBeSending([...foreign.values()].flat());
  return foreign;
}

/** @param drafts conversations in which somebody writes to the other side */
export function planOf(apart: Apart, foreign: Foreign, drafts: Iterable<string> = []): Plan {
  return planApart({
    conversations: apart.conversations,
    sideOf: apart.sideOf,
    activeId: apart.root.active.main,
    prefer: apart.link.before.continued?.id ?? null,
    holds: new Set([...foreign.keys(), ...drafts]),
  });
}

export const placeId = (plan: Plan, place: Destination, minted: MintedIds): string =>
  'id' in place ? place.id : freshId(plan.fresh[place.fresh], minted);

export const freshId = (fresh: Fresh | undefined, minted: MintedIds): string =>
  minted(`${fresh?.side} beside ${fresh?.like._id}`);

export function movingOf(plan: Plan, foreign: Foreign, minted: MintedIds): Moving[] {
  return [...foreign].flatMap(([from, messages]) => {
    const target = plan.targets.get(from);
    if (!target) throw new Error(`Nothing was planned for what is the other side's in conversation ${from}.`);
    return [{ from, to: placeId(plan, target, minted), messages }];
  });
}

/** A conversation that begins for messages which have none of their own side's to go to. */
export function freshConversation(
  of: Pick<Fresh, 'like'> & { id: string; customerId: string; messages: readonly MessageDoc[]; now: Date },
  homes: ReadonlyMap<string, string>,
): Begun {
  const { like, messages } = of;
  const last = messages.at(-1);
  return {
    ...blankConversation({
      id: of.id,
      customerId: of.customerId,
      homeCustomerId: homes.get(last?.identityId ?? '') ?? of.customerId,
      at: messages[0]?.receivedAt ?? of.now,
    }),
    assigneeId: like.assigneeId,
    teamId: like.teamId,
    channelIds: [...new Set(messages.flatMap((message) => message.channelId ?? []))],
  };
}

export const homesOf = (apart: Apart): ReadonlyMap<string, string> =>
  new Map(apart.identities.map((one) => [one._id, one.homeCustomerId]));

/**
 * Some of a great many messages go where they will be, while the customer is still one: what is to be done in one transaction stays small.
 * Only what is answered goes ahead. So whatever ends here, a kill or a refusal, leaves one customer of whom nothing is missing and whose
 * active conversation waits as before, with older messages in conversations that went on in it; the same again goes on from there.
 * @returns whether there is more than one transaction's worth still
 */
export function moveAhead(ctx: Context, linkId: string, minted: MintedIds): Promise<boolean> {
  return commit(ctx, async (tx) => {
    const apart = await readApart(tx, linkId);
    if (!apart) return false;
    const most = ctx.movedAtOnce ?? mostAtOnce;
    const foreign = await foreignMessages(tx, apart, most + 1);
    const count = [...foreign.values()].reduce((sum, messages) => sum + messages.length, 0);
    if (count <= most) return false;
    const plan = planOf(apart, foreign);
    const moving = movingOf(plan, foreign, minted);
    const byId = new Map(apart.conversations.map((one) => [one._id, one]));
    const written = new Set(moving.flatMap(({ from, to }) => [from, to]));
    await rearrange(tx, {
      moving,
      changes: [...written].flatMap((id): { conversation: ConversationDoc; set: object; lines: [] }[] => {
        const conversation = byId.get(id);
        return conversation ? [{ conversation, set: {}, lines: [] }] : [];
      }),
      // It goes on where what it takes was said: so it is its side's there when they come apart.
      begun: plan.fresh.map((fresh) => {
        const id = freshId(fresh, minted);
        const messages = moving.filter(({ to }) => to === id).flatMap((one) => one.messages);
        const of = { ...fresh, id, customerId: apart.root._id, messages, now: ctx.now() };
        return {
          conversation: {
            ...freshConversation(of, homesOf(apart)),
            status: 'continued' as const,
            successorId: fresh.like._id,
          },
          lines: [],
        };
      }),
    });
    return true;
  });
}
