import type { Piece } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { failQueued, withoutSecret } from './delivery.ts';
import type { DeliveryDoc, PieceDoc } from './message.model.ts';

/** What stands in a message where the provider was told a secret. */
export const masked = '••••••';

type Told = Pick<Piece, 'text' | 'letter'>;

const place = (messageId: string) => `message ${messageId}`;

/**
 * A delivery whose pieces say a secret: what is stored shows it masked, and the words as they leave are sealed beside it, until they have
 * left or their time is over.
 */
export function sealPieces(
  ctx: Pick<Context, 'secrets'>,
  delivery: DeliveryDoc,
  options: { messageId: string; secret: string; until: Date },
): DeliveryDoc {
  const { messageId, secret, until } = options;
  return {
    ...delivery,
    pieces: delivery.pieces.map((piece) => {
      const told: Told = { text: piece.text, ...(piece.letter ? { letter: piece.letter } : {}) };
      if (!JSON.stringify(told).includes(secret)) return piece;
      const shown = JSON.parse(JSON.stringify(told).replaceAll(secret, masked)) as Told;
      const sealed = { told: ctx.secrets.seal(JSON.stringify(told), place(messageId)), until };
      return { ...piece, ...shown, sealed };
    }),
  };
}

/** The words of a piece as its provider is told them. */
export function openPiece(ctx: Pick<Context, 'secrets'>, piece: PieceDoc, messageId: string): Told {
  if (!piece.sealed) return { text: piece.text, ...(piece.letter ? { letter: piece.letter } : {}) };
  if (piece.sealed.told === null)
    throw new Error(`The words of message ${messageId} are gone: it cannot be sent.`);
  return JSON.parse(ctx.secrets.open(piece.sealed.told, place(messageId))) as Told;
}

/** It says something that no longer holds, or was told already: not sent any more. */
export function isStale(piece: Pick<PieceDoc, 'sealed'>, now: Date): boolean {
  return piece.sealed !== undefined && (piece.sealed.told === null || new Date(piece.sealed.until) <= now);
}

/** Fails what waits, without its secret. */
export function failStale(delivery: DeliveryDoc, now: Date): DeliveryDoc {
  const failed = failQueued(delivery, stale, now);
  return { ...failed, pieces: failed.pieces.map(withoutSecret) };
}

const stale = {
  class: 'permanent',
  code: 'expired',
  message: 'The code in it is no longer valid: send a new one.',
} as const satisfies DeliveryDoc['error'];
