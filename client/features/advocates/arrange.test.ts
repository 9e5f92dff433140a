import { describe, expect, it } from 'vitest';
import { type Advocate, type AdvocateStage, advocateStages } from '../../../shared/advocate.ts';
import { arranged, besides, type Columns, placeOf, stepped } from './arrange.ts';

/** `{ discovered: 'ab' }`: two cards, by their letters. */
function board(letters: Partial<Record<AdvocateStage, string>>): Columns {
  return Object.fromEntries(
    advocateStages.map((stage) => [
      stage,
      [...(letters[stage] ?? '')].map((customerId) => ({ customerId, stage }) as Advocate),
    ]),
  ) as unknown as Columns;
}

const read = (columns: Columns) =>
  Object.fromEntries(
    advocateStages
      .map((stage) => [stage, columns[stage].map(({ customerId }) => customerId).join('')] as const)
      .filter(([, letters]) => letters),
  );

describe('moves that are on their way', () => {
  const before = board({ discovered: 'abc', contacted: 'xy' });

  it('take a card to its new column, before the named one or to the end', () => {
    expect(read(arranged(before, [{ customerId: 'b', stage: 'contacted', before: 'y' }]))).toEqual({
      discovered: 'ac',
      contacted: 'xby',
    });
    expect(read(arranged(before, [{ customerId: 'a', stage: 'contacted', before: null }]))).toEqual({
      discovered: 'bc',
      contacted: 'xya',
    });
    expect(arranged(before, [{ customerId: 'a', stage: 'engaged', before: null }]).engaged[0]?.stage).toBe(
      'engaged',
    );
  });

  it('follow one another', () => {
    const moves = [
      { customerId: 'a', stage: 'contacted', before: 'x' },
      { customerId: 'a', stage: 'engaged', before: null },
      { customerId: 'c', stage: 'discovered', before: 'b' },
    ] as const;
    expect(read(arranged(before, moves))).toEqual({ discovered: 'cb', contacted: 'xy', engaged: 'a' });
  });

  it('change nothing once they are kept, and pass over cards that are gone', () => {
    const move = { customerId: 'b', stage: 'contacted', before: 'y' } as const;
    const kept = arranged(before, [move]);
    expect(read(arranged(kept, [move]))).toEqual(read(kept));
    expect(read(arranged(before, [{ ...move, customerId: 'gone' }]))).toEqual(read(before));
    expect(read(arranged(before, [{ ...move, before: 'gone' }]))).toEqual({
      discovered: 'ac',
      contacted: 'xyb',
    });
  });

  it('are undone by the place that a card had', () => {
    const place = placeOf(before, 'b');
    expect(place).toEqual({ stage: 'discovered', at: 1, before: 'c' });
    const moved = arranged(before, [{ customerId: 'b', stage: 'dormant', before: null }]);
    expect(read(arranged(moved, [{ customerId: 'b', stage: 'discovered', before: 'c' }]))).toEqual(
      read(before),
    );
  });
});

describe('steps by the keyboard', () => {
  const columns = board({ discovered: 'abc' });
  const landed = (customerId: string, by: 1 | -1) => {
    const place = stepped(columns, customerId, by);
    return place && read(arranged(columns, [{ customerId, ...place }]))['discovered'];
  };

  it('go one place and stop at the ends', () => {
    expect([landed('b', -1), landed('b', 1), landed('a', 1)]).toEqual(['bac', 'acb', 'bac']);
    expect([landed('a', -1), landed('c', 1), landed('gone', 1)]).toEqual([null, null, null]);
  });

  it('know where the next stage is on screen', () => {
    expect(besides('discovered', 'right', 'ltr')).toBe('contacted');
    expect(besides('discovered', 'left', 'rtl')).toBe('contacted');
    expect(besides('discovered', 'right', 'rtl')).toBeNull();
    expect(besides('dormant', 'right', 'ltr')).toBeNull();
  });
});
