import type { World } from '../world.ts';
import { startPair } from './webhook.ts';

/** How long those who used the inbox waited, in milliseconds. */
export interface Traffic {
  /** Windows of the inbox. */
  reads: number[];
  /** From a webhook to an agent's socket. */
  intake: number[];
}

const readsASecond = 10;
const messagesASecond = 10;

/** Agents who read the inbox and customers who write, at a steady rate by the clock, whether or not what came before has ended. */
export async function startTraffic(): Promise<{
  world: World;
  /** What they waited while this went on. */
  during(deed: () => Promise<void>): Promise<Traffic>;
  close(): Promise<void>;
}> {
  const pair = await startPair();
  const { world, product } = pair;
  const waiting = new Map<string, () => void>();
  await product.listen((text) => {
    waiting.get(text)?.();
    waiting.delete(text);
  });
  let written = 0;

  async function write(spread: number[]): Promise<void> {
    const n = written;
    written += 1;
    const text = `message number ${n}`;
    const heard = new Promise<void>((resolve) => waiting.set(text, resolve));
    const began = performance.now();
    await product.write(n, text);
    await heard;
    spread.push(performance.now() - began);
  }
  async function read(spread: number[]): Promise<void> {
    const began = performance.now();
    await world.agent.call('GET', '/api/conversations?view=all&limit=50');
    spread.push(performance.now() - began);
  }

  return {
    world,
    close: () => pair.close(),
    async during(deed) {
      const traffic: Traffic = { reads: [], intake: [] };
      const under: Promise<void>[] = [];
      const every = (aSecond: number, begin: () => Promise<void>) =>
        setInterval(() => under.push(begin()), 1000 / aSecond);
      const timers = [
        every(readsASecond, () => read(traffic.reads)),
        every(messagesASecond, () => write(traffic.intake)),
      ];
      try {
        await deed();
      } finally {
        for (const timer of timers) clearInterval(timer);
      }
      await Promise.all(under);
      return traffic;
    },
  };
}
