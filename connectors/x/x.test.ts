import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectorError, OutboundFile, OutboundMessage, SendRequest, Settings } from '../connector.ts';
import { contextOf } from '../contract.host.ts';
import { x } from './index.ts';
import { startSimulator, type XSimulator, type XSimulatorOptions } from './simulator.ts';

const started: XSimulator[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
});

async function simulatorOf(options: XSimulatorOptions = {}): Promise<XSimulator> {
  const simulator = await startSimulator({ deliveryStep: 5, ...options });
  started.push(simulator);
  return simulator;
}

const failure = (call: Promise<unknown>): Promise<ConnectorError> =>
  call.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: ConnectorError) => error,
  );

const picture: OutboundFile = { id: 'picture', name: 'عکس.png', type: 'image/png', bytes: 18 };
const film: OutboundFile = { id: 'film', name: 'film.mp4', type: 'video/mp4', bytes: 15 };

async function sendAll(
  simulator: XSimulator,
  message: Partial<OutboundMessage>,
  change: { settings?: Settings; inReplyTo?: string } = {},
) {
  const to = { kind: 'xUser' as const, value: simulator.peer(1) };
  const whole: OutboundMessage = { text: '', files: [], to, threadKey: '', ...message };
  const context = contextOf(simulator, change.settings ? { settings: change.settings } : {});
  const results = [];
  for (const piece of x.pieces(whole, context.settings)) {
    const request: SendRequest = {
      piece,
      to: whole.to,
      threadKey: whole.threadKey,
      ...(change.inReplyTo ? { inReplyTo: change.inReplyTo } : {}),
      ...(whole.visibility ? { visibility: whole.visibility } : {}),
      sendRef: '1',
      signal: AbortSignal.timeout(10_000),
    };
    results.push(await x.send(request, context));
  }
  return results;
}

const sentBy = (simulator: XSimulator) =>
  simulator.messages().filter((message) => message.direction === 'toCustomer');

async function publicPost(simulator: XSimulator, text: string): Promise<string> {
  await simulator.act({ do: 'public', peer: simulator.peer(1), text });
  return simulator.messages().at(-1)?.externalId ?? '';
}

describe('what leaves for X', () => {
  it('answers a post beneath it, in public', async () => {
    const simulator = await simulatorOf();
    const post = await publicPost(simulator, 'سفارشم نرسید');
    const [result] = await sendAll(
      simulator,
      { text: 'پیگیری می‌کنیم.', visibility: 'public', threadKey: `post:${post}` },
      { inReplyTo: post },
    );
    expect(sentBy(simulator)).toMatchObject([
      {
        externalId: result?.externalIds[0],
        text: 'پیگیری می‌کنیم.',
        peer: simulator.peer(1),
        state: 'posted',
      },
    ]);
    expect(result?.scope).toBe('x:1716450569358098432');
  });

  it('stands beneath the post of its thread when it names no message', async () => {
    const simulator = await simulatorOf();
    const post = await publicPost(simulator, 'سلام');
    await sendAll(simulator, { text: 'درود', visibility: 'public', threadKey: `post:${post}` });
    expect(sentBy(simulator)).toHaveLength(1);
  });

  it('cuts a long public answer as X counts, losing no word', async () => {
    const simulator = await simulatorOf();
    const post = await publicPost(simulator, 'سلام');
    const text = Array.from({ length: 90 }, (_, n) => `کلمه${n} https://example.com/${n}`).join(' ');
    await sendAll(simulator, { text, visibility: 'public', threadKey: `post:${post}` });
    const texts = sentBy(simulator).map((message) => message.text);
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.join(' ')).toBe(text);
  });

  it('goes over to a private message to whoever wrote in public', async () => {
    const simulator = await simulatorOf();
    const post = await publicPost(simulator, 'شمارهٔ سفارشم را کجا بنویسم؟');
    const to = { kind: 'xUser' as const, value: simulator.peer(1) };
    const threadKey = x.threadFor(to, simulator.settings);
    expect(threadKey).toBe(`${simulator.peer(1)}-1716450569358098432`);
    const [result] = await sendAll(
      simulator,
      { text: 'اینجا بنویسید.', visibility: 'private', threadKey },
      { inReplyTo: post },
    );
    expect(sentBy(simulator)).toMatchObject([{ text: 'اینجا بنویسید.', state: 'sent' }]);
    expect(result?.scope).toBe('x:1716450569358098432:dm');
  });

  it('takes files along: several pictures of a post at once, of a message one by one, a film after it was looked at', async () => {
    const simulator = await simulatorOf();
    const post = await publicPost(simulator, 'عکسش را می‌گذارید؟');
    const files = [picture, { ...picture, id: 'second' }, film];
    await sendAll(simulator, { text: 'بفرمایید', files, visibility: 'public', threadKey: `post:${post}` });
    await sendAll(simulator, { text: 'خصوصی', files });
    expect(sentBy(simulator).map(({ text, files }) => [text, files.map((file) => file.type)])).toEqual([
      ['بفرمایید', ['image/png', 'image/png']],
      ['', ['video/mp4']],
      ['خصوصی', ['image/png']],
      ['', ['image/png']],
      ['', ['video/mp4']],
    ]);
    expect(simulator.calls('media/status')).toBe(2);
  });

  it('has sent nothing when an upload fails', async () => {
    const simulator = await simulatorOf();
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام' });
    for (const call of ['media/initialize', 'media/append', 'media/finalize']) {
      simulator.fail('resetBeforeAccept', { call });
      expect((await failure(sendAll(simulator, { files: [picture] }))).class).toBe('retryable');
    }
    simulator.fail('rateLimit', { call: 'media/append', retryAfter: 9 });
    expect((await failure(sendAll(simulator, { files: [picture] }))).class).toBe('rateLimited');
    expect(sentBy(simulator)).toEqual([]);
  });

  it('refuses beforehand what X does not take', () => {
    const to = { kind: 'xUser' as const, value: '1' };
    const given = (file: Partial<OutboundFile>): OutboundMessage => ({
      text: '',
      files: [{ ...picture, ...file }],
      to,
      threadKey: '',
    });
    expect(() => x.pieces(given({ type: 'application/pdf' }), {})).toThrow(/PDF|pdf/);
    expect(() => x.pieces(given({ bytes: 5 * 1024 * 1024 + 1 }), {})).toThrow(/5 MB/);
    expect(() => x.pieces({ text: ' ', files: [], to, threadKey: '' }, {})).toThrow(/some text/);
  });

  it('says what a refusal is', async () => {
    const simulator = await simulatorOf();
    const post = await publicPost(simulator, 'سلام');
    const inPublic = { visibility: 'public' as const, threadKey: `post:${post}` };
    await sendAll(simulator, { ...inPublic, text: 'یک بار' });
    const twice = await failure(sendAll(simulator, { ...inPublic, text: 'یک بار' }));
    expect(twice).toMatchObject({ class: 'permanent', code: '403' });
    expect(twice.message).toContain('duplicate');
    await simulator.act({ do: 'delete', peer: simulator.peer(1), externalId: post });
    expect(await failure(sendAll(simulator, { ...inPublic, text: 'دیر' }))).toMatchObject({
      class: 'permanent',
    });
    await simulator.act({ do: 'block', peer: simulator.peer(1) });
    expect(await failure(sendAll(simulator, { text: 'خصوصی' }))).toMatchObject({
      class: 'permanent',
      unreachable: true,
    });
    expect(
      await failure(sendAll(simulator, { text: 'x', visibility: 'public', threadKey: 'nothing' })),
    ).toMatchObject({
      class: 'permanent',
      code: 'noPost',
    });
  });

  it('waits until X says that its limit is full again', async () => {
    const simulator = await simulatorOf({ limits: { 'dm/send': 1 } });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام' });
    await sendAll(simulator, { text: 'یک' });
    const error = await failure(sendAll(simulator, { text: 'دو' }));
    expect(error.class).toBe('rateLimited');
    const minutes = ((error.retryAt?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15.1);
  });

  it('is signed with the keys of the settings, and with nothing else', async () => {
    const simulator = await simulatorOf();
    for (const key of ['appKey', 'appSecret', 'accessToken', 'accessSecret']) {
      const settings = { ...simulator.settings, [key]: '1716450569358098432-somethingElse' };
      const error = await failure(x.check(contextOf({ ...simulator, settings })));
      expect(error, key).toMatchObject({ class: 'auth', field: 'accessToken' });
    }
    expect(await x.check(contextOf(simulator))).toEqual({ accountName: '@simulated_shop' });
  });

  it('trusts nobody in X’s place but the certificate that the endpoint names', async () => {
    const simulator = await simulatorOf();
    const other = await simulatorOf();
    const ca = new URL(other.endpoint).searchParams.get('ca');
    const endpoint = simulator.endpoint.replace(/ca=.*/, `ca=${ca}`);
    expect((await failure(x.check(contextOf({ ...simulator, endpoint })))).class).toBe('retryable');
    expect(simulator.calls('users/me')).toBe(0);
  });
});

describe('a file that somebody sent', () => {
  it('is fetched with our signature when it was sent privately, and from X alone', async () => {
    const simulator = await simulatorOf();
    const body = new TextEncoder().encode('bytes of a picture');
    const file = { name: 'x.png', type: 'image/png', body };
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'عکس', file });
    const context = {
      ...contextOf(simulator),
      signal: AbortSignal.timeout(10_000),
      event: () => Promise.reject(),
    };
    const id = String(simulator.messages()[0]?.files[0]?.name);
    const url = `https://ton.twitter.com/1.1/ton/data/dm/${id}/${id}/picture.png`;
    const fetched = await x.download?.({ url }, context);
    const chunks: Uint8Array[] = [];
    for await (const chunk of fetched?.body ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(body));
    expect(fetched?.type).toBe('image/png');
    const settings = { ...simulator.settings, accessSecret: 'not the secret of anybody' };
    expect((await failure(x.download!({ url }, { ...context, settings }))).class).toBe('auth');
    expect((await failure(x.download!({ url: url.replace(id, '1') }, context))).class).toBe('permanent');
    for (const elsewhere of [
      'https://example.com/a.png',
      'http://ton.twitter.com/a.png',
      'https://ton.twitter.com.example.com/a.png',
      'https://ton.twitter.com:8443/a.png',
      'https://me@ton.twitter.com/a.png',
      'file:///etc/hosts',
    ]) {
      expect(await failure(x.download!({ url: elsewhere }, context)), elsewhere).toMatchObject({
        code: 'badUrl',
      });
    }
  });
});
