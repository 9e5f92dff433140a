import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, ConnectorContext, OutboundMessage, Piece, SendRequest } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { contextOf } from '../contract.host.ts';
import { instagram } from '../instagram/index.ts';
import { startSimulator as startInstagram } from '../instagram/simulator.ts';
import { messenger } from '../messenger/index.ts';
import { startSimulator as startMessenger } from '../messenger/simulator.ts';
import type { MetaSimulator } from './simulator.account.ts';

const hour = 3_600_000;
let now = new Date('2026-05-01T10:00:00Z');
let simulator: MetaSimulator;
let context: ConnectorContext;
const clock = (): Date => now;
const later = (hours: number): void => {
  now = new Date(now.getTime() + hours * hour);
};

interface Case {
  connector: Connector;
  start: typeof startMessenger;
  kind: 'messengerUser' | 'instagramUser';
  account: string;
}
const cases: [string, Case][] = [
  [
    'messenger',
    { connector: messenger, start: startMessenger, kind: 'messengerUser', account: '104000000000001' },
  ],
  [
    'instagram',
    { connector: instagram, start: startInstagram, kind: 'instagramUser', account: '17841400000000001' },
  ],
];

afterEach(() => simulator.close());

const failure = async (call: Promise<unknown>): Promise<ConnectorError> => {
  const error = await call.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(ConnectorError);
  return error as ConnectorError;
};

describe.each(cases)('%s', (_id, { connector, start, kind, account }) => {
  beforeEach(async () => {
    now = new Date('2026-05-01T10:00:00Z');
    simulator = await start({ deliveryStep: 60_000, now: clock });
    context = contextOf(simulator, { now: clock });
    await simulator.customerWrites({ peer: simulator.peer(1), name: 'نرگس', text: 'سلام' });
  });

  const to = { kind, value: '' };
  const request = (piece: Piece, change: Partial<SendRequest> = {}): SendRequest => ({
    piece,
    to: { ...to, value: `${account}:${simulator.peer(1)}` },
    threadKey: simulator.peer(1),
    sendRef: '12345',
    signal: AbortSignal.timeout(10_000),
    ...change,
  });
  const send = (text: string, change: Partial<SendRequest> = {}) =>
    connector.send(request({ kind: 'text', text }, change), context);
  const pieces = (change: Partial<OutboundMessage>): Piece[] =>
    connector.pieces(
      { text: '', files: [], to: request({ kind: 'text', text: '' }).to, threadKey: '1', ...change },
      {},
    );
  const ours = () => simulator.messages().filter(({ direction }) => direction === 'toCustomer');

  it('answers freely for a day, as a person for a week, and no longer', async () => {
    await send('یک');
    later(25);
    expect(await failure(send('دو'))).toMatchObject({ class: 'windowClosed', code: '10/2018278' });
    expect((await send('سه', { tagged: true })).externalIds).toHaveLength(1);
    expect(await failure(send('چهار', { tagged: true, automatic: true }))).toMatchObject({
      class: 'windowClosed',
    });
    later(168);
    expect((await failure(send('پنج', { tagged: true }))).class).toBe('windowClosed');
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'هنوز هستم' });
    await send('شش');
    expect(ours().map(({ text }) => text)).toEqual(['یک', 'سه', 'شش']);
  });

  it('answers a comment in public, beneath it or under its post', async () => {
    await simulator.act({ do: 'public', peer: simulator.peer(1), text: 'قیمت؟' });
    const [comment] = [...simulator.wall.comments.values()];
    const threadKey = `post:${comment?.post}`;
    const sent = await send('دو میلیون', { visibility: 'public', threadKey, inReplyTo: comment?.id ?? '' });
    await send('برای همه', { visibility: 'public', threadKey });
    const [, beneath, under] = [...simulator.wall.comments.values()];
    expect(sent.externalIds).toEqual([beneath?.id]);
    expect(beneath).toMatchObject({ parent: comment?.id, post: comment?.post, author: account });
    expect(under).toMatchObject({ parent: null, post: comment?.post });
    expect(ours().map(({ peer, text }) => [peer, text])[0]).toEqual([simulator.peer(1), 'دو میلیون']);
  });

  it('takes a comment over into private once, within seven days, without a window', async () => {
    const peer = simulator.peer(2);
    await simulator.act({ do: 'public', peer, text: 'سفارشم نرسیده' });
    const comment = [...simulator.wall.comments.keys()][0] ?? '';
    const change = { to: { kind, value: `${account}:${peer}` }, inReplyTo: comment };
    expect((await failure(send('سلام', { to: change.to }))).class).toBe('windowClosed');
    expect((await send('سلام، شمارهٔ سفارش؟', change)).externalIds[0]).not.toBe(comment);
    expect(ours()).toMatchObject([{ peer, text: 'سلام، شمارهٔ سفارش؟' }]);
    expect(await failure(send('باز', change))).toMatchObject({ class: 'permanent', code: '10900' });
    later(200);
    await simulator.act({ do: 'public', peer, text: 'هنوز نرسیده' });
    const second = [...simulator.wall.comments.keys()][1] ?? '';
    later(169);
    expect((await failure(send('دیر', { ...change, inReplyTo: second }))).class).toBe('windowClosed');
  });

  it('sends a file by its upload, of which the end alone is a message', async () => {
    const file = { id: 'file-1', name: 'فاکتور.png', type: 'image/png', bytes: 20 };
    const [piece] = pieces({ files: [file] });
    simulator.fail('serverError', { call: 'message_attachments' });
    const upload = connector.send(request(piece as Piece), context);
    expect((await failure(upload)).class).toBe('retryable');
    simulator.fail('resetAfterAccept', { call: 'message_attachments' });
    expect((await failure(connector.send(request(piece as Piece), context))).class).toBe('retryable');
    expect(ours()).toEqual([]);
    await connector.send(request(piece as Piece), context);
    expect(ours()).toMatchObject([
      { text: '', files: [{ name: 'فاکتور.png', type: 'image/png', bytes: 17 }] },
    ]);
  });

  it('says of what it cannot send why', async () => {
    const big = { id: 'f', name: 'film.mp4', type: 'video/mp4', bytes: 26 * 1024 * 1024 };
    expect(() => pieces({ files: [big] })).toThrow('over 25 MB');
    expect(() => pieces({})).toThrow('needs some text or a file');
    const film = { ...big, bytes: 1 };
    expect(() => pieces({ files: [film], visibility: 'public' })).toThrow(/no picture|words alone/);
    const gone = { to: { kind, value: `${account}:7199999999999999` } };
    expect(await failure(send('x', gone))).toMatchObject({ class: 'permanent', unreachable: true });
    const other = { to: { kind, value: `55555555:${simulator.peer(1)}` } };
    expect(await failure(send('x', other))).toMatchObject({ class: 'permanent', code: 'badAddress' });
    const nowhere = { visibility: 'public' as const, threadKey: simulator.peer(1) };
    expect(await failure(send('x', nowhere))).toMatchObject({ class: 'permanent', code: 'noPost' });
    const noPost = { visibility: 'public' as const, threadKey: 'post:99999999' };
    expect(await failure(send('x', noPost))).toMatchObject({ class: 'permanent' });
  });

  it('says until when its token holds, and that it held', async () => {
    expect((await connector.check(context)).expiresAt).toBeNull();
    await simulator.close();
    const tokenExpiresAt = new Date(now.getTime() + 60 * 24 * hour);
    simulator = await start({ now: clock, tokenExpiresAt });
    context = contextOf(simulator, { now: clock });
    expect((await connector.check(context)).expiresAt).toEqual(tokenExpiresAt);
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام' });
    later(61 * 24);
    expect(await failure(send('x'))).toMatchObject({ class: 'auth', field: 'accessToken', code: '190/463' });
  });

  it('subscribes its page when the server has an address, and asks nothing when it has none', async () => {
    await connector.connect?.({ url: null }, context);
    simulator.fail('serverError', { call: 'subscribed_apps' });
    const first = connector.connect?.({ url: 'https://desk.example/hooks/abc' }, context);
    expect((await failure(first as Promise<void>)).class).toBe('retryable');
    await connector.connect?.({ url: 'https://desk.example/hooks/abc' }, context);
  });
});

describe('messenger alone', () => {
  it('answers in private what a visitor posted on the page, once', async () => {
    simulator = await startMessenger({ deliveryStep: 60_000, now: clock });
    context = contextOf(simulator, { now: clock });
    const peer = simulator.peer(1);
    await simulator.act({ do: 'visitorPost', peer, text: 'راضی‌ام' });
    const [post] = [...simulator.wall.posts.keys()];
    const request: SendRequest = {
      piece: { kind: 'text', text: 'ممنون' },
      to: { kind: 'messengerUser', value: `104000000000001:${peer}` },
      threadKey: peer,
      inReplyTo: post ?? '',
      sendRef: '1',
      signal: AbortSignal.timeout(10_000),
    };
    await messenger.send(request, context);
    expect(simulator.messages().at(-1)).toMatchObject({ direction: 'toCustomer', peer, text: 'ممنون' });
    expect(await failure(messenger.send(request, context))).toMatchObject({ code: '10900' });
  });
});

describe('instagram alone', () => {
  beforeEach(async () => {
    simulator = await startInstagram({ deliveryStep: 60_000, now: clock });
    context = contextOf(simulator, { now: clock });
  });

  it('answers whoever named the account where they did', async () => {
    await simulator.act({
      do: 'mention',
      peer: simulator.peer(1),
      text: 'از @example.shop خریدم',
      comment: true,
    });
    const [comment] = [...simulator.wall.comments.values()];
    const request: SendRequest = {
      piece: { kind: 'text', text: 'ممنون' },
      to: { kind: 'instagramUser', value: '17841400000000001:@user.0001' },
      threadKey: `post:${comment?.post}`,
      inReplyTo: comment?.id ?? '',
      visibility: 'public',
      sendRef: '1',
      signal: AbortSignal.timeout(10_000),
    };
    const { externalIds } = await instagram.send(request, context);
    expect(simulator.wall.comments.get(externalIds[0] ?? '')).toMatchObject({
      parent: comment?.id,
      text: 'ممنون',
    });
    const { visibility: _private, ...alone } = request;
    expect(await failure(instagram.send(alone, context))).toMatchObject({
      class: 'permanent',
      code: 'badAddress',
    });
  });

  it('cuts by bytes what is private, by characters what is public', () => {
    const message = {
      text: 'ب'.repeat(700),
      files: [],
      to: { kind: 'instagramUser' as const, value: '' },
      threadKey: '',
    };
    expect(instagram.pieces(message, {}).map(({ text }) => text.length)).toEqual([500, 200]);
    const inPublic = instagram.pieces({ ...message, visibility: 'public' }, {});
    expect(inPublic.map(({ text }) => text.length)).toEqual([300, 300, 100]);
  });
});
