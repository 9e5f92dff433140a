import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import type { Conversation } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import { type Line, until, type World } from '../world.ts';

export interface Found {
  lost: number;
  duplicated: number;
  unknown: number;
  /** An `unknown` where there may be none. */
  illegal: boolean;
  text: string;
}

export interface Deed {
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

export class Inbound implements Deed {
  private readonly text = `سلام hello ${randomUUID()}`;
  private readonly world: World;
  private readonly line: Line;
  private readonly peer: string;
  private readonly pushIsLost: boolean;

  constructor(world: World, line: Line, peer: string, pushIsLost = false) {
    this.world = world;
    this.line = line;
    this.peer = peer;
    this.pushIsLost = pushIsLost;
  }

  async begin(): Promise<void> {
    if (this.pushIsLost) this.line.simulator.fail('drop', { times: 1, call: 'push/inbound' });
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

export class Outbound implements Deed {
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
      const { lookup, sessions } = this.line.connector.manifest.capabilities;
      // Where the provider can be asked, `unknown` is a question that is still open; and what a visitor is offered is on its way
      // until their page, which comes back by itself, says that it has it.
      const open = ['queued', 'sending', ...(lookup ? ['unknown'] : []), ...(sessions ? ['sent'] : [])];
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

let connection: { uri: string; client: Promise<mongoose.mongo.MongoClient> } | null = null;

/** Past every proxy. */
export async function inDatabase<T>(world: World, look: (db: mongoose.mongo.Db) => Promise<T>): Promise<T> {
  if (connection?.uri !== world.mongoUri) {
    await closeDatabase();
    connection = { uri: world.mongoUri, client: mongoose.mongo.MongoClient.connect(world.mongoUri) };
  }
  return look((await connection.client).db());
}

/** Resolves when every stored event has been dealt with: nothing is on its way that could still double a message. */
export function settled(world: World): Promise<unknown> {
  return until('the inbound events to settle', () =>
    inDatabase(
      world,
      async (db) => (await db.collection('inbound').findOne({ state: { $in: ['new', 'working'] } })) === null,
    ),
  );
}

export async function closeDatabase(): Promise<void> {
  const client = await connection?.client;
  connection = null;
  await client?.close();
}
