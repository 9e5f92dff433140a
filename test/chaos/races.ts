import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import type { Conversation } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Agent } from '../agent.ts';
import { type Line, startWorld, until, type World } from '../world.ts';
import type { ChaosOptions } from './journeys.ts';
import type { Verdict } from './wire-proxy.ts';

/**
 * Two deeds at once on two server processes over Redis: the first is held after its n-th database command, for every n, while
 * the second runs through. What is left must be what one of the two serial orders leaves.
 */
export async function races(options: ChaosOptions): Promise<number> {
  const world = await startWorld({ servers: 2, proxies: true, leaseMs: 2_000 });
  const client = await mongoose.mongo.MongoClient.connect(world.mongoUri);
  let count = 0;
  let wrong = 0;
  try {
    const sockets = [];
    for (const server of world.servers) sockets.push(await world.agent.at(server.url).socket());
    const stage = new Stage(world, client.db());
    for (const pair of pairs.filter((each) => each.name.includes(options.only))) {
      const serial = new Set<string>();
      for (const order of ['ab', 'ba'] as const) {
        if (order === 'ba' && pair.onlyAfterFirst) continue;
        const scene = await pair.set(stage);
        for (const deed of order === 'ab' ? [scene.a, scene.b] : [scene.b, scene.a]) await deed();
        serial.add(await stage.outcome(scene));
      }
      for (let n = 1; ; n += 1) {
        const scene = await pair.set(stage);
        const held = await stage.race(scene, n, pair.holdMs);
        if (!held) break;
        count += 1;
        const outcome = await stage.outcome(scene);
        const fine = serial.has(outcome);
        if (!fine) wrong += 1;
        console.log(`${fine ? 'ok  ' : 'BAD '} ${pair.name}, first held after ${n} ${held}`);
        if (!fine)
          console.log(`  left:   ${outcome}\n${[...serial].map((each) => `  serial: ${each}`).join('\n')}`);
        if (options.short && n >= shortPoints) break;
      }
    }
    if (wrong) console.log(world.servers.map((server) => server.output.slice(-3000)).join('\n'));
  } finally {
    await client.close();
    await world.close();
  }
  console.log(`races ${count} wrong ${wrong}`);
  return count > 0 && wrong === 0 ? 0 : 1;
}

/** The short form holds the first deed after each of its first commands only. */
const shortPoints = 6;

/** Two deeds on customers of their own. */
interface Scene {
  a(): Promise<unknown>;
  b(): Promise<unknown>;
  /** Names in the outcome what would differ between two runs of the same scene. */
  texts: Record<string, string>;
}

interface Pair {
  name: string;
  /** The second deed has no sense before the first. */
  onlyAfterFirst?: boolean;
  /** How long the first is held even though the second is over: longer than a lease lets another take over. */
  holdMs?: number;
  set(stage: Stage): Promise<Scene>;
}

const background = new Set(['hello', 'isMaster', 'ping', 'endSessions']);
const ownCollections = new Set([
  'leases',
  'channelHealth',
  'sessions',
  'users',
  'organisation',
  'channels',
  'migrations',
  'lanes.sweep',
]);

class Stage {
  readonly world: World;
  readonly db: mongoose.mongo.Db;
  private peers = 1_000;

  constructor(world: World, db: mongoose.mongo.Db) {
    this.world = world;
    this.db = db;
  }

  agent(server: 0 | 1): Agent {
    const process = this.world.servers[server];
    if (!process) throw new Error('no such server');
    return this.world.agent.at(process.url);
  }

  line(id: string): Line {
    const line = this.world.lines.find((each) => each.connector.manifest.id === id);
    if (!line) throw new Error(`no channel ${id}`);
    return line;
  }

  peer(line: Line): string {
    this.peers += 1;
    return line.simulator.peer(this.peers);
  }

  /** A customer writes, and it is in a conversation. */
  async write(id: string, peer: string, text: string): Promise<string> {
    const line = this.line(id);
    await line.simulator.customerWrites({ peer, name: 'Race', text });
    return this.arrived(text);
  }

  /** The conversation that the message with this text came to. */
  async arrived(text: string): Promise<string> {
    const message = await until(`"${text}" to arrive`, () =>
      this.db.collection('messages').findOne({ text }),
    );
    return String(message.conversationId);
  }

  async header(conversationId: string, agent: Agent = this.world.agent): Promise<Conversation> {
    const { header } = await agent.call<{ header: Conversation }>(
      'GET',
      `/api/conversations/${conversationId}`,
    );
    return header;
  }

  async update(server: 0 | 1, conversationId: string, body: Record<string, unknown>): Promise<string> {
    return outcomeOf(this.agent(server).call('PATCH', `/api/conversations/${conversationId}`, body));
  }

  async reply(server: 0 | 1, header: Conversation, text: string): Promise<string> {
    const agent = this.agent(server);
    const result = await outcomeOf(agent.reply(header, text));
    if (result === 'ok')
      await until(`"${text}" to leave`, async () => {
        const message = await this.db.collection('messages').findOne({ text });
        return message && !['queued', 'sending'].includes(message.delivery?.state);
      });
    return result;
  }

  async link(server: 0 | 1, into: string, other: string): Promise<string> {
    const one = await this.header(into);
    const two = await this.header(other);
    return outcomeOf(
      this.agent(server).call('POST', `/api/customers/${one.customerId}/link`, {
        otherId: two.customerId,
        reason: 'the same person',
      }),
    );
  }

  /** Runs `a`, holds it after its n-th command until `b` is over or waits for it, then lets it go. Null when `a` has fewer commands. */
  async race(scene: Scene, n: number, holdMs = 0): Promise<string | null> {
    let seen = 0;
    let held: string | null = null;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let reached: () => void = () => undefined;
    const reaching = new Promise<'held'>((resolve) => {
      reached = () => resolve('held');
    });
    for (const wire of this.world.wires)
      wire.setHook(async (command, side): Promise<Verdict> => {
        if (held || side !== 'after' || background.has(command.name)) return 'go';
        if (command.collection && ownCollections.has(command.collection)) return 'go';
        seen += 1;
        if (seen !== n) return 'go';
        held = command.collection ? `${command.name} ${command.collection}` : command.name;
        reached();
        await released;
        return 'go';
      });
    try {
      const first = scene.a();
      first.catch(() => undefined);
      if ((await Promise.race([reaching, first.then(() => 'over' as const)])) === 'over') return null;
      const second = scene.b();
      second.catch(() => undefined);
      // The second may itself wait for what the first has locked: then the first goes on.
      await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 1_500))]);
      if (holdMs) await new Promise((resolve) => setTimeout(resolve, holdMs));
      release();
      await Promise.all([first, second]);
      return held;
    } finally {
      release();
      for (const wire of this.world.wires) wire.setHook(null);
    }
  }

  /** What is left of the scene, without ids, numbers and times. */
  async outcome(scene: Scene): Promise<string> {
    await until(
      'the inbound events to settle',
      async () =>
        (await this.db.collection('inbound').findOne({ state: { $in: ['new', 'working'] } })) === null,
    );
    const named = new Map(Object.entries(scene.texts).map(([name, text]) => [text, name]));
    const messages = await this.db
      .collection('messages')
      .find({ text: { $in: [...named.keys()] } })
      .toArray();
    const conversationIds = [...new Set(messages.map((message) => String(message.conversationId)))];
    const touched = await this.db
      .collection<{ _id: string; customerId: string }>('conversations')
      .find({ _id: { $in: conversationIds } })
      .toArray();
    const customerIds = [...new Set(touched.map((conversation) => conversation.customerId))];
    const conversations = await this.db
      .collection<{ _id: string; customerId: string }>('conversations')
      .find({ customerId: { $in: customerIds } })
      .toArray();
    const rows = [];
    for (const conversation of conversations as unknown as Record<string, unknown>[]) {
      const inside = await this.db
        .collection('messages')
        .find({ conversationId: conversation._id })
        .toArray();
      rows.push({
        status: conversation.status,
        waiting: conversation.waitingSince !== null,
        messages: inside
          .filter((message) => message.kind !== 'event')
          .map((message) => [
            named.get(message.text) ?? message.text,
            message.delivery?.state ?? null,
            message.editedAt !== null,
            message.deletedAt !== null,
          ])
          .sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
      });
    }
    const active = await this.db
      .collection<{ _id: string; active: { main: string | null } }>('customers')
      .find({ _id: { $in: customerIds } })
      .toArray();
    const sent = [];
    for (const [text, name] of named)
      for (const line of this.world.lines) {
        const times = line.simulator
          .messages()
          .filter((message) => message.direction === 'toCustomer' && message.text === text).length;
        if (times) sent.push([name, times]);
      }
    return JSON.stringify({
      customers: customerIds.length,
      active: active.filter((customer) => customer.active.main).length,
      conversations: rows.map((row) => JSON.stringify(row)).sort(),
      sent: sent.sort(),
    });
  }
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return error.reason ?? 'conflict';
    throw error;
  }
}

const fresh = (what: string) => `${what} ${randomUUID()}`;

const pairs: Pair[] = [
  {
    name: 'a first message and another of the same new customer',
    set: async (stage) => {
      const peer = stage.peer(stage.line('sms'));
      const texts = { one: fresh('one'), two: fresh('two') };
      return {
        texts,
        a: () => stage.write('sms', peer, texts.one),
        b: () => stage.write('sms', peer, texts.two),
      };
    },
  },
  {
    name: 'a first message delivered twice',
    onlyAfterFirst: true,
    set: async (stage) => {
      const line = stage.line('sms');
      const peer = stage.peer(line);
      const texts = { one: fresh('one') };
      line.simulator.fail('duplicate', { times: 1 });
      return { texts, a: () => stage.write('sms', peer, texts.one), b: () => stage.arrived(texts.one) };
    },
  },
  {
    name: 'two identities of one customer with no active conversation',
    set: async (stage) => {
      const sms = stage.peer(stage.line('sms'));
      const telegram = stage.peer(stage.line('telegram'));
      const texts = { before: fresh('before'), and: fresh('and'), one: fresh('one'), two: fresh('two') };
      const first = await stage.write('sms', sms, texts.before);
      const other = await stage.write('telegram', telegram, texts.and);
      await stage.link(0, first, other);
      for (const id of [first, other])
        if ((await stage.header(id)).status === 'open') await stage.update(0, id, { deed: 'resolve' });
      await stage.db
        .collection<{ _id: string }>('conversations')
        .updateMany(
          { _id: { $in: [first, other] } },
          { $set: { resolvedAt: new Date(Date.now() - 100 * 3_600_000) } },
        );
      return {
        texts,
        a: () => stage.write('sms', sms, texts.one),
        b: () => stage.write('telegram', telegram, texts.two),
      };
    },
  },
  {
    name: 'an edit and its message',
    onlyAfterFirst: true,
    set: async (stage) => {
      const line = stage.line('telegram');
      const peer = stage.peer(line);
      const original = fresh('original');
      const texts = { edited: fresh('edited') };
      let externalId = '';
      return {
        texts,
        a: async () => {
          externalId = await line.simulator.customerWrites({ peer, name: 'Race', text: original });
          await until('the message', () =>
            stage.db.collection('messages').findOne({ $or: [{ text: original }, { text: texts.edited }] }),
          );
        },
        b: async () => {
          await until('its id', () => externalId, 5_000, 10);
          await line.simulator.act({ do: 'edit', peer, externalId, text: texts.edited });
          await stage.arrived(texts.edited);
        },
      };
    },
  },
  {
    name: 'the statuses of a reply and the record that it left',
    onlyAfterFirst: true,
    set: async (stage) => {
      const line = stage.line('sms');
      const peer = stage.peer(line);
      const texts = { question: fresh('question'), answer: fresh('answer') };
      const header = await stage.header(await stage.write('sms', peer, texts.question));
      return {
        texts,
        a: () => stage.reply(0, header, texts.answer),
        b: async () => {
          await until('the provider to deliver it', () =>
            line.simulator
              .messages()
              .some((message) => message.text === texts.answer && message.state === 'delivered'),
          ).catch(() => undefined);
          await until('the status to be known', async () => {
            const message = await stage.db.collection('messages').findOne({ text: texts.answer });
            return message?.delivery?.state === 'delivered';
          }).catch(() => undefined);
        },
      };
    },
  },
  ...(['resolve', 'link'] as const).map(
    (deed): Pair => ({
      name: `intake and ${deed}`,
      set: async (stage) => {
        const sms = stage.peer(stage.line('sms'));
        const telegram = stage.peer(stage.line('telegram'));
        const texts = { before: fresh('before'), and: fresh('and'), one: fresh('one') };
        const first = await stage.write('sms', sms, texts.before);
        const other = await stage.write('telegram', telegram, texts.and);
        return {
          texts,
          a: () => stage.write('telegram', telegram, texts.one),
          b: () =>
            deed === 'resolve' ? stage.update(1, other, { deed: 'resolve' }) : stage.link(1, first, other),
        };
      },
    }),
  ),
  ...(['resolve', 'link'] as const).map(
    (deed): Pair => ({
      name: `${deed} and intake`,
      set: async (stage) => {
        const sms = stage.peer(stage.line('sms'));
        const telegram = stage.peer(stage.line('telegram'));
        const texts = { before: fresh('before'), and: fresh('and'), one: fresh('one') };
        const first = await stage.write('sms', sms, texts.before);
        const other = await stage.write('telegram', telegram, texts.and);
        return {
          texts,
          a: () =>
            deed === 'resolve' ? stage.update(0, other, { deed: 'resolve' }) : stage.link(0, first, other),
          b: () => stage.write('telegram', telegram, texts.one),
        };
      },
    }),
  ),
  ...(['reply', 'resolve', 'link'] as const).map(
    (deed): Pair => ({
      name: `a reply and a ${deed}`,
      set: async (stage) => {
        const sms = stage.peer(stage.line('sms'));
        const telegram = stage.peer(stage.line('telegram'));
        const texts = { before: fresh('before'), and: fresh('and'), one: fresh('one'), two: fresh('two') };
        const first = await stage.write('sms', sms, texts.before);
        const other = await stage.write('telegram', telegram, texts.and);
        const header = await stage.header(other);
        return {
          texts,
          a: () => stage.reply(0, header, texts.one),
          b: () => {
            if (deed === 'reply') return stage.reply(1, header, texts.two);
            return deed === 'resolve'
              ? stage.update(1, other, { deed: 'resolve' })
              : stage.link(1, first, other);
          },
        };
      },
    }),
  ),
  {
    name: 'a lane taken over from a stalled holder',
    onlyAfterFirst: true,
    holdMs: 7_000,
    set: async (stage) => {
      const peer = stage.peer(stage.line('sms'));
      const texts = { question: fresh('question'), answer: fresh('answer') };
      const header = await stage.header(await stage.write('sms', peer, texts.question));
      return {
        texts,
        a: () => stage.reply(0, header, texts.answer),
        b: async () => undefined,
      };
    },
  },
];
