import { type Document, EJSON } from 'bson';
import { givenId } from './values.ts';

/** What a server said to one step, without what may differ between two servers that are both right: words, times, ids it made up. */
export interface Answer {
  /** `ok`, or the code of the error. */
  outcome: string;
  /** The rest, as canonical extended JSON. */
  told: string;
}

/** …and to which step: -1 for what a case begins with. */
export interface Said extends Answer {
  step: number;
  /** `find`, `update`; `what is left` after a write. */
  about: string;
}

const made = '(an id that the server made)';

/** Ids that a server made up are all alike. */
function alike(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(alike);
  if (value === null || typeof value !== 'object') return value;
  if ('_bsontype' in value && value._bsontype === 'ObjectId')
    return String(value).startsWith(givenId) ? value : made;
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, alike(each)]));
}

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

const text = (value: unknown): string => EJSON.stringify(alike(value), { relaxed: false });

/** @param ordered the documents have an order that was asked for */
function rows(documents: unknown[], ordered: boolean): string[] {
  const texts = documents.map(text);
  return ordered ? texts : texts.sort();
}

/** What `body`, with values in their BSON types, says in answer to `command`. */
export function answerOf(command: Document, body: Document): Answer {
  const [failed] = (body['writeErrors'] ?? []) as Document[];
  if (failed) {
    const errors = (body['writeErrors'] as Document[]).map((each) =>
      [each['index'], each['code']].map(Number),
    );
    return { outcome: `code ${Number(failed['code'])}`, told: text({ n: body['n'], errors }) };
  }
  if ('cursor' in body) {
    const cursor = body['cursor'] as { firstBatch: Document[] };
    if ('listIndexes' in command)
      return {
        outcome: 'ok',
        told: rows(
          cursor.firstBatch.map(({ v, ns, ...rest }) => rest),
          false,
        ).join('\n'),
      };
    return { outcome: 'ok', told: rows(cursor.firstBatch, 'sort' in command).join('\n') };
  }
  if ('values' in body) return { outcome: 'ok', told: rows(body['values'] as unknown[], false).join('\n') };
  const { n, nModified, value, upserted } = body;
  const last = body['lastErrorObject'] as Document | undefined;
  const about = last && {
    n: last['n'],
    updatedExisting: last['updatedExisting'],
    upserted: last['upserted'],
  };
  return {
    outcome: 'ok',
    told: text(defined({ n, nModified, upserted, value, about: about && defined(about) })),
  };
}

const defined = (values: Document): Document =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
