import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { reachedAs } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorOf } from '../channels/runtime.ts';
import { isOpen, isTagged, windowOf } from '../channels/window.ts';
import type { Context } from '../context.ts';
import { badTarget, mustReach } from '../messages/outgoing.ts';
import type { IdentityDoc } from './customer.model.ts';
import { readableCustomer } from './customer.service.ts';
import type { FactsDoc } from './facts.model.ts';
import { profileOf } from './facts.profile.ts';

/** An address of a customer on a channel that can write to it, and what may be said there now. */
export interface Way {
  identity: IdentityDoc;
  channel: ChannelDoc;
  /** Words of one's own may be said there now. */
  freely: boolean;
  /** What the provider has approved may be said there at any time. */
  templates: boolean;
  /** When the window closed; null: it is open, there is none, or they never wrote there in private. */
  closedAt: Date | null;
}

/**
 * Every way to write to a customer in private, the best first: as they wish, else as what they do tells, else where they were heard from
 * last; of one address the channels that met it come before the others.
 * @param without kinds of addresses that they do not want to be written to on
 * @throws AppError forbidden, notFound; 422 badTarget when no channel of the viewer's reaches them
 */
export async function waysTo(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
  without: ReadonlySet<string> = new Set(),
): Promise<Way[]> {
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
  const ways = open.flatMap((identity) => {
    const met = (channel: ChannelDoc) => {
      const place = identity.channelIds.indexOf(channel._id);
      return place === -1 ? identity.channelIds.length : place;
    };
    return [...usable]
      .sort((a, b) => met(a) - met(b))
      .filter((channel) => reaches(ctx, channel, identity))
      .map((channel) => wayNow(ctx, channel, identity));
  });
  if (!ways.length)
    throw badTarget(
      'No channel of yours can write to this customer: none of their addresses can be reached.',
    );
  return ways;
}

/**
 * The address and channel on which a customer is best written to first. What can carry nothing now is passed over: a window that is
 * closed, on a channel without templates.
 * @throws AppError as `waysTo`; 409 windowClosed
 */
export async function preferredWay(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
): Promise<{ identityId: string; channelId: string }> {
  const ways = await waysTo(ctx, viewer, customerId);
  const way = sayable(ways);
  if (!way) throw nothingCanBeSaid(ways);
  return { identityId: way.identity._id, channelId: way.channel._id };
}

/** The first on which words of one's own can be said now; else the first that has templates. */
export const sayable = (ways: readonly Way[]): Way | undefined =>
  ways.find(({ freely }) => freely) ?? ways.find(({ templates }) => templates);

/** They have addresses, and words of one's own cannot be said on any of them now. */
export function nothingCanBeSaid(ways: readonly Way[]): AppError {
  const last = Math.max(0, ...ways.map(({ closedAt }) => closedAt?.getTime() ?? 0));
  const templates = ways.some((way) => way.templates);
  return new AppError({
    code: 'conflict',
    reason: 'windowClosed',
    message: `Free text cannot be sent to this customer now on any channel of yours. ${templates ? 'Send a template, or wait until they write.' : 'Wait until they write.'}`,
    data: { closedAt: last ? new Date(last).toISOString() : null, templates },
  });
}

function wayNow(ctx: Context, channel: ChannelDoc, identity: IdentityDoc): Way {
  const { capabilities } = connectorOf(ctx, channel).manifest;
  const now = ctx.now();
  const window = windowOf(capabilities, { identity, channelId: channel._id });
  const freely = isOpen(window, now) || isTagged(window, now);
  return {
    identity,
    channel,
    freely,
    templates: capabilities.templates,
    closedAt: freely ? null : (window?.taggedUntil ?? window?.closesAt ?? null),
  };
}

function reaches(ctx: Context, channel: ChannelDoc, identity: IdentityDoc): boolean {
  // Where nothing can be said in private there is only listening, or talking.
  if (!connectorOf(ctx, channel).manifest.capabilities.visibility.includes('private')) return false;
  try {
    mustReach(ctx, channel, identity);
    return true;
  } catch {
    return false;
  }
}
