import { type Document, deserialize, Long, serialize } from 'bson';
import { expect, it } from 'vitest';
import { bridged } from './peer.bridge.ts';
import { commandBody } from './wire/record.ts';

/** An OP_MSG of a body and, maybe, a document sequence. */
function message(body: Document, sequence?: { name: string; documents: Document[] }): Buffer {
  const parts = [Buffer.alloc(20), Buffer.from([0]), Buffer.from(serialize(body))];
  if (sequence) {
    const documents = sequence.documents.map((each) => Buffer.from(serialize(each)));
    const section = Buffer.concat([Buffer.alloc(4), Buffer.from(`${sequence.name}\0`), ...documents]);
    section.writeInt32LE(section.length, 0);
    parts.push(Buffer.from([1]), section);
  }
  const whole = Buffer.concat(parts);
  whole.writeInt32LE(whole.length, 0);
  whole.writeInt32LE(2013, 12);
  return whole;
}

const now = new Date(1_700_000_000_000);

it('the time stands in the place of $$NOW, in the body and in a sequence, and nothing else is changed', () => {
  const made = bridged(
    message(
      { update: 'leases', n: Long.fromNumber(5), $db: 'd' },
      {
        name: 'updates',
        documents: [{ q: { $or: [{ $expr: { $lt: ['$until', '$$NOW'] } }] }, u: { a: 1 } }],
      },
    ),
    now,
  );
  expect(made.readInt32LE(0)).toBe(made.length);
  expect(commandBody(made)).toEqual({
    update: 'leases',
    n: 5,
    $db: 'd',
    updates: [{ q: { $or: [{ $expr: { $lt: ['$until', now] } }] }, u: { a: 1 } }],
  });
  // A whole number of 64 bits stays one.
  const body = made.subarray(21, 21 + made.readInt32LE(21));
  expect(deserialize(body, { promoteValues: false })['n']).toEqual(Long.fromNumber(5));
});

it('a message without it passes byte for byte', () => {
  const frame = message({ find: 'things', filter: { at: now } });
  expect(bridged(frame, now)).toBe(frame);
});
