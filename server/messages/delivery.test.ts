import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Piece } from '../../connectors/connector.ts';
import { deliveryStates } from '../../shared/message.ts';
import {
  applyPieceState,
  failQueued,
  markSent,
  newDelivery,
  nextPiece,
  type PieceWord,
  requeuePiece,
  resend,
  startPiece,
  stateOf,
  undeliveredChange,
} from './delivery.ts';
import type { DeliveryDoc } from './message.model.ts';

const now = new Date('2026-03-21T10:00:00Z');
const text = (words: string): Piece => ({ kind: 'text', text: words });
const started = (pieces: number): DeliveryDoc => {
  let delivery = newDelivery(
    Array.from({ length: pieces }, (_, i) => text(`part ${i}`)),
    now,
  );
  for (let piece = 0; piece < pieces; piece += 1)
    delivery = startPiece(delivery, { piece, sendRef: `ref${piece}`, fence: 1, now });
  return delivery;
};
const word = (change: Partial<PieceWord>): PieceWord => ({
  piece: 0,
  attempt: 1,
  state: 'sent',
  at: null,
  ...change,
});
const apply = (delivery: DeliveryDoc, words: PieceWord[]) =>
  words.reduce((before, next) => applyPieceState(before, next) ?? before, delivery);

describe('a piece takes words in', () => {
  it('keeps the highest state of an attempt and says when nothing changes', () => {
    const delivered = apply(started(1), [word({ state: 'delivered' })]);
    expect(delivered.state).toBe('delivered');
    expect(applyPieceState(delivered, word({ state: 'sent' }))).toBeNull();
    expect(applyPieceState(delivered, word({ state: 'failed' }))).toBeNull();
    expect(applyPieceState(delivered, word({ state: 'read' }))?.state).toBe('read');
  });

  it('hears nothing about an earlier attempt', () => {
    const failed = apply(started(1), [
      word({ state: 'failed', error: { class: 'permanent', code: '1', message: 'no' } }),
    ]);
    const again = resend(failed, now);
    expect(again).toMatchObject({ state: 'queued', attempt: 2, error: null });
    expect(again.pieces[0]).toMatchObject({ attempt: 2, sendRef: null });
    expect(applyPieceState(again, word({ attempt: 1, state: 'delivered' }))).toBeNull();
    expect(applyPieceState(again, word({ attempt: 2, state: 'sent' }))?.state).toBe('sent');
  });

  it('still learns an external id when the state is already higher', () => {
    const delivered = apply(started(1), [word({ state: 'delivered', externalIds: ['a'] })]);
    const more = applyPieceState(delivered, word({ state: 'sent', externalIds: ['a', 'b'] }));
    expect(more?.pieces[0]).toMatchObject({ state: 'delivered', externalIds: ['a', 'b'] });
  });

  it('ignores a piece that it does not have', () => {
    expect(applyPieceState(started(1), word({ piece: 3 }))).toBeNull();
  });

  it('ends in the same state whatever the order and the repetitions of the same words', () => {
    const anyWord = fc.record({
      piece: fc.integer({ min: 0, max: 2 }),
      attempt: fc.integer({ min: 1, max: 2 }),
      state: fc.constantFrom(...deliveryStates),
      externalIds: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
      error: fc.constantFrom(
        null,
        { class: 'permanent' as const, code: '1', message: 'one' },
        { class: 'unknown' as const, code: '2', message: 'two' },
      ),
      at: fc.option(fc.integer({ min: 0, max: 3 }).map((s) => new Date(s * 1000))),
    });
    const canonical = (delivery: DeliveryDoc) => ({
      ...delivery,
      pieces: delivery.pieces.map((piece) => ({ ...piece, externalIds: [...piece.externalIds].sort() })),
    });
    fc.assert(
      fc.property(
        fc.array(anyWord, { maxLength: 12 }).chain((words) =>
          fc.tuple(
            fc.constant(words),
            fc.shuffledSubarray([...words, ...words], {
              minLength: words.length * 2,
              maxLength: words.length * 2,
            }),
          ),
        ),
        ([words, shuffled]) => {
          const one = apply(started(3), words);
          expect(canonical(apply(started(3), shuffled))).toEqual(canonical(one));
          expect(one.state).toBe(stateOf(one.pieces));
        },
      ),
    );
  });
});

describe('the message as a whole', () => {
  it('is the least that is true of all its pieces once all have left', () => {
    const delivery = apply(started(2), [word({ state: 'read' }), word({ piece: 1, state: 'delivered' })]);
    expect(delivery.state).toBe('delivered');
  });

  it('is in doubt, and not in the queue, while one piece is in doubt and the next one waits', () => {
    const delivery = startPiece(newDelivery([text('a'), text('b')], now), {
      piece: 0,
      sendRef: '1',
      fence: 1,
      now,
    });
    expect(delivery.state).toBe('sending');
    expect(apply(delivery, [word({ state: 'unknown' })]).state).toBe('unknown');
    expect(apply(delivery, [word({ state: 'sent' })]).state).toBe('queued');
  });

  it('counts as undelivered while it failed or is in doubt', () => {
    expect(undeliveredChange('sending', 'failed')).toBe(1);
    expect(undeliveredChange('unknown', 'failed')).toBe(0);
    expect(undeliveredChange('failed', 'delivered')).toBe(-1);
  });
});

describe('turns of the lane and of the agent', () => {
  it('queues a piece again under the reference it had', () => {
    const sending = startPiece(newDelivery([text('a')], now), { piece: 0, sendRef: '7', fence: 3, now });
    const error = { class: 'retryable' as const, code: '503', message: 'busy' };
    const queued = requeuePiece(sending, { piece: 0, nextAt: now, error, retryingSince: now });
    expect(queued).toMatchObject({ state: 'queued', attempt: 1, nextAt: now, error, retryingSince: now });
    const again = startPiece(queued, { piece: 0, sendRef: '8', fence: 4, now });
    expect(again.pieces[0]).toMatchObject({ state: 'sending', sendRef: '7' });
    expect(again).toMatchObject({ fence: 4, error: null });
  });

  it('does not queue again what an echo already reported as sent', () => {
    const sent = apply(started(1), [word({ state: 'sent' })]);
    expect(requeuePiece(sent, { piece: 0, nextAt: null, error: null, retryingSince: null })).toBe(sent);
  });

  it('resends from the first piece that has not left and leaves the others alone', () => {
    const delivery = apply(started(3), [
      word({ piece: 0, state: 'delivered', externalIds: ['x'] }),
      word({ piece: 1, state: 'failed' }),
    ]);
    const half = {
      ...delivery,
      pieces: delivery.pieces.map((p, i) => (i === 2 ? { ...p, state: 'queued' as const } : p)),
    };
    const again = resend(half, now);
    expect(again.pieces.map((piece) => [piece.state, piece.attempt])).toEqual([
      ['delivered', 1],
      ['queued', 2],
      ['queued', 2],
    ]);
    expect(nextPiece(again)).toBe(1);
    expect(again.pieces[0]?.externalIds).toEqual(['x']);
  });

  it('takes an agent at their word and goes on with what was not tried', () => {
    const one = startPiece(newDelivery([text('a'), text('b')], now), {
      piece: 0,
      sendRef: '1',
      fence: 1,
      now,
    });
    const marked = markSent(apply(one, [word({ state: 'unknown' })]), now);
    expect(marked.state).toBe('queued');
    expect(nextPiece(marked)).toBe(1);
  });

  it('fails what waits with the reason, and what has left stays sent', () => {
    const one = apply(
      startPiece(newDelivery([text('a'), text('b')], now), { piece: 0, sendRef: '1', fence: 1, now }),
      [word({ state: 'sent' })],
    );
    const error = { class: 'permanent' as const, code: 'archived', message: 'The channel was archived.' };
    const failed = failQueued(one, error, now);
    expect(failed).toMatchObject({ state: 'failed', error });
    expect(failed.pieces.map((piece) => piece.state)).toEqual(['sent', 'failed']);
  });
});
