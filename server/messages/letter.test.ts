import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Connector,
  ConnectorError,
  type InboundMessage,
  type Letter,
  type Sender,
  type SendRequest,
  type SendResult,
} from '../../connectors/connector.ts';
import type { LetterCreate } from '../../shared/message.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { agent, colleague, header, laneOf, say, stored, targetOf } from '../../test/outbound.ts';
import { plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { beginConversation } from '../conversations/conversation.begin.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import { listDrafts, saveDraft } from '../conversations/draft.ts';
import { checkInvariants } from '../db/invariants.ts';
import { fetchAttachments } from '../files/attachments.ts';
import { uploadFile } from '../files/file.service.ts';
import { workLane } from '../lanes/lane.worker.ts';
import type { MessageDoc } from './message.model.ts';
import { wholeMessage } from './whole.ts';

/** A provider of letters, as far as the core can tell: it notes what it is given, and answers as it is told. */
const sent: SendRequest[] = [];
let answers: ((request: SendRequest) => SendResult)[] = [];
const post: Connector = {
  ...plain,
  manifest: {
    ...plain.manifest,
    id: 'post',
    capabilities: {
      ...plain.manifest.capabilities,
      canStart: 'anyone',
      kinds: ['emailAddress'],
      attachments: { maxBytes: 1_000_000, types: [], perMessage: 10 },
      threading: 'thread',
      letters: true,
      maxText: 20_000,
    },
  },
  address: (text) => {
    const value = text.trim().toLowerCase();
    return /^[^@\s]+@[^@\s]+$/.test(value) ? { kind: 'emailAddress', value, display: value } : null;
  },
  letterFrom: () => ({ name: 'Example Shop', address: 'shop@example.org' }),
  threadFor: (to) => `new:${to.value}`,
  pieces: ({ text, files, letter }) => [{ kind: 'letter', text, files, ...(letter ? { letter } : {}) }],
  send: async (request) => {
    sent.push(request);
    const answer = answers.shift();
    return answer ? answer(request) : { externalIds: [`sent-${sent.length}`], scope: 'email' };
  },
  download: async ({ text }) => ({
    body: (async function* () {
      yield Buffer.from(String(text));
    })(),
  }),
};

let ctx: TestContext;
let channel: ChannelDoc;
const sara: Sender = {
  kind: 'emailAddress',
  value: 'sara@example.com',
  display: 'sara@example.com',
  name: 'Sara',
};

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { post, plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  sent.length = 0;
  answers = [];
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'post', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

let clock = 0;
async function comes(id: string, options: Partial<InboundMessage> = {}): Promise<MessageDoc> {
  clock += 1;
  await deliver(ctx, channel, [
    written(sara, `text of ${id}`, {
      externalIds: [id],
      scope: 'email',
      threadKey: options.references?.at(-1) ?? id,
      at: new Date(Date.now() - 3_600_000 + clock * 1000),
      letter: letter(`About ${id}`),
      ...options,
    }),
  ]);
  const message = await ctx.models.messages.findOne({ externalId: id }).lean<MessageDoc>();
  if (!message) throw new Error(`There is no ${id}.`);
  return message;
}
const letter = (subject: string): Letter => ({
  subject,
  from: { name: 'Sara', address: 'sara@example.com' },
  to: [{ name: '', address: 'shop@example.org' }],
  cc: [],
  bcc: [],
  check: 'pass',
});
const conversationOf = (message: MessageDoc): Promise<ConversationDoc> =>
  header(ctx, { _id: message.conversationId });
const asked = (create: Partial<LetterCreate>): LetterCreate => ({ subject: '', cc: [], bcc: [], ...create });
async function leaves(message: MessageDoc): Promise<SendRequest> {
  await workLane(ctx, laneOf(message));
  const request = sent.at(-1);
  if (!request) throw new Error('Nothing was sent.');
  return request;
}

describe('a reply by letter', () => {
  it('goes on with the thread: its subject, its references, from us to them', async () => {
    await comes('a');
    const last = await comes('b', { references: ['a'], letter: letter('RE: Re[2]: About a') });
    const reply = await say(ctx, await conversationOf(last));
    expect(reply.letter).toEqual({
      subject: 'Re: About a',
      from: { name: 'Example Shop', address: 'shop@example.org' },
      to: [{ name: 'Sara', address: 'sara@example.com' }],
      cc: [],
      bcc: [],
      check: null,
      forward: false,
    });
    const { piece, to } = await leaves(reply);
    expect(to).toEqual({ kind: 'emailAddress', value: 'sara@example.com' });
    expect(piece).toEqual({
      kind: 'letter',
      text: reply.text,
      files: [],
      letter: { subject: 'Re: About a', cc: [], bcc: [], references: ['a', 'b'] },
    });
    const next = await say(ctx, await conversationOf(last), { text: 'and one more thing' });
    expect((await leaves(next)).piece.letter?.references).toEqual(['a', 'b', 'sent-1']);
    expect((await stored(ctx, next)).delivery?.state).toBe('sent');
  });

  it('names the root and the ten newest of a long thread', async () => {
    await comes('m0');
    for (let n = 1; n <= 15; n += 1) await comes(`m${n}`, { references: [`m${n - 1}`, 'm0'] });
    const reply = await say(ctx, await conversationOf(await comes('m16', { references: ['m0'] })));
    expect((await leaves(reply)).piece.letter?.references).toEqual([
      'm0',
      ...Array.from({ length: 10 }, (_, n) => `m${n + 7}`),
    ]);
  });

  it('has the subject and copies that the agent gave, on one line and each address once', async () => {
    const conversation = await conversationOf(await comes('a'));
    const reply = await say(ctx, conversation, {
      letter: asked({
        subject: ' Your order\r\nBcc: everybody@example.com ',
        // Our own mailbox, as a reply to all may have it, is no copy.
        cc: ['Omid@Example.net', 'Shop@Example.org', 'omid@example.net'],
        bcc: ['boss@example.org', 'omid@example.net'],
      }),
    });
    const { piece } = await leaves(reply);
    expect(piece.letter).toMatchObject({
      subject: 'Your order Bcc: everybody@example.com',
      cc: ['omid@example.net'],
      bcc: ['boss@example.org'],
    });
    expect(reply.letter?.bcc).toEqual([{ name: '', address: 'boss@example.org' }]);
  });

  it.each<[string, Partial<LetterCreate>]>([
    ['letter.cc.1', { cc: ['a@example.com', 'nobody'] }],
    ['letter.bcc.0', { bcc: ['two@example.com, three@example.com'] }],
    ['letter.forward.to.0', { forward: { messageId: 'x', to: ['nobody'] } }],
    ['letter.forward.messageId', { forward: { messageId: 'x', to: ['a@example.com'] } }],
    ['letter.cc', { cc: list(50), bcc: list(10, 'b') }],
  ])('is refused with the path of what cannot be: %s', async (path, create) => {
    const conversation = await conversationOf(await comes('a'));
    await expect(say(ctx, conversation, { letter: asked(create) })).rejects.toMatchObject({
      code: 'invalid',
      body: { fields: { [path]: expect.any(String) } },
    });
  });

  it('is refused on a channel that knows no letters', async () => {
    const chat = await ctx.addChannel({ connector: 'plain', accountRef: 'plain', hookId: 'other' });
    await deliver(ctx, chat, [written({ ...sara, kind: 'telegramUser' }, 'hello')]);
    const message = await ctx.models.messages.findOne({}).lean<MessageDoc>();
    await expect(
      say(ctx, await conversationOf(message as MessageDoc), { letter: asked({ subject: 'x' }) }),
    ).rejects.toMatchObject({ body: { fields: { letter: expect.any(String) } } });
  });

  it('that is the first of its thread is called after how it begins', async () => {
    const { conversation } = await beginConversation(ctx, agent, {
      channelId: channel._id,
      address: 'New@example.com',
    });
    const reply = await say(ctx, conversation, { text: `${'long '.repeat(30)}\nsecond line` });
    expect(reply.letter?.subject).toMatch(/^long .*…$/);
    expect(reply.letter?.to).toEqual([{ name: '', address: 'new@example.com' }]);
    expect((await leaves(reply)).piece.letter?.references).toEqual([]);
  });

  it('of another case is another thread, and a thread of an earlier case can be taken up', async () => {
    const begin = async () =>
      (await beginConversation(ctx, agent, { channelId: channel._id, address: 'new@example.com' }))
        .conversation;
    const one = await begin();
    await leaves(await say(ctx, one, { text: 'first', letter: asked({ subject: 'One' }) }));
    await resolveConversation(ctx, agent, { conversationId: one._id });
    const two = await begin();
    expect(two.replyTarget?.threadKey).not.toBe(one.replyTarget?.threadKey);
    const fresh = await say(ctx, two, { text: 'second case' });
    expect(fresh.letter?.subject).toBe('second case');
    expect((await leaves(fresh)).piece.letter?.references).toEqual([]);
    // Nothing said: the first thread of this case.
    const { channelId, identityId } = two.replyTarget ?? { channelId: '', identityId: '' };
    const same = await say(ctx, two, { target: { channelId, identityId, threadKey: '' } });
    expect(same.threadKey).toBe(two.replyTarget?.threadKey);
    const earlier = await say(ctx, two, { target: { ...targetOf(one) } });
    expect(earlier.letter?.subject).toBe('Re: One');
    await expect(
      say(ctx, two, { target: { channelId, identityId, threadKey: 'nobody’s' } }),
    ).rejects.toMatchObject({ reason: 'badTarget' });
  });

  it('reaches who wrote from an address that could not be verified', async () => {
    const unproven: Sender = { ...sara, kind: 'unprovenAddress' };
    await deliver(ctx, channel, [written(unproven, 'hello', { externalIds: ['u'], threadKey: 'u' })]);
    const message = await ctx.models.messages.findOne({ externalId: 'u' }).lean<MessageDoc>();
    const reply = await say(ctx, await conversationOf(message as MessageDoc));
    expect((await leaves(reply)).to).toEqual({ kind: 'emailAddress', value: 'sara@example.com' });
  });

  it('reaches what a visitor left, by the address and not by its scoped value', async () => {
    const conversation = await conversationOf(await comes('a'));
    const identity = await ctx.models.identities.findOne({}).lean();
    await ctx.models.identities.insertMany([
      {
        ...identity,
        _id: 'leftAddress:site:1:sara@example.com',
        kind: 'leftAddress',
        value: 'site:1:sara@example.com',
        address: 'sara@example.com',
      },
    ]);
    const reply = await say(ctx, conversation, {
      target: {
        channelId: channel._id,
        identityId: 'leftAddress:site:1:sara@example.com',
        threadKey: '',
      },
    });
    expect((await leaves(reply)).to).toEqual({ kind: 'emailAddress', value: 'sara@example.com' });
  });
});

it('a draft keeps subject and copies, also before there is a text, and goes with its letter', async () => {
  const conversation = await conversationOf(await comes('a'));
  const draft = {
    conversationId: conversation._id,
    mode: 'reply' as const,
    text: '',
    target: null,
    savedAt: 1,
  };
  const words = asked({ subject: 'Your order', cc: ['omid@example.net'] });
  await saveDraft(ctx, agent, { id: conversation._id, draft: { ...draft, letter: words } });
  expect(await listDrafts(ctx, agent)).toEqual([{ ...draft, letter: words }]);
  await saveDraft(ctx, agent, { id: conversation._id, draft: { ...draft, letter: asked({}), savedAt: 2 } });
  expect(await listDrafts(ctx, agent)).toEqual([]);
  await saveDraft(ctx, agent, { id: conversation._id, draft: { ...draft, letter: words, savedAt: 3 } });
  await say(ctx, conversation, { letter: words });
  expect(await listDrafts(ctx, agent)).toEqual([]);
});

describe('a letter passed on', () => {
  const others = (message: MessageDoc, create: Partial<LetterCreate> = {}) =>
    asked({ forward: { messageId: message._id, to: ['Vendor@example.net'] }, ...create });

  it('carries the whole of it with its files, and says whose it is', async () => {
    const message = await comes('a', {
      text: 'the pump is broken',
      whole: { text: 'the pump is broken\n> what is it?\n-- \nSara', html: null },
      attachments: [
        { ref: { text: 'a note' }, name: 'note.txt', type: 'text/plain' },
        { ref: { text: 'MZ program' }, name: 'fix.txt', type: 'text/plain' },
      ],
    });
    await fetchAttachments(ctx, message._id);
    const conversation = await conversationOf(message);
    const own = await uploadFile(ctx, agent, { name: 'own.txt', bytes: bytesOf('mine') });
    const forward = await say(ctx, conversation, {
      text: 'Can you repair it?',
      fileIds: [own.id],
      letter: others(message),
    });
    const { piece, to } = await leaves(forward);
    expect(to.value).toBe('sara@example.com');
    expect(piece.letter).toEqual({
      subject: 'Fwd: About a',
      cc: [],
      bcc: [],
      forwardTo: ['vendor@example.net'],
      references: ['a'],
    });
    expect(piece.files?.map(({ name }) => name)).toEqual(['own.txt', 'note.txt']);
    for (const words of [
      /^Can you repair it\?\n\n-+ Forwarded message/,
      /From: Sara <sara@example\.com>/,
      /Subject: About a/,
      /> what is it\?/,
      /“fix\.txt” may be harmful/,
    ])
      expect(piece.text).toMatch(words);
    expect(forward).toMatchObject({
      text: 'Can you repair it?',
      hasWhole: true,
      letter: { forward: true, to: [{ name: '', address: 'vendor@example.net' }] },
    });
    const whole = await wholeMessage(ctx, agent, {
      conversationId: forward.conversationId,
      messageId: forward._id,
    });
    expect(whole.text).toBe(piece.text);
  });

  it('speaks Persian about what is Persian, and is cut where the channel’s limit is', async () => {
    const message = await comes('a', {
      text: 'سلام',
      letter: letter('پاسخ: سفارش ۱۲'),
      whole: { text: 'سلام، پمپ خراب است. '.repeat(2_000), html: null },
    });
    const forward = await say(ctx, await conversationOf(message), { text: '', letter: others(message) });
    const { piece } = await leaves(forward);
    expect(piece.letter?.subject).toBe('Fwd: سفارش ۱۲');
    expect(piece.text).toMatch(/^-+ پیام هدایت‌شده/);
    expect(piece.text).toContain('ادامهٔ پیام بلندتر از آن بود');
    expect(piece.text.length).toBeLessThanOrEqual(20_000);
  });

  it('leaves pictures of the layout behind where there is no room for them', async () => {
    const message = await comes('a', {
      whole: { text: 'a', html: Array.from({ length: 12 }, (_, n) => `<img src="cid:p${n}">`).join('') },
      attachments: [
        ...Array.from({ length: 12 }, (_, n) => ({
          ref: { text: `picture ${n}` },
          contentId: `p${n}`,
          name: `p${n}.txt`,
          type: 'text/plain',
        })),
        { ref: { text: 'the file' }, name: 'file.txt', type: 'text/plain' },
      ],
    });
    await fetchAttachments(ctx, message._id);
    const forward = await say(ctx, await conversationOf(message), { letter: others(message) });
    const names = (await leaves(forward)).piece.files?.map(({ name }) => name);
    expect(names).toHaveLength(10);
    expect(names?.[0]).toBe('file.txt');
  });

  it('answers nobody: the customer still waits, and no colleague is told of a reply', async () => {
    const message = await comes('a');
    const before = await conversationOf(message);
    await say(ctx, before, { letter: others(message) });
    const after = await conversationOf(message);
    expect(after.waitingSince).toEqual(before.waitingSince);
    expect(after.replyTarget).toEqual(before.replyTarget);
    const answer = { lastSeenSeq: before.seq };
    await expect(say(ctx, after, answer, colleague)).resolves.toMatchObject({ authorId: colleague.id });
    await expect(say(ctx, after, answer)).rejects.toMatchObject({ reason: 'colleagueReplied' });
    await expect(say(ctx, after, { ...answer, letter: others(message) })).resolves.toMatchObject({
      sentAnyway: false,
    });
  });

  it('is no part of the thread: what is replied after it does not name it', async () => {
    const message = await comes('a');
    await leaves(await say(ctx, await conversationOf(message), { letter: others(message) }));
    const reply = await say(ctx, await conversationOf(message));
    expect((await leaves(reply)).piece.letter).toMatchObject({ subject: 'Re: About a', references: ['a'] });
  });

  it('opens no case that is resolved', async () => {
    const message = await comes('a');
    await resolveConversation(ctx, agent, { conversationId: message.conversationId });
    const forward = await say(ctx, await conversationOf(message), { letter: others(message) });
    await leaves(forward);
    expect((await conversationOf(message)).status).toBe('resolved');
    expect((await stored(ctx, forward)).delivery?.state).toBe('sent');
  });

  it('waits until its files are here', async () => {
    const message = await comes('a', {
      attachments: [{ ref: { text: 'x' }, name: 'a.txt', type: 'text/plain' }],
    });
    await expect(say(ctx, await conversationOf(message), { letter: others(message) })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('that comes back says nothing about the customer', async () => {
    const message = await comes('a');
    answers.push(() => {
      throw new ConnectorError({
        class: 'permanent',
        code: '5.1.1',
        message: 'No such user.',
        unreachable: true,
      });
    });
    const refused = await say(ctx, await conversationOf(message), { letter: others(message) });
    await leaves(refused);
    const forward = await say(ctx, await conversationOf(message), { letter: others(message) });
    await leaves(forward);
    await bounce('sent-2', { recipient: 'vendor@example.net' });
    expect((await stored(ctx, refused)).delivery?.state).toBe('failed');
    expect((await stored(ctx, forward)).delivery).toMatchObject({
      state: 'failed',
      error: { code: '5.1.1', message: 'There is no such mailbox.' },
    });
    expect((await saraNow())?.unreachable).toBe(false);
  });
});

const saraNow = () => ctx.models.identities.findById('emailAddress:sara@example.com').lean();
const bounce = (externalId: string, options: { recipient?: string; state?: 'failed' | 'delivered' } = {}) =>
  deliver(ctx, channel, [
    {
      type: 'status',
      externalId,
      scope: 'email',
      state: options.state ?? 'failed',
      at: new Date(),
      ...(options.state
        ? {}
        : { error: { code: '5.1.1', message: 'There is no such mailbox.', unreachable: true } }),
      ...(options.recipient ? { recipient: options.recipient } : {}),
    },
  ]);

describe('a letter that comes back', () => {
  it('is failed with the words of whoever sent it back, and the address counts as gone', async () => {
    const reply = await say(ctx, await conversationOf(await comes('a')));
    await leaves(reply);
    await bounce('sent-1', { recipient: 'sara@example.com' });
    expect((await stored(ctx, reply)).delivery).toMatchObject({
      state: 'failed',
      error: { code: '5.1.1', message: 'There is no such mailbox.' },
    });
    expect((await saraNow())?.unreachable).toBe(true);
    expect((await conversationOf(reply)).undelivered).toBe(1);
  });

  it('from a copy leaves it sent, with a warning', async () => {
    const reply = await say(ctx, await conversationOf(await comes('a')), {
      letter: asked({ cc: ['omid@example.net'] }),
    });
    await leaves(reply);
    await bounce('sent-1', { recipient: 'omid@example.net' });
    await bounce('sent-1', { recipient: 'omid@example.net', state: 'delivered' });
    const { delivery } = await stored(ctx, reply);
    expect(delivery?.state).toBe('sent');
    expect(delivery?.pieces[0]?.warning).toContain('omid@example.net');
    expect((await saraNow())?.unreachable).toBe(false);
    expect((await conversationOf(reply)).undelivered).toBe(0);
  });

  it('in part keeps the warning of whoever took the rest', async () => {
    answers.push(() => ({ externalIds: ['w'], scope: 'email', warning: 'boss@example.org was refused.' }));
    const reply = await say(ctx, await conversationOf(await comes('a')));
    await leaves(reply);
    expect((await stored(ctx, reply)).delivery).toMatchObject({
      state: 'sent',
      pieces: [{ warning: 'boss@example.org was refused.' }],
    });
  });
});

function list(count: number, prefix = 'a'): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}${n}@example.com`);
}
async function* bytesOf(text: string) {
  yield Buffer.from(text);
}
