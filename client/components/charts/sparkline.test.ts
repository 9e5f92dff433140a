import { describe, expect, it } from 'vitest';
import { pointsOf } from './sparkline.tsx';

const box = { width: 100, height: 20 };

describe('the points of a sparkline', () => {
  it('go from edge to edge, higher values higher up', () => {
    expect(pointsOf([0, 10, 20], box)).toEqual([
      [2, 18],
      [50, 10],
      [98, 2],
    ]);
  });

  it('lie flat in the middle where nothing moves', () => {
    expect(pointsOf([7, 7], box)).toEqual([
      [2, 10],
      [98, 10],
    ]);
  });

  it('draw a small change small', () => {
    const [, [, before] = [0, 0], [, after] = [0, 0]] = pointsOf([50, 50, 51], box);
    expect(before - after).toBeCloseTo(3.2);
  });

  it('are one for one value and none for none', () => {
    expect(pointsOf([3], box)).toEqual([[50, 10]]);
    expect(pointsOf([], box)).toEqual([]);
  });
});
