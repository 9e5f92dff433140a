import { randomBytes } from 'node:crypto';
import type { Document } from 'bson';
import mongoose from 'mongoose';
import { type Answer, answerOf, type Said } from './answer.ts';
import { type Case, collection, type Step } from './cases.ts';

type Client = mongoose.mongo.MongoClient;
type Session = mongoose.mongo.ClientSession;

/** Types as they came over the wire. */
const asSent = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
} as const;

/** A server and a database on it of this run's own. */
export class Player {
  readonly name: string;
  private readonly client: Client;
  private readonly database: string;
  private played = 0;

  private constructor(name: string, client: Client) {
    this.name = name;
    this.client = client;
    this.database = `compare_${randomBytes(6).toString('hex')}`;
  }

  /** @throws when nobody answers there within ten seconds */
  static async open(name: string, uri: string): Promise<Player> {
    const client = new mongoose.mongo.MongoClient(uri, {
      serverSelectionTimeoutMS: 10_000,
      retryWrites: false,
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority' },
    });
    await client.connect();
    return new Player(name, client);
  }

  async close(): Promise<void> {
    await this.client.db(this.database).dropDatabase();
    await this.client.close();
  }

  /** What the server says to each step, and what each write leaves behind, in a collection of this case's own. */
  async play({ indexes, documents, steps }: Case): Promise<Said[]> {
    this.played += 1;
    const name = `${collection}${this.played}`;
    const db = this.client.db(this.database);
    const sessions = new Map<0 | 1, Session>();
    const said: Said[] = [];
    const run = async (
      step: number,
      command: Document,
      options: { about?: string; session?: Session } = {},
    ) => {
      const answer = await this.run(renamed(command, name), options.session);
      said.push({ ...answer, step, about: options.about ?? Object.keys(command)[0] ?? '' });
    };
    try {
      await db.createCollection(name);
      if (documents.length) await run(-1, { insert: collection, documents });
      if (indexes.length) await run(-1, { createIndexes: collection, indexes });
      for (const [at, step] of steps.entries()) {
        if ('end' in step) {
          said.push({ ...(await this.end(step, sessions)), step: at, about: step.end });
          continue;
        }
        const { command, session } = step;
        await run(at, command, session === undefined ? {} : { session: this.session(session, sessions) });
        if (session === undefined && writes(command))
          await run(at, everything, { about: `what ${Object.keys(command)[0]} left` });
      }
    } finally {
      for (const session of sessions.values()) await session.endSession();
      await db.dropCollection(name);
    }
    return said;
  }

  private session(number: 0 | 1, sessions: Map<0 | 1, Session>): Session {
    const session = sessions.get(number) ?? this.client.startSession();
    sessions.set(number, session);
    if (!session.inTransaction())
      session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
    return session;
  }

  private async run(command: Document, session?: Session): Promise<Answer> {
    try {
      const db = this.client.db(this.database);
      const body = await db.command(command, { ...asSent, ...(session ? { session } : {}) });
      return answerOf(command, body);
    } catch (error) {
      return refusal(error);
    }
  }

  private async end(step: Extract<Step, { end: string }>, sessions: Map<0 | 1, Session>): Promise<Answer> {
    const session = sessions.get(step.session);
    if (!session?.inTransaction()) return { outcome: 'no transaction', told: '' };
    try {
      await (step.end === 'commit' ? session.commitTransaction() : session.abortTransaction());
      return { outcome: 'ok', told: '' };
    } catch (error) {
      return refusal(error);
    }
  }
}

const everything: Document = { find: collection, filter: {}, sort: { _id: 1 } };

/** A server's refusal; or that nothing came back: the connection is gone, or the command could not be sent. */
function refusal(error: unknown): Answer {
  if (!(error instanceof mongoose.mongo.MongoServerError)) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { outcome: 'no answer', told: words };
  }
  const labels = [...(error.errorLabels ?? [])].sort().join(' ');
  return { outcome: `code ${error.code}`, told: labels };
}

const writes = (command: Document): boolean =>
  ['insert', 'update', 'delete', 'findAndModify', 'createIndexes'].some((name) => name in command);

/** The command with the real name of its collection, wherever it stands. */
function renamed<T>(value: T, name: string): T {
  if (value === collection) return name as T;
  if (Array.isArray(value)) return value.map((each) => renamed(each, name)) as T;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, name)])) as T;
}
