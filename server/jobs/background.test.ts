import { describe, expect, it } from 'vitest';
import { Background } from './background.ts';

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('work that nobody waits for', () => {
  it('is one step at a time, in the order they were asked for, also after one that failed', async () => {
    const background = new Background();
    const seen: string[] = [];
    const step = (name: string, fails = false) =>
      background.turn(async () => {
        seen.push(`${name} begins`);
        await soon();
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const [first, second, third] = await Promise.allSettled([step('one'), step('two', true), step('three')]);
    expect(seen).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
    expect(first).toMatchObject({ status: 'fulfilled', value: { value: 'one' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { message: 'two' } });
    expect(third).toMatchObject({ status: 'fulfilled', value: { value: 'three' } });
  });

  it('begins when nobody waits for an answer any more', async () => {
    const background = new Background();
    const seen: string[] = [];
    const first = background.somebodyWaits();
    const second = background.somebodyWaits();
    const done = background.turn(async () => seen.push('step'));
    await soon();
    seen.push('first is answered');
    first();
    // Once said is said.
    first();
    await soon();
    seen.push('second is answered');
    second();
    await done;
    expect(seen).toEqual(['first is answered', 'second is answered', 'step']);
  });

  it('makes way in its midst for those who came meanwhile', async () => {
    const background = new Background();
    const seen: string[] = [];
    let answered = (): void => undefined;
    const done = background.turn(async () => {
      seen.push('one half');
      answered = background.somebodyWaits();
      await background.makeWay();
      seen.push('the other half');
    });
    while (!seen.length) await soon();
    await soon();
    seen.push('the answer');
    answered();
    await done;
    expect(seen).toEqual(['one half', 'the answer', 'the other half']);
  });

  it('makes way no longer than a step may, and its waits are no work', async () => {
    const background = new Background();
    const began = performance.now();
    const { ms } = await background.turn(async () => {
      background.somebodyWaits();
      for (let n = 0; n < 200; n += 1) await background.makeWay();
    });
    const all = performance.now() - began;
    // 200 waits of its whole patience would be a minute.
    expect(all).toBeLessThan(30_000);
    expect(all - ms).toBeGreaterThanOrEqual(295);
  });

  it('is not put off for ever where somebody always waits', async () => {
    const background = new Background();
    background.somebodyWaits();
    const { value } = await background.turn(async () => 'done all the same');
    expect(value).toBe('done all the same');
  });
});
