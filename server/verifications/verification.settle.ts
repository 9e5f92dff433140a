import type { Context } from '../context.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { type MintedMerge, mintMerge } from '../customers/customer.merge.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { type Proven, proveIdentity } from '../customers/identity.prove.ts';
import type { Tx } from '../messages/commit.ts';
import type { VerificationDoc } from './verification.model.ts';

/** Ids of what a right code may write, minted outside its deed. */
export interface MintedProof {
  merge: MintedMerge;
  lineId: string;
}

export function mintProof(ctx: Pick<Context, 'uuid'>): MintedProof {
  return { merge: mintMerge(ctx), lineId: ctx.uuid() };
}

/**
 * The code was right: the address is the customer's, and whoever had it is the same person. A line in the conversation says so; a merge
 * has lines of its own.
 */
export async function settleVerification(
  tx: Tx,
  verification: VerificationDoc,
  options: { provenBy: 'agent' | 'customer'; byUserId: string | null; minted: MintedProof },
): Promise<Proven> {
  const { session, models } = tx;
  const { minted, byUserId, provenBy } = options;
  const customer = await survivorOf(models.customers, verification.customerId, tx);
  if (!customer)
    throw new Error(
      `Verification ${verification._id} is of customer ${verification.customerId}, who does not exist.`,
    );
  const proven = await proveIdentity(tx, {
    customerId: customer._id,
    home: verification.customerId,
    identity: verification,
    proof: 'code',
    source: { by: 'channel', id: verification.channelId },
    byUserId,
    minted: minted.merge,
  });
  await models.verifications.updateOne(
    { _id: verification._id },
    { $set: { state: 'proven', provenAt: tx.ctx.now(), provenBy } },
    { session },
  );
  if (proven.outcome !== 'merged') await say(tx, verification, { ...options, customerId: customer._id });
  return proven;
}

async function say(
  tx: Tx,
  verification: VerificationDoc,
  of: { byUserId: string | null; minted: MintedProof; customerId: string },
): Promise<void> {
  const conversation = await tx.models.conversations
    .findById(verification.conversationId, null, { session: tx.session })
    .lean<ConversationDoc>();
  // Un-merged meanwhile: another customer's conversation is not told.
  if (conversation?.customerId !== of.customerId) return;
  const line = eventLine({
    id: of.minted.lineId,
    conversationId: conversation._id,
    at: tx.ctx.now(),
    type: 'verified',
    data: { verificationId: verification._id, identityId: verification.identityId, to: verification.display },
    authorId: of.byUserId,
  });
  await tx.raise(conversation, {
    set: headerAfter(conversation, [line], { firstSeq: conversation.seq + 1 }),
    messages: 1,
  });
  await tx.insert([line]);
}
