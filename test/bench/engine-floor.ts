import { rmSync } from 'node:fs';
import path from 'node:path';
import { type Database, open } from 'lmdb';
import mongoose from 'mongoose';
import { DOCUMENTS, documentOf, externalIdOf, idOf } from './engine-data.ts';

/**
 * The least that a durable insert into LMDB costs: a document and its three index entries, four puts in one synced transaction, one
 * transaction after the other, in a process of its own, over tables as large as the engine's. Started with a folder and an IPC
 * channel: each message is how many milliseconds to write, each answer the transactions a second.
 */
const [dir = ''] = process.argv.slice(2);
const file = path.join(dir, 'floor.lmdb');
const env = open<Buffer, Buffer>({
  path: file,
  noSubdir: true,
  maxDbs: 8,
  mapSize: 64 * 2 ** 30,
  overlappingSync: false,
  keyEncoding: 'binary',
  encoding: 'binary',
  cache: false,
});
const table = (name: string): Database<Buffer, Buffer> =>
  env.openDB<Buffer, Buffer>({ name, keyEncoding: 'binary', encoding: 'binary', cache: false });
const [documents, recent, unique, customers] = ['documents', 'recent', 'unique', 'customers'].map(table) as [
  Database<Buffer, Buffer>,
  Database<Buffer, Buffer>,
  Database<Buffer, Buffer>,
  Database<Buffer, Buffer>,
];

/** What is put for the n-th document, made beforehand: only the store is measured. */
function made(n: number): [Database<Buffer, Buffer>, Buffer, Buffer][] {
  const doc = documentOf(n);
  const key = Buffer.from(idOf(n));
  const moment = Buffer.alloc(8);
  moment.writeDoubleBE(-doc.createdAt.getTime());
  return [
    [documents, key, Buffer.from(mongoose.mongo.BSON.serialize(doc))],
    [recent, Buffer.concat([Buffer.from(doc.conversationId), moment, key]), key],
    [unique, Buffer.from(`${doc.channelId}\0${externalIdOf(n)}`), key],
    [customers, Buffer.concat([Buffer.from(doc.customerId), key]), key],
  ];
}

function put(puts: ReturnType<typeof made>): void {
  for (const [db, key, value] of puts) db.putSync(key, value);
}

let next = 0;
for (; next < DOCUMENTS; next += 2_000)
  env.transactionSync(() => {
    for (let n = next; n < next + 2_000; n += 1) put(made(n));
  });

/** Transactions that are made ready at a time, outside the clock. */
const READY = 200;

process.on('message', (ms: number) => {
  let [spent, count] = [0, 0];
  while (spent < ms) {
    const ready = Array.from({ length: READY }, (_, i) => made(next + i));
    next += READY;
    const from = performance.now();
    for (const puts of ready) env.transactionSync(() => put(puts));
    spent += performance.now() - from;
    count += READY;
  }
  process.send?.((count * 1000) / spent);
});
process.on('disconnect', () => {
  void env.close().then(() => {
    rmSync(file, { force: true });
    process.exit(0);
  });
});
process.send?.('ready');
