import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { reachedAs } from '../../shared/customer.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { Context } from '../context.ts';
import { badTarget, mustReach } from '../messages/outgoing.ts';
import type { IdentityDoc } from './customer.model.ts';
import { readableCustomer } from './customer.service.ts';
import type { FactsDoc } from './facts.model.ts';
import { profileOf } from './facts.profile.ts';

/**
 * The address and channel on which a customer is best written to first: as they wish, else as what they do tells, else where they were
 * heard from last. A kind that cannot be reached falls back to the next.
 * @param without kinds of addresses that they do not want to be written to on
 * @throws AppError forbidden, notFound; 422 badTarget when no channel of the viewer's reaches them
 */
export async function preferredWay(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
  without: ReadonlySet<string> = new Set(),
): Promise<{ identityId: string; channelId: string }> {
  const customer = await readableCustomer(ctx, viewer, customerId);
  const [identities, channels, facts] = await Promise.all([
    ctx.models.identities.find({ customerId: customer._id }).lean<IdentityDoc[]>().exec(),
    ctx.models.channels.find({ state: 'connected' }).lean<ChannelDoc[]>().exec(),
    ctx.models.facts.findById(customer._id, { learnt: 1 }).lean<Pick<FactsDoc, '_id' | 'learnt'>>().exec(),
  ]);
  const wishes: string[] = [
    ...profileOf(customer).preferredChannels,
    ...(facts?.learnt ?? []).map((one) => one.kind),
  ];
  const rank = ({ kind }: IdentityDoc) => {
    const place = wishes.indexOf(reachedAs(kind));
    return place === -1 ? wishes.length : place;
  };
  const open = identities
    .filter((one) => !one.unreachable && !one.blocked && !without.has(reachedAs(one.kind)))
    .sort((a, b) => rank(a) - rank(b) || b.lastSeenAt.getTime() - a.lastSeenAt.getTime());
  const usable = channels.filter((channel) => canUseChannel(viewer, channel._id));
  for (const identity of open) {
    const met = (channel: ChannelDoc) => {
      const place = identity.channelIds.indexOf(channel._id);
      return place === -1 ? identity.channelIds.length : place;
    };
    const channel = [...usable].sort((a, b) => met(a) - met(b)).find((one) => reaches(ctx, one, identity));
    if (channel) return { identityId: identity._id, channelId: channel._id };
  }
  throw badTarget('No channel of yours can write to this customer: none of their addresses can be reached.');
}

function reaches(ctx: Context, channel: ChannelDoc, identity: IdentityDoc): boolean {
  try {
    mustReach(ctx, channel, identity);
    return true;
  } catch {
    return false;
  }
}
