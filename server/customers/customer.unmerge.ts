import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import { commit, type Tx } from '../messages/commit.ts';
import type { CustomerDoc, IdentityDoc, LinkDoc } from './customer.model.ts';
import { readableCustomer } from './customer.service.ts';
import { survivorOf } from './customer.survivor.ts';
import { foreignMessages, moveAhead, planOf } from './customer.unmerge.ahead.ts';
import { foreignDrafts, partConversations } from './customer.unmerge.conversations.ts';
import { fieldsBack } from './customer.unmerge.fields.ts';
import { partIdentities, partPeople } from './customer.unmerge.people.ts';
import type { Side } from './customer.unmerge.plan.ts';

/** Who they are again. */
export interface Unmerged {
  survivor: CustomerDoc;
  restored: CustomerDoc;
}

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

/**
 * A merge is taken back, whenever it was made and whatever was merged around it: every identity and conversation whose home is in the
 * subtree of the one who was merged goes back to them, and what arrived since goes by the home of its identity. Names and fields are what
 * they were, unless somebody edited them since. What hangs on a customer by the id it was born with needs nothing.
 *
 * In one transaction; where more than a few hundred messages arrived since, most of them are put into their own conversations in
 * transactions before it, in which the customer is still one. The same again answers with what the first one did.
 *
 * @throws AppError forbidden; notFound for a merge that is none of this customer's, or when the viewer sees only one of the two; 409 inUse
 *   while a reply is on its way to its provider
 */
export async function unmergeByAgent(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; linkId: string },
): Promise<Unmerged> {
  if (!may(viewer, 'customer.link'))
    throw new AppError({ code: 'forbidden', message: 'You may not take a merge back.' });
  const root = await readableCustomer(ctx, viewer, options.customerId);
  await mustSeeBoth(ctx, viewer, { root, linkId: options.linkId });
  const minted = mintIds(ctx);
  while (await moveAhead(ctx, options.linkId, minted));
  return commit(ctx, (tx) => unmergeWithin(tx, { linkId: options.linkId, byUserId: viewer.id, minted }));
}

export async function unmergeWithin(
  tx: Tx,
  options: { linkId: string; byUserId: string | null; minted: MintedIds },
): Promise<Unmerged> {
  const { linkId, byUserId, minted } = options;
  const apart = await readApart(tx, linkId);
  if (!apart) return before(tx, linkId);
  const foreign = await foreignMessages(tx, apart);
  const drafts = await foreignDrafts(tx, apart);
  const plan = planOf(apart, foreign, drafts.keys());
  const { models, session } = tx;
  const links = await models.links
    .find({ mergedId: { $in: apart.root.members }, undone: null }, null, { session })
    .lean<LinkDoc[]>();
  const back = fieldsBack({ link: apart.link, links, customers: apart.people });
  await partIdentities(tx, apart);
  const apartNow = await partPeople(tx, { apart, plan, back, byUserId, minted });
  await partConversations(tx, { apart, plan, foreign, drafts, byUserId, minted });
  return apartNow;
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

function subtreeOf(id: string, people: readonly CustomerDoc[]): Set<string> {
  const subtree = new Set([id]);
  for (let before = 0; before !== subtree.size; ) {
    before = subtree.size;
    for (const one of people) if (one.mergedInto && subtree.has(one.mergedInto)) subtree.add(one._id);
  }
  return subtree;
}

/** It was taken back before: who they are today. */
async function before(tx: Tx, linkId: string): Promise<Unmerged> {
  const { models, session } = tx;
  const link = await models.links.findById(linkId, null, { session }).lean<LinkDoc>();
  const survivor = link && (await survivorOf(models.customers, link.survivorId, tx));
  const restored = link && (await survivorOf(models.customers, link.mergedId, tx));
  if (!survivor || !restored) throw noMerge();
  return { survivor, restored };
}

/** Both of the two that will be: what an agent cannot see does not exist for them. */
async function mustSeeBoth(
  ctx: Context,
  viewer: Viewer,
  options: { root: CustomerDoc; linkId: string },
): Promise<void> {
  const { root, linkId } = options;
  const link = await ctx.models.links.findById(linkId).lean<LinkDoc>().exec();
  if (!link) throw noMerge();
  const people = await ctx.models.customers
    .find({ _id: { $in: root.members } })
    .lean<CustomerDoc[]>()
    .exec();
  const theirs = [link.survivorId, link.mergedId].map((id) => survivorOf(ctx.models.customers, id));
  if (!(await Promise.all(theirs)).some((one) => one?._id === root._id)) throw noMerge();
  if (link.undone || viewer.channelIds === 'all') return;
  const leaving = [...subtreeOf(link.mergedId, people)];
  for (const home of [{ $in: leaving }, { $nin: leaving }]) {
    const side = { customerId: root._id, homeCustomerId: home };
    const any = await ctx.models.conversations.exists(side).exec();
    const seen = any && (await ctx.models.conversations.exists({ ...side, ...visibleTo(viewer) }).exec());
    if (any && !seen) throw noMerge();
  }
}

export const noMerge = () =>
  new AppError({ code: 'notFound', message: 'There is no such merge of this customer.' });
