import { may, type Viewer } from '../../shared/access.ts';
import type { AdvocatePlace, AdvocateWay } from '../../shared/advocate.ts';
import { AppError } from '../../shared/errors.ts';
import type { MessageTemplate, TemplateUse } from '../../shared/post.ts';
import { templatesOf } from '../channels/templates.ts';
import type { Context } from '../context.ts';
import { accessConversation } from '../conversations/conversation.access.ts';
import { beginConversation } from '../conversations/conversation.begin.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { contactWays, nothingCanBeSaid, sayable, type Way } from '../customers/customer.way.ts';
import { profileOf } from '../customers/facts.profile.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { firstThread, invalid, piecesFor } from '../messages/outgoing.ts';
import { filledTemplate } from '../messages/reply.template.ts';
import { reply } from '../messages/reply.ts';
import { findOrganisation } from '../users/organisation.ts';
import { mayNot } from '../users/user.create.ts';

/** What is to be said: words of one's own, or in their place a template with its values. */
export interface Saying {
  text: string;
  template: TemplateUse | null;
}

/** Where it can be said now: what it needs to be held against the channel. */
export interface Contact {
  way: Way;
  /** As the provider has it; null: words of one's own. */
  template: MessageTemplate | null;
}

/**
 * Where something can be said to a customer now: on the first of their ways that can carry it. Asked before anything is written, so that
 * nothing is begun or taken for what cannot be said.
 *
 * @throws AppError 409 optedOut, windowClosed; 422 badTarget, template.name where none of their channels has it; notFound
 */
export async function readyContact(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; template: TemplateUse | null },
): Promise<Contact> {
  const customer = await readableCustomer(ctx, viewer, options.customerId);
  const ways = await contactWays(ctx, viewer, customer);
  await activeOf(ctx, viewer, customer);
  const { template } = options;
  if (!template) {
    const way = ways.find(({ freely }) => freely);
    if (!way) throw nothingCanBeSaid(ways);
    return { way, template: null };
  }
  for (const way of ways.filter(({ templates }) => templates)) {
    const known = (await templatesOf(ctx, way.channel)).find(
      ({ name, language }) => name === template.name && language === template.language,
    );
    if (known) return { way, template: known };
  }
  throw invalid(
    'template.name',
    `None of this customer’s channels has a template “${template.name}” in ${template.language}.`,
  );
}

/** Holds words that are ready against the channel: too long, a template's values too few. @throws AppError invalid */
export function mustFit(ctx: Context, contact: Contact, saying: Saying): void {
  const { channel, identity } = contact.way;
  const template =
    contact.template && saying.template ? filledTemplate(contact.template, saying.template) : undefined;
  piecesFor(ctx, {
    channel,
    identity,
    text: template?.shown ?? saying.text,
    threadKey: firstThread(ctx, { channel, identity, conversationId: '' }),
    files: [],
    template,
  });
}

/**
 * Where they would be written to, for whoever is about to: words of one's own, a template, and what is passed over because its window is
 * closed. @throws AppError forbidden; 409 optedOut, windowClosed; 422 badTarget
 */
export async function showWay(ctx: Context, viewer: Viewer, customerId: string): Promise<AdvocateWay> {
  if (!may(viewer, 'advocate.read')) throw mayNot('see advocates');
  const customer = await readableCustomer(ctx, viewer, customerId);
  const ways = await contactWays(ctx, viewer, customer);
  const text = ways.find(({ freely }) => freely);
  const template = ways.find(({ templates }) => templates);
  if (!text && !template) throw nothingCanBeSaid(ways);
  const passed = text ? ways.slice(0, ways.indexOf(text)) : ways;
  return {
    text: text ? place(text) : null,
    template: template ? place(template) : null,
    passed: passed.map((way) => ({
      ...place(way),
      closedAt: way.closedAt?.toISOString() ?? null,
      templates: way.templates,
    })),
    language: await languageFor(ctx, customer),
  };
}

const place = ({ identity, channel }: Way): AdvocatePlace => ({
  identityId: identity._id,
  channelId: channel._id,
  display: identity.display,
});

/** In which language somebody is written to: their own where it is known, else the organisation's. */
export async function languageFor(ctx: Context, customer: CustomerDoc): Promise<'fa' | 'en'> {
  const spoken = profileOf(customer).language;
  if (spoken) return spoken.startsWith('fa') ? 'fa' : 'en';
  return (await findOrganisation(ctx))?.language ?? 'fa';
}

/**
 * A conversation in which they can be written to: the active one, or one that begins where words of one's own can be said now, else where
 * a template can. @throws AppError 409 optedOut, windowClosed; 422 badTarget
 */
export async function openContact(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
): Promise<{ conversation: ConversationDoc }> {
  const customer = await readableCustomer(ctx, viewer, customerId);
  const ways = await contactWays(ctx, viewer, customer);
  const active = await activeOf(ctx, viewer, customer);
  if (active) return { conversation: active };
  const way = sayable(ways);
  if (!way) throw nothingCanBeSaid(ways);
  return { conversation: await openAt(ctx, viewer, { customer, way }) };
}

async function openAt(
  ctx: Context,
  viewer: Viewer,
  of: { customer: CustomerDoc; way: Way },
): Promise<ConversationDoc> {
  const { customer, way } = of;
  const active = await activeOf(ctx, viewer, customer);
  if (active) return active;
  try {
    const { conversation } = await beginConversation(ctx, viewer, {
      customerId: customer._id,
      identityId: way.identity._id,
      channelId: way.channel._id,
    });
    return conversation;
  } catch (error) {
    // They wrote in this very moment: then it is that conversation.
    if (!(error instanceof AppError) || error.reason !== 'anotherActive') throw error;
    const { conversationId } = error.body.data as { conversationId: string };
    return accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
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
 * Says something to a customer by the ordinary path of a reply, in private. The same id again is the same message. No conversation begins
 * for what cannot be said.
 * @throws AppError as `readyContact` and `mustFit`, and whatever a reply is refused with
 */
export async function sayTo(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; messageId: string; saying: Saying },
): Promise<MessageDoc> {
  const { customerId, messageId, saying } = options;
  const said = await ctx.models.messages.findById(messageId).lean<MessageDoc>().exec();
  if (said) return said;
  const contact = await readyContact(ctx, viewer, { customerId, template: saying.template });
  mustFit(ctx, contact, saying);
  const { way } = contact;
  const customer = await readableCustomer(ctx, viewer, customerId);
  const conversation = await openAt(ctx, viewer, { customer, way });
  return reply(ctx, viewer, {
    conversationId: conversation._id,
    create: {
      id: messageId,
      kind: 'message',
      text: saying.template ? '' : saying.text,
      ...(saying.template && { template: saying.template }),
      fileIds: [],
      target: { identityId: way.identity._id, channelId: way.channel._id, threadKey: '' },
      lastSeenSeq: conversation.seq,
    },
  });
}
