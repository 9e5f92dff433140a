import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callTimeout, holdUntil, leaseFor, mintSendRef, patienceMs, retryAt } from './lane.pace.ts';

const now = new Date('2026-03-21T10:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);

describe('the pace of a lane', () => {
  it('tries less and less often, and not beyond ten minutes', () => {
    let at = now;
    const waits: number[] = [];
    for (;;) {
      const next = retryAt(at, now);
      if (!next) break;
      waits.push((next.getTime() - at.getTime()) / 1_000);
      at = next;
    }
    expect(waits.slice(0, 6)).toEqual([2, 2, 4, 8, 16, 32]);
    expect(Math.max(...waits)).toBe(60);
    expect(at).toEqual(later(patienceMs));
  });

  it('holds a channel as long as it is told, and never not at all', () => {
    expect(holdUntil(now, later(5_000))).toEqual(later(5_000));
    expect(holdUntil(now, later(-5_000))).toEqual(later(1_000));
    expect(holdUntil(now, undefined)).toEqual(later(30_000));
  });

  it('gives a call a third of the lease, a file what its bytes may take, and always two thirds around it', () => {
    const ctx = { leaseMs: 15_000 };
    const file = { id: 'f', name: 'f', type: 'image/png', bytes: 1024 * 1024 };
    expect(callTimeout(ctx, { file: null })).toBe(5_000);
    expect(callTimeout(ctx, { file })).toBe(21_000);
    for (const timeout of [5_000, 21_000]) expect(leaseFor(ctx, timeout) - timeout).toBe(10_000);
  });

  it('mints references that every provider can keep exactly', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(random, (draw) => {
        const ref = mintSendRef(() => draw);
        expect(Number.isSafeInteger(Number(ref)) && Number(ref) > 0).toBe(true);
        expect(String(Number(ref))).toBe(ref);
      }),
    );
  });
});
