import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { fileHeaders, rangeOf } from './file.service.ts';
import { imageSize } from './image.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx.close());

const meta = { name: 'x', maxBytes: 2_000_000, authorId: null, conversationId: null };

async function* inChunks(bytes: Uint8Array, size = 100_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function content(id: string, range?: { start: number; end: number }): Promise<Buffer> {
  const { stream } = await ctx.files.open(id, range);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The smallest PNG there is, but for its size. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a stored file', () => {
  it('comes back byte for byte, whole or in part', async () => {
    const bytes = Buffer.from(Array.from({ length: 900_000 }, (_, n) => (n * 31) % 251));
    const file = await ctx.files.put(inChunks(bytes), { ...meta, name: 'bytes.bin' });
    expect(file.bytes).toBe(bytes.length);
    expect((await content(file._id)).equals(bytes)).toBe(true);
    const part = await content(file._id, { start: 260_000, end: 530_000 });
    expect(part.equals(bytes.subarray(260_000, 530_001))).toBe(true);
    await ctx.files.remove(file._id);
    await expect(ctx.files.open(file._id)).rejects.toMatchObject({ code: 'notFound' });
    expect(await ctx.db.collection('fs.chunks').countDocuments({})).toBe(0);
  });

  it('that is too large leaves nothing, and neither does one whose sender broke off', async () => {
    await expect(ctx.files.put(inChunks(Buffer.alloc(3_000_000)), meta)).rejects.toMatchObject({
      code: 'tooLarge',
    });
    async function* breaks() {
      yield Buffer.alloc(300_000);
      throw new Error('the line went dead');
    }
    await expect(ctx.files.put(breaks(), meta)).rejects.toThrow('the line went dead');
    expect(await ctx.models.files.countDocuments({})).toBe(0);
    expect(await ctx.db.collection('fs.files').countDocuments({})).toBe(0);
    expect(await ctx.db.collection('fs.chunks').countDocuments({})).toBe(0);
  });

  it.each([
    ['a picture by any name', png(40, 30), 'image/png', [40, 30]],
    ['a text', Buffer.from('سلام، این یک متن است\n'), 'text/plain', [null, null]],
    [
      'a page, which is text here',
      Buffer.from('<!doctype html><script>alert(1)</script>'),
      'text/plain',
      [null, null],
    ],
    [
      'a drawing that could carry script',
      Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
      'text/plain',
      [null, null],
    ],
    ['bytes', Buffer.from([0, 1, 2, 3, 255, 254]), 'application/octet-stream', [null, null]],
    ['nothing', Buffer.alloc(0), 'text/plain', [null, null]],
  ])('is known by its bytes: %s', async (_name, bytes, type, size) => {
    const file = await ctx.files.put(inChunks(bytes), { ...meta, name: 'invoice.exe' });
    expect([file.type, [file.width, file.height]]).toEqual([type, size]);
  });

  it('has a name that is no path and plays no tricks', async () => {
    const file = await ctx.files.put(inChunks(Buffer.from('x')), {
      ...meta,
      name: '../../etc/\u202Efdp.exe\n',
    });
    expect(file.name).toBe('.._.._etc_fdp.exe');
  });
});

describe('a file on its way to the browser', () => {
  const file = {
    _id: 'f',
    name: 'عکس "من".png',
    type: 'image/png',
    bytes: 1000,
    sha256: 'abc',
    width: null,
    height: null,
    authorId: null,
    conversationId: null,
    createdAt: new Date(),
  };

  it('is shown when it is a picture, a sound or a film; everything else is a download', () => {
    expect(fileHeaders(file, { download: false })).toMatchObject({
      'Content-Type': 'image/png',
      'Content-Disposition': expect.stringMatching(/^inline; .*filename\*=UTF-8''%D8%B9/),
      'Content-Security-Policy': expect.stringContaining('sandbox'),
      'X-Content-Type-Options': 'nosniff',
    });
    for (const type of ['text/html', 'image/svg+xml', 'application/pdf', 'text/plain'])
      expect(fileHeaders({ ...file, type }, { download: false })).toMatchObject({
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': expect.stringMatching(/^attachment/),
      });
    expect(fileHeaders(file, { download: true })['Content-Disposition']).toMatch(/^attachment/);
  });

  it('is sent in part when a part is asked for', () => {
    expect(rangeOf('bytes=0-99', 1000)).toEqual({ start: 0, end: 99 });
    expect(rangeOf('bytes=900-', 1000)).toEqual({ start: 900, end: 999 });
    expect(rangeOf('bytes=-100', 1000)).toEqual({ start: 900, end: 999 });
    expect(rangeOf('bytes=0-5000', 1000)).toEqual({ start: 0, end: 999 });
    expect(rangeOf('bytes=1000-', 1000)).toBe('beyond');
    expect(rangeOf('bytes=0-1,5-6', 1000)).toBeNull();
    expect(rangeOf(undefined, 1000)).toBeNull();
  });
});

describe('the size of a picture', () => {
  it('is read from the head of each format', () => {
    const gif = Buffer.from('GIF89a\x20\x03\x58\x02', 'latin1');
    expect(imageSize('image/gif', gif)).toEqual({ width: 800, height: 600 });
    const jpeg = Buffer.from([
      0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc4, 0, 3, 0, 0xff, 0xc2, 0, 11, 8, 0x02, 0x58, 0x03, 0x20,
      1, 0, 0, 0,
    ]);
    expect(imageSize('image/jpeg', jpeg)).toEqual({ width: 800, height: 600 });
    const extended = Buffer.alloc(30);
    extended.write('RIFF', 0, 'latin1');
    extended.write('WEBPVP8X', 8, 'latin1');
    extended.writeUIntLE(799, 24, 3);
    extended.writeUIntLE(599, 27, 3);
    expect(imageSize('image/webp', extended)).toEqual({ width: 800, height: 600 });
  });

  it('is unknown when the head is cut or lies', () => {
    for (const type of ['image/png', 'image/gif', 'image/jpeg', 'image/webp'])
      for (const head of [
        Buffer.alloc(0),
        Buffer.from([0xff, 0xd8]),
        Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0]),
      ])
        expect(imageSize(type, head)).toBeNull();
    // A segment of length 0 would be walked over for ever.
    expect(
      imageSize('image/jpeg', Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(60_000, 0xff)])),
    ).toBeNull();
  });
});
