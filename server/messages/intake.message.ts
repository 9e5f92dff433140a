import type { InboundEvent, InboundMessage } from '../../connectors/connector.ts';
import type { Sentiment } from '../../shared/sentiment.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import { setActive } from '../conversations/conversation.active.ts';
import { blankConversation, headerAfter, isLate } from '../conversations/conversation.header.ts';
import { blankMessage, eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { identityId, type Met, meetIdentity } from '../customers/identity.ts';
import { key } from '../db/key.ts';
import { mentionsBecame } from '../listening/mention.became.ts';
import { productsOf } from '../sentiment/products.ts';
import { sentimentOf } from '../sentiment/sentiment.ts';
import { codeIn } from '../verifications/verification.code.ts';
import { hearStep } from '../verifications/verification.hear.ts';
import { automaticReply } from './automatic.ts';
import { type ReadyBody, readyBody, writeBody } from './body.ts';
import type { NewMessage, Tx } from './commit.ts';
import { newDelivery, withPieces } from './delivery.ts';
import { attachmentsOf } from './intake.attachments.ts';
import { redacted } from './intake.delete.ts';
import { duplicateOf } from './intake.duplicate.ts';
import { matchEcho } from './intake.echo.ts';
import { clamped } from './intake.find.ts';
import { enterHistory, historyPlace } from './intake.history.ts';
import { letterAsKept } from './intake.letter.ts';
import { type Place, placeFor } from './intake.place.ts';
import { proveStep } from './intake.prove.ts';
import { publicWords } from './intake.public.ts';
import { type Known, knownAs } from './intake.same.ts';
import type { Arrival, Outcome, Step } from './intake.step.ts';
import { cleanText } from './intake.text.ts';
import { referenceParts, type Threaded, threadOf } from './intake.thread.ts';
import type { DeliveryDoc } from './message.model.ts';
import { partId, recordParts, scopeOf } from './parts.ts';
import { marked } from './watermark.ts';

/** What a message event says, made ready once for all runs of its deed. */
export interface Incoming {
  arrival: Arrival;
  event: InboundMessage;
  scope: string;
  /** The provider's time, clamped; null when it did not say. */
  saidAt: Date | null;
  /** What is beyond its text. */
  body: ReadyBody | null;
  /** How a customer's words are meant. */
  sentiment: Sentiment | null;
  minted: {
    cid: string;
    conversationId: string;
    messageId: string;
    lineId: string;
    autoId: string;
    attachmentIds: string[];
  };
}

/** What is here already of a message, and where it belongs. */
export interface Facts {
  known: Known;
  threaded: Threaded;
}

export interface MessageSteps {
  steps: Step[];
  /** A file stored for the message, and the message whose it is if it was written. */
  stored: { fileId: string; messageId: string } | null;
}

export async function messageSteps(
  ctx: Context,
  arrival: Arrival,
  event: Extract<InboundEvent, { type: 'message' }>,
): Promise<MessageSteps> {
  if (!event.externalIds.length)
    throw new Error('The message has no id of its provider: it could not be told from a copy of itself.');
  const incoming: Incoming = {
    arrival,
    event,
    scope: scopeOf(arrival.channel._id, event.scope),
    saidAt: clamped(event.at, arrival.inbound.receivedAt),
    body: await readyBody(ctx, event.whole ?? { text: event.text, html: null }, cleanText(event.text)),
    sentiment:
      event.direction === 'in'
        ? sentimentOf(cleanText(event.text), { products: await productsOf(ctx) })
        : null,
    minted: {
      cid: mintCid(ctx.random),
      conversationId: ctx.uuid(),
      messageId: ctx.uuid(),
      lineId: ctx.uuid(),
      autoId: ctx.uuid(),
      attachmentIds: event.attachments.map(() => ctx.uuid()),
    },
  };
  const { body, minted } = incoming;
  const inward = event.direction === 'in';
  const proofs = inward ? (event.proves ?? []) : [];
  // What everybody can read proves nothing.
  const secret = inward && !arrival.inbound.history && event.visibility === 'private';
  const code = secret ? codeIn(event.text) : null;
  const eventId = arrival.inbound._id;
  let received: Outcome | null = null;
  return {
    steps: [
      async (tx) => {
        received = await receive(tx, incoming);
        return received;
      },
      // Whoever is not listened to proves nothing.
      ...[
        ...proofs.map((proven) => proveStep(ctx, identityId(event.sender), proven)),
        ...(code ? [hearStep(ctx, { senderId: identityId(event.sender), eventId, code })] : []),
      ].map(
        (prove): Step =>
          async (tx) =>
            received?.state === 'ignored' ? received : prove(tx),
      ),
    ],
    stored: body?.fileId ? { fileId: body.fileId, messageId: minted.messageId } : null,
  };
}

async function receive(tx: Tx, incoming: Incoming): Promise<Outcome> {
  const { event, scope, arrival } = incoming;
  const references = referenceParts(event, scope);
  const known = await knownAs(tx, { event, scope, beside: references });
  const threaded = await threadOf(tx, { event, references, known: known.parts });
  const facts: Facts = { known, threaded };
  // Looked up before anything is raised: a copy of what is here changes nothing, or very little.
  if (known.message) await duplicateOf(tx, incoming, { ...facts, message: known.message });
  else {
    const echoes = event.direction === 'out' && !arrival.inbound.history;
    const echo = echoes ? await matchEcho(tx, incoming, known) : null;
    if (echo) return echo;
    const ignored = await write(tx, incoming, facts);
    if (ignored) return ignored;
  }
  return { state: 'done', waitsFor: threaded.waitsFor };
}

/** identity → customer → conversation → parts → message. */
async function write(tx: Tx, incoming: Incoming, facts: Facts): Promise<Outcome | null> {
  const { arrival, event, minted, scope, saidAt, body } = incoming;
  const { receivedAt } = arrival.inbound;
  const { channel } = arrival;
  const { threadKey } = facts.threaded;
  const inward = event.direction === 'in';
  const met = await meetIdentity(tx, {
    sender: event.sender,
    channelId: channel._id,
    threadKey,
    cid: minted.cid,
    at: inward ? (saidAt ?? receivedAt) : null,
    inPrivate: event.visibility === 'private',
    now: receivedAt,
  });
  if (inward && met.identity.blocked && !arrival.inbound.restored)
    return { state: 'ignored', reason: `blocked: ${met.identity.display} was blocked by the team.` };
  tx.knows(met.customer);
  const place = arrival.inbound.history
    ? await historyPlace(tx, { met, threadKey, into: arrival.into ?? null })
    : await placeFor(tx, {
        customer: met.customer,
        identityId: met.identity._id,
        channelId: channel._id,
        threadKey,
        now: tx.ctx.now(),
      });
  const message = newMessage(incoming, { met, place, ...facts });
  const ids = [...ownParts(scope, facts.known)];
  Object.assign(message.doc, await mentionsBecame(tx, { parts: ids, message: message.doc }));
  let begun: ConversationDoc | null = null;
  if (arrival.inbound.history) await enterHistory(tx, { met, place, message: message.doc });
  else begun = await enter(tx, incoming, { met, place, message });
  await recordParts(tx, {
    scope,
    externalIds: facts.known.externalIds,
    messageId: message._id,
    piece: message.delivery ? 0 : null,
    attempt: message.delivery ? 1 : null,
    state: message.delivery ? 'sent' : null,
    known: facts.known.parts.filter((part) => ownParts(scope, facts.known).has(part._id)),
  });
  await tx.insert(message.line ? [message.line, message.doc] : [message.doc]);
  if (body && message.doc.hasWhole) await writeBody(tx, message._id, body);
  if (inward) await writeClaims(tx, event, met.identity.homeCustomerId, receivedAt);
  // A rule does not speak before everybody.
  if (begun && inward && event.visibility === 'private')
    await automaticReply(tx, { id: minted.autoId, arrival, met, begun, message: message.doc });
  return null;
}

interface Written {
  _id: string;
  delivery: NewMessage['delivery'];
  doc: NewMessage;
  /** What its coming did to the conversation, as a line above it. */
  line: NewMessage | null;
}

function newMessage(incoming: Incoming, found: Facts & { met: Met; place: Place }): Written {
  const { arrival, event, minted, saidAt, body } = incoming;
  const { threaded, known } = found;
  const { conversation } = found.place;
  const { history } = arrival.inbound;
  const at = saidAt ?? arrival.inbound.receivedAt;
  const own = ownParts(incoming.scope, known);
  const deleted = known.parts
    .filter((part) => own.has(part._id))
    .flatMap((part) => part.deletedAt ?? [])
    .sort((a, b) => a.getTime() - b.getTime())[0];
  const conversationId = conversation?._id ?? found.place.id ?? minted.conversationId;
  const echo = event.direction === 'out';
  const doc: NewMessage = {
    ...blankMessage({ id: minted.messageId, conversationId, at }),
    direction: event.direction,
    atEstimated: !saidAt,
    providerOrder: event.providerOrder,
    receivedAt: arrival.inbound.receivedAt,
    late: conversation && !history ? isLate(conversation, at) : false,
    channelId: arrival.channel._id,
    identityId: found.met.identity._id,
    threadKey: threaded.threadKey,
    inReplyTo: threaded.inReplyTo,
    externalId: event.externalIds[0] ?? null,
    digest: event.digest ?? null,
    letter: event.letter ? letterAsKept(event.letter) : null,
    hasWhole: body !== null,
    relatedId: threaded.relatedId,
    visibility: event.visibility,
    ...publicWords(incoming),
    sentElsewhere: echo,
    text: cleanText(event.text),
    sentiment: incoming.sentiment,
    deletedAt: deleted ?? null,
    groupKey: event.groupKey ?? null,
    attachments: attachmentsOf(incoming),
    delivery: echo ? readAlready(sentDelivery(event, known.externalIds, at), found.met, arrival, at) : null,
    imported: Boolean(history),
    ...(deleted ? redacted : {}),
  };
  const by = conversation && !echo && !history ? comesBack(conversation) : null;
  const line =
    by && conversation
      ? {
          ...eventLine({
            id: minted.lineId,
            conversationId,
            at: later(conversation.newestAt, at),
            type: by,
            data: { by: 'message' },
            authorId: null,
          }),
          receivedAt: doc.receivedAt,
        }
      : null;
  return { _id: doc._id, delivery: doc.delivery, doc, line };
}

const later = (a: Date, b: Date) => (b > a ? b : a);

/** The parts of the message itself, among all that were read. */
function ownParts(scope: string, known: Known): Set<string> {
  return new Set(known.externalIds.map((id) => partId(scope, id)));
}

/** A message wakes what is snoozed and reopens what was resolved. */
function comesBack(conversation: ConversationDoc): 'woken' | 'reopened' | null {
  if (conversation.status === 'snoozed') return 'woken';
  return conversation.status === 'resolved' ? 'reopened' : null;
}

/** Begins the conversation or raises it, and says so in the customer first. @returns the one it began */
async function enter(
  tx: Tx,
  incoming: Incoming,
  options: { met: Met; place: Place; message: Written },
): Promise<ConversationDoc | null> {
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
    const { routing } = incoming.arrival.channel;
    const blank = { ...begun, lastAt: message.doc.at, teamId: routing?.teamId ?? null };
    await setActive(tx, met.customer, blank._id);
    return tx.begin({ ...blank, ...headerAfter(blank, messages, { firstSeq: 1 }) }, messages.length);
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
  return null;
}

/** It may have been said to be read before it came itself. */
function readAlready(delivery: DeliveryDoc, { identity }: Met, { channel }: Arrival, at: Date): DeliveryDoc {
  const marks = identity.marks?.[channel._id];
  return (marks && marked(delivery, marks, at)) ?? delivery;
}

/** What was sent from the provider's own app is sent; its statuses still come. */
function sentDelivery(event: InboundMessage, externalIds: string[], at: Date): DeliveryDoc {
  const queued = newDelivery([{ kind: 'text', text: cleanText(event.text) }], at);
  return withPieces(
    queued,
    queued.pieces.map((piece) => ({ ...piece, state: 'sent', at, calledAt: at, externalIds })),
  );
}

async function writeClaims(tx: Tx, event: InboundMessage, customerId: string, at: Date): Promise<void> {
  const { sender } = event;
  const unproven = sender.kind === 'unprovenAddress';
  const claims = [
    ...(event.claims ?? []),
    ...(unproven ? [{ kind: 'emailAddress' as const, value: sender.value, source: 'unprovenMail' }] : []),
  ];
  for (const { kind, value, source } of claims)
    await tx.models.claims.updateOne(
      { _id: key(customerId, kind, value) },
      { $setOnInsert: { customerId, kind, value, source, at } },
      { session: tx.session, upsert: true },
    );
}
