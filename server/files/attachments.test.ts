import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import { ConnectorError } from '../../connectors/connector.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { fetchAttachments, startAttachments } from './attachments.ts';
import type { FileDoc } from './file.model.ts';
import { fileHeaders } from './file.service.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const sources: Record<string, () => AsyncIterable<Uint8Array>> = {
  picture: async function* () {
    yield png.subarray(0, 20);
    yield png.subarray(20);
  },
  program: async function* () {
    yield Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(64)]);
  },
  huge: async function* () {
    for (let n = 0; n < 100; n += 1) yield Buffer.alloc(1024);
  },
  hangs: async function* () {
    yield png.subarray(0, 20);
    await new Promise(() => undefined);
  },
  gone: () => {
    throw new ConnectorError({ class: 'permanent', code: '404', message: 'The file is no longer there.' });
  },
};
let failures = 0;
const withMedia: Connector = {
  ...plain,
  download: async (ref, { event }) => {
    if (ref.source === 'event')
      return {
        body: (async function* () {
          yield (await event()).payload;
        })(),
      };
    if (ref.source === 'flaky' && failures++ < 1)
      throw new ConnectorError({ class: 'retryable', code: '502', message: 'Bad gateway.' });
    const source = ref.source === 'flaky' ? sources.picture : sources[String(ref.source)];
    if (!source) throw new Error('No such source.');
    return { body: source() };
  },
};

let ctx: TestContext;
let channel: ChannelDoc;
beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain: withMedia } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  failures = 0;
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const sara = person('1');
const theMessage = async () => {
  const message = await ctx.models.messages.findOne({ kind: 'message' }).lean<MessageDoc>();
  if (!message) throw new Error('There is no message.');
  return message;
};
async function arrive(source: string): Promise<MessageDoc> {
  await deliver(ctx, channel, [
    written(sara, '', {
      externalIds: ['m1'],
      attachments: [{ ref: { source }, name: '../a\u202Egnp.png', type: 'image/jpeg', bytes: 1 }],
    }),
  ]);
  return theMessage();
}

describe('the media of a message', () => {
  it('is pending when the message is there already, and ready once fetched, its type by its bytes', async () => {
    const before = await arrive('picture');
    expect(before.attachments).toMatchObject([{ state: 'pending', fileId: null }]);
    expect(await fetchAttachments(ctx, before._id)).toBeNull();
    const after = await theMessage();
    expect(after.attachments).toMatchObject([
      { state: 'ready', type: 'image/png', bytes: png.length, width: 1, height: 1 },
    ]);
    expect(after.version).toBe(before.version + 1);
    const { file, stream } = await ctx.files.open(after.attachments[0]?.fileId ?? '');
    expect(file).toMatchObject({
      conversationId: after.conversationId,
      name: expect.not.stringMatching(/[/\u202E]/),
    });
    expect(Buffer.concat(await stream.toArray())).toEqual(png);
    expect(await checkInvariants(ctx.models)).toEqual([]);
  });

  it.each([
    ['huge', /over/, { maxBytes: 50 * 1024 }],
    ['gone', /no longer there/, {}],
  ])(
    'that cannot be kept (%s) is failed with its reason, and nothing of it stays',
    async (source, reason, options) => {
      const message = await arrive(source);
      expect(await fetchAttachments(ctx, message._id, options)).toBeNull();
      expect((await theMessage()).attachments).toMatchObject([
        { state: 'failed', error: expect.stringMatching(reason) },
      ]);
      expect(await ctx.models.files.countDocuments({})).toBe(0);
      expect(await ctx.db.collection('fs.chunks').countDocuments({})).toBe(0);
    },
  );

  it('that may do harm is kept, marked and never shown', async () => {
    const message = await arrive('program');
    expect(await fetchAttachments(ctx, message._id)).toBeNull();
    const [attachment] = (await theMessage()).attachments;
    expect(attachment).toMatchObject({ state: 'ready', danger: 'program' });
    const file = await ctx.models.files.findById(attachment?.fileId).lean<FileDoc>();
    expect(file && fileHeaders(file, { download: false })).toMatchObject({
      'Content-Disposition': expect.stringMatching(/^attachment/),
      'Content-Type': 'application/octet-stream',
    });
  });

  it('comes out of the raw event where the channel carries its files', async () => {
    const event = written(sara, 'with a file', {
      attachments: [{ ref: { source: 'event' }, name: 'a.txt', type: 'text/plain' }],
    });
    for (const [index, text] of ['short', 'long '.repeat(80_000)].entries()) {
      await deliver(ctx, channel, [{ ...event, externalIds: [`e${index}`], text }]);
      const message = await ctx.models.messages.findOne({ externalId: `e${index}` }).lean<MessageDoc>();
      expect(await fetchAttachments(ctx, message?._id ?? '')).toBeNull();
      const after = await ctx.models.messages.findById(message?._id).lean<MessageDoc>();
      expect(after?.attachments).toMatchObject([{ state: 'ready' }]);
      const { stream } = await ctx.files.open(after?.attachments[0]?.fileId ?? '');
      expect(Buffer.concat(await stream.toArray()).toString()).toContain(`e${index}`);
    }
    await ctx.models.inbound.updateMany({}, { $set: { payload: null, fileId: null } });
    await deliver(ctx, channel, [{ ...event, externalIds: ['late'] }]);
    const late = await ctx.models.messages.findOne({ externalId: 'late' }).lean<MessageDoc>();
    await ctx.models.inbound.updateMany({}, { $set: { payload: null, fileId: null } });
    expect(await fetchAttachments(ctx, late?._id ?? '')).toBeNull();
    const failed = await ctx.models.messages.findById(late?._id).lean<MessageDoc>();
    expect(failed?.attachments).toMatchObject([
      { state: 'failed', error: expect.stringMatching(/thirty days/) },
    ]);
  });

  it('whose source hangs holds nobody: it is dropped at the time-out and tried again', async () => {
    const message = await arrive('hangs');
    expect(await fetchAttachments(ctx, message._id, { callMs: 50 })).toBe(0);
    expect((await theMessage()).attachments).toMatchObject([{ state: 'pending' }]);
    expect(await fetchAttachments(ctx, message._id, { callMs: 50, last: true })).toBeNull();
    expect((await theMessage()).attachments).toMatchObject([{ state: 'failed' }]);
  });

  it('of a message deleted meanwhile is nobody’s, and is removed', async () => {
    const message = await arrive('picture');
    await deliver(ctx, channel, [{ type: 'delete', externalId: 'm1', at: null }]);
    await fetchAttachments(ctx, message._id);
    expect((await theMessage()).attachments).toEqual([]);
    expect(await ctx.models.files.countDocuments({})).toBe(0);
  });

  it('fetched before the message is deleted goes with it', async () => {
    const message = await arrive('picture');
    await fetchAttachments(ctx, message._id);
    await deliver(ctx, channel, [{ type: 'delete', externalId: 'm1', at: null }]);
    expect(await ctx.models.files.countDocuments({})).toBe(0);
  });

  it('is fetched once by two servers that try at the same time', async () => {
    const message = await arrive('picture');
    const other = await ctx.sibling();
    try {
      await Promise.all([fetchAttachments(ctx, message._id), fetchAttachments(other, message._id)]);
    } finally {
      await other.close();
    }
    expect((await theMessage()).attachments).toMatchObject([{ state: 'ready' }]);
    expect(await ctx.models.files.countDocuments({})).toBe(1);
  });

  it('is woken by the commit that brings its message', async () => {
    const server = await ctx.sibling();
    const stop = startAttachments(server);
    try {
      const ready = new Promise<void>((resolve) => {
        server.bus.on('conversation.changed', ({ messages }) => {
          if (messages.some((one) => 'attachments' in one && one.attachments[0]?.state === 'ready'))
            resolve();
        });
      });
      await deliver(server, channel, [
        written(sara, '', {
          attachments: [{ ref: { source: 'picture' }, name: 'a.png', type: 'image/png' }],
        }),
      ]);
      await ready;
    } finally {
      await stop();
      await server.close();
    }
    expect((await theMessage()).attachments).toMatchObject([{ state: 'ready' }]);
  });
});
