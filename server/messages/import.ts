import type { IdentityKind } from '../../shared/customer.ts';
import type { DeliveryState, Letter } from '../../shared/message.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import { blankConversation, headerAfter } from '../conversations/conversation.header.ts';
import { blankMessage } from '../conversations/conversation.line.ts';
import { importedCustomer } from '../customers/customer.import.ts';
import { identityId } from '../customers/identity.ts';
import type { Product } from '../sentiment/named.ts';
import { productsOf } from '../sentiment/products.ts';
import { sentimentOf } from '../sentiment/sentiment.ts';
import { commit, type NewMessage, type Tx } from './commit.ts';
import { newDelivery, withPieces } from './delivery.ts';
import { cleanText } from './intake.text.ts';
import type { PartDoc } from './message.model.ts';
import { findParts, partId, recordParts, scopeOf } from './parts.ts';

export interface ImportedIdentity {
  kind: IdentityKind;
  value: string;
  display: string;
  /** Where it was met. */
  channelId: string;
  threadKey: string;
}

export interface ImportedMessage {
  direction: 'in' | 'out';
  /** Index into the customer's identities: who wrote, or was written to. */
  identity: number;
  text: string;
  at: Date;
  /** Orders messages of the same time; compared as text. */
  providerOrder?: string;
  /** The provider's own: what was imported once is not imported again. */
  externalId: string;
  /** Where it is unique; without it, the channel. */
  scope?: string;
  /** Of an outbound message: who wrote it, and how far it came (`sent` unless told). What never left is no history. */
  authorId?: string;
  state?: Extract<DeliveryState, 'sent' | 'delivered' | 'read'>;
  /** Of channels with the capability `letters`: what a letter says beside its text, and the thread it is of. */
  letter?: Letter;
  /** Absent: the identity's own. */
  threadKey?: string;
}

export interface ImportedCustomer {
  /** Absent: known by address only. */
  name?: string;
  /** One person's, all of them; at least one. */
  identities: ImportedIdentity[];
  /** Each a case that is over, its messages oldest first. */
  conversations: { assigneeId?: string; messages: ImportedMessage[] }[];
}

export interface Imported {
  customers: number;
  conversations: number;
  messages: number;
  /** Messages that were here already. */
  known: number;
}

/** Commits under way at once: more gains nothing on one engine. */
const atOnce = 4;

/**
 * History as it would have come in, through the product's own commit path: a customer a commit, resolved and silent. Nobody waits
 * because of it and nobody has it unread. Doing it again adds only what is new.
 *
 * @param options.onProgress after each customer, with the messages so far
 * @throws AppError invalid when a customer's identities belong to several customers
 */
export async function importConversations(
  ctx: Context,
  options: { customers: readonly ImportedCustomer[]; onProgress?: (messages: number) => void },
): Promise<Imported> {
  const total: Imported = { customers: 0, conversations: 0, messages: 0, known: 0 };
  const queue = options.customers.values();
  const worker = async () => {
    for (const customer of queue) {
      const done = await importCustomer(ctx, customer);
      total.customers += 1;
      total.conversations += done.conversations;
      total.messages += done.messages;
      total.known += done.known;
      options.onProgress?.(total.messages);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const result of workers) if (result.status === 'rejected') throw result.reason;
  return total;
}

interface Ready {
  id: string;
  assigneeId: string | null;
  messages: (ImportedMessage & { id: string; part: string })[];
}

async function importCustomer(
  ctx: Context,
  customer: ImportedCustomer,
): Promise<Pick<Imported, 'conversations' | 'messages' | 'known'>> {
  const cid = mintCid(ctx.random);
  const products = await productsOf(ctx);
  const ready: Ready[] = customer.conversations.map((conversation) => ({
    id: ctx.uuid(),
    assigneeId: conversation.assigneeId ?? null,
    messages: conversation.messages.map((message) => ({
      ...message,
      id: ctx.uuid(),
      part: partId(scopeOf(identityOf(customer, message).channelId, message.scope), message.externalId),
    })),
  }));
  return commit(ctx, async (tx) => {
    const parts = new Map(
      (
        await findParts(
          tx,
          ready.flatMap((one) => one.messages.map((message) => message.part)),
        )
      ).map((part) => [part._id, part]),
    );
    const fresh = ready
      .map((one) => ({
        ...one,
        messages: one.messages.filter((message) => !parts.get(message.part)?.messageId),
      }))
      .filter((one) => one.messages.length);
    const messages = fresh.flatMap((one) => one.messages);
    const given = ready.reduce((sum, one) => sum + one.messages.length, 0);
    const counts = { conversations: fresh.length, messages: messages.length, known: given - messages.length };
    if (!messages.length) return counts;

    const owner = await importedCustomer(tx, { customer, cid, messages });
    const docs: NewMessage[] = [];
    for (const one of fresh) docs.push(...(await begin(tx, { customer, owner, one, products })));
    await writeParts(tx, { customer, messages, parts });
    await tx.insert(docs);
    return counts;
  });
}

function identityOf(customer: ImportedCustomer, message: ImportedMessage): ImportedIdentity {
  const identity = customer.identities[message.identity];
  if (!identity)
    throw new Error(
      `An imported message names identity ${message.identity} of ${customer.identities.length}.`,
    );
  return identity;
}

async function begin(
  tx: Tx,
  options: {
    customer: ImportedCustomer;
    owner: { _id: string; home: string };
    one: Ready;
    products: readonly Product[];
  },
): Promise<NewMessage[]> {
  const { customer, owner, one, products } = options;
  const docs = one.messages.map((message) =>
    importedMessage(tx.ctx.now(), { customer, conversationId: one.id, message, products }),
  );
  const first = new Date(Math.min(...docs.map((doc) => doc.at.getTime())));
  const blank = {
    ...blankConversation({ id: one.id, customerId: owner._id, homeCustomerId: owner.home, at: first }),
    assigneeId: one.assigneeId,
  };
  const header = { ...blank, ...headerAfter(blank, docs, { firstSeq: 1 }) };
  await tx.begin({ ...header, status: 'resolved', resolvedAt: header.lastAt }, docs.length);
  return docs;
}

function importedMessage(
  now: Date,
  options: {
    customer: ImportedCustomer;
    conversationId: string;
    message: Ready['messages'][number];
    products: readonly Product[];
  },
): NewMessage {
  const { customer, conversationId, message, products } = options;
  const identity = identityOf(customer, message);
  const text = cleanText(message.text);
  return {
    ...blankMessage({ id: message.id, conversationId, at: message.at }),
    direction: message.direction,
    providerOrder: message.providerOrder ?? '',
    receivedAt: now,
    channelId: identity.channelId,
    identityId: identityId(identity),
    threadKey: message.threadKey ?? identity.threadKey,
    letter: message.letter ?? null,
    externalId: message.direction === 'in' ? message.externalId : null,
    visibility: 'private',
    authorId: message.authorId ?? null,
    text,
    sentiment: message.direction === 'in' ? sentimentOf(text, { products }) : null,
    delivery: message.direction === 'out' ? deliveryOf(message, text) : null,
    imported: true,
  };
}

function deliveryOf(message: ImportedMessage, text: string): NewMessage['delivery'] {
  const state = message.state ?? 'sent';
  const queued = newDelivery([{ kind: 'text', text }], message.at);
  return withPieces(
    queued,
    queued.pieces.map((piece) => ({ ...piece, state, at: message.at, externalIds: [message.externalId] })),
  );
}

/** In one insert, but for ids that something already waits for. */
async function writeParts(
  tx: Tx,
  options: { customer: ImportedCustomer; messages: Ready['messages']; parts: Map<string, PartDoc> },
): Promise<void> {
  const words = (message: Ready['messages'][number]) =>
    message.direction === 'out'
      ? { piece: 0, attempt: 1, state: message.state ?? ('sent' as const) }
      : { piece: null, attempt: null, state: null };
  const fresh = options.messages.filter((message) => !options.parts.has(message.part));
  if (fresh.length)
    await tx.models.parts.insertMany(
      fresh.map((message) => ({
        _id: message.part,
        messageId: message.id,
        ...words(message),
        waiting: [],
        touched: 0,
        deletedAt: null,
      })),
      { session: tx.session, lean: true },
    );
  for (const message of options.messages) {
    const part = options.parts.get(message.part);
    if (!part) continue;
    await recordParts(tx, {
      scope: scopeOf(identityOf(options.customer, message).channelId, message.scope),
      externalIds: [message.externalId],
      messageId: message.id,
      ...words(message),
      known: [part],
    });
  }
}
