import { appendFileSync } from 'node:fs';
import { type Document, deserialize } from 'bson';

const opMsg = 2013;

/** The whole command in an OP_MSG, its document sequences put back where they belong; null for anything else. */
export function commandBody(frame: Buffer): Document | null {
  if (frame.readInt32LE(12) !== opMsg) return null;
  let body: Document | null = null;
  const sequences: [string, Document[]][] = [];
  let offset = 20;
  while (offset < frame.length) {
    const kind = frame[offset];
    const length = frame.readInt32LE(offset + 1);
    const section = frame.subarray(offset + 1, offset + 1 + length);
    if (kind === 0) body = deserialize(section);
    else if (kind === 1) sequences.push(sequenceOf(section));
    else break;
    offset += 1 + length;
  }
  for (const [name, documents] of sequences) if (body) body[name] = documents;
  return body;
}

function sequenceOf(section: Buffer): [string, Document[]] {
  const end = section.indexOf(0, 4);
  const documents: Document[] = [];
  for (let at = end + 1; at < section.length; at += section.readInt32LE(at))
    documents.push(deserialize(section.subarray(at, at + section.readInt32LE(at))));
  return [section.toString('utf8', 4, end), documents];
}

/** Whether the server is there, and who we are. */
const driversOwn = new Set(['hello', 'isMaster', 'ismaster', 'saslStart', 'saslContinue']);

/** What a command uses: `command find`, `query $in`, `update $set`, `stage $group`, `expression $sum`. */
export function featuresOf(body: Document): Set<string> {
  const found = new Set<string>();
  const [name] = Object.keys(body);
  if (!name || driversOwn.has(name)) return found;
  found.add(`command ${name}`);
  for (const filter of [body.filter, body.query, body.q]) query(filter, found);
  for (const change of [body, ...(body.updates ?? []), ...(body.deletes ?? [])] as Document[]) {
    query(change.q, found);
    update(change.u ?? change.update, found);
    for (const filter of (change.arrayFilters ?? []) as Document[]) query(filter, found);
  }
  pipeline(body.pipeline, found);
  for (const index of (body.indexes ?? []) as Document[]) {
    for (const option of Object.keys(index))
      if (!['key', 'name'].includes(option)) found.add(`index ${option}`);
    query(index.partialFilterExpression, found);
  }
  return found;
}

function query(filter: unknown, found: Set<string>): void {
  if (Array.isArray(filter)) for (const each of filter) query(each, found);
  if (!plain(filter)) return;
  for (const [key, value] of Object.entries(filter)) {
    if (key.startsWith('$')) found.add(`query ${key}`);
    if (key === '$expr') expression(value, found);
    else query(value, found);
  }
}

function update(change: unknown, found: Set<string>): void {
  if (Array.isArray(change)) pipeline(change, found, 'update stage');
  if (!plain(change)) return;
  for (const [key, value] of Object.entries(change)) {
    if (!key.startsWith('$')) continue;
    found.add(`update ${key}`);
    if (!plain(value)) continue;
    for (const [path, operand] of Object.entries(value)) {
      if (/\.\$(\[|\.|$)/.test(path)) found.add('update positional');
      if (plain(operand))
        for (const modifier of Object.keys(operand))
          if (modifier.startsWith('$')) found.add(`update ${key} ${modifier}`);
    }
  }
}

function pipeline(stages: unknown, found: Set<string>, word = 'stage'): void {
  if (!Array.isArray(stages)) return;
  for (const stage of stages)
    for (const [key, value] of Object.entries(stage as Document)) {
      found.add(`${word} ${key}`);
      if (key === '$match') query(value, found);
      else if (key === '$facet') for (const inner of Object.values(value as Document)) pipeline(inner, found);
      else expression(value, found);
    }
}

function expression(value: unknown, found: Set<string>): void {
  if (typeof value === 'string' && value.startsWith('$$')) found.add(`expression ${value.split('.')[0]}`);
  if (Array.isArray(value)) for (const each of value) expression(each, found);
  if (!plain(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('$')) found.add(`expression ${key}`);
    if (key === 'pipeline') pipeline(inner, found);
    else expression(inner, found);
  }
}

const plain = (value: unknown): value is Document =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !('_bsontype' in value) &&
  !(value instanceof Date) &&
  !(value instanceof RegExp);

const written = new Set<string>();

/** Appends what is new in this command to the file, one feature a line. */
export function record(file: string, body: Document): void {
  for (const feature of featuresOf(body)) {
    if (written.has(feature)) continue;
    written.add(feature);
    appendFileSync(file, `${JSON.stringify(feature)}\n`);
  }
}
