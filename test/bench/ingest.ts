import { rm } from 'node:fs/promises';
import { io } from 'socket.io-client';
import { isTombstone } from '../../shared/message.ts';
import { bundle, ServerProcess } from '../process.ts';
import { startWorld } from '../world.ts';
import type { Row } from './main.ts';

const rounds = 3;
const roundMs = 7_000;
const warmMs = 3_000;
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
    const product = new Course('product', heard, (n, text) =>
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
    const floor = new Course('floor', heardBare, (n, text) =>
      post(floorServer.url, { messageid: `f${n}`, from: `c${n % customers}`, message: text }),
    );

    // In turns, and the middle of each: what else the machine does meets both.
    for (const course of [product, floor]) await course.run(warmMs);
    say(`${rounds} rounds each, in turns, ${atOnce} messages at once of ${customers} customers`);
    const figures = { product: [] as Figures[], floor: [] as Figures[] };
    for (let round = 1; round <= rounds; round += 1) {
      figures.floor.push(await floor.run(roundMs));
      figures.product.push(await product.run(roundMs));
      const [ours, least] = [figures.product.at(-1), figures.floor.at(-1)];
      say(`round ${round}: ${ours?.rate.toFixed(0)}/s, floor ${least?.rate.toFixed(0)}/s`);
    }
    bare.disconnect();
    await floorServer.stop();
    const [ours, least] = [middle(figures.product), middle(figures.floor)];
    const { p50, p99 } = ours;
    return [
      {
        case: 'webhook to socket, messages',
        value: ours.rate,
        unit: '/s',
        floor: least.rate,
        ratio: ours.rate / least.rate,
        p50,
        p99,
      },
      {
        case: 'floor: bare Express, driver and emit',
        value: least.rate,
        unit: '/s',
        p50: least.p50,
        p99: least.p99,
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

interface Figures {
  /** Messages a second. */
  rate: number;
  /** Milliseconds from webhook to socket. */
  p50: number;
  p99: number;
}

const middle = (all: Figures[]): Figures =>
  [...all].sort((a, b) => a.rate - b.rate)[Math.floor(all.length / 2)] ?? { rate: 0, p50: 0, p99: 0 };

/** Writes messages, so many at once, each as soon as the one before it was heard. */
class Course {
  private readonly name: string;
  private readonly ear: Ear;
  private readonly write: (n: number, text: string) => Promise<void>;
  private next = 0;

  constructor(name: string, ear: Ear, write: (n: number, text: string) => Promise<void>) {
    this.name = name;
    this.ear = ear;
    this.write = write;
  }

  async run(ms: number): Promise<Figures> {
    const spread: number[] = [];
    const from = performance.now();
    const worker = async () => {
      while (performance.now() < from + ms) {
        const n = this.next;
        this.next += 1;
        const text = `${this.name} message number ${n}`;
        const came = this.ear.wait(text);
        const at = performance.now();
        await this.write(n, text);
        await came;
        spread.push(performance.now() - at);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    const seconds = (performance.now() - from) / 1000;
    spread.sort((a, b) => a - b);
    const at = (part: number) => spread[Math.floor(spread.length * part)] ?? 0;
    return { rate: spread.length / seconds, p50: at(0.5), p99: at(0.99) };
  }
}
