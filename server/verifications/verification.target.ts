import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { type IdentityKind, type IdentitySource, isVerified, reachedAs } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import { readIdentity } from '../../shared/text/identity.ts';
import type { VerificationStart } from '../../shared/verification.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorOf } from '../channels/runtime.ts';
import { homeOf } from '../customers/customer.home.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { mustBeIdentity } from '../customers/identity.add.ts';
import { addIdentity, identityId, reached } from '../customers/identity.ts';
import type { Tx } from '../messages/commit.ts';
import { badTarget, connectedChannel, invalid } from '../messages/outgoing.ts';

/** The address in question, as the channels know it. */
export interface Target {
  kind: Extract<IdentityKind, 'mobile' | 'emailAddress'>;
  value: string;
  display: string;
}

/** And of whom it is to be found out, when merges are taken back. */
export interface Asked {
  target: Target;
  home: string;
}

/**
 * What is to be found out.
 * @param of.cid whom the viewer asks of
 * @throws AppError invalid, notFound
 */
export async function targetOf(
  tx: Tx,
  of: { customer: CustomerDoc; cid: string; start: VerificationStart },
): Promise<Asked> {
  const { customer, cid, start } = of;
  const { session, models } = tx;
  const given = [start.identityId, start.claimId, start.address].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw invalid('identityId', 'Give one of identityId, claimId and address: what is to be verified.');
  if (start.address) {
    const read = mustBeIdentity(start.address.kind, start.address.value, 'address.value');
    return { target: mustBeReachable(read.kind, read.value), home: homeOf(customer, { cid }) };
  }
  if (start.identityId) {
    const identity = await models.identities
      .findById(start.identityId, null, { session })
      .lean<IdentityDoc>();
    if (identity?.customerId !== customer._id)
      throw new AppError({ code: 'notFound', message: 'This customer has no such identity.' });
    const { kind, value } = reached(identity);
    return { target: mustBeReachable(kind, value), home: homeOf(customer, { identity }) };
  }
  const claim = await models.claims.findById(start.claimId, null, { session }).lean<ClaimDoc>();
  if (!claim || !customer.members.includes(claim.customerId))
    throw new AppError({ code: 'notFound', message: 'This customer has made no such claim.' });
  return {
    target: mustBeReachable(claim.kind, claim.value),
    home: homeOf(customer, { cid: claim.customerId }),
  };
}

function mustBeReachable(kind: IdentityKind, text: string): Target {
  const reachable = reachedAs(kind);
  if (reachable !== 'mobile' && reachable !== 'emailAddress')
    throw invalid('identityId', 'A code goes to a mobile number or an e-mail address, and this is neither.');
  const read = readIdentity(reachable, text);
  if (!read.ok) throw invalid('identityId', `A code cannot be sent there. ${read.message}`);
  return { kind: reachable, value: read.value, display: read.display };
}

/** The channel that was asked for, else the first that can write there unasked and is the viewer's. @throws AppError 422 badTarget */
export async function channelFor(
  tx: Tx,
  viewer: Viewer,
  options: { target: Target; channelId: string | undefined },
): Promise<ChannelDoc> {
  const { target, channelId } = options;
  const able = (channel: ChannelDoc) => {
    if (!Object.hasOwn(tx.ctx.connectors, channel.connector)) return false;
    const { kinds, canStart } = connectorOf(tx.ctx, channel).manifest.capabilities;
    return canStart === 'anyone' && kinds.includes(target.kind);
  };
  if (channelId) {
    if (!canUseChannel(viewer, channelId)) throw badTarget('This channel is not one of yours.');
    const channel = await connectedChannel(tx, channelId);
    if (able(channel)) return channel;
    throw badTarget(`The channel “${channel.name}” cannot write to ${target.display} unasked.`);
  }
  const channels = await tx.models.channels
    .find({ state: 'connected' }, null, { session: tx.session })
    .sort({ createdAt: 1, _id: 1 })
    .lean<ChannelDoc[]>();
  const channel = channels.find((one) => able(one) && canUseChannel(viewer, one._id));
  if (channel) return channel;
  throw badTarget(
    target.kind === 'mobile'
      ? 'None of your channels can send an SMS: connect one, or verify another way.'
      : 'None of your channels can send a mail: connect one, or verify another way.',
  );
}

/**
 * What the message is to: the identity, if it is this customer's already; else one of this customer's alone that reaches the same address
 * and recognises nobody, because whose the address is remains to be seen.
 * @throws AppError conflict when there is nothing to find out
 */
export async function recipient(
  tx: Tx,
  options: { customer: CustomerDoc; asked: Asked; source: IdentitySource },
): Promise<IdentityDoc> {
  const { customer } = options;
  const { target, home } = options.asked;
  const { session, models } = tx;
  const own = await models.identities.findById(identityId(target), null, { session }).lean<IdentityDoc>();
  if (own?.customerId === customer._id) {
    if (isVerified(own))
      throw new AppError({
        code: 'conflict',
        message: `${target.display} is verified already: it needs no code.`,
      });
    return own;
  }
  const scoped = {
    kind: target.kind === 'mobile' ? ('leftMobile' as const) : ('leftAddress' as const),
    value: `${home}:${target.value}`,
  };
  const known = await models.identities.findById(identityId(scoped), null, { session }).lean<IdentityDoc>();
  if (known && known.customerId === customer._id) return known;
  if (known) throw new Error(`Identity ${known._id} is of customer ${known.customerId}, not of its own.`);
  return addIdentity(tx, {
    identity: { ...scoped, display: target.display, address: target.value },
    customer,
    home,
    proof: 'agent',
    source: options.source,
    now: tx.ctx.now(),
  });
}
