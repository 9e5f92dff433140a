import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectorContext, InboundEvent, Piece, RawRequest, SendRequest } from '../connector.ts';
import { contextOf, TestHost } from '../contract.host.ts';
import { type Listener, serve } from '../simulator.ts';
import type { TelegramSimulator } from '../telegram/simulator.ts';
import { bale } from './index.ts';
import { startSimulator } from './simulator.ts';

let simulator: TelegramSimulator;
let context: ConnectorContext;
const closing: Listener[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ deliveryStep: 2 });
  context = contextOf(simulator);
});
afterEach(async () => {
  await simulator.close();
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

const text = (value: string): Piece => ({ kind: 'text', text: value });
const sending = (peer: string, change: Partial<SendRequest> = {}): SendRequest => ({
  piece: text('سلام'),
  to: { kind: 'baleUser', value: peer },
  threadKey: peer,
  sendRef: '1',
  signal: AbortSignal.timeout(10_000),
  ...change,
});

/** A provider that answers everything in one way. */
async function answering(status: number, body: unknown): Promise<ConnectorContext> {
  const server = await serve(({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  closing.push(server);
  return contextOf({ endpoint: server.endpoint, settings: simulator.settings });
}

describe('Bale, which speaks Telegram’s language otherwise', () => {
  it('registers a webhook whose secret is in its address, and hears only who knows it', async () => {
    const raw: RawRequest[] = [];
    let told: () => void = () => undefined;
    const hook = await serve(({ url, method, headers, body, response }) => {
      const path = url.pathname.replace('/hooks/x', '') || '/';
      const request: RawRequest = {
        source: 'hook',
        method,
        path,
        query: {},
        headers: headers as Record<string, string>,
        body,
      };
      const genuine = bale.verify(request, context.settings);
      if (genuine) raw.push(request);
      response.writeHead(genuine ? 200 : 403).end();
      told();
    });
    closing.push(hook);
    simulator.setHook(`${hook.endpoint}/hooks/x`);
    simulator.fail('wrongSignature');
    await bale.connect?.({ url: 'https://desk.example/hooks/x' }, context);
    expect(String(simulator.webhookInfo().url)).toMatch(/^https:\/\/desk\.example\/hooks\/x\/[0-9a-f]{64}$/);
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام' });
    while (raw.length === 0) {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
    const events = raw.flatMap((one) => bale.split(one, context.settings).events);
    const [meant] = events.flatMap((event) => bale.inbound(event, context.settings) as InboundEvent[]);
    expect(meant).toMatchObject({ type: 'message', sender: { kind: 'baleUser' }, text: 'سلام' });
  });

  it('quotes by a number of its own, also in a group', async () => {
    const peer = simulator.peer(1);
    const quotedBy = ([id]: string[]) =>
      simulator.messages().find(({ externalId }) => externalId === id)?.inReplyTo;
    const asked = await simulator.customerWrites({ peer, text: 'سلام' });
    const { externalIds, scope } = await bale.send(sending(peer, { inReplyTo: asked }), context);
    expect(scope).toBe('bale:800000001');
    expect(quotedBy(externalIds)).toBe(asked);
    await simulator.act({ do: 'group', peer, text: 'چند است؟', toBot: true });
    const inGroup = simulator.messages().at(-1)?.externalId ?? '';
    const [chat] = inGroup.split(':');
    const request = sending(peer, {
      visibility: 'public',
      threadKey: `post:${chat}`,
      inReplyTo: inGroup,
    });
    const public_ = await bale.send(request, context);
    expect(public_.externalIds[0]).toMatch(new RegExp(`^${chat}:`));
    expect(quotedBy(public_.externalIds)).toBe(inGroup);
  });

  it.each([
    [400, 'bot limit exceed', { class: 'rateLimited' }],
    [429, 'local_rate_limited', { class: 'rateLimited' }],
    [400, 'Bad Request: Token not found', { class: 'auth', field: 'botToken' }],
    [400, 'no such group or user', { class: 'permanent', unreachable: true }],
    [403, 'permission_denied', { class: 'permanent', unreachable: true }],
    [400, 'message is too long', { class: 'permanent', unreachable: undefined }],
  ])('calls %i “%s” what it is', async (error_code, description, expected) => {
    const refusing = await answering(error_code, { ok: false, error_code, description });
    const error = await bale.send(sending('5'), refusing).catch((refused: unknown) => refused);
    expect(error).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    );
  });

  it('is not asked without end when it holds no call that has nothing to say', async () => {
    let asked = 0;
    const rests: number[] = [];
    const server = await serve(({ url, response }) => {
      if (url.pathname.endsWith('/getUpdates')) asked += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ ok: true, result: url.pathname.endsWith('/getUpdates') ? [] : { url: '' } }),
      );
    });
    closing.push(server);
    const quick = contextOf({ endpoint: server.endpoint, settings: simulator.settings });
    const host = new TestHost(bale, quick);
    const wake = host.wake.bind(host);
    host.wake = (ms) => {
      rests.push(ms);
      if (rests.length === 3) host.stop();
      return wake(ms);
    };
    await bale.listen?.(host, quick);
    expect(rests).toEqual([1000, 1000, 1000]);
    expect(asked).toBe(3);
  });
});
