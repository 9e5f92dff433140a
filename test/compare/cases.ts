import type { Document } from 'bson';
import { Draw } from '../draw.ts';
import { filter, projection, sort } from './filters.ts';
import { pipeline } from './pipelines.ts';
import { change } from './updates.ts';
import { document, field, path, value } from './values.ts';

/** What a case calls its collection; each time it is played it gets one of its own. */
export const collection = 'things';

export type Step =
  /** What comes of the command, and what it leaves when it writes. `session`: in the transaction of that session. */
  { command: Document; session?: 0 | 1 } | { end: 'commit' | 'abort'; session: 0 | 1 };

export interface Case {
  indexes: Document[];
  documents: Document[];
  steps: Step[];
}

export const kinds = [
  'find',
  'update',
  'delete',
  'modify',
  'aggregate',
  'count',
  'index',
  'transaction',
] as const;
export type Kind = (typeof kinds)[number];

export function drawCase(random: () => number, only?: Kind): Case {
  const draw = new Draw(random);
  const kind =
    only ??
    draw.way<Kind>(
      [5, () => 'find'],
      [5, () => 'update'],
      [1, () => 'delete'],
      [2, () => 'modify'],
      [6, () => 'aggregate'],
      [1, () => 'count'],
      [1, () => 'index'],
      [1, () => 'transaction'],
    );
  const documents = Array.from({ length: 1 + draw.below(8) }, (_, index) => document(draw, index + 1));
  const indexes = draw.chance(0.4) ? draw.some([1, 2], () => index(draw)) : [];
  const unlike = indexes.filter((each, at) => indexes.findIndex(({ name }) => name === each['name']) === at);
  return { documents, indexes: kind === 'index' ? [] : unlike, steps: makers[kind](draw) };
}

const makers: Record<Kind, (draw: Draw) => Step[]> = {
  find: (draw) => [{ command: find(draw) }],
  update: (draw) => draw.some([1, 3], () => ({ command: update(draw) })),
  delete: (draw) => [
    {
      command: draw.chance(0.5)
        ? { delete: collection, deletes: [{ q: filter(draw), limit: 0 }] }
        : { delete: collection, deletes: [{ q: single(draw), limit: 1 }] },
    },
  ],
  modify: (draw) => [{ command: modify(draw) }],
  aggregate: (draw) => [
    { command: { aggregate: collection, pipeline: pipeline(draw, collection), cursor: {} } },
  ],
  count: (draw) => [
    {
      command: draw.chance(0.4)
        ? { count: collection, query: filter(draw), ...(draw.chance(0.3) ? { skip: 1, limit: 2 } : {}) }
        : { distinct: collection, key: path(draw), query: filter(draw) },
    },
  ],
  index: (draw) => [
    { command: { createIndexes: collection, indexes: [index(draw)] } },
    {
      command: {
        insert: collection,
        documents: [document(draw, 20), document(draw, 21)],
        ordered: draw.chance(0.5),
      },
    },
    { command: update(draw) },
    { command: { listIndexes: collection } },
  ],
  transaction,
};

function find(draw: Draw): Document {
  return {
    find: collection,
    filter: filter(draw),
    sort: sort(draw),
    ...(draw.chance(0.4) ? { projection: projection(draw) } : {}),
    ...(draw.chance(0.2) ? { skip: draw.below(3) } : {}),
    ...(draw.chance(0.2) ? { limit: draw.below(4) } : {}),
  };
}

/** Of one document at most: which one else comes first is the server's own affair. */
const single = (draw: Draw): Document =>
  draw.chance(0.7)
    ? { _id: 1 + draw.below(6), ...(draw.chance(0.5) ? { [path(draw)]: value(draw, 1) } : {}) }
    : { $and: [{ _id: 1 + draw.below(6) }, filter(draw)] };

function update(draw: Draw): Document {
  const { change: u, arrayFilters } = change(draw);
  const multi = draw.chance(0.4);
  return {
    update: collection,
    updates: [
      {
        q: multi ? filter(draw) : single(draw),
        u,
        multi,
        ...(draw.chance(0.3) ? { upsert: true } : {}),
        ...(arrayFilters ? { arrayFilters } : {}),
      },
    ],
  };
}

function modify(draw: Draw): Document {
  const shared = {
    findAndModify: collection,
    query: filter(draw),
    sort: sort(draw),
    ...(draw.chance(0.3) ? { fields: projection(draw) } : {}),
  };
  if (draw.chance(0.2)) return { ...shared, remove: true };
  const { change: made, arrayFilters } = change(draw);
  return {
    ...shared,
    update: made,
    ...(arrayFilters ? { arrayFilters } : {}),
    ...(draw.chance(0.5) ? { new: true } : {}),
    ...(draw.chance(0.3) ? { upsert: true } : {}),
  };
}

function index(draw: Draw): Document {
  const key: Record<string, unknown> = {};
  for (const at of draw.some([1, 2], () => (draw.chance(0.8) ? field(draw) : path(draw))))
    key[at] = draw.one([1, -1]);
  return {
    key,
    name: Object.entries(key)
      .map(([at, way]) => `${at}_${way}`)
      .join('_'),
    ...(draw.chance(0.3) ? { unique: true } : {}),
    ...(draw.chance(0.2) ? { sparse: true } : {}),
    ...(draw.chance(0.2)
      ? { partialFilterExpression: { [field(draw)]: draw.one<unknown>([{ $exists: true }, { $gt: 1 }, 1]) } }
      : {}),
  };
}

/** Two transactions take turns; nobody writes beside them, for he would have to wait. */
function transaction(draw: Draw): Step[] {
  const steps: Step[] = [];
  const open = new Set<0 | 1>();
  for (const session of draw.some([3, 8], () => draw.one([0, 1] as const))) {
    if (open.has(session) && draw.chance(0.25)) {
      steps.push({ end: draw.chance(0.75) ? 'commit' : 'abort', session });
      open.delete(session);
      continue;
    }
    open.add(session);
    const id = 1 + draw.below(4);
    steps.push({
      session,
      command: draw.way<Document>(
        [2, () => ({ find: collection, filter: {}, sort: { _id: 1 } })],
        [3, () => ({ update: collection, updates: [{ q: { _id: id }, u: { $set: { a: draw.below(9) } } }] })],
        [1, () => ({ insert: collection, documents: [{ _id: draw.one([id, id + 20]) }] })],
        [1, () => ({ delete: collection, deletes: [{ q: { _id: id }, limit: 1 }] })],
        [1, () => ({ aggregate: collection, pipeline: [{ $count: 'n' }], cursor: {} })],
      ),
    });
    if (draw.chance(0.2)) steps.push({ command: { find: collection, filter: {}, sort: { _id: 1 } } });
  }
  for (const session of open) steps.push({ end: draw.chance(0.75) ? 'commit' : 'abort', session });
  return [...steps, { command: { find: collection, filter: {}, sort: { _id: 1 } } }];
}
