import type { Row } from './main.ts';
import { percentile, type Side, startPair } from './webhook.ts';

const rounds = 3;
const roundMs = 7_000;
const warmMs = 3_000;
const atOnce = 16;

/** Durable messages a second from a provider's webhook to an agent's socket, beside the floor in the same run. */
export async function ingest(say: (line: string) => void): Promise<Row[]> {
  const pair = await startPair();
  try {
    const product = await Course.of(pair.product);
    const floor = await Course.of(pair.floor);
    // In turns, and the middle of each: what else the machine does meets both.
    for (const course of [product, floor]) await course.run(warmMs);
    say(`${rounds} rounds each, in turns, ${atOnce} messages at once`);
    const figures = { product: [] as Figures[], floor: [] as Figures[] };
    for (let round = 1; round <= rounds; round += 1) {
      figures.floor.push(await floor.run(roundMs));
      figures.product.push(await product.run(roundMs));
      const [ours, least] = [figures.product.at(-1), figures.floor.at(-1)];
      say(`round ${round}: ${ours?.rate.toFixed(0)}/s, floor ${least?.rate.toFixed(0)}/s`);
    }
    const [ours, least] = [middle(figures.product), middle(figures.floor)];
    return [
      {
        case: 'webhook to socket, messages',
        value: ours.rate,
        unit: '/s',
        floor: least.rate,
        ratio: ours.rate / least.rate,
        p50: ours.p50,
        p99: ours.p99,
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
    await pair.close();
  }
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
  private readonly side: Side;
  private readonly waiting = new Map<string, () => void>();
  private next = 0;

  private constructor(side: Side) {
    this.side = side;
  }

  static async of(side: Side): Promise<Course> {
    const course = new Course(side);
    await side.listen((text) => {
      course.waiting.get(text)?.();
      course.waiting.delete(text);
    });
    return course;
  }

  async run(ms: number): Promise<Figures> {
    const spread: number[] = [];
    const from = performance.now();
    const worker = async () => {
      while (performance.now() < from + ms) {
        const n = this.next;
        this.next += 1;
        const text = `${this.side.name} message number ${n}`;
        const came = new Promise<void>((resolve) => this.waiting.set(text, resolve));
        const at = performance.now();
        await this.side.write(n, text);
        await came;
        spread.push(performance.now() - at);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    const seconds = (performance.now() - from) / 1000;
    spread.sort((a, b) => a - b);
    return { rate: spread.length / seconds, p50: percentile(spread, 0.5), p99: percentile(spread, 0.99) };
  }
}
