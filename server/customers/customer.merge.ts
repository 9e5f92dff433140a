import { may, type Viewer } from '../../shared/access.ts';
import type { ProofKind } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { MergeSide } from '../../shared/merge.ts';
import type { Context } from '../context.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { moveDrafts } from '../conversations/conversation.thread.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import { joinedHeader, joinedWords, joinOf, linesOf } from './customer.merge.conversations.ts';
import { noteMerged } from './customer.merge.edits.ts';
import { mustBeFields, takenFields, writtenFields } from './customer.merge.fields.ts';
import type { CustomerDoc, IdentityDoc, LinkDoc } from './customer.model.ts';
import { readableCustomer } from './customer.service.ts';
import { survivorOf } from './customer.survivor.ts';
import { factsDue } from './facts.due.ts';

/** Ids of one merge, minted outside its deed. */
export interface MintedMerge {
  linkId: string;
  lineIds: { linked: string; continued: string; goesOn: string };
}

export function mintMerge(ctx: Pick<Context, 'uuid'>): MintedMerge {
  return {
    linkId: ctx.uuid(),
    lineIds: { linked: ctx.uuid(), continued: ctx.uuid(), goesOn: ctx.uuid() },
  };
}

/** Who the two are now, and the journal's entry that takes it back; none when they were one already. */
export interface Merged {
  customer: CustomerDoc;
  linkId: string | null;
}

/**
 * An agent says that two customers are one person. The survivor is the one whose page they are on.
 * @throws AppError forbidden, notFound, invalid
 */
export async function mergeByAgent(
  ctx: Context,
  viewer: Viewer,
  options: { intoId: string; otherId: string; reason: string; winners?: Record<string, MergeSide> },
): Promise<Merged> {
  if (!may(viewer, 'customer.link'))
    throw new AppError({ code: 'forbidden', message: 'You may not merge customers.' });
  if (options.intoId === options.otherId)
    throw new AppError({ code: 'invalid', message: 'A customer cannot be merged with themselves.' });
  mustBeFields(options.winners ?? {});
  for (const id of [options.intoId, options.otherId]) await readableCustomer(ctx, viewer, id);
  const minted = mintMerge(ctx);
  return commit(ctx, (tx) =>
    mergeWithin(tx, {
      customerId: options.intoId,
      otherId: options.otherId,
      survivorId: options.intoId,
      winners: options.winners,
      byUserId: viewer.id,
      proof: 'agent',
      identityId: null,
      reason: options.reason,
      minted,
    }),
  );
}

/**
 * Two customers become one, with all that decides where their messages go written on both sides: customers, every identity, every
 * conversation, so that whatever happens to one of them at the same moment conflicts. No message moves. Of two active conversations
 * the older is `continued` in the other. The journal (`links`) is a tree, from which merges are taken back in any order.
 *
 * @param options.survivorId when told; else the one with the older history
 * @param options.winners field → whose value stays; what it does not name goes by `takenFields`
 * @throws Again · AppError notFound
 */
export async function mergeWithin(
  tx: Tx,
  options: {
    customerId: string;
    otherId: string;
    survivorId?: string;
    winners?: Record<string, MergeSide> | undefined;
    byUserId: string | null;
    proof: ProofKind;
    /** The identity that proved it, if one did. */
    identityId: string | null;
    reason: string;
    minted: MintedMerge;
  },
): Promise<Merged> {
  const { session, models } = tx;
  const here = await mustFind(tx, options.customerId);
  const there = await mustFind(tx, options.otherId);
  if (here._id === there._id) return { customer: here, linkId: null };
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
  const taken = takenFields(survivor, merged, options.winners ?? {});
  const after = await writeCustomers(tx, { survivor, merged, taken, activeId: join.stays?._id ?? null });

  const { minted, byUserId } = options;
  await noteMerged(tx, { before: survivor, after, minted: minted.linkId, byUserId });

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
  // What somebody is writing goes on where the conversation does.
  if (join.ends && join.stays)
    await moveDrafts(tx, { from: join.ends._id, to: join.stays._id, goes: () => true });

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
        ? {
            id: join.ends._id,
            status: join.ends.status,
            successorId: join.stays?._id ?? '',
            snoozedUntil: join.ends.snoozedUntil,
            waitingSince: join.ends.waitingSince,
          }
        : null,
      joined: joinedWords(join),
    },
    order: after.version,
    taken,
    undone: null,
  };
  await models.links.insertMany([journal], { session });
  for (const id of both) {
    await factsDue(tx, id);
    tx.emit('customer.changed', { customerId: id });
  }
  return { customer: after, linkId: journal._id };
}

async function mustFind(tx: Tx, id: string): Promise<CustomerDoc> {
  const customer = await survivorOf(tx.models.customers, id, tx);
  if (!customer) throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
  return customer;
}

function isOlder(a: CustomerDoc, b: CustomerDoc): boolean {
  if (a.createdAt.getTime() !== b.createdAt.getTime()) return a.createdAt < b.createdAt;
  return a._id < b._id;
}

async function writeCustomers(
  tx: Tx,
  options: {
    survivor: CustomerDoc;
    merged: CustomerDoc;
    taken: NonNullable<LinkDoc['taken']>;
    activeId: string | null;
  },
): Promise<CustomerDoc> {
  const { survivor, merged, activeId, taken } = options;
  const { session } = tx;
  const after = await tx.models.customers
    .findOneAndUpdate(
      { _id: survivor._id, mergedInto: null, 'active.main': survivor.active.main },
      {
        $set: {
          'active.main': activeId,
          ...writtenFields(survivor, taken),
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
  if (!after || !gone.matchedCount) throw new Again('a customer changed while being merged');
  return after;
}
