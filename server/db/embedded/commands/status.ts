import { hostname } from 'node:os';
import { Double, Long } from 'bson';
import { CommandError, type Doc, integerOf } from '../bson/values.ts';
import { compileFilter } from '../query/match.ts';
import type { Collection } from '../store/catalog.ts';
import { pagesOf } from '../store/graveyard.ts';
import type { Store } from '../store/store.ts';
import type { Table } from '../store/view.ts';
import { int32 } from '../wire/raw.ts';
import { VERSION } from './admin.ts';
import type { Command } from './command.ts';
import { flag, mustBeAdmin, text } from './fields.ts';

const long = (value: number) => Long.fromNumber(value);

export const serverStatus: Command = {
  // Sections are chosen by their names; all are given.
  fields: [
    'repl',
    'metrics',
    'locks',
    'opcounters',
    'connections',
    'transactions',
    'mem',
    'network',
    'asserts',
  ],
  run({ engine }) {
    const uptime = (Date.now() - engine.started) / 1000;
    const { rss, heapUsed } = process.memoryUsage();
    const { open, made } = engine.peers;
    const counts = engine.operations.counts;
    const opcounters = Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, long(n)]));
    return {
      doc: {
        host: hostname(),
        version: VERSION,
        process: 'embedded',
        pid: long(process.pid),
        uptime: new Double(uptime),
        uptimeMillis: long(Math.round(uptime * 1000)),
        localTime: new Date(),
        connections: { current: int32(open.size), totalCreated: int32(made) },
        opcounters,
        mem: {
          bits: int32(64),
          resident: int32(rss >> 20),
          heapUsed: int32(heapUsed >> 20),
          supported: true,
        },
        storageEngine: { name: 'lmdb', persistent: true, supportsCommittedReads: true, readOnly: false },
        transactions: engine.transactions.counters(),
        metrics: { cursor: { open: { total: long(engine.cursors.size) } } },
        logicalSessionRecordCache: { activeSessionsCount: int32(engine.sessions.all().length) },
      },
    };
  },
};

/** Bytes of the pages that a table lies on. */
const bytesOf = (store: Store, { db }: Table) =>
  pagesOf(db) * Number((store.env.getStats() as { pageSize?: number }).pageSize ?? 4096);

function sizesOf(
  store: Store,
  collections: Collection[],
): { storageSize: number; indexSizes: Doc; indexSize: number } {
  let [storageSize, indexSize] = [0, 0];
  const indexSizes: Doc = {};
  for (const { docs, indexes } of collections) {
    storageSize += bytesOf(store, docs);
    for (const { name, table } of indexes) {
      const bytes = bytesOf(store, table);
      indexSize += bytes;
      indexSizes[name] = long(bytes);
    }
  }
  return { storageSize, indexSize, indexSizes };
}

const scaled = (bytes: number, scale: number) => long(Math.floor(bytes / scale));

function scaleOf(body: Doc): number {
  const scale = body['scale'] === undefined ? 1 : integerOf(body['scale']);
  if (!scale || scale < 1) throw new CommandError(2, 'scale must be a whole number from 1 on');
  return scale;
}

/** Documents, indexes and the pages they lie on. What MongoDB calls `size` (bytes of the documents alone) is not kept, so not told. */
export const collStats: Command = {
  fields: ['scale'],
  run({ body, engine, catalog, db }) {
    const name = text(body, 'collStats');
    const scale = scaleOf(body);
    const collection = catalog.get(db, name);
    const { storageSize, indexSize, indexSizes } = sizesOf(engine.store, collection ? [collection] : []);
    return {
      doc: {
        ns: `${db}.${name}`,
        count: int32(collection?.count ?? 0),
        storageSize: scaled(storageSize, scale),
        nindexes: int32(collection ? collection.indexes.length + 1 : 0),
        totalIndexSize: scaled(indexSize, scale),
        indexSizes,
        totalSize: scaled(storageSize + indexSize, scale),
        capped: false,
        scaleFactor: int32(scale),
      },
    };
  },
};

export const dbStats: Command = {
  fields: ['scale', 'freeStorage'],
  run({ body, engine, catalog, db }) {
    const scale = scaleOf(body);
    const collections = catalog.ofDb(db);
    const { storageSize, indexSize } = sizesOf(engine.store, collections);
    const total = (of: (one: Collection) => number) => collections.reduce((sum, one) => sum + of(one), 0);
    return {
      doc: {
        db,
        collections: long(collections.length),
        views: long(0),
        objects: long(total(({ count }) => count)),
        storageSize: scaled(storageSize, scale),
        indexes: long(total(({ indexes }) => indexes.length + 1)),
        indexSize: scaled(indexSize, scale),
        totalSize: scaled(storageSize + indexSize, scale),
        scaleFactor: long(scale),
      },
    };
  },
};

export const currentOp: Command = {
  fields: ['$ownOps', '$all', 'ns', 'op', 'active', 'secs_running', 'opid'],
  run({ body, engine, db, now }) {
    mustBeAdmin(db, 'currentOp');
    const wanted = ['ns', 'op', 'active', 'secs_running', 'opid'].filter((name) => name in body);
    const filter = compileFilter(Object.fromEntries(wanted.map((name) => [name, body[name]])), { now });
    flag(body, '$all');
    const inprog = [...engine.operations.running.values()]
      .map((one): Doc => {
        const target = one.body[one.name === 'getMore' ? 'collection' : one.name];
        return {
          type: 'op',
          connectionId: int32(one.peer.id),
          ...(one.peer.appName !== undefined && { appName: one.peer.appName }),
          active: true,
          currentOpTime: now.toISOString(),
          opid: int32(one.id),
          secs_running: long(Math.floor((now.getTime() - one.since) / 1000)),
          microsecs_running: long((now.getTime() - one.since) * 1000),
          op: 'command',
          ns: `${one.db}.${typeof target === 'string' ? target : '$cmd'}`,
          command: { [one.name]: target ?? int32(1), $db: one.db },
        };
      })
      .filter((one) => filter.test(one));
    return { doc: { inprog } };
  },
};

export const killOp: Command = {
  fields: ['op'],
  run({ body, engine, db }) {
    mustBeAdmin(db, 'killOp');
    const id = integerOf(body['op']);
    if (id === undefined)
      throw new CommandError(14, "BSON field 'killOp.op' is the wrong type, expected int");
    engine.operations.kill(id);
    return { doc: { info: 'attempting to kill op' } };
  },
};
