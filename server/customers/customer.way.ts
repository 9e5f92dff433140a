import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { type IdentityKind, reachedAs } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import { type ChannelKind, channelKinds } from '../../shared/profile.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorOf } from '../channels/runtime.ts';
import { isOpen, isTagged, windowOf } from '../channels/window.ts';
import type { Context } from '../context.ts';
import { badTarget, mustReach } from '../messages/outgoing.ts';
import type { ConsentDoc, ConsentWord } from './consent.model.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { readableCustomer } from './customer.service.ts';
import type { FactsDoc } from './facts.model.ts';
import { consentsHeld, profileOf } from './facts.profile.ts';

/** An address of a customer on a channel that can write to it, and what may be said there now. */
export interface Way {
  identity: IdentityDoc;
  channel: ChannelDoc;
  /** They wish to be written to so, or what they do tells so. */
  wish: 'chosen' | 'learnt' | null;
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
  const chosen: string[] = profileOf(customer).preferredChannels;
  const wishes = [...chosen, ...(facts?.learnt ?? []).map((one) => one.kind)];
  const wishOf = (kind: string): Way['wish'] =>
    chosen.includes(kind) ? 'chosen' : wishes.includes(kind) ? 'learnt' : null;
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
      .map((channel) => ({ ...wayNow(ctx, channel, identity), wish: wishOf(reachedAs(identity.kind)) }));
  });
  if (!ways.length)
    throw badTarget(
      'No channel of yours can write to this customer: none of their addresses can be reached.',
    );
  return ways;
}

/** What they said of being written to, by the kind of channel; the newest word first. */
export async function consentsOf(
  ctx: Context,
  customer: Pick<CustomerDoc, 'members'>,
): Promise<Map<ChannelKind, ConsentWord[]>> {
  const consents = await ctx.models.consents
    .find({ customerId: { $in: customer.members } })
    .lean<ConsentDoc[]>()
    .exec();
  return consentsHeld(consents);
}

/** Kinds of channels that they took back their consent for. Pure. */
export function withdrawnIn(held: ReadonlyMap<string, readonly Pick<ConsentWord, 'state'>[]>): Set<string> {
  return new Set([...held].filter(([, history]) => history[0]?.state === 'withdrawn').map(([kind]) => kind));
}

/** They have addresses, and took back their consent for every kind of them. */
export function optedOutOf(
  kinds: readonly IdentityKind[],
  held: ReadonlyMap<string, readonly Pick<ConsentWord, 'state'>[]>,
): boolean {
  const theirs = [...new Set(kinds.map(reachedAs))].filter((kind) =>
    (channelKinds as readonly string[]).includes(kind),
  );
  const withdrawn = withdrawnIn(held);
  return theirs.length > 0 && theirs.every((kind) => withdrawn.has(kind));
}

/**
 * Every way by which a customer may be written to unasked, as they prefer, and on no kind of channel that they took back their consent for.
 * @throws AppError 409 optedOut; 422 badTarget; notFound
 */
export async function contactWays(ctx: Context, viewer: Viewer, customer: CustomerDoc): Promise<Way[]> {
  const [identities, held] = await Promise.all([
    ctx.models.identities
      .find({ customerId: customer._id }, { kind: 1 })
      .lean<Pick<IdentityDoc, 'kind'>[]>()
      .exec(),
    consentsOf(ctx, customer),
  ]);
  const kinds = identities.map(({ kind }) => kind);
  if (optedOutOf(kinds, held))
    throw new AppError({
      code: 'conflict',
      reason: 'optedOut',
      message: 'This person does not want to be written to on any of their channels.',
    });
  return waysTo(ctx, viewer, customer._id, withdrawnIn(held));
}

/**
 * The address and channel on which a customer is best written to first. What can carry nothing now is passed over: a window that is
 * closed, on a channel without templates; so is what they took back their consent for.
 * @throws AppError as `contactWays`; 409 windowClosed
 */
export async function preferredWay(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
): Promise<{ identityId: string; channelId: string }> {
  const ways = await contactWays(ctx, viewer, await readableCustomer(ctx, viewer, customerId));
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

function wayNow(ctx: Context, channel: ChannelDoc, identity: IdentityDoc): Omit<Way, 'wish'> {
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
