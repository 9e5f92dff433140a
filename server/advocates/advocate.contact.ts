import { may, type Viewer } from '../../shared/access.ts';
import type { AdvocateWay } from '../../shared/advocate.ts';
import { type IdentityKind, reachedAs } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { Target } from '../../shared/message.ts';
import { channelKinds } from '../../shared/profile.ts';
import type { Context } from '../context.ts';
import { accessConversation } from '../conversations/conversation.access.ts';
import { beginConversation } from '../conversations/conversation.begin.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { ConsentDoc, ConsentWord } from '../customers/consent.model.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { preferredWay } from '../customers/customer.way.ts';
import { consentsHeld } from '../customers/facts.profile.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { reply } from '../messages/reply.ts';
import { mayNot } from '../users/user.create.ts';

/** They have addresses, and took back their consent for every kind of them. */
export function optedOutOf(
  kinds: readonly IdentityKind[],
  held: ReadonlyMap<string, readonly Pick<ConsentWord, 'state'>[]>,
): boolean {
  const theirs = [...new Set(kinds.map(reachedAs))].filter((kind) =>
    (channelKinds as readonly string[]).includes(kind),
  );
  return theirs.length > 0 && theirs.every((kind) => held.get(kind)?.[0]?.state === 'withdrawn');
}

export interface Way {
  identityId: string;
  channelId: string;
}

/**
 * Where a customer may be written to unasked: as they prefer, and on no kind of channel that they took back their consent for.
 * @throws AppError 409 optedOut; 422 badTarget; notFound
 */
export async function contactWay(ctx: Context, viewer: Viewer, customerId: string): Promise<Way> {
  const customer = await readableCustomer(ctx, viewer, customerId);
  const [identities, consents] = await Promise.all([
    ctx.models.identities
      .find({ customerId: customer._id }, { kind: 1 })
      .lean<Pick<IdentityDoc, 'kind'>[]>()
      .exec(),
    ctx.models.consents
      .find({ customerId: { $in: customer.members } })
      .lean<ConsentDoc[]>()
      .exec(),
  ]);
  const held = consentsHeld(consents);
  if (
    optedOutOf(
      identities.map(({ kind }) => kind),
      held,
    )
  )
    throw new AppError({
      code: 'conflict',
      reason: 'optedOut',
      message: 'This person does not want to be written to on any of their channels.',
    });
  const without = [...held].filter(([, history]) => history[0]?.state === 'withdrawn').map(([kind]) => kind);
  return preferredWay(ctx, viewer, customer._id, new Set(without));
}

/** The same for whoever is about to write, to be shown before. @throws AppError forbidden, and as `contactWay` */
export async function showWay(ctx: Context, viewer: Viewer, customerId: string): Promise<AdvocateWay> {
  if (!may(viewer, 'advocate.read')) throw mayNot('see advocates');
  const way = await contactWay(ctx, viewer, customerId);
  const identity = await ctx.models.identities
    .findById(way.identityId, { display: 1 })
    .lean<Pick<IdentityDoc, '_id' | 'display'>>()
    .exec();
  return { ...way, display: identity?.display ?? '' };
}

/** A conversation in which they can be written to: the active one, or one that begins. @throws AppError as `contactWay` */
export async function openContact(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
): Promise<{ conversation: ConversationDoc; target: Target }> {
  const way = await contactWay(ctx, viewer, customerId);
  const target: Target = { ...way, threadKey: '' };
  const customer = await readableCustomer(ctx, viewer, customerId);
  const active = await activeOf(ctx, viewer, customer);
  if (active) return { conversation: active, target };
  try {
    const { conversation } = await beginConversation(ctx, viewer, { customerId: customer._id, ...way });
    return { conversation, target };
  } catch (error) {
    // They wrote in this very moment: then it is that conversation.
    if (!(error instanceof AppError) || error.reason !== 'anotherActive') throw error;
    const { conversationId } = error.body.data as { conversationId: string };
    const conversation = await accessConversation(ctx, viewer, {
      conversationId,
      permission: 'conversation.write',
    });
    return { conversation, target };
  }
}

async function activeOf(
  ctx: Context,
  viewer: Viewer,
  customer: CustomerDoc,
): Promise<ConversationDoc | null> {
  const conversationId = customer.active.main;
  if (!conversationId) return null;
  return accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
}

/**
 * Says something to a customer by the ordinary path of a reply, in private. The same id again is the same message.
 * @throws AppError as `contactWay`, and whatever a reply is refused with
 */
export async function sayTo(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; messageId: string; text: string },
): Promise<MessageDoc> {
  const said = await ctx.models.messages.findById(options.messageId).lean<MessageDoc>().exec();
  if (said) return said;
  const { conversation, target } = await openContact(ctx, viewer, options.customerId);
  return reply(ctx, viewer, {
    conversationId: conversation._id,
    create: {
      id: options.messageId,
      kind: 'message',
      text: options.text,
      fileIds: [],
      target,
      lastSeenSeq: conversation.seq,
    },
  });
}
