import type { Connector } from '../../connectors/connector.ts';
import { may, type Viewer } from '../../shared/access.ts';
import type { ConversationBegin } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import { mintCid } from '../../shared/text/cid.ts';
import { connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { cleanName, customerTokens } from '../customers/customer.name.ts';
import { preferredWay } from '../customers/customer.way.ts';
import { factsDue } from '../customers/facts.due.ts';
import { addIdentity, identityId } from '../customers/identity.ts';
import { commit, type Tx } from '../messages/commit.ts';
import {
  badTarget,
  connectedChannel,
  firstThread,
  invalid,
  mustReach,
  mustUseChannel,
} from '../messages/outgoing.ts';
import { anotherActive, customerOf, setActive } from './conversation.active.ts';
import { blankConversation } from './conversation.header.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';

/**
 * An agent writes first: to an identity that is known, or to a new address where the channel can. The conversation is the agent's
 * own, open and empty; its target is where the first reply goes.
 *
 * @throws AppError 409 anotherActive, with the conversation to go to instead; 422 badTarget; invalid for an address that is none
 */
export async function beginConversation(
  ctx: Context,
  viewer: Viewer,
  options: ConversationBegin,
): Promise<{ conversation: ConversationDoc; customer: CustomerDoc }> {
  if (!may(viewer, 'conversation.write') || !may(viewer, 'customer.read'))
    throw new AppError({ code: 'forbidden', message: 'Your role does not allow this.' });
  const way = await wayOf(ctx, viewer, options);
  mustUseChannel(viewer, way.channelId);
  const minted = { conversation: ctx.uuid(), line: ctx.uuid(), cid: mintCid(ctx.random) };

  return commit(ctx, async (tx) => {
    const now = ctx.now();
    const channel = await connectedChannel(tx, way.channelId);
    const connector = connectorOf(ctx, channel);
    const identity = options.address
      ? await addressed(tx, {
          connector,
          address: options.address,
          cid: minted.cid,
          now,
          byUserId: viewer.id,
        })
      : await known(tx, way);
    mustReach(ctx, channel, identity);
    const customer = await customerOf(tx, identity.customerId);
    if (customer.active.main) throw anotherActive(customer.active.main);

    await setActive(tx, customer, minted.conversation);
    const conversation = await tx.begin(
      {
        ...blankConversation({
          id: minted.conversation,
          customerId: customer._id,
          homeCustomerId: identity.homeCustomerId,
          at: now,
        }),
        assigneeId: viewer.id,
        channelIds: [channel._id],
        replyTarget: {
          channelId: channel._id,
          identityId: identity._id,
          threadKey: firstThread(ctx, { channel, identity, conversationId: minted.conversation }),
        },
      },
      1,
    );
    await tx.insert([
      eventLine({
        id: minted.line,
        conversationId: conversation._id,
        at: now,
        type: 'begun',
        authorId: viewer.id,
      }),
    ]);
    return { conversation, customer: await customerOf(tx, customer._id) };
  });
}

/** As the agent chose, or as the customer prefers. */
async function wayOf(
  ctx: Context,
  viewer: Viewer,
  { customerId, identityId, address, channelId }: ConversationBegin,
): Promise<{ channelId: string; customerId?: string | undefined; identityId?: string | undefined }> {
  if (channelId) return { channelId, customerId, identityId };
  if (!customerId || identityId || address) throw invalid('channelId', 'Choose a channel.');
  return { ...(await preferredWay(ctx, viewer, customerId)), customerId };
}

/** An identity of the customer the agent is looking at, who may be linked into another by now. */
async function known(
  tx: Tx,
  options: Pick<ConversationBegin, 'customerId' | 'identityId'>,
): Promise<IdentityDoc> {
  const { session, models } = tx;
  const identity = options.identityId
    ? await models.identities.findById(options.identityId, null, { session }).lean<IdentityDoc>()
    : null;
  const owner =
    identity && (await models.customers.findById(identity.customerId, null, { session }).lean<CustomerDoc>());
  if (!identity || !options.customerId || !owner?.members.includes(options.customerId))
    throw badTarget('That address is not one of this customer’s.');
  return identity;
}

/** Whoever has this address already; else somebody new, on the agent's word. */
async function addressed(
  tx: Tx,
  options: { connector: Connector; address: string; cid: string; now: Date; byUserId: string },
): Promise<IdentityDoc> {
  const { connector, cid, now } = options;
  const { session, models } = tx;
  const address =
    connector.manifest.capabilities.canStart === 'anyone' ? connector.address?.(options.address) : undefined;
  if (address === undefined)
    throw badTarget('This channel cannot write first: the customer has to write to it before.');
  if (!address) throw invalid('address', 'That is not an address this channel can write to.');
  const identity = await models.identities
    .findById(identityId(address), null, { session })
    .lean<IdentityDoc>();
  if (identity) return identity;

  const name = cleanName(address.display) || address.value;
  const customer: CustomerDoc = {
    _id: cid,
    name,
    nameSource: 'address',
    nameFrom: identityId(address),
    active: { main: null },
    version: 1,
    mergedInto: null,
    members: [cid],
    tokens: customerTokens(name, [address]),
    createdAt: now,
  };
  await models.customers.insertMany([customer], { session });
  await factsDue(tx, cid);
  return addIdentity(tx, {
    identity: address,
    customer,
    home: cid,
    proof: 'agent',
    source: { by: 'user', id: options.byUserId },
    now,
  });
}
