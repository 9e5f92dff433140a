import { canSee, may, type Viewer } from '../../shared/access.ts';
import { isActive, priorities } from '../../shared/conversation.ts';
import type { ProofKind } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { Again, commit, type NewMessage, type Tx } from '../messages/commit.ts';
import type { CustomerDoc, IdentityDoc, LinkDoc } from './customer.model.ts';

/** Ids of one link, minted outside its deed. */
export interface MintedLink {
  linkId: string;
  lineIds: { linked: string; continued: string; goesOn: string };
}

export function mintLink(ctx: Pick<Context, 'uuid'>): MintedLink {
  return {
    linkId: ctx.uuid(),
    lineIds: { linked: ctx.uuid(), continued: ctx.uuid(), goesOn: ctx.uuid() },
  };
}

/**
 * An agent says that two customers are one person. The survivor is the one whose page they are on.
 * @returns the survivor, also when they were one already
 * @throws AppError forbidden, notFound, invalid
 */
export async function linkByAgent(
  ctx: Context,
  viewer: Viewer,
  options: { intoId: string; otherId: string; reason: string },
): Promise<CustomerDoc> {
  if (!may(viewer, 'customer.link'))
    throw new AppError({ code: 'forbidden', message: 'You may not link customers.' });
  if (options.intoId === options.otherId)
    throw new AppError({ code: 'invalid', message: 'A customer cannot be linked to themselves.' });
  await mustSee(ctx, viewer, [options.intoId, options.otherId]);
  const minted = mintLink(ctx);
  return commit(ctx, (tx) =>
    linkWithin(tx, {
      customerId: options.intoId,
      otherId: options.otherId,
      survivorId: options.intoId,
      byUserId: viewer.id,
      proof: 'agent',
      identityId: null,
      reason: options.reason,
      minted,
    }),
  );
}

/** What an agent cannot see does not exist for them. */
async function mustSee(ctx: Context, viewer: Viewer, customerIds: string[]): Promise<void> {
  if (viewer.channelIds === 'all') return;
  for (const customerId of customerIds) {
    const survivor = await survivorOf(ctx.models.customers, customerId);
    const conversations = await ctx.models.conversations
      .find({ customerId: survivor?._id ?? customerId }, { channelIds: 1 })
      .lean<Pick<ConversationDoc, 'channelIds'>[]>();
    if (!conversations.some((conversation) => canSee(viewer, conversation)))
      throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
  }
}

/**
 * Two customers become one, with all that decides where their messages go written on both sides: customers, every identity, every
 * conversation, so that whatever happens to one of them at the same moment conflicts. No message moves. Of two active conversations
 * the older is `continued` in the other. The journal (`links`) is a tree, from which links are taken back in any order.
 *
 * @param options.survivorId when told; else the one with the older history
 * @returns the survivor; the same when they are one already
 * @throws Again · AppError notFound
 */
export async function linkWithin(
  tx: Tx,
  options: {
    customerId: string;
    otherId: string;
    survivorId?: string;
    byUserId: string | null;
    proof: ProofKind;
    /** The identity that proved it, if one did. */
    identityId: string | null;
    reason: string;
    minted: MintedLink;
  },
): Promise<CustomerDoc> {
  const { session, models } = tx;
  const here = await mustFind(tx, options.customerId);
  const there = await mustFind(tx, options.otherId);
  if (here._id === there._id) return here;
  const told = options.survivorId ? await mustFind(tx, options.survivorId) : null;
  const [survivor, merged] = (told ? told._id === here._id : isOlder(here, there))
    ? [here, there]
    : [there, here];
  const both = [survivor._id, merged._id];
  const now = tx.ctx.now();

  const identities = await models.identities
    .find({ customerId: { $in: both } }, null, { session })
    .sort({ _id: 1 })
    .lean<IdentityDoc[]>();
  await models.identities.updateMany(
    { customerId: { $in: both } },
    { $set: { customerId: survivor._id }, $inc: { touched: 1 } },
    { session },
  );

  const conversations = await models.conversations
    .find({ customerId: { $in: both } }, null, { session })
    .sort({ createdAt: 1, _id: 1 })
    .lean<ConversationDoc[]>();
  const join = joinOf(conversations, survivor, merged);
  const after = await writeCustomers(tx, { survivor, merged, activeId: join.stays?._id ?? null });

  const lines = linesOf(options, { join, merged, now });
  for (const conversation of conversations) {
    const mine = lines.filter((line) => line.conversationId === conversation._id);
    await tx.raise(conversation, {
      set: {
        customerId: survivor._id,
        ...headerAfter(conversation, mine, { firstSeq: conversation.seq + 1 }),
        ...joinedHeader(conversation, join),
      },
      messages: mine.length,
    });
  }
  await tx.insert(lines);

  const journal: LinkDoc = {
    _id: options.minted.linkId,
    survivorId: survivor._id,
    mergedId: merged._id,
    at: now,
    byUserId: options.byUserId,
    proof: options.proof,
    identityId: options.identityId,
    reason: options.reason,
    before: {
      survivor: { name: survivor.name, active: survivor.active.main, members: survivor.members },
      merged: { name: merged.name, active: merged.active.main, members: merged.members },
      identityIds: identities.filter((one) => one.customerId === merged._id).map((one) => one._id),
      conversationIds: conversations.filter((one) => one.customerId === merged._id).map((one) => one._id),
      continued: join.ends
        ? { id: join.ends._id, status: join.ends.status, successorId: join.stays?._id ?? '' }
        : null,
    },
  };
  await models.links.insertMany([journal], { session });
  tx.emit('customer.changed', { customerId: survivor._id });
  tx.emit('customer.changed', { customerId: merged._id });
  return after;
}

async function mustFind(tx: Tx, id: string): Promise<CustomerDoc> {
  const customer = await survivorOf(tx.models.customers, id, tx);
  if (!customer) throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
  return customer;
}

/** The customer an id stands for today. */
export async function survivorOf(
  customers: Context['models']['customers'],
  id: string,
  tx?: Tx,
): Promise<CustomerDoc | null> {
  const options = tx ? { session: tx.session } : {};
  let customer = await customers.findById(id, null, options).lean<CustomerDoc>();
  const seen = new Set<string>();
  while (customer?.mergedInto && !seen.has(customer._id)) {
    seen.add(customer._id);
    customer = await customers.findById(customer.mergedInto, null, options).lean<CustomerDoc>();
  }
  return customer;
}

function isOlder(a: CustomerDoc, b: CustomerDoc): boolean {
  if (a.createdAt.getTime() !== b.createdAt.getTime()) return a.createdAt < b.createdAt;
  return a._id < b._id;
}

/** Which active conversation stays, and which goes on in it. */
interface Join {
  stays: ConversationDoc | null;
  ends: ConversationDoc | null;
}

function joinOf(conversations: ConversationDoc[], survivor: CustomerDoc, merged: CustomerDoc): Join {
  const [older, newer] = conversations.filter(
    (one) => isActive(one.status) && [survivor.active.main, merged.active.main].includes(one._id),
  );
  return newer ? { stays: newer, ends: older ?? null } : { stays: older ?? null, ends: null };
}

async function writeCustomers(
  tx: Tx,
  options: { survivor: CustomerDoc; merged: CustomerDoc; activeId: string | null },
): Promise<CustomerDoc> {
  const { survivor, merged, activeId } = options;
  const { session } = tx;
  const rank = { address: 0, channel: 1, agent: 2 };
  const better = rank[merged.nameSource] > rank[survivor.nameSource] ? merged : survivor;
  const after = await tx.models.customers
    .findOneAndUpdate(
      { _id: survivor._id, mergedInto: null, 'active.main': survivor.active.main },
      {
        $set: {
          'active.main': activeId,
          name: better.name,
          nameSource: better.nameSource,
          members: [...new Set([...survivor.members, ...merged.members])],
          tokens: [...new Set([...survivor.tokens, ...merged.tokens])],
        },
        $inc: { version: 1 },
      },
      { session, returnDocument: 'after' },
    )
    .lean<CustomerDoc>();
  const gone = await tx.models.customers.updateOne(
    { _id: merged._id, mergedInto: null, 'active.main': merged.active.main },
    { $set: { mergedInto: survivor._id, 'active.main': null }, $inc: { version: 1 } },
    { session },
  );
  if (!after || !gone.matchedCount) throw new Again('a customer changed while being linked');
  return after;
}

/** What the join does to a conversation beside its customer: what was said of the one that ends holds for the one that stays. Who waited in the one that ends waits in the one that stays. */
function joinedHeader(conversation: ConversationDoc, join: Join): Partial<ConversationDoc> {
  const { stays, ends } = join;
  if (!stays || !ends) return {};
  if (conversation._id === ends._id)
    return { status: 'continued', successorId: stays._id, snoozedUntil: null, waitingSince: null };
  if (conversation._id !== stays._id) return {};
  const waits = [stays.waitingSince, ends.waitingSince].flatMap((at) => at ?? []);
  const waitingSince = waits.length ? new Date(Math.min(...waits.map((at) => at.getTime()))) : null;
  const wakes = stays.status === 'snoozed' && ends.waitingSince !== null;
  return {
    waitingSince,
    assigneeId: stays.assigneeId ?? ends.assigneeId,
    teamId: stays.teamId ?? ends.teamId,
    priority: priorities.find((one) => one === stays.priority || one === ends.priority) ?? stays.priority,
    tagIds: [...new Set([...stays.tagIds, ...ends.tagIds])],
    mentionedIds: [...new Set([...stays.mentionedIds, ...ends.mentionedIds])],
    ...(wakes ? { status: 'open' as const, snoozedUntil: null } : {}),
  };
}

/** Lines in the timelines that say what happened. */
function linesOf(
  options: { byUserId: string | null; proof: ProofKind; identityId: string | null; minted: MintedLink },
  facts: { join: Join; merged: CustomerDoc; now: Date },
): NewMessage[] {
  const { stays, ends } = facts.join;
  const { lineIds } = options.minted;
  const line = (id: string, conversation: ConversationDoc, event: NonNullable<NewMessage['event']>) =>
    eventLine({
      id,
      conversationId: conversation._id,
      at: facts.now,
      authorId: options.byUserId,
      ...event,
    });
  if (!stays) return [];
  return [
    ...(ends ? [line(lineIds.continued, ends, { type: 'continued', data: { successorId: stays._id } })] : []),
    line(lineIds.linked, stays, {
      type: 'linked',
      data: { customerId: facts.merged._id, identityId: options.identityId, proof: options.proof },
    }),
    ...(ends ? [line(lineIds.goesOn, stays, { type: 'continued', data: { predecessorId: ends._id } })] : []),
  ];
}
