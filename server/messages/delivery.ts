import type { OutboundFile, Piece } from '../../connectors/connector.ts';
import { type DeliveryState, deliveryStates } from '../../shared/message.ts';
import type { DeliveryDoc, PieceDoc } from './message.model.ts';

/** What is known of one piece: from its call's result, from the provider's status, from an echo. */
export interface PieceWord {
  /** Index into the delivery's pieces. */
  piece: number;
  /** Which attempt it is about; words about an earlier one change nothing here. */
  attempt: number;
  state: DeliveryState;
  externalIds?: string[];
  error?: DeliveryDoc['error'];
  /** It left, but not for everybody. */
  warning?: string;
  /** When it became so, by the provider's clock; null: it did not say. */
  at: Date | null;
}

/** A delivery whose every piece waits for its first call. */
export function newDelivery(pieces: readonly Piece[], now: Date): DeliveryDoc {
  return {
    state: 'queued',
    attempt: 1,
    fence: 0,
    error: null,
    nextAt: null,
    needsConfirm: false,
    queuedAt: now,
    retryingSince: null,
    pieces: pieces.map((piece) => ({
      kind: piece.kind,
      text: piece.text,
      file: piece.file ? pickFile(piece.file) : null,
      ...(piece.files ? { files: piece.files.map(pickFile) } : {}),
      ...(piece.letter ? { letter: piece.letter } : {}),
      ...(piece.template ? { template: piece.template } : {}),
      state: 'queued',
      attempt: 1,
      sendRef: null,
      externalIds: [],
      error: null,
      at: null,
    })),
  };
}

const pickFile = ({ id, name, type, bytes }: OutboundFile) => ({ id, name, type, bytes });

/**
 * Takes one word in. Within one attempt states are a lattice and the highest wins, so words may come in any order and any number
 * of times. Of two errors at the same state the alphabetically first stays: nothing depends on which was heard first.
 * @returns null when it changes nothing
 */
export function applyPieceState(delivery: DeliveryDoc, word: PieceWord): DeliveryDoc | null {
  const piece = delivery.pieces[word.piece];
  if (!piece || piece.attempt !== word.attempt) return null;
  const known = new Set(piece.externalIds);
  const fresh = (word.externalIds ?? []).filter((id) => !known.has(id));
  const rank = deliveryStates.indexOf(word.state) - deliveryStates.indexOf(piece.state);
  const next: PieceDoc = {
    ...piece,
    externalIds: fresh.length ? [...piece.externalIds, ...fresh] : piece.externalIds,
  };
  if (rank > 0) {
    next.state = word.state;
    next.at = word.at;
    next.error = countsAsUndelivered(word.state) ? (word.error ?? null) : null;
  } else if (rank === 0) {
    next.at = earlier(piece.at, word.at);
    if (countsAsUndelivered(word.state) && piece.error?.code !== cancelled.code)
      next.error = firstError(piece.error, word.error ?? null);
  }
  if (hasLeft(next.state)) Object.assign(next, withoutSecret(next));
  if (word.warning && (!piece.warning || word.warning < piece.warning)) next.warning = word.warning;
  const same =
    fresh.length === 0 &&
    next.warning === piece.warning &&
    next.state === piece.state &&
    next.error === piece.error &&
    next.at?.getTime() === piece.at?.getTime();
  return same ? null : withPieces(delivery, replace(delivery.pieces, word.piece, next));
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a.getTime() <= b.getTime() ? a : b;
}

function firstError(a: DeliveryDoc['error'], b: DeliveryDoc['error']): DeliveryDoc['error'] {
  if (!a || !b) return a ?? b;
  const text = (error: NonNullable<DeliveryDoc['error']>) =>
    `${error.code}\0${error.message}\0${error.class}`;
  return text(a) <= text(b) ? a : b;
}

const replace = (pieces: PieceDoc[], index: number, piece: PieceDoc) =>
  pieces.map((old, i) => (i === index ? piece : old));

/** The delivery with these pieces, its state and error derived from them. */
export function withPieces(delivery: DeliveryDoc, pieces: PieceDoc[]): DeliveryDoc {
  const state = stateOf(pieces);
  const culprit = countsAsUndelivered(state) ? pieces.find((piece) => piece.state === state) : undefined;
  return { ...delivery, pieces, state, error: culprit?.error ?? null };
}

/**
 * What the message as a whole is: being sent while one piece is; in doubt while one is; failed when one failed; waiting while one
 * waits; else the least that is true of all.
 */
export function stateOf(pieces: readonly Pick<PieceDoc, 'state'>[]): DeliveryState {
  const states = new Set(pieces.map((piece) => piece.state));
  for (const state of ['sending', 'unknown', 'failed', 'queued', 'sent', 'delivered', 'read'] as const) {
    if (states.has(state)) return state;
  }
  throw new Error('A delivery without pieces has no state: a message that needs no call has no delivery.');
}

/** Needs an agent's word: counted in the conversation's `undelivered`. */
export function countsAsUndelivered(state: DeliveryState): boolean {
  return state === 'failed' || state === 'unknown';
}

/** Whether a message is one of its conversation's `undelivered`: what an agent gave up is not. */
function isUndelivered(of: DeliveryState | Pick<DeliveryDoc, 'state' | 'error'>): boolean {
  if (typeof of === 'string') return countsAsUndelivered(of);
  return countsAsUndelivered(of.state) && of.error?.code !== cancelled.code;
}

/** By how much `undelivered` changes when a message goes from one delivery to the other. */
export function undeliveredChange(
  before: Parameters<typeof isUndelivered>[0],
  after: Parameters<typeof isUndelivered>[0],
): number {
  return Number(isUndelivered(after)) - Number(isUndelivered(before));
}

/** It left: never sent again, not even in a resend. */
export function hasLeft(state: DeliveryState): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read';
}

/** Index of the next piece to be sent, or -1. */
export function nextPiece(delivery: DeliveryDoc): number {
  return delivery.pieces.findIndex((piece) => piece.state === 'queued');
}

/** Written before the call: `sending, attempt, sendRef, fence`. A piece queued again keeps the reference it had. */
export function startPiece(
  delivery: DeliveryDoc,
  start: { piece: number; sendRef: string; fence: number; now: Date },
): DeliveryDoc {
  const piece = delivery.pieces[start.piece];
  if (piece?.state !== 'queued') throw new Error(`Piece ${start.piece} is ${piece?.state}, not queued.`);
  const sending: PieceDoc = {
    ...piece,
    state: 'sending',
    sendRef: piece.sendRef ?? start.sendRef,
    calledAt: start.now,
  };
  return {
    ...withPieces(delivery, replace(delivery.pieces, start.piece, sending)),
    fence: start.fence,
    nextAt: null,
    needsConfirm: false,
  };
}

/**
 * Back into the queue under the same attempt and reference, because the call certainly changed nothing at the provider. A piece that
 * meanwhile is known to have left stays as it is.
 */
export function requeuePiece(
  delivery: DeliveryDoc,
  again: { piece: number; nextAt: Date | null; error: DeliveryDoc['error']; retryingSince: Date | null },
): DeliveryDoc {
  const piece = delivery.pieces[again.piece];
  if (piece?.state !== 'sending' && piece?.state !== 'unknown') return delivery;
  const queued: PieceDoc = { ...piece, state: 'queued', error: null, at: null };
  const next = withPieces(delivery, replace(delivery.pieces, again.piece, queued));
  return {
    ...next,
    nextAt: again.nextAt,
    error: next.error ?? again.error,
    retryingSince: again.retryingSince,
  };
}

/** Fails every piece that has not been tried: the channel or the lane will not carry it. */
export function failQueued(delivery: DeliveryDoc, error: DeliveryDoc['error'], at: Date): DeliveryDoc {
  const pieces = delivery.pieces.map((piece) =>
    piece.state === 'queued' ? { ...piece, state: 'failed' as const, error, at } : piece,
  );
  return { ...withPieces(delivery, pieces), nextAt: null, needsConfirm: false, retryingSince: null };
}

/** A new attempt from the first piece that has not left, each with a new reference. */
export function resend(delivery: DeliveryDoc, now: Date): DeliveryDoc {
  const attempt = delivery.attempt + 1;
  const pieces = delivery.pieces.map((piece) =>
    hasLeft(piece.state)
      ? piece
      : {
          ...piece,
          state: 'queued' as const,
          attempt,
          sendRef: null,
          externalIds: [],
          error: null,
          at: null,
        },
  );
  return {
    ...withPieces(delivery, pieces),
    attempt,
    nextAt: null,
    needsConfirm: false,
    queuedAt: now,
    retryingSince: null,
  };
}

/** Why a message failed that an agent gave up. */
export const cancelled = {
  class: 'permanent',
  code: 'cancelled',
  message: 'It was cancelled by an agent.',
} as const satisfies DeliveryDoc['error'];

/** The agent gives it up: what has not left fails, and counts as nobody's to do. */
export function cancel(delivery: DeliveryDoc, now: Date): DeliveryDoc {
  const pieces = delivery.pieces.map((piece) =>
    hasLeft(piece.state) ? piece : { ...piece, state: 'failed' as const, error: cancelled, at: now },
  );
  return { ...withPieces(delivery, pieces), nextAt: null, needsConfirm: false, retryingSince: null };
}

/** The agent knows that it arrived: what is in doubt counts as sent; what was not tried is tried. */
export function markSent(delivery: DeliveryDoc, now: Date): DeliveryDoc {
  const pieces = delivery.pieces.map((piece) =>
    countsAsUndelivered(piece.state) ? leftAt(piece, now) : piece,
  );
  return { ...withPieces(delivery, pieces), nextAt: null, needsConfirm: false };
}

function leftAt(piece: PieceDoc, now: Date): PieceDoc {
  return withoutSecret({ ...piece, state: 'sent', error: null, at: now });
}

/** What only the provider was to be told is told, or no longer holds: nobody can read it again, nor send it. */
export function withoutSecret(piece: PieceDoc): PieceDoc {
  return piece.sealed ? { ...piece, sealed: { ...piece.sealed, told: null } } : piece;
}
