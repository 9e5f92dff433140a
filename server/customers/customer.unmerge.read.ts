import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { Tx } from '../messages/commit.ts';
import type { CustomerDoc, IdentityDoc, LinkDoc } from './customer.model.ts';
import { survivorOf } from './customer.survivor.ts';
import type { Side } from './customer.unmerge.plan.ts';

/** Ids of what an un-merge writes, minted outside its deed: as many as it asks for, the same each time it runs. */
export type MintedIds = (what: string) => string;

export function mintIds(ctx: Pick<Context, 'uuid'>): MintedIds {
  const ids = new Map<string, string>();
  return (what) => {
    const id = ids.get(what) ?? ctx.uuid();
    ids.set(what, id);
    return id;
  };
}

/** All that an un-merge reads before it writes. */
export interface Apart {
  link: LinkDoc;
  /** Who they are together, until now. */
  root: CustomerDoc;
  /** Who comes back. */
  merged: CustomerDoc;
  /** Everybody who is read through the root, the root included. */
  people: CustomerDoc[];
  /** Whoever was merged into the one who comes back goes with them. */
  leaving: ReadonlySet<string>;
  sideOf: (homeCustomerId: string) => Side;
  identities: IdentityDoc[];
  conversations: ConversationDoc[];
}

/** What is together still; null when it is apart already. @throws AppError notFound */
export async function readApart(tx: Tx, linkId: string): Promise<Apart | null> {
  const { models, session } = tx;
  const link = await models.links.findById(linkId, null, { session }).lean<LinkDoc>();
  if (!link) throw noMerge();
  if (link.undone) return null;
  const root = await survivorOf(models.customers, link.mergedId, tx);
  if (!root) throw noMerge();
  const people = await models.customers
    .find({ _id: { $in: root.members } }, null, { session })
    .lean<CustomerDoc[]>();
  const merged = people.find((one) => one._id === link.mergedId);
  if (!merged || merged.mergedInto !== link.survivorId)
    throw new Error(`Merge ${linkId} holds, and customer ${link.mergedId} is not merged by it.`);
  const leaving = subtreeOf(merged._id, people);
  return {
    link,
    root,
    merged,
    people,
    leaving,
    sideOf: (home) => (leaving.has(home) ? 'restored' : 'root'),
    identities: await models.identities
      .find({ customerId: root._id }, null, { session })
      .sort({ _id: 1 })
      .lean<IdentityDoc[]>(),
    conversations: await models.conversations
      .find({ customerId: root._id }, null, { session })
      .sort({ createdAt: 1, _id: 1 })
      .lean<ConversationDoc[]>(),
  };
}

/** Whoever was merged into this one, and into those, and so on; and this one. */
export function subtreeOf(id: string, people: readonly CustomerDoc[]): Set<string> {
  const subtree = new Set([id]);
  for (let before = 0; before !== subtree.size; ) {
    before = subtree.size;
    for (const one of people) if (one.mergedInto && subtree.has(one.mergedInto)) subtree.add(one._id);
  }
  return subtree;
}

export const noMerge = () =>
  new AppError({ code: 'notFound', message: 'There is no such merge of this customer.' });
