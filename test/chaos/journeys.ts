import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import type { Conversation } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import { type Line, startWorld, until, type World } from '../world.ts';
import type { Verdict } from './wire-proxy.ts';

export interface ChaosOptions {
  /** Every commit, every provider call and 20 drawn points, as `npm test` runs it. */
  short: boolean;
  seed: number;
  /** Only kill points whose name contains this. */
  only: string;
}

type Layer = 'database' | 'provider';
type Side = 'before' | 'after';

/** Where the server is killed: at the n-th call of this name since the deed began. */
interface Point {
  line: Line;
  journey: 'inbound' | 'outbound';
  layer: Layer;
  side: Side;
  n: number;
  /** What the call was when nothing was killed. */
  call: string;
}

interface Tally {
  points: number;
  lost: number;
  duplicated: number;
  unknown: number;
  illegal: number;
}

/** Commands that every server sends by itself, whatever it is doing. */
const background = new Set(['hello', 'isMaster', 'ping', 'endSessions']);
const ownCollections = new Set([
  'leases',
  'channelHealth',
  'sessions',
  'users',
  'organisation',
  'channels',
  'migrations',
]);

/** Kills -9 the server at every command and provider call of both journeys on each channel, restarts it, and looks what became of the message. */
export async function journeys(options: ChaosOptions): Promise<number> {
  const world = await startWorld({ proxies: true, leaseMs: 1_000 });
  const tally: Tally = { points: 0, lost: 0, duplicated: 0, unknown: 0, illegal: 0 };
  try {
    console.log(`seed ${options.seed}`);
    const random = mulberry(options.seed);
    const run = new Run(world, tally);
    for (const line of world.lines) {
      for (const journey of ['inbound', 'outbound'] as const) {
        const calls = await run.rehearse(line, journey);
        console.log(
          `${line.connector.manifest.id} ${journey}: ${calls.database.length} commands, ${calls.provider.length} provider calls`,
        );
        const points = choose(line, journey, calls, options.short, random).filter((point) =>
          name(point).includes(options.only),
        );
        for (const point of points) await run.kill(point);
      }
    }
  } finally {
    await world.close();
  }
  console.log(
    `kill points ${tally.points} lost ${tally.lost} duplicated ${tally.duplicated} unknown ${tally.unknown}`,
  );
  return tally.points > 0 && tally.lost === 0 && tally.duplicated === 0 && tally.illegal === 0 ? 0 : 1;
}

function choose(
  line: Line,
  journey: Point['journey'],
  calls: Record<Layer, string[]>,
  short: boolean,
  random: () => number,
): Point[] {
  const all: Point[] = [];
  for (const layer of ['database', 'provider'] as const)
    for (const [index, call] of calls[layer].entries()) {
      const n = calls[layer].slice(0, index + 1).filter((other) => other === call).length;
      for (const side of ['before', 'after'] as const) all.push({ line, journey, layer, side, n, call });
    }
  if (!short) return all;
  const must = all.filter(
    (point) => point.layer === 'provider' || point.call.startsWith('commitTransaction'),
  );
  const rest = all.filter((point) => !must.includes(point));
  // Four runs (two channels, two journeys) draw five each.
  for (let drawn = 0; drawn < 5 && rest.length; drawn += 1)
    must.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return must;
}

const name = (point: Point) =>
  `${point.line.connector.manifest.id} ${point.journey} ${point.layer} ${point.side} ${point.call} #${point.n}`;

class Run {
  private readonly world: World;
  private readonly tally: Tally;
  private peers = 100;

  constructor(world: World, tally: Tally) {
    this.world = world;
    this.tally = tally;
  }

  private get server() {
    const [server] = this.world.servers;
    if (!server) throw new Error('no server');
    return server;
  }

  private get wire() {
    const [wire] = this.world.wires;
    if (!wire) throw new Error('no proxy');
    return wire;
  }

  /** Runs the journey once unharmed and lists its calls. */
  async rehearse(line: Line, journey: Point['journey']): Promise<Record<Layer, string[]>> {
    const calls: Record<Layer, string[]> = { database: [], provider: [] };
    const deed = await this.prepare(line, journey);
    this.watch(line, (layer, call, side) => {
      if (side === 'before') calls[layer].push(call);
      return 'go';
    });
    await deed.begin();
    await deed.finish();
    this.watch(line, null);
    return calls;
  }

  async kill(point: Point): Promise<void> {
    const from = performance.now();
    const deed = await this.prepare(point.line, point.journey);
    let seen = 0;
    let state: string | null = null;
    let killed: Promise<void> | null = null;
    this.watch(point.line, async (layer, call, side) => {
      if (killed) return 'drop';
      if (layer !== point.layer || side !== point.side || call !== point.call) return 'go';
      seen += 1;
      if (seen !== point.n) return 'go';
      killed = (async () => {
        await this.server.kill();
        state = await deed.deliveryState();
      })();
      await killed;
      return 'drop';
    });
    await deed.begin();
    // The deed of a kill that never came (fewer calls this time) ends by itself.
    await Promise.race([
      deed.finish().catch(() => undefined),
      until('the kill', () => killed !== null, 30_000, 10).catch(() => undefined),
    ]);
    const reached = killed as Promise<void> | null;
    this.watch(point.line, null);
    if (!reached) {
      console.log(`     ${name(point)}: not met this time`);
      return;
    }
    await reached;
    await this.server.start();
    this.tally.points += 1;
    const verdict = await deed.verify(state);
    this.tally.lost += verdict.lost;
    this.tally.duplicated += verdict.duplicated;
    this.tally.unknown += verdict.unknown;
    this.tally.illegal += verdict.illegal ? 1 : 0;
    const bad = verdict.lost || verdict.duplicated || verdict.illegal;
    console.log(
      `${bad ? 'BAD ' : 'ok  '} ${name(point)}: ${verdict.text}, ${((performance.now() - from) / 1000).toFixed(1)} s`,
    );
    if (bad) console.log(this.server.output.slice(-3000));
  }

  private watch(
    line: Line,
    hook: ((layer: Layer, call: string, side: Side) => Verdict | Promise<Verdict>) | null,
  ): void {
    this.wire.setHook(
      hook &&
        ((command, side) => {
          if (background.has(command.name)) return 'go';
          if (command.collection && ownCollections.has(command.collection)) return 'go';
          return hook(
            'database',
            command.collection ? `${command.name} ${command.collection}` : command.name,
            side,
          );
        }),
    );
    const provider = this.world.providers[line.connector.manifest.id];
    provider?.setHook(hook && ((call, side) => hook('provider', call.name, side)));
  }

  private async prepare(line: Line, journey: Point['journey']): Promise<Deed> {
    this.peers += 1;
    const peer = line.simulator.peer(this.peers);
    return journey === 'inbound'
      ? new Inbound(this.world, line, peer)
      : Outbound.prepare(this.world, line, peer);
  }
}

interface Found {
  lost: number;
  duplicated: number;
  unknown: number;
  /** An `unknown` where there may be none. */
  illegal: boolean;
  text: string;
}

interface Deed {
  begin(): Promise<void>;
  /** Resolves when the journey is over. */
  finish(): Promise<unknown>;
  /** What the database says of the outgoing message, past the proxy; null where there is none. */
  deliveryState(): Promise<string | null>;
  verify(stateAtKill: string | null): Promise<Found>;
}

/** Every message with this text, wherever it ended up; each must be on the timeline that the API shows. */
async function onTimelines(world: World, text: string): Promise<number> {
  const stored = await inDatabase(world, (db) =>
    db.collection<{ _id: string; conversationId: string }>('messages').find({ text }).toArray(),
  );
  let shown = 0;
  for (const message of stored) {
    const { header } = await world.agent.call<{ header: Conversation }>(
      'GET',
      `/api/conversations/${message.conversationId}`,
    );
    const timeline = await world.agent.timeline(header.customerId);
    shown += timeline.messages.filter((entry) => entry.id === message._id).length;
  }
  return shown;
}

class Inbound implements Deed {
  private readonly text = `سلام hello ${randomUUID()}`;
  private readonly world: World;
  private readonly line: Line;
  private readonly peer: string;

  constructor(world: World, line: Line, peer: string) {
    this.world = world;
    this.line = line;
    this.peer = peer;
  }

  async begin(): Promise<void> {
    await this.line.simulator.customerWrites({ peer: this.peer, name: 'Chaos', text: this.text });
  }

  finish(): Promise<unknown> {
    return until(`"${this.text}" on a timeline`, () =>
      inDatabase(this.world, (db) => db.collection('messages').findOne({ text: this.text })),
    );
  }

  async deliveryState(): Promise<null> {
    return null;
  }

  async verify(): Promise<Found> {
    const lost = await this.finish().then(
      () => 0,
      () => 1,
    );
    await settled(this.world);
    const shown = await onTimelines(this.world, this.text);
    return {
      lost: lost || (shown ? 0 : 1),
      duplicated: Math.max(0, shown - 1),
      unknown: 0,
      illegal: false,
      text: `${shown} on the timeline`,
    };
  }
}

class Outbound implements Deed {
  private readonly text = `پاسخ answer ${randomUUID()}`;
  private readonly id = randomUUID();
  private readonly world: World;
  private readonly line: Line;
  private readonly conversationId: string;
  private posted: Promise<unknown> = Promise.resolve();

  private constructor(world: World, line: Line, conversationId: string) {
    this.world = world;
    this.line = line;
    this.conversationId = conversationId;
  }

  static async prepare(world: World, line: Line, peer: string): Promise<Outbound> {
    const first = new Inbound(world, line, peer);
    await first.begin();
    const message = (await first.finish()) as { conversationId: string };
    await settled(world);
    return new Outbound(world, line, message.conversationId);
  }

  private async post(): Promise<unknown> {
    const { header } = await this.world.agent.call<{ header: Conversation }>(
      'GET',
      `/api/conversations/${this.conversationId}`,
    );
    return this.world.agent.reply(header, this.text, { id: this.id });
  }

  async begin(): Promise<void> {
    // Killed in mid-request, it fails; the agent's outbox posts the same message again in `verify`.
    this.posted = this.post().catch((error: unknown) => {
      if (error instanceof AppError && error.code !== 'internal' && error.code !== 'unavailable') throw error;
    });
    this.posted.catch(() => undefined);
  }

  async finish(): Promise<unknown> {
    await this.posted;
    const done = this.line.connector.manifest.capabilities.deliveryReceipts
      ? ['delivered', 'read']
      : ['sent', 'delivered', 'read'];
    return until(`"${this.text}" being sent`, async () => done.includes((await this.deliveryState()) ?? ''));
  }

  async deliveryState(): Promise<string | null> {
    const message = await inDatabase(this.world, (db) =>
      db.collection<{ _id: string; delivery: { state: string } }>('messages').findOne({ _id: this.id }),
    );
    return message?.delivery.state ?? null;
  }

  async verify(stateAtKill: string | null): Promise<Found> {
    await this.post();
    const state = await until('an end of the reply', async () => {
      const now = await this.deliveryState();
      // Where the provider can be asked, `unknown` is a question that is still open.
      const open = this.line.connector.manifest.capabilities.lookup
        ? ['queued', 'sending', 'unknown']
        : ['queued', 'sending'];
      return now && !open.includes(now) ? now : null;
    }).catch(() => this.deliveryState());
    const atProvider = this.line.simulator
      .messages()
      .filter((message) => message.direction === 'toCustomer' && message.text === this.text).length;
    const onTimeline = await onTimelines(this.world, this.text);
    const unknown = state === 'unknown' ? 1 : 0;
    // Between the record that a call begins and the record of its answer nobody can know, unless the provider can be asked.
    const illegal =
      unknown === 1 && (this.line.connector.manifest.capabilities.lookup || stateAtKill !== 'sending');
    const sent = state === 'sent' || state === 'delivered' || state === 'read';
    const lost = (unknown === 0 && atProvider === 0) || onTimeline === 0 || (unknown === 0 && !sent) ? 1 : 0;
    return {
      lost,
      duplicated: Math.max(0, atProvider - 1) + Math.max(0, onTimeline - 1),
      unknown,
      illegal,
      text: `${state}, ${atProvider} at the provider${illegal ? `, unknown although ${stateAtKill ?? 'not written'} at the kill` : ''}`,
    };
  }
}

let connection: Promise<mongoose.mongo.MongoClient> | null = null;

async function inDatabase<T>(world: World, look: (db: mongoose.mongo.Db) => Promise<T>): Promise<T> {
  connection ??= mongoose.mongo.MongoClient.connect(world.mongoUri);
  const client = await connection;
  return look(client.db());
}

/** Resolves when every stored event has been dealt with: nothing is on its way that could still double a message. */
function settled(world: World): Promise<unknown> {
  return until('the inbound events to settle', () =>
    inDatabase(
      world,
      async (db) => (await db.collection('inbound').findOne({ state: { $in: ['new', 'working'] } })) === null,
    ),
  );
}

/** A small seeded generator (Mulberry32): the same seed draws the same points. */
function mulberry(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
