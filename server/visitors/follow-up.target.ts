import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorOf } from '../channels/runtime.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { identityId, reached } from '../customers/identity.ts';
import type { Tx } from '../messages/commit.ts';
import { leftIdentity } from './visitor.contact.ts';
import type { VisitorDoc } from './visitor.model.ts';

export interface FollowUpTarget {
  identity: IdentityDoc;
  channel: ChannelDoc;
}

/**
 * Where a visitor who has gone is answered: by letter if they left an address, else by SMS, on the first connected channel that can write
 * there unasked. An address that is proven to be this customer's is used as that.
 */
export async function followUpTarget(
  tx: Tx,
  visitor: VisitorDoc,
  customerId: string,
): Promise<FollowUpTarget | null> {
  const { session, models, ctx } = tx;
  const { email, mobile } = visitor.contact;
  const ids = [
    ...(email
      ? [identityId({ kind: 'emailAddress', value: email }), leftIdentity(visitor, 'leftAddress', email)]
      : []),
    ...(mobile
      ? [identityId({ kind: 'mobile', value: mobile }), leftIdentity(visitor, 'leftMobile', mobile)]
      : []),
  ];
  const found = await models.identities
    .find({ _id: { $in: ids }, customerId, unreachable: false }, null, { session })
    .lean<IdentityDoc[]>();
  const channels = await models.channels
    .find({ state: 'connected' }, null, { session })
    .sort({ createdAt: 1 })
    .lean<ChannelDoc[]>();
  for (const id of ids) {
    const identity = found.find((one) => one._id === id && !one.blocked);
    const channel =
      identity &&
      channels.find((one) => {
        if (!Object.hasOwn(ctx.connectors, one.connector)) return false;
        const { kinds, canStart } = connectorOf(ctx, one).manifest.capabilities;
        return canStart === 'anyone' && kinds.includes(reached(identity).kind);
      });
    if (identity && channel) return { identity, channel };
  }
  return null;
}
