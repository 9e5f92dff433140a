import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsShown, valueTicks } from './ticks.ts';

describe('the lines of a value axis', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [8, [0, 2, 4, 6, 8]],
    [9, [0, 3, 6, 9]],
    [47, [0, 20, 40, 60]],
    [100, [0, 25, 50, 75, 100]],
    [1234, [0, 500, 1000, 1500]],
  ])('for at most %d stand at %j', (most, ticks) => {
    expect(valueTicks(most)).toEqual(ticks);
  });

  it('may be broken numbers where nothing is counted', () => {
    expect(valueTicks(1, { whole: false })).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('are few, evenly apart, begin at nothing and hold everything', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (most) => {
        const ticks = valueTicks(most);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
        expect(ticks.at(-2)).toBeLessThan(most);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(ticks.every((tick) => Number.isInteger(tick))).toBe(true);
      }),
    );
  });
});

describe('the labels beneath', () => {
  it('are all written where there is room', () => {
    expect(labelsShown(4, { width: 400, room: 60 })).toEqual([0, 1, 2, 3]);
  });

  it('are thinned evenly, and the last one stays', () => {
    expect(labelsShown(10, { width: 300, room: 60 })).toEqual([1, 3, 5, 7, 9]);
  });

  it('are none of nothing', () => {
    expect(labelsShown(0, { width: 300, room: 60 })).toEqual([]);
  });
});
