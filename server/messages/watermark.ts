import type { IdentityDoc } from '../customers/customer.model.ts';
import type { Tx } from './commit.ts';
import { applyPieceState } from './delivery.ts';
import type { DeliveryDoc, MessageDoc, PieceDoc } from './message.model.ts';

/** Up to when everything that was sent to somebody on one channel is delivered, and read. */
export interface Marks {
  delivered?: Date;
  read?: Date;
}

type Sent = Pick<MessageDoc, 'at' | 'identityId' | 'channelId'>;

/**
 * A delivery as its receiver's marks make it: what left before a mark is in the mark's state at the least. The time of a call's beginning
 * is compared, which is before the provider's own time of the message; a mark says up to when by the provider's.
 * @returns null when they change nothing
 */
export function marked(delivery: DeliveryDoc, marks: Marks, sentAt: Date): DeliveryDoc | null {
  let next = delivery;
  for (const [index, piece] of delivery.pieces.entries())
    for (const state of ['delivered', 'read'] as const) {
      const upTo = marks[state];
      if (!upTo || !mayRise(piece) || timeOf(piece, sentAt) > upTo) continue;
      // When it became so nobody said: the mark only says that it is.
      next = applyPieceState(next, { piece: index, attempt: piece.attempt, state, at: null }) ?? next;
    }
  return next === delivery ? null : next;
}

/** What is in doubt or failed is not proven to have left by what came later. */
const mayRise = (piece: PieceDoc) => piece.state === 'sent' || piece.state === 'delivered';

const timeOf = (piece: PieceDoc, sentAt: Date) => new Date(piece.calledAt ?? sentAt);

/** The same of a delivery that is about to be written: a mark may have come before the word that it was sent. */
export async function withMarks(tx: Tx, message: Sent, delivery: DeliveryDoc): Promise<DeliveryDoc> {
  const { identityId, channelId } = message;
  if (!identityId || !channelId || !delivery.pieces.some(mayRise)) return delivery;
  const identity = await tx.models.identities
    .findById(identityId, { marks: 1 }, { session: tx.session })
    .lean<Pick<IdentityDoc, 'marks'>>();
  const marks = identity?.marks?.[channelId];
  return (marks && marked(delivery, marks, message.at)) ?? delivery;
}
