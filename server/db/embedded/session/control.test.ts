import { describe, expect, it } from 'vitest';
import { CommandError } from '../bson/values.ts';
import { type Control, Slices } from './control.ts';

const forever = (): Control => ({ deadline: Number.POSITIVE_INFINITY });

describe('long reads', () => {
  it('go on one per round of the event loop, in the order in which they came', async () => {
    let round = 0;
    let running = true;
    const count = (): void => {
      round += 1;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    const rounds: number[] = [];
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 6 }, async (_, reader) => {
        const slices = new Slices(forever());
        for (let turn = 0; turn < 3; turn++) {
          await slices.turn();
          rounds.push(round);
          order.push(reader);
        }
      }),
    );
    running = false;
    expect(new Set(rounds).size).toBe(18);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
  });

  it.each<[code: number, rule: string, control: Control]>([
    [50, 'their time is up', { deadline: 0 }],
    [237, 'they are killed', { ...forever(), stopped: new CommandError(237, 'killed') }],
    [279, 'their client is gone', { ...forever(), peer: { closed: true } }],
  ])('end with code %i once %s', async (code, _rule, control) => {
    const ended = new Slices(control).turn();
    await expect(ended).rejects.toMatchObject({ code });
  });
});
