import { isActive } from '../../shared/conversation.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc, DraftDoc } from '../conversations/conversation.model.ts';
import { type Change, rearrange } from '../conversations/conversation.rearrange.ts';
import { moveDrafts } from '../conversations/conversation.thread.ts';
import type { NewMessage, Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { isSame } from './customer.merge.fields.ts';
import type { JoinedHeader } from './customer.model.ts';
import {
  type Foreign,
  freshConversation,
  freshId,
  homesOf,
  movingOf,
  placeId,
} from './customer.unmerge.ahead.ts';
import type { Plan, Side } from './customer.unmerge.plan.ts';
import type { Apart, MintedIds } from './customer.unmerge.read.ts';

/** Drafts of replies to the other side, by conversation. */
export type ForeignDrafts = ReadonlyMap<string, DraftDoc[]>;

export async function foreignDrafts(tx: Tx, apart: Apart): Promise<ForeignDrafts> {
  const sides = new Map(apart.identities.map((one) => [one._id, apart.sideOf(one.homeCustomerId)]));
  const here = new Map(apart.conversations.map((one) => [one._id, apart.sideOf(one.homeCustomerId)]));
  const drafts = await tx.models.drafts
    .find({ conversationId: { $in: [...here.keys()] }, mode: 'reply' }, null, { session: tx.session })
    .lean<DraftDoc[]>();
  const foreign = new Map<string, DraftDoc[]>();
  for (const draft of drafts) {
    const to = sides.get(draft.target?.identityId ?? '');
    if (to && to !== here.get(draft.conversationId))
      foreign.set(draft.conversationId, [...(foreign.get(draft.conversationId) ?? []), draft]);
  }
  return foreign;
}

/**
 * Every conversation to its side, and messages to where their own goes on. All that is not over for good is written, whether it changes or
 * not: whatever else happens to one at the same moment conflicts.
 */
export async function partConversations(
  tx: Tx,
  options: {
    apart: Apart;
    plan: Plan;
    foreign: Foreign;
    drafts: ForeignDrafts;
    byUserId: string | null;
    minted: MintedIds;
  },
): Promise<void> {
  const { apart, plan, foreign, drafts, minted } = options;
  const now = tx.ctx.now();
  const owner: Record<Side, string> = { root: apart.root._id, restored: apart.merged._id };
  const moving = movingOf(plan, foreign, minted);
  const touched = new Set(moving.flatMap(({ from, to }) => [from, to]));
  const line = (conversationId: string, side: Side): NewMessage =>
    eventLine({
      id: minted(`unmerged ${conversationId}`),
      conversationId,
      at: now,
      authorId: options.byUserId,
      type: 'unmerged',
      data: { customerId: owner[side === 'root' ? 'restored' : 'root'] },
    });
  const resolved = (conversationId: string): NewMessage =>
    eventLine({
      id: minted(`resolved ${conversationId}`),
      conversationId,
      at: now,
      authorId: null,
      type: 'resolved',
    });
  const mains = (['root', 'restored'] as const).flatMap((side) => {
    const place = plan.main[side];
    return place ? placeId(plan, place, minted) : [];
  });
  const linesOf = (id: string, side: Side, status: string | undefined): NewMessage[] => [
    ...(mains.includes(id) || status === 'resolved' ? [line(id, side)] : []),
    ...(status === 'resolved' ? [resolved(id)] : []),
  ];

  const changes = apart.conversations.flatMap((conversation): Change[] => {
    const { _id, status, customerId } = conversation;
    const side = apart.sideOf(conversation.homeCustomerId);
    const becomes = plan.becomes.get(_id);
    const same = customerId === owner[side] && !becomes && !touched.has(_id);
    if (same && status === 'continued') return [];
    return [
      {
        conversation,
        set: { customerId: owner[side], ...(becomes && becoming(plan, becomes, { now, minted })) },
        lines: linesOf(_id, side, becomes?.status),
      },
    ];
  });
  await rearrange(tx, {
    changes,
    moving,
    begun: plan.fresh.map((fresh) => {
      const id = freshId(fresh, minted);
      const messages = moving.filter(({ to }) => to === id).flatMap((one) => one.messages);
      const of = { like: fresh.like, id, customerId: owner[fresh.side], messages, now };
      return {
        conversation: {
          ...freshConversation(of, homesOf(apart)),
          status: fresh.status,
          resolvedAt: fresh.status === 'resolved' ? (fresh.like.resolvedAt ?? now) : null,
        },
        lines: linesOf(id, fresh.side, fresh.status),
      };
    }),
    // Nobody waits in what went on elsewhere: who waits in it again, and in the one it went on in, only its messages tell.
    recount: new Set([
      ...[...plan.becomes].flatMap(([id, { status }]) => (status === 'open' ? id : [])),
      apart.link.before.joined?.id ?? '',
    ]),
    amend: (conversation, facts) => asItWas(apart, conversation, { ...facts, now }),
  });

  for (const [from, those] of drafts) {
    const target = plan.targets.get(from);
    const ids = new Set(those.map((draft) => draft._id));
    if (target)
      await moveDrafts(tx, {
        from,
        to: placeId(plan, target, minted),
        goes: (draft) => ids.has(draft._id),
      });
  }
}

function becoming(
  plan: Plan,
  becomes: NonNullable<ReturnType<Plan['becomes']['get']>>,
  options: { now: Date; minted: MintedIds },
): Partial<ConversationDoc> {
  const { status, goesOnIn } = becomes;
  return {
    status,
    successorId: goesOnIn && placeId(plan, goesOnIn, options.minted),
    resolvedAt: status === 'resolved' ? options.now : null,
    snoozedUntil: null,
    resolvedFrom: null,
  };
}

/**
 * What the merge said of the two conversations it joined, taken back where nothing else was said since: the one that ended sleeps and
 * waits as it did, the one that stayed loses what it was given.
 */
function asItWas(
  apart: Apart,
  conversation: ConversationDoc,
  facts: { moved: boolean; arrived: readonly MessageDoc[]; now: Date },
): Partial<ConversationDoc> {
  const { continued, joined } = apart.link.before;
  const quiet = !facts.arrived.some((message) => message.direction === 'in');
  if (conversation._id === continued?.id && conversation.status === 'open') {
    const asleep =
      quiet && continued.status === 'snoozed' && continued.snoozedUntil && continued.snoozedUntil > facts.now;
    return {
      waitingSince: conversation.waitingSince ?? ((!facts.moved && continued.waitingSince) || null),
      ...(asleep && { status: 'snoozed', snoozedUntil: continued.snoozedUntil ?? null }),
    };
  }
  if (conversation._id !== joined?.id) return {};
  const was = apart.conversations.find((one) => one._id === conversation._id);
  return unjoined(conversation, joined, { ...facts, was });
}

function unjoined(
  conversation: ConversationDoc,
  joined: { before: JoinedHeader; after: JoinedHeader },
  facts: { moved: boolean; now: Date; was: ConversationDoc | undefined },
): Partial<ConversationDoc> {
  const { before, after } = joined;
  const set: Partial<ConversationDoc> = {};
  if (isSame(conversation.assigneeId, after.assigneeId)) set.assigneeId = before.assigneeId;
  if (isSame(conversation.teamId, after.teamId)) set.teamId = before.teamId;
  if (isSame(conversation.priority, after.priority)) set.priority = before.priority;
  for (const list of ['tagIds', 'mentionedIds'] as const) {
    const given = after[list].filter((id) => !before[list].includes(id));
    if (given.length) set[list] = conversation[list].filter((id) => !given.includes(id));
  }
  if (!isActive(conversation.status)) return set;
  const same = !facts.moved && isSame(facts.was?.waitingSince, after.waitingSince);
  const waits = conversation.waitingSince ?? (same ? before.waitingSince : null);
  set.waitingSince = waits;
  const woken = before.status === 'snoozed' && after.status === 'open' && conversation.status === 'open';
  if (woken && !waits && before.snoozedUntil && before.snoozedUntil > facts.now)
    return { ...set, status: 'snoozed', snoozedUntil: before.snoozedUntil };
  return set;
}
