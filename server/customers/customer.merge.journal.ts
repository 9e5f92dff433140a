import type { Viewer } from '../../shared/access.ts';
import type { MergeEntry } from '../../shared/merge.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc, LinkDoc } from './customer.model.ts';
import { readableCustomer } from './customer.service.ts';

/** The merges of which a customer is made today, the newest first: each can be taken back, in any order. */
export async function listMerges(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string },
): Promise<{ merges: MergeEntry[] }> {
  const root = await readableCustomer(ctx, viewer, options.customerId);
  const others = root.members.filter((id) => id !== root._id);
  if (!others.length) return { merges: [] };
  const [links, customers] = await Promise.all([
    ctx.models.links
      .find({ mergedId: { $in: others }, undone: null })
      .sort({ at: -1, _id: -1 })
      .lean<LinkDoc[]>()
      .exec(),
    ctx.models.customers
      .find({ _id: { $in: others } }, { name: 1, members: 1 })
      .lean<Pick<CustomerDoc, '_id' | 'name' | 'members'>[]>()
      .exec(),
  ]);
  const byId = new Map(customers.map((customer) => [customer._id, customer]));
  return {
    merges: await Promise.all(
      links.map(async (link): Promise<MergeEntry> => {
        const merged = byId.get(link.mergedId);
        const home = { homeCustomerId: { $in: merged?.members ?? [link.mergedId] } };
        return {
          linkId: link._id,
          survivorId: link.survivorId,
          merged: { id: link.mergedId, name: merged?.name ?? link.before.merged.name },
          at: link.at.toISOString(),
          byUserId: link.byUserId,
          proof: link.proof,
          identityId: link.identityId,
          reason: link.reason,
          identities: await ctx.models.identities.countDocuments({ customerId: root._id, ...home }).exec(),
          conversations: await ctx.models.conversations
            .countDocuments({ customerId: root._id, ...home })
            .exec(),
        };
      }),
    ),
  };
}
