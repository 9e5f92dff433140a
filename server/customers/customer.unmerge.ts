import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { MergeSide } from '../../shared/merge.ts';
import type { Context } from '../context.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { winnersAgain, winnersTaken } from './customer.merge.fields.ts';
import type { CustomerDoc, LinkDoc } from './customer.model.ts';
import { readableCustomer } from './customer.service.ts';
import { survivorOf } from './customer.survivor.ts';
import { foreignMessages, moveAhead, planOf } from './customer.unmerge.ahead.ts';
import { foreignDrafts, partConversations } from './customer.unmerge.conversations.ts';
import { fieldsBack } from './customer.unmerge.fields.ts';
import { partIdentities, partPeople } from './customer.unmerge.people.ts';
import { type MintedIds, mintIds, noMerge, readApart, subtreeOf } from './customer.unmerge.read.ts';

/** Who they are again. */
export interface Unmerged {
  survivor: CustomerDoc;
  restored: CustomerDoc;
  /** With these, merging the one who came back into the other makes who they were together. */
  winners: Record<string, MergeSide>;
}

/**
 * A merge is taken back, whenever it was made and whatever was merged around it: every identity and conversation whose home is in the
 * subtree of the one who was merged goes back to them, and what arrived since goes by the home of its identity. Names and fields are what
 * they were, unless somebody edited them since. What hangs on a customer by the id it was born with needs nothing.
 *
 * In one transaction; where more than a few hundred messages arrived since, those that are answered are put into their own conversations
 * in transactions before it, in which the customer is still one. The same again answers with what the first one did.
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
  const back = fieldsBack({ ...apart, links });
  await partIdentities(tx, apart);
  const apartNow = await partPeople(tx, { apart, plan, back, byUserId, minted });
  await partConversations(tx, { apart, plan, foreign, drafts, byUserId, minted });
  return { ...apartNow, winners: winnersAgain(apart.root, apartNow) };
}

/** It was taken back before: who they are today. */
async function before(tx: Tx, linkId: string): Promise<Unmerged> {
  const { models, session } = tx;
  const link = await models.links.findById(linkId, null, { session }).lean<LinkDoc>();
  const survivor = link && (await survivorOf(models.customers, link.survivorId, tx));
  const restored = link && (await survivorOf(models.customers, link.mergedId, tx));
  if (!survivor || !restored) throw noMerge();
  return { survivor, restored, winners: winnersTaken(link.taken ?? []) };
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
