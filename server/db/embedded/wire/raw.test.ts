import { describe, expect, it } from 'vitest';
import { decode, encode } from '../bson/values.ts';
import { storedForm } from './raw.ts';

/** A document out of the fields of others, in which a name may stand twice. */
function joined(...docs: Record<string, unknown>[]): Buffer {
  const fields = Buffer.concat(docs.map((doc) => encode(doc).subarray(4, -1)));
  const bytes = Buffer.concat([Buffer.alloc(4), fields, Buffer.alloc(1)]);
  bytes.writeInt32LE(bytes.length);
  return bytes;
}

describe('the form in which a document is stored', () => {
  it('is the bytes that came where _id is first', () => {
    const raw = encode({ _id: 1, b: 1.5, a: null });
    expect(storedForm(raw).raw.equals(raw)).toBe(true);
  });

  it('has _id in front', () => {
    const { raw, doc } = storedForm(encode({ b: 2, _id: 1, a: 3 }));
    expect(raw.equals(encode({ _id: 1, b: 2, a: 3 }))).toBe(true);
    expect(doc).toEqual(decode(raw));
  });

  it('has an _id where none came', () => {
    expect(Object.keys(storedForm(encode({ a: 1 })).doc)).toEqual(['_id', 'a']);
  });

  it.each([
    ['at once', joined({ _id: 1 }, { _id: 2 })],
    ['apart', joined({ a: 1 }, { _id: 1 }, { b: 1 }, { _id: 1 })],
  ])('is none for a document with two _id, %s', (_where, raw) => {
    expect(() => storedForm(raw)).toThrow(expect.objectContaining({ code: 2 }));
  });
});
