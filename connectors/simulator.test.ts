import { expect, it } from 'vitest';
import { Timers } from './simulator.ts';

/** An event loop that comes late to all of its timers. */
function holdUp(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

it('lets what happens in turn happen in its order on an event loop that is late', async () => {
  const timers = new Timers();
  const order: string[] = [];
  const series = (name: string) =>
    new Promise<void>((resolve) =>
      timers.inTurn(2, [
        () => order.push(`${name} 1`),
        () => order.push(`${name} 2`),
        () => {
          order.push(`${name} 3`);
          resolve();
        },
      ]),
    );
  // `inTurn` does not keep a process alive, so something else has to.
  const awake = setInterval(() => undefined, 1_000);
  const first = series('a');
  await new Promise((resolve) => setTimeout(resolve, 5));
  const second = series('b');
  holdUp(20);
  await Promise.all([first, second]);
  clearInterval(awake);
  expect(order.filter((name) => name.startsWith('a'))).toEqual(['a 1', 'a 2', 'a 3']);
  expect(order.filter((name) => name.startsWith('b'))).toEqual(['b 1', 'b 2', 'b 3']);
  timers.close();
});
