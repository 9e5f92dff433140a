import mongoose from 'mongoose';
import { type Random, seeded } from '../random.ts';
import { ACCOUNTS, accountOf } from './engine-books.ts';
import { Counter, Inserted, Ledger, type Stored } from './engine-ledger.ts';

type Client = mongoose.mongo.MongoClient;
const { MongoServerError } = mongoose.mongo;

/** Collections of the load; each is one kind of writer's. */
type Name = 'plain' | 'counters' | 'log' | 'accounts' | 'transfers' | 'ageing';

export const collection = (client: Client, name: Name) => client.db('chaos').collection<Stored>(name);

/** What all writers share while one load runs. */
export interface Load {
  /** Set when the engine is about to be killed: who is not waiting for an answer stops. */
  ending: boolean;
  /** Acknowledged writes, statement by statement. */
  acknowledged: number;
  /** Retryable writes and transactions that were begun before the kill and answered after. */
  across: number;
  /** What a writer was told that may not be. */
  wrong: string[];
}

/** A writer of the load: runs until the load ends. */
export interface Writer {
  run(load: Load, random: Random): Promise<void>;
}

/** An answer of the server, not a broken connection. */
const answered = (error: unknown) =>
  error instanceof MongoServerError &&
  typeof error.code === 'number' &&
  !error.hasErrorLabel('RetryableWriteError');

/** Most documents that a plain writer keeps; beyond, it deletes. */
const MOST = 120;

/** Writes without retries: every operation there is, on documents of its own. */
export class PlainWriter implements Writer {
  readonly ledger = new Ledger();
  readonly name: string;
  private readonly client: Client;
  private ids: string[] = [];
  private next = 0;

  constructor(client: Client, name: string) {
    this.client = client;
    this.name = name;
  }

  async run(load: Load, random: Random): Promise<void> {
    this.ids = this.ledger.ids();
    while (!load.ending) {
      try {
        await this.write(load, random);
      } catch (error) {
        if (answered(error)) load.wrong.push(`${this.name} was refused: ${(error as Error).message}`);
        return;
      }
    }
  }

  private get docs() {
    return collection(this.client, 'plain');
  }

  private fresh(random: Random): Stored {
    this.next += 1;
    const _id = `${this.name}-${this.next}-${Math.floor(random() * 1e6)}`;
    this.ids.push(_id);
    return {
      _id,
      writer: this.name,
      key: `key of ${_id}`,
      n: Math.floor(random() * 1000),
      rev: 0,
      tags: Array.from({ length: 1 + Math.floor(random() * 4) }, () => Math.floor(random() * 50)),
      text: 'متن '.repeat(1 + Math.floor(random() * 80)),
    };
  }

  private async write(load: Load, random: Random): Promise<void> {
    const draw = random();
    const id = this.ids[Math.floor(random() * this.ids.length)];
    if (!id || draw < 0.2) return this.insert(load, random);
    if (draw < 0.26) return this.insertMany(load, random);
    if (draw < 0.3) return this.updateMany(load);
    const old = this.ledger.current(id);
    if (!old) throw new Error(`${id} should be there.`);
    const done = () => {
      this.ledger.done(id);
      load.acknowledged += 1;
    };
    if (draw < 0.45 || this.ids.length > MOST) {
      this.ledger.begin({ _id: id, gone: true });
      this.ids = this.ids.filter((one) => one !== id);
      const { deletedCount } = await this.docs.deleteOne({ _id: id });
      if (deletedCount !== 1) load.wrong.push(`deleting ${id} answered ${deletedCount}`);
      done();
    } else if (draw < 0.65) {
      const set = {
        n: Math.floor(random() * 1000),
        tags: [Math.floor(random() * 50), Math.floor(random() * 50)],
      };
      const rev = Number(old.rev) + 1;
      this.ledger.begin({ ...old, ...set, rev });
      const { matchedCount } = await this.docs.updateOne({ key: old.key }, { $set: set, $inc: { rev: 1 } });
      if (matchedCount !== 1) load.wrong.push(`updating ${id} by its key answered ${matchedCount}`);
      done();
    } else if (draw < 0.85) {
      const rev = Number(old.rev) + 1;
      const tag = Math.floor(random() * 50);
      this.ledger.begin({ ...old, rev, tags: [...(old.tags ?? []), tag].slice(-6) });
      const after = await this.docs.findOneAndUpdate(
        { _id: id },
        { $inc: { rev: 1 }, $push: { tags: { $each: [tag], $slice: -6 } } },
        { returnDocument: 'after' },
      );
      if (after?.rev !== rev) load.wrong.push(`${id} answered revision ${after?.rev} and not ${rev}`);
      done();
    } else {
      const next = { ...old, key: `key of ${id}, anew`, rev: Number(old.rev) + 1 };
      const { _id, ...rest } = next;
      this.ledger.begin(next);
      await this.docs.replaceOne({ _id }, rest);
      done();
    }
  }

  private async insert(load: Load, random: Random): Promise<void> {
    const doc = this.fresh(random);
    this.ledger.begin(doc);
    await this.docs.insertOne(doc);
    this.ledger.done(doc._id);
    load.acknowledged += 1;
  }

  private async insertMany(load: Load, random: Random): Promise<void> {
    const docs = Array.from({ length: 12 }, () => this.fresh(random));
    const ids = docs.map(({ _id }) => _id);
    for (const doc of docs) this.ledger.begin(doc);
    this.ledger.batch(ids);
    await this.docs.insertMany(docs);
    this.ledger.batchDone(ids);
    load.acknowledged += docs.length;
  }

  private async updateMany(load: Load): Promise<void> {
    for (const id of this.ids) {
      const old = this.ledger.current(id) as Stored;
      this.ledger.begin({ ...old, rev: Number(old.rev) + 1 });
    }
    const { matchedCount } = await this.docs.updateMany({ writer: this.name }, { $inc: { rev: 1 } });
    if (matchedCount !== this.ids.length)
      load.wrong.push(`updateMany of ${this.ids.length} of ${this.name} answered ${matchedCount}`);
    for (const id of this.ids) this.ledger.done(id);
    load.acknowledged += this.ids.length;
  }
}

/** Runs a deed that the driver may have to send again; counts those that a kill came between. */
async function across<T>(load: Load, deed: () => Promise<T>): Promise<T> {
  const before = !load.ending;
  const result = await deed();
  if (before && load.ending) load.across += 1;
  return result;
}

/** Retryable writes: each must be applied exactly once, though the driver sends it again after the restart. */
export class RetryingWriter implements Writer {
  readonly counter: Counter;
  readonly log: Inserted;
  private readonly client: Client;
  private next = 0;

  constructor(client: Client, { name, log }: { name: string; log: Inserted }) {
    this.client = client;
    this.counter = new Counter(name);
    this.log = log;
  }

  async run(load: Load, random: Random): Promise<void> {
    while (!load.ending) {
      const by = 1 + Math.floor(random() * 3);
      const id = `${this.counter.id}-${this.next++}-${Math.floor(random() * 1e6)}`;
      const kind = random();
      try {
        if (kind < 0.75) await across(load, () => this.count(kind, by));
        else await across(load, () => this.insert(id));
      } catch (error) {
        if (kind < 0.75) this.counter.doubtful(by);
        if (answered(error)) load.wrong.push(`${this.counter.id} was refused: ${(error as Error).message}`);
        continue;
      }
      if (kind < 0.75) this.counter.done(by);
      else this.log.done(id);
      load.acknowledged += 1;
    }
  }

  private count(kind: number, by: number): Promise<unknown> {
    const counters = collection(this.client, 'counters');
    const filter = { _id: this.counter.id };
    const update = { $inc: { n: by } };
    if (kind < 0.25) return counters.updateOne(filter, update, { upsert: true });
    if (kind < 0.5) return counters.findOneAndUpdate(filter, update, { upsert: true });
    // Several statements of one command: each must be applied once.
    const step = { updateOne: { filter, update: { $inc: { n: 1 } }, upsert: true } };
    return counters.bulkWrite(Array.from({ length: by }, () => step));
  }

  private insert(id: string): Promise<unknown> {
    this.log.begin(id);
    return collection(this.client, 'log').insertOne({ _id: id });
  }
}

/** Moves money in transactions; writers meet on the same accounts. */
export class Teller implements Writer {
  readonly transfers: Inserted;
  private readonly client: Client;
  private readonly name: string;
  private next = 0;

  constructor(client: Client, { name, transfers }: { name: string; transfers: Inserted }) {
    this.client = client;
    this.name = name;
    this.transfers = transfers;
  }

  async run(load: Load, random: Random): Promise<void> {
    while (!load.ending) {
      const _id = `${this.name}-${this.next++}-${Math.floor(random() * 1e6)}`;
      const from = Math.floor(random() * ACCOUNTS);
      const to = (from + 1 + Math.floor(random() * (ACCOUNTS - 1))) % ACCOUNTS;
      const transfer = {
        _id,
        from: accountOf(from),
        to: accountOf(to),
        amount: 1 + Math.floor(random() * 90),
      };
      this.transfers.begin(_id);
      try {
        await across(load, () => this.move(transfer));
      } catch (error) {
        if (
          answered(error) &&
          !(error as mongoose.mongo.MongoError).hasErrorLabel('TransientTransactionError')
        )
          load.wrong.push(`the transfer ${_id} was refused: ${(error as Error).message}`);
        continue;
      }
      this.transfers.done(_id);
      load.acknowledged += 1;
    }
  }

  private async move(transfer: { _id: string; from: string; to: string; amount: number }): Promise<void> {
    const { from, to, amount } = transfer;
    const accounts = collection(this.client, 'accounts');
    await this.client.withSession((session) =>
      session.withTransaction(async () => {
        await accounts.updateOne({ _id: from }, { $inc: { balance: -amount } }, { session });
        await accounts.updateOne({ _id: to }, { $inc: { balance: amount } }, { session });
        await collection(this.client, 'transfers').insertOne({ ...transfer }, { session });
      }),
    );
  }
}

/** Builds and drops an index and a collection, now and then, and fills a collection whose documents run out. */
export class Builder implements Writer {
  readonly ageing = new Inserted();
  /** Whether the spare index is there; undefined when nobody was told. */
  private index: boolean | undefined = false;
  /** The same of collections that come and go. */
  private readonly passing = new Map<string, boolean | undefined>();
  private readonly client: Client;
  private next = 0;

  constructor(client: Client) {
    this.client = client;
  }

  async run(load: Load, random: Random): Promise<void> {
    try {
      while (!load.ending) {
        await this.age(load, random);
        await this.turnIndex(load);
        await this.turnCollection(load, random);
      }
    } catch (error) {
      if (answered(error)) load.wrong.push(`the builder was refused: ${(error as Error).message}`);
    }
  }

  private async turnIndex(load: Load): Promise<void> {
    const plain = collection(this.client, 'plain');
    const was = this.index;
    this.index = undefined;
    if (was) await plain.dropIndex('spare');
    else await plain.createIndex({ text: 1, tags: -1 }, { name: 'spare' });
    this.index = !was;
    load.acknowledged += 1;
  }

  private async turnCollection(load: Load, random: Random): Promise<void> {
    const db = this.client.db('chaos');
    const name = `passing-${this.next++}-${Math.floor(random() * 1e6)}`;
    this.passing.set(name, undefined);
    const made = await db.createCollection<Stored>(name);
    await made.createIndex({ n: 1 });
    await made.insertMany(Array.from({ length: 40 }, (_, n) => ({ _id: `${name}-${n}`, n })));
    this.passing.set(name, true);
    load.acknowledged += 41;
    if (random() < 0.1) return;
    this.passing.set(name, undefined);
    await made.drop();
    this.passing.set(name, false);
    load.acknowledged += 1;
  }

  /** Half of it is over as soon as it is there. */
  private async age(load: Load, random: Random): Promise<void> {
    const day = 86_400_000;
    for (let n = 0; n < 20; n += 1) {
      const _id = `${n % 2 ? 'over' : 'young'}-${this.next++}-${Math.floor(random() * 1e6)}`;
      const at = new Date(Date.now() + (n % 2 ? -day : day));
      this.ageing.begin(_id);
      await collection(this.client, 'ageing').insertOne({ _id, at });
      this.ageing.done(_id);
      load.acknowledged += 1;
    }
  }

  /** What was told of indexes and collections, against what is there. */
  async wrong(): Promise<string[]> {
    const wrong: string[] = [];
    const names = (await collection(this.client, 'plain').indexes()).map(({ name }) => name);
    const there = names.includes('spare');
    if (this.index !== undefined && this.index !== there)
      wrong.push(`the index spare is ${there ? '' : 'not '}there, the engine had answered otherwise`);
    this.index = there;
    for (const [name, told] of this.passing) {
      const found = await this.client.db('chaos').collection(name).countDocuments();
      if (told !== undefined && found !== (told ? 40 : 0))
        wrong.push(`${name} holds ${found} documents, ${told ? 40 : 0} were told of`);
      if (found !== 40) this.passing.delete(name);
    }
    return wrong;
  }
}

/** A random source of its own for each writer, so that their turns do not change what each draws. */
export const sourceOf = (random: Random): Random => seeded(Math.floor(random() * 2 ** 31));
