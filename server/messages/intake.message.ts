import type { InboundEvent, InboundMessage } from '../../connectors/connector.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import { setActive } from '../conversations/conversation.active.ts';
import { blankConversation, headerAfter, isLate } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { identityId, type Met, meetIdentity } from '../customers/identity.ts';
import { key } from '../db/key.ts';
import type { NewMessage, Tx } from './commit.ts';
import { newDelivery, withPieces } from './delivery.ts';
import { redacted } from './intake.delete.ts';
import { duplicateOf } from './intake.duplicate.ts';
import { matchEcho } from './intake.echo.ts';
import { clamped } from './intake.find.ts';
import { type Place, placeFor } from './intake.place.ts';
import { proveStep } from './intake.prove.ts';
import type { Arrival, Outcome, Step } from './intake.step.ts';
import { cleanText } from './intake.text.ts';
import type { AttachmentDoc, PartDoc } from './message.model.ts';
import { findParts, partId, recordParts, scopeOf } from './parts.ts';

/** What a message event says, made ready once for all runs of its deed. */
export interface Incoming {
  arrival: Arrival;
  event: InboundMessage;
  scope: string;
  /** Parts' ids of the message. */
  parts: string[];
  /** The part of the message it quotes. */
  quotes: string | null;
  /** The provider's time, clamped; null when it did not say. */
  saidAt: Date | null;
  minted: { cid: string; conversationId: string; messageId: string; lineId: string; attachmentIds: string[] };
}

export function messageSteps(
  ctx: Context,
  arrival: Arrival,
  event: Extract<InboundEvent, { type: 'message' }>,
): Step[] {
  if (!event.externalIds.length)
    throw new Error('The message has no id of its provider: it could not be told from a copy of itself.');
  const scope = scopeOf(arrival.channel._id, event.scope);
  const incoming: Incoming = {
    arrival,
    event,
    scope,
    parts: event.externalIds.map((externalId) => partId(scope, externalId)),
    quotes: event.inReplyTo ? partId(scope, event.inReplyTo) : null,
    saidAt: clamped(event.at, arrival.inbound.receivedAt),
    minted: {
      cid: mintCid(ctx.random),
      conversationId: ctx.uuid(),
      messageId: ctx.uuid(),
      lineId: ctx.uuid(),
      attachmentIds: event.attachments.map(() => ctx.uuid()),
    },
  };
  const proofs = event.direction === 'in' ? (event.proves ?? []) : [];
  return [
    (tx) => receive(tx, incoming),
    ...proofs.map((proven) => proveStep(ctx, identityId(event.sender), proven)),
  ];
}

async function receive(tx: Tx, incoming: Incoming): Promise<Outcome> {
  const { parts, quotes, event } = incoming;
  const read = await findParts(tx, quotes ? [...parts, quotes] : parts);
  const known = read.filter((part) => parts.includes(part._id));
  const quoted = read.find((part) => part._id === quotes)?.messageId ?? null;
  const owner = known.find((part) => part.messageId)?.messageId;
  // Looked up before anything is raised: a copy of what is here changes nothing, or very little.
  if (owner) await duplicateOf(tx, incoming, { known, messageId: owner, quoted });
  else {
    const echo = event.direction === 'out' ? await matchEcho(tx, incoming, known) : null;
    if (echo) return echo;
    await write(tx, incoming, { known, quoted });
  }
  return quotes && !quoted ? { state: 'done', waitsFor: quotes } : { state: 'done' };
}

/** identity → customer → conversation → parts → message. */
async function write(
  tx: Tx,
  incoming: Incoming,
  found: { known: PartDoc[]; quoted: string | null },
): Promise<void> {
  const { arrival, event, minted, scope, saidAt } = incoming;
  const { receivedAt } = arrival.inbound;
  const { channel } = arrival;
  const inward = event.direction === 'in';
  const met = await meetIdentity(tx, {
    sender: event.sender,
    channelId: channel._id,
    threadKey: event.threadKey,
    cid: minted.cid,
    at: inward ? (saidAt ?? receivedAt) : null,
    now: receivedAt,
  });
  tx.knows(met.customer);
  const place = await placeFor(tx, {
    customer: met.customer,
    identityId: met.identity._id,
    channelId: channel._id,
    threadKey: event.threadKey,
    now: tx.ctx.now(),
  });
  const message = newMessage(incoming, { met, place, ...found });
  await enter(tx, incoming, { met, place, message });
  await recordParts(tx, {
    scope,
    externalIds: event.externalIds,
    messageId: message._id,
    piece: message.delivery ? 0 : null,
    attempt: message.delivery ? 1 : null,
    state: message.delivery ? 'sent' : null,
    known: found.known,
  });
  await tx.insert(message.line ? [message.line, message.doc] : [message.doc]);
  if (inward) await writeClaims(tx, event, met.customer._id, receivedAt);
}

interface Written {
  _id: string;
  delivery: NewMessage['delivery'];
  doc: NewMessage;
  /** What its coming did to the conversation, as a line above it. */
  line: NewMessage | null;
}

function newMessage(
  incoming: Incoming,
  found: { met: Met; place: Place; known: PartDoc[]; quoted: string | null },
): Written {
  const { arrival, event, minted, saidAt } = incoming;
  const { conversation } = found.place;
  const at = saidAt ?? arrival.inbound.receivedAt;
  const deleted = found.known
    .flatMap((part) => part.deletedAt ?? [])
    .sort((a, b) => a.getTime() - b.getTime())[0];
  const conversationId = conversation?._id ?? minted.conversationId;
  const echo = event.direction === 'out';
  const doc: NewMessage = {
    _id: minted.messageId,
    conversationId,
    kind: 'message',
    direction: event.direction,
    at,
    atEstimated: !saidAt,
    providerOrder: event.providerOrder,
    receivedAt: arrival.inbound.receivedAt,
    late: conversation ? isLate(conversation, at) : false,
    channelId: arrival.channel._id,
    identityId: found.met.identity._id,
    threadKey: event.threadKey,
    inReplyTo: found.quoted,
    visibility: event.visibility,
    authorId: null,
    sentElsewhere: echo,
    sentAnyway: false,
    text: cleanText(event.text),
    editedAt: null,
    editOrder: null,
    deletedAt: deleted ?? null,
    groupKey: event.groupKey ?? null,
    attachments: attachmentsOf(incoming),
    reactions: [],
    delivery: echo ? sentDelivery(event, at) : null,
    event: null,
    imported: false,
    ...(deleted ? redacted : {}),
  };
  const by = conversation && !echo ? comesBack(conversation) : null;
  const line: NewMessage | null = by && {
    ...doc,
    ...redacted,
    _id: minted.lineId,
    kind: 'event',
    direction: 'none',
    at: conversation && conversation.newestAt > at ? conversation.newestAt : at,
    atEstimated: false,
    providerOrder: '',
    late: false,
    channelId: null,
    identityId: null,
    threadKey: null,
    inReplyTo: null,
    visibility: 'internal',
    groupKey: null,
    deletedAt: null,
    delivery: null,
    event: { type: by, data: { by: 'message' } },
  };
  return { _id: doc._id, delivery: doc.delivery, doc, line };
}

/** A message wakes what is snoozed and reopens what was resolved. */
function comesBack(conversation: ConversationDoc): 'woken' | 'reopened' | null {
  if (conversation.status === 'snoozed') return 'woken';
  return conversation.status === 'resolved' ? 'reopened' : null;
}

/** Begins the conversation or raises it, and says so in the customer first. */
async function enter(
  tx: Tx,
  incoming: Incoming,
  options: { met: Met; place: Place; message: Written },
): Promise<void> {
  const { met, place, message } = options;
  const { conversation } = place;
  const messages = message.line ? [message.line, message.doc] : [message.doc];
  if (!conversation) {
    const begun = blankConversation({
      id: incoming.minted.conversationId,
      customerId: met.customer._id,
      homeCustomerId: met.identity.homeCustomerId,
      // Our own clock: providers count in seconds, and which of two is the older must not hang on chance.
      at: incoming.arrival.inbound.receivedAt,
    });
    const blank = { ...begun, lastAt: message.doc.at };
    await setActive(tx, met.customer, blank._id);
    await tx.begin({ ...blank, ...headerAfter(blank, messages, { firstSeq: 1 }) }, messages.length);
    return;
  }
  if (message.line?.event?.type === 'reopened' && !place.routed)
    await setActive(tx, met.customer, conversation._id);
  await tx.raise(conversation, {
    set: {
      ...headerAfter(conversation, messages, { firstSeq: conversation.seq + 1 }),
      ...(message.line ? { status: 'open', snoozedUntil: null, resolvedAt: null } : {}),
    },
    messages: messages.length,
  });
}

function attachmentsOf({ event, minted, arrival }: Incoming): AttachmentDoc[] {
  const canFetch = Boolean(arrival.connector.download);
  return event.attachments.map((attachment, index) => ({
    id: minted.attachmentIds[index] ?? '',
    name: cleanText(attachment.name).slice(0, 200),
    type: attachment.type,
    bytes: attachment.bytes ?? null,
    width: attachment.width ?? null,
    height: attachment.height ?? null,
    duration: attachment.duration ?? null,
    state: canFetch ? 'pending' : 'failed',
    error: canFetch ? null : 'This channel cannot fetch files.',
    ref: attachment.ref,
    inboundId: arrival.inbound._id,
    fileId: null,
  }));
}

/** What was sent from the provider's own app is sent; its statuses still come. */
function sentDelivery(event: InboundMessage, at: Date): NewMessage['delivery'] {
  const queued = newDelivery([{ kind: 'text', text: cleanText(event.text) }], at);
  return withPieces(
    queued,
    queued.pieces.map((piece) => ({ ...piece, state: 'sent', at, externalIds: event.externalIds })),
  );
}

async function writeClaims(tx: Tx, event: InboundMessage, customerId: string, at: Date): Promise<void> {
  for (const { kind, value, source } of event.claims ?? [])
    await tx.models.claims.updateOne(
      { _id: key(customerId, kind, value) },
      { $setOnInsert: { customerId, kind, value, source, at } },
      { session: tx.session, upsert: true },
    );
}
