import { createHash } from 'node:crypto';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { type Verification, type VerificationStart, verificationLimits } from '../../shared/verification.ts';
import { connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { customerOf } from '../conversations/conversation.active.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import { blankMessage, eventLine } from '../conversations/conversation.line.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { identityId } from '../customers/identity.ts';
import { touchLane } from '../lanes/lane.touch.ts';
import { commit, type NewMessage, type Tx } from '../messages/commit.ts';
import { newDelivery } from '../messages/delivery.ts';
import { readyLetter } from '../messages/letter.ts';
import { firstThread, mustReach, piecesFor } from '../messages/outgoing.ts';
import { masked, sealPieces } from '../messages/sealed.ts';
import { findOrganisation } from '../users/organisation.ts';
import { keptCode, mintCode } from './verification.code.ts';
import { mustBeWithinLimits } from './verification.limits.ts';
import type { VerificationDoc } from './verification.model.ts';
import { type Place, placeForCode } from './verification.place.ts';
import { presentVerification } from './verification.presenter.ts';
import { channelFor, recipient, targetOf } from './verification.target.ts';
import { type VerificationWords, verificationWords } from './verification.words.ts';

/** All that a code needs, minted outside its deed. */
interface Minted {
  code: string;
  conversationId: string;
  messageId: string;
  lineId: string;
}

/** How the message speaks. */
interface Voice {
  words: VerificationWords;
  organisation: string;
}

/**
 * Sends a code of six digits to a mobile number or an e-mail address, to find out whether it is the customer's. It leaves by the ordinary
 * lane, with the states of every message; in what is stored and shown it is masked. An earlier code to the same address is superseded.
 * @throws AppError forbidden, notFound, invalid, 422 badTarget, 409, tooMany
 */
export async function startVerification(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; start: VerificationStart },
): Promise<Verification> {
  if (!may(viewer, 'customer.write') || !may(viewer, 'conversation.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not verify identities.' });
  const { _id, profile } = await readableCustomer(ctx, viewer, options.customerId);
  const organisation = await findOrganisation(ctx);
  const voice: Voice = {
    words: verificationWords([profile?.language, organisation?.language]),
    organisation: organisation?.name ?? '',
  };
  const minted: Minted = {
    code: mintCode(ctx.random),
    conversationId: ctx.uuid(),
    messageId: ctx.uuid(),
    lineId: ctx.uuid(),
  };
  const verification = await commit(ctx, (tx) =>
    sendWithin(tx, viewer, { customerId: _id, cid: options.customerId, start: options.start, minted, voice }),
  );
  return presentVerification(verification, { customerId: _id, now: ctx.now() });
}

async function sendWithin(
  tx: Tx,
  viewer: Viewer,
  options: { customerId: string; cid: string; start: VerificationStart; minted: Minted; voice: Voice },
): Promise<VerificationDoc> {
  const { start, minted } = options;
  const { session, models } = tx;
  const now = tx.ctx.now();
  const customer = await customerOf(tx, options.customerId);
  const asked = await targetOf(tx, { customer, cid: options.cid, start });
  const { target, home } = asked;
  const addressId = identityId(target);
  await mustBeWithinLimits(tx, { members: customer.members, identityId: addressId });
  const id = await nextId(tx, addressId);
  const channel = await channelFor(tx, viewer, { target, channelId: start.channelId });
  const identity = await recipient(tx, { customer, asked, source: { by: 'user', id: viewer.id } });
  mustReach(tx.ctx, channel, identity);
  const place = await placeForCode(tx, viewer, { customer, home, conversationId: minted.conversationId });
  const message = await compose(tx, { ...options, channel, identity, place });
  const line = eventLine({
    id: minted.lineId,
    conversationId: place.conversation._id,
    at: now,
    type: 'codeSent',
    data: {
      verificationId: id,
      messageId: minted.messageId,
      channelId: channel._id,
      to: target.display,
    },
    authorId: viewer.id,
  });
  await enter(tx, place, [message, line]);
  await touchLane(tx, { conversationId: place.conversation._id, channelId: channel._id });
  await models.verifications.updateMany(
    { customerId: { $in: customer.members }, identityId: addressId, state: 'waiting' },
    { $set: { state: 'superseded' } },
    { session },
  );
  const verification: VerificationDoc = {
    _id: id,
    customerId: home,
    identityId: addressId,
    ...target,
    sentToId: identity._id,
    channelId: channel._id,
    conversationId: place.conversation._id,
    messageId: minted.messageId,
    byUserId: viewer.id,
    createdAt: now,
    expiresAt: new Date(now.getTime() + verificationLimits.lifeMs),
    ...keptCode(tx.ctx, { id, code: minted.code }),
    attempts: 0,
    tried: [],
    state: 'waiting',
    provenAt: null,
    provenBy: null,
  };
  await models.verifications.insertMany([verification], { session });
  return verification;
}

/** The n-th code to an address has one id: two at once are the same document, and the second of them counts the first. */
async function nextId(tx: Tx, identityId: string): Promise<string> {
  const before = await tx.models.verifications.countDocuments({ identityId }).session(tx.session);
  return createHash('sha256').update(`${identityId}#${before}`).digest('hex').slice(0, 32);
}

async function compose(
  tx: Tx,
  of: {
    minted: Minted;
    voice: Voice;
    channel: Awaited<ReturnType<typeof channelFor>>;
    identity: Awaited<ReturnType<typeof recipient>>;
    place: Place;
  },
): Promise<NewMessage> {
  const { minted, voice, channel, identity, place } = of;
  const { ctx } = tx;
  const now = ctx.now();
  const conversationId = place.conversation._id;
  const minutes = verificationLimits.lifeMs / 60_000;
  const { organisation, words } = voice;
  const text = words.text({ organisation, code: minted.code, minutes });
  const threadKey = firstThread(ctx, { channel, identity, conversationId });
  const letter = connectorOf(ctx, channel).manifest.capabilities.letters
    ? await readyLetter(tx, {
        // Of a conversation that is about to begin nothing but its customer is asked.
        conversation: { version: 1, seq: 0, messageCount: 0, ...place.conversation },
        channel,
        identity,
        threadKey,
        create: { text, letter: { subject: words.subject(organisation), cc: [], bcc: [] } },
      })
    : null;
  const pieces = piecesFor(ctx, {
    channel,
    identity,
    text,
    threadKey,
    files: [],
    letter: letter?.outbound,
  });
  return {
    ...blankMessage({ id: minted.messageId, conversationId, at: now }),
    direction: 'out',
    channelId: channel._id,
    identityId: identity._id,
    threadKey,
    visibility: 'private',
    automatic: true,
    text: words.text({ organisation, code: masked, minutes }),
    letter: letter?.shown ?? null,
    delivery: sealPieces(ctx, newDelivery(pieces, now), {
      messageId: minted.messageId,
      secret: minted.code,
      until: new Date(now.getTime() + verificationLimits.lifeMs),
    }),
  };
}

async function enter(tx: Tx, place: Place, messages: NewMessage[]): Promise<void> {
  const { known, conversation } = place;
  const set = headerAfter(conversation, messages, { firstSeq: (known?.seq ?? 0) + 1 });
  if (known) await tx.raise(known, { set, messages: messages.length });
  else await tx.begin({ ...conversation, ...set }, messages.length);
  await tx.insert(messages);
}
