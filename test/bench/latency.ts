import { createHash, randomBytes, randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { io } from 'socket.io-client';
import { defaultPreferences } from '../../shared/preferences.ts';
import type { AgentSocket } from '../agent.ts';
import type { World } from '../world.ts';
import type { Row } from './main.ts';
import { listenAsAgent, percentile, type Side, startPair } from './webhook.ts';

/** Messages a second: well below what the product can take, so that no queue is measured. */
const rate = 15;
const warm = 60;
const messages = 300;
const crowds = [1, 200];

/**
 * Milliseconds from a provider's webhook to agents' sockets, at a fixed rate whatever the answers do, beside a floor that takes the
 * same messages on the same engine in the same run. With a crowd, every one of its sockets counts.
 */
export async function latency(say: (line: string) => void): Promise<Row[]> {
  const pair = await startPair();
  const rows: Row[] = [];
  try {
    for (const agents of crowds) {
      const crowd = agents > 1 ? await people(pair.world, agents) : [];
      const measured = [];
      for (const side of [pair.floor, pair.product]) {
        const stops: (() => void)[] = [];
        const heard = new Heard();
        for (let n = 0; n < agents; n += 1) {
          const cookie = crowd[n];
          const hear = (text: string) => heard.hear(text);
          stops.push(
            side.name === 'product' && cookie
              ? listenAsAgent(await connect(pair.world.agent.url, cookie), hear)
              : await side.listen(hear),
          );
        }
        const spread = await course(side, { heard, agents });
        measured.push(spread);
        for (const stop of stops) stop();
        say(
          `${agents} agents, ${side.name}: p50 ${percentile(spread, 0.5).toFixed(1)} ms of ${spread.length}`,
        );
      }
      const [floor = [], product = []] = measured;
      rows.push({
        case: `webhook to socket at ${rate}/s, ${agents} ${agents === 1 ? 'agent' : 'agents'}, p50`,
        value: percentile(product, 0.5),
        unit: 'ms',
        floor: percentile(floor, 0.5),
        ratio: percentile(product, 0.5) / percentile(floor, 0.5),
        p50: percentile(product, 0.5),
        p99: percentile(product, 0.99),
      });
      rows.push({
        case: `webhook to socket at ${rate}/s, ${agents} ${agents === 1 ? 'agent' : 'agents'}, p99`,
        value: percentile(product, 0.99),
        unit: 'ms',
        floor: percentile(floor, 0.99),
        ratio: percentile(product, 0.99) / percentile(floor, 0.99),
      });
    }
    return rows;
  } finally {
    await pair.close();
  }
}

/** When each text was written, and how long until each socket heard of it. */
class Heard {
  readonly spread: number[] = [];
  private readonly written = new Map<string, number>();
  private wanted = { count: Number.POSITIVE_INFINITY, resolve: () => {} };

  write(text: string): void {
    this.written.set(text, performance.now());
  }

  hear(text: string): void {
    const at = this.written.get(text);
    if (at === undefined) return;
    this.spread.push(performance.now() - at);
    if (this.spread.length >= this.wanted.count) this.wanted.resolve();
  }

  forget(): void {
    this.spread.length = 0;
    this.written.clear();
  }

  /** Resolves once so many were heard. @throws when they are not within a minute */
  all(count: number): Promise<void> {
    if (this.spread.length >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Of ${count} messages to sockets ${this.spread.length} were heard.`)),
        60_000,
      );
      this.wanted = {
        count,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
    });
  }
}

async function course(side: Side, { heard, agents }: { heard: Heard; agents: number }): Promise<number[]> {
  const run = async (count: number, what: string) => {
    heard.forget();
    const all = heard.all(count * agents);
    await atRate(count, async (n) => {
      const text = `${side.name} ${what} ${agents} ${n} ${randomUUID()}`;
      heard.write(text);
      await side.write(next(), text);
    });
    await all;
  };
  await run(warm, 'warming');
  await run(messages, 'measured');
  return [...heard.spread].sort((a, b) => a - b);
}

let written = 0;
const next = () => {
  written += 1;
  return written;
};

/** Begins one every 1/rate seconds by the clock, whether or not the ones before have ended. */
async function atRate(count: number, begin: (n: number) => Promise<void>): Promise<void> {
  const from = performance.now();
  const under: Promise<void>[] = [];
  for (let n = 0; n < count; n += 1) {
    const wait = from + (n * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    under.push(begin(n));
  }
  await Promise.all(under);
}

/** So many agents with a session each, written past the API: 200 password hashes are not what is measured. */
async function people(world: World, count: number): Promise<string[]> {
  const client = await mongoose.mongo.MongoClient.connect(world.mongoUri);
  try {
    const db = client.db();
    const now = new Date();
    const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
    const users = tokens.map((_, n) => ({
      _id: randomUUID() as never,
      name: `Agent ${n}`,
      email: `agent${n}@example.com`,
      role: 'agent',
      channelIds: 'all',
      teamIds: [],
      active: true,
      preferences: defaultPreferences,
      touched: 0,
      createdAt: now,
      lastSeenAt: null,
    }));
    await db.collection('users').insertMany(users);
    await db.collection('sessions').insertMany(
      tokens.map((token, n) => ({
        _id: createHash('sha256').update(token).digest('hex') as never,
        userId: users[n]?._id,
        createdAt: now,
        expiresAt: new Date(now.getTime() + 86_400_000),
        lastSeenAt: now,
        userAgent: 'bench',
      })),
    );
    return tokens.map((token) => `session=${token}`);
  } finally {
    await client.close();
  }
}

async function connect(url: string, cookie: string): Promise<AgentSocket> {
  const socket: AgentSocket = io(url, {
    transports: ['websocket'],
    extraHeaders: { cookie, origin: new URL(url).origin },
    forceNew: true,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
  return socket;
}
