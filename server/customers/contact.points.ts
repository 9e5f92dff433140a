import { may, type Viewer } from '../../shared/access.ts';
import type { ContactPoint, ContactPoints } from '../../shared/contact-point.ts';
import { reachedAs } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { findOrganisation } from '../users/organisation.ts';
import { isWithin } from './contact.hours.ts';
import { readableCustomer } from './customer.service.ts';
import { consentsOf, sayable, type Way, waysTo, withdrawnIn } from './customer.way.ts';
import { profileOf } from './facts.profile.ts';

/**
 * Where a conversation with a customer can begin, for whoever is about to choose: also where nothing may be said now, and what they took
 * back their consent for.
 * @throws AppError forbidden, notFound
 */
export async function contactPoints(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
): Promise<ContactPoints> {
  if (!may(viewer, 'conversation.write'))
    throw new AppError({ code: 'forbidden', message: 'Your role does not allow this.' });
  const customer = await readableCustomer(ctx, viewer, customerId);
  const [ways, held, organisation] = await Promise.all([
    anyWays(ctx, viewer, customer._id),
    consentsOf(ctx, customer),
    findOrganisation(ctx),
  ]);
  const withdrawn = withdrawnIn(held);
  const gone = ({ identity }: Way) => withdrawn.has(reachedAs(identity.kind));
  const first = sayable(ways.filter((way) => !gone(way)));
  const { hours } = profileOf(customer);
  return {
    points: ways.map((way) => pointOf(way, gone(way))),
    preferred: first ? { identityId: first.identity._id, channelId: first.channel._id } : null,
    outside: hours && !isWithin(hours, ctx.now(), organisation?.timeZone ?? 'Asia/Tehran') ? hours : null,
  };
}

/** None, where it is an error to ask for the best of them. */
async function anyWays(ctx: Context, viewer: Viewer, customerId: string): Promise<Way[]> {
  try {
    return await waysTo(ctx, viewer, customerId);
  } catch (error) {
    if (error instanceof AppError && error.reason === 'badTarget') return [];
    throw error;
  }
}

function pointOf(way: Way, optedOut: boolean): ContactPoint {
  const { identity, channel, wish, freely, templates } = way;
  return {
    identityId: identity._id,
    kind: identity.kind,
    display: identity.display,
    channelId: channel._id,
    wish,
    says: freely ? 'words' : templates ? 'templates' : 'nothing',
    optedOut,
  };
}
