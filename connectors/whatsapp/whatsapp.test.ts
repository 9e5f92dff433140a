import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ConnectorContext,
  InboundEvent,
  OutboundMessage,
  RawRequest,
  SendRequest,
} from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { contextOf } from '../contract.host.ts';
import { type Listener, serve } from '../simulator.ts';
import { whatsapp } from './index.ts';
import { startSimulator, type WhatsAppSimulator } from './simulator.ts';

let simulator: WhatsAppSimulator;
let context: ConnectorContext;
let hook: Listener;
let heard: InboundEvent[];
let refused: number;
let told: () => void;
let now: Date;

beforeEach(async () => {
  now = new Date();
  simulator = await startSimulator({ deliveryStep: 2, now: () => now });
  context = contextOf(simulator, { now: () => now });
  heard = [];
  refused = 0;
  told = () => undefined;
  const keys = new Set<string>();
  hook = await serve(({ url, method, headers, body, response }) => {
    const request: RawRequest = {
      source: 'hook',
      method,
      path: '/',
      query: Object.fromEntries(url.searchParams),
      headers: headers as Record<string, string>,
      body,
    };
    const answer = whatsapp.handshake?.(request, context.settings);
    if (answer) return void response.writeHead(answer.status).end(answer.body);
    if (!whatsapp.verify(request, context.settings)) {
      refused += 1;
      return void response.writeHead(403).end();
    }
    for (const event of whatsapp.split(request, context.settings).events) {
      if (keys.has(event.eventKey)) continue;
      keys.add(event.eventKey);
      heard.push(...(whatsapp.inbound(event, context.settings) as InboundEvent[]));
    }
    response.writeHead(200).end();
    told();
  });
});
afterEach(async () => {
  await simulator.close();
  await hook.close();
});

const listen = (): void => simulator.setHook(`${hook.endpoint}/hooks/x`);
async function until(done: () => boolean): Promise<void> {
  while (!done()) {
    await new Promise<void>((resolve) => {
      told = resolve;
    });
  }
}

const peer = (): string => simulator.peer(1);
const message = (more: Partial<OutboundMessage> = {}): OutboundMessage => ({
  text: 'سلام',
  files: [],
  to: { kind: 'whatsappUser', value: peer() },
  threadKey: peer(),
  ...more,
});
async function sendAll(of: OutboundMessage, change: Partial<SendRequest> = {}): Promise<string[]> {
  const ids: string[] = [];
  for (const piece of whatsapp.pieces(of, context.settings)) {
    const request = {
      piece,
      to: of.to,
      threadKey: of.threadKey,
      sendRef: '1',
      signal: AbortSignal.timeout(10_000),
    };
    ids.push(...(await whatsapp.send({ ...request, ...change }, context)).externalIds);
  }
  return ids;
}
const ours = () => simulator.messages().filter(({ direction }) => direction === 'toCustomer');

describe('what comes in', () => {
  it('is everything a person can do, over a signed and escaped webhook', async () => {
    simulator.fail('wrongSignature');
    simulator.fail('duplicate');
    listen();
    const asked = await simulator.customerWrites({ peer: peer(), name: 'نرگس', text: 'سلام / درود' });
    for (const action of [
      { do: 'reply', externalId: asked, text: 'و یک پرسش' },
      { do: 'reaction', externalId: asked, emoji: '👍' },
      { do: 'location', latitude: 35.7, longitude: 51.4 },
      { do: 'contact', phone: '+989901234568' },
      { do: 'button', externalId: asked, text: 'بله' },
      { do: 'edit', externalId: asked, text: 'سلام و درود' },
      { do: 'unsupported' },
      { do: 'echo', text: 'از گوشی فروشگاه' },
      { do: 'delete', externalId: asked },
    ])
      await simulator.act({ peer: peer(), ...action });
    await until(() => heard.length === 10);
    expect(heard.map((event) => event.type)).toEqual([
      ...['message', 'message', 'reaction', 'message', 'message', 'message', 'edit', 'message', 'message'],
      'delete',
    ]);
    expect(heard[0]).toMatchObject({ text: 'سلام / درود', sender: { value: peer(), name: 'نرگس' } });
    expect(heard[8]).toMatchObject({ direction: 'out', sender: { value: peer() } });
    expect(refused).toBeGreaterThan(0);
    await expect(simulator.act({ do: 'dance', peer: peer() })).rejects.toThrow('dance');
  });

  it('brings files by two hops, the second with the token, as long as the link holds', async () => {
    listen();
    const body = Buffer.from(Array.from({ length: 100_000 }, (_, n) => n % 251));
    await simulator.customerWrites({
      peer: peer(),
      text: 'فاکتور',
      file: { name: 'فاکتور.pdf', type: 'application/pdf', body },
    });
    await until(() => heard.length === 1);
    const attachment = heard[0]?.type === 'message' ? heard[0].attachments[0] : undefined;
    expect(attachment).toMatchObject({ name: 'فاکتور.pdf', type: 'application/pdf' });
    expect(JSON.stringify(attachment)).not.toContain('EAA');
    const asking = {
      ...context,
      signal: AbortSignal.timeout(10_000),
      event: () => Promise.reject(new Error('not asked')),
    };
    const file = await whatsapp.download?.(attachment?.ref ?? {}, asking);
    const chunks: Uint8Array[] = [];
    for await (const chunk of file?.body ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(body)).toBe(true);
    await expect(whatsapp.download?.({ mediaId: '42' }, asking)).rejects.toMatchObject({
      class: 'permanent',
    });
    await expect(whatsapp.download?.({ mediaId: '../x' }, asking)).rejects.toMatchObject({ code: 'noFile' });
  });

  it('knows somebody without a number by the id of this business alone, and can answer them', async () => {
    listen();
    await simulator.customerWrites({ peer: 'IR.13491208655302741918', text: 'شماره‌ام پیدا نیست' });
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ sender: { value: 'IR.13491208655302741918', display: '@hidden.one' } });
    expect(heard[0]).not.toHaveProperty('proves');
    const to = { kind: 'whatsappUser' as const, value: 'IR.13491208655302741918' };
    const [id] = await sendAll(message({ to, threadKey: to.value }));
    expect(simulator.callOf(String(id))).toMatchObject({ recipient: to.value });
    expect(simulator.callOf(String(id))).not.toHaveProperty('to');
    await until(() => heard.some((event) => event.type === 'status' && event.state === 'read'));
  });
});

describe('what goes out', () => {
  it('quotes, with files as WhatsApp would show them and its caption where one can be', async () => {
    const asked = await simulator.customerWrites({ peer: peer(), text: 'عکس بفرستید' });
    const files = [
      { id: 'a', name: 'عکس.jpg', type: 'image/jpeg', bytes: 3000 },
      { id: 'b', name: 'صدا.ogg', type: 'audio/ogg', bytes: 3000 },
      { id: 'c', name: 'تصویر.heic', type: 'image/heic', bytes: 3000 },
    ];
    const ids = await sendAll(message({ text: 'این هم عکس', files }), { inReplyTo: asked });
    expect(ids.map((id) => simulator.callOf(id))).toMatchObject([
      { type: 'image', image: { caption: 'این هم عکس' }, context: { message_id: asked } },
      { type: 'audio' },
      { type: 'document', document: { filename: 'تصویر.heic' } },
    ]);
    expect(ours().map(({ files: sent }) => sent[0]?.type)).toEqual(['image/jpeg', 'audio/ogg', 'image/heic']);
    const loud = whatsapp.pieces(message({ text: 'گوش کنید', files: files.slice(1, 2) }), context.settings);
    expect(loud.map(({ kind, text }) => [kind, text])).toEqual([
      ['text', 'گوش کنید'],
      ['file', ''],
    ]);
  });

  it('freely for a day after they last wrote; a template at any time', async () => {
    await simulator.customerWrites({ peer: peer(), text: 'سلام' });
    now = new Date(now.getTime() + 24 * 3_600_000 - 1000);
    await sendAll(message());
    now = new Date(now.getTime() + 2000);
    await expect(sendAll(message())).rejects.toMatchObject({ class: 'windowClosed', code: '131047' });
    const template = {
      name: 'plain_words',
      language: 'fa',
      values: [],
      shown: 'سلام. هنوز می‌توانیم کمک کنیم؟',
    };
    await sendAll(message({ template }));
    expect(ours().map(({ text }) => text)).toEqual(['سلام', template.shown]);
  });

  it('templates that can be sent, with their values where they belong', async () => {
    const all = await whatsapp.templates?.(context);
    expect(all?.map(({ name, values }) => [name, values])).toEqual([
      ['hello_again', 2],
      ['order_on_its_way', 3],
      ['plain_words', 0],
    ]);
    expect(all?.[0]?.body).toBe('Dear {{1}}, {{1}}! May we help with {{2}}?');
    const order = { name: 'order_on_its_way', language: 'fa', values: ['۱۲۳۴', 'نرگس', 'فردا'], shown: '…' };
    const hello = { name: 'hello_again', language: 'en', values: ['Narges', 'your order'], shown: '…' };
    const to = { kind: 'whatsappUser' as const, value: '989901999999' };
    await sendAll(message({ template: order, to, threadKey: to.value }));
    await sendAll(message({ template: hello, to, threadKey: to.value }));
    expect(ours().map(({ text }) => text)).toEqual([
      'سفارش ۱۲۳۴\n\nنرگس گرامی، سفارش شما فردا می‌رسد.\n\nفروشگاه نمونه',
      'Dear Narges, Narges! May we help with your order?',
    ]);
    for (const wrong of [
      { ...order, values: ['۱'] },
      { ...order, name: 'not_yet' },
      { ...order, language: 'en' },
    ])
      await expect(sendAll(message({ template: wrong }))).rejects.toMatchObject({ class: 'permanent' });
    expect(ours()).toHaveLength(2);
  });

  it('says that somebody who blocked us cannot be reached, and tells no token', async () => {
    await simulator.customerWrites({ peer: peer(), text: 'سلام' });
    await simulator.act({ do: 'block', peer: peer() });
    const error = (await sendAll(message()).catch((refusal: unknown) => refusal)) as ConnectorError;
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({ class: 'permanent', unreachable: true, code: '131026' });
    expect(error.message).not.toContain(String(context.settings.accessToken));
  });
});

it('names the business, and until when its token holds', async () => {
  const tokenExpiresAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 5 * 86_400_000);
  const ending = await startSimulator({ tokenExpiresAt });
  try {
    expect(await whatsapp.check(contextOf(ending))).toEqual({
      accountName: 'فروشگاه نمونه',
      expiresAt: tokenExpiresAt,
    });
  } finally {
    await ending.close();
  }
  expect(await whatsapp.check(context)).toEqual({ accountName: 'فروشگاه نمونه', expiresAt: null });
});

it.each([
  ['0912 123 4567', '989121234567'],
  ['+44 7400 123456', '447400123456'],
  ['۰۹۱۲۱۲۳۴۵۶۷', '989121234567'],
  ['02188776655', null],
  ['@shop', null],
])('an agent may write first to %s: %s', (typed, value) => {
  expect(whatsapp.address?.(typed)?.value ?? null).toBe(value);
});
