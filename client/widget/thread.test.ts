import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VisitorMessage } from '../../shared/visitor.ts';
import { Thread } from './thread.ts';

const message = (id: string, seq: number, part: Partial<VisitorMessage> = {}): VisitorMessage => ({
  ...{ id, seq, from: 'team', author: 'Negar', at: `2026-11-22T08:00:0${id}.000Z`, text: `${id} at ${seq}` },
  ...{ deleted: false, edited: false, files: [], state: null },
  ...part,
});

describe('a visitor’s thread', () => {
  it('ends in the same state in whatever order its changes arrive, and however often', () => {
    // Six changes of three messages: each number belongs to one change.
    const changes = [1, 2, 3, 4, 5, 6].map((seq) => message(String(seq % 3), seq));
    const arrivals = fc
      .tuple(
        fc.shuffledSubarray(changes, { minLength: 6, maxLength: 6 }),
        fc.array(fc.constantFrom(...changes), { maxLength: 12 }),
      )
      .map(([every, again]) => [...every, ...again]);
    fc.assert(
      fc.property(arrivals, (order) => {
        const thread = new Thread();
        for (const one of order) thread.put(one);
        expect(thread.all).toEqual([message('0', 6), message('1', 4), message('2', 5)]);
        expect(thread.newest).toBe(6);
      }),
    );
  });

  it('takes for news what the team wrote after all that was here, once', () => {
    const thread = new Thread();
    thread.cursor = 4;
    expect(thread.put(message('1', 3))).toBe(false);
    expect(thread.put(message('2', 5))).toBe(true);
    expect(thread.put(message('2', 6, { edited: true }))).toBe(false);
    expect(thread.put(message('3', 7, { from: 'visitor' }))).toBe(false);
    expect(thread.news.map(({ id }) => id)).toEqual(['2']);
    expect(thread.unread(4)).toBe(1);
    expect(thread.unread(6)).toBe(0);
  });

  it('knows what the team has read of the visitor’s own', () => {
    const thread = new Thread();
    thread.put(message('1', 1, { from: 'visitor', state: 'received' }));
    thread.put(message('2', 2, { from: 'visitor', state: 'received' }));
    thread.read(1);
    expect(thread.all.map(({ state }) => state)).toEqual(['read', 'received']);
  });
});
