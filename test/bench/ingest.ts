import { rm } from 'node:fs/promises';
import { io } from 'socket.io-client';
import { isTombstone } from '../../shared/message.ts';
import { bundle, ServerProcess } from '../process.ts';
import { startWorld } from '../world.ts';
import type { Row } from './main.ts';

const count = 2_000;
const warm = 200;
const customers = 50;
const atOnce = 16;

/** Durable messages a second from a provider's webhook to an agent's socket, beside the floor in the same run. */
export async function ingest(say: (line: string) => void): Promise<Row[]> {
  const world = await startWorld({ durable: true });
  const entry = await bundle('test/bench/floor.ts');
  try {
    const line = world.lines.find((each) => each.connector.manifest.id === 'sms');
    if (!line) throw new Error('The bench writes SMS webhooks, and there is no sms connector.');
    line.simulator.setHook(null);
    const channel = (await world.agent.call<{ id: string; hookUrl: string }[]>('GET', '/api/channels')).find(
      (each) => each.id === line.channelId,
    );
    const hook = new URL(new URL(channel?.hookUrl ?? '/', world.agent.url).pathname, world.agent.url).href;
    const to = String(line.simulator.settings.line ?? '');

    const socket = await world.agent.socket();
    const heard = new Ear();
    socket.on('conversation.changed', (event) => {
      for (const entry of event.messages) if (!isTombstone(entry)) heard.hear(entry.text);
    });
    const product = await measure('product', say, heard, (n, text) =>
      post(`${hook}/inbound`, {
        messageid: `${Date.now()}${n}`,
        from: line.simulator.peer(n % customers),
        to,
        message: text,
      }),
    );

    const floorServer = new ServerProcess(
      entry,
      { mongoUri: world.mongoUri, endpoints: {}, dataDir: '', leaseMs: 0 },
      [world.mongoUri],
    );
    await floorServer.start();
    const bare = io(floorServer.url, { transports: ['websocket'], forceNew: true });
    await new Promise<void>((resolve) => bare.once('connect', () => resolve()));
    const heardBare = new Ear();
    bare.on('changed', (event: { messages: { text: string }[] }) => {
      for (const message of event.messages) heardBare.hear(message.text);
    });
    const floor = await measure('floor', say, heardBare, (n, text) =>
      post(floorServer.url, { messageid: `f${n}`, from: `c${n % customers}`, message: text }),
    );
    bare.disconnect();
    await floorServer.stop();
    return [
      {
        case: 'webhook to socket, messages',
        value: product.rate,
        unit: '/s',
        floor: floor.rate,
        ratio: product.rate / floor.rate,
        p50: product.p50,
        p99: product.p99,
      },
      {
        case: 'floor: bare Express, driver and emit',
        value: floor.rate,
        unit: '/s',
        p50: floor.p50,
        p99: floor.p99,
      },
    ];
  } finally {
    await rm(entry, { force: true });
    await world.close();
  }
}

class Ear {
  private readonly waiting = new Map<string, () => void>();

  wait(text: string): Promise<void> {
    return new Promise((resolve) => this.waiting.set(text, resolve));
  }

  hear(text: string): void {
    this.waiting.get(text)?.();
    this.waiting.delete(text);
  }
}

async function post(url: string, fields: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
}

async function measure(
  name: string,
  say: (line: string) => void,
  ear: Ear,
  write: (n: number, text: string) => Promise<void>,
) {
  const spread: number[] = [];
  const run = async (from: number, total: number) => {
    let next = from;
    const worker = async () => {
      while (next < from + total) {
        const n = next;
        next += 1;
        const text = `${name} message number ${n}`;
        const came = ear.wait(text);
        const at = performance.now();
        await write(n, text);
        await came;
        spread.push(performance.now() - at);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  };
  say(`${name}: warming up with ${warm} messages`);
  await run(0, warm);
  spread.length = 0;
  say(`${name}: ${count} messages, ${atOnce} at once, ${customers} customers`);
  const from = performance.now();
  await run(warm, count);
  const seconds = (performance.now() - from) / 1000;
  spread.sort((a, b) => a - b);
  return {
    rate: count / seconds,
    p50: spread[Math.floor(count * 0.5)] ?? 0,
    p99: spread[Math.floor(count * 0.99)] ?? 0,
  };
}
