import { expect, it } from 'vitest';
import { Pace } from './import.pace.ts';

it('steps become short at once where they take long, and longer again little by little', () => {
  const pace = new Pace(20, 1);
  expect(pace.after(200)).toBe(200);
  expect(pace.size).toBe(10);
  pace.after(500);
  pace.after(500);
  expect(pace.size).toBe(5);
  for (let step = 0; step < 100; step += 1) expect(pace.after(1)).toBe(4);
  expect(pace.size).toBe(50);
  pace.after(20);
  expect(pace.size).toBe(50);
});
