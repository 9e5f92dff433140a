import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectorContext, InboundEvent, RawRequest, SendRequest } from '../connector.ts';
import { contextOf, TestHost } from '../contract.host.ts';
import { serve } from '../simulator.ts';
import { sms } from './index.ts';
import { type SmsSimulator, startSimulator } from './simulator.ts';

let simulator: SmsSimulator;
let context: ConnectorContext;
const running: { host: TestHost; done: Promise<void> }[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ deliveryStep: 2 });
  context = contextOf(simulator);
});

afterEach(async () => {
  for (const { host } of running) host.stop();
  await Promise.allSettled(running.splice(0).map(({ done }) => done));
  await simulator.close();
});

function start(host: TestHost): TestHost {
  running.push({ host, done: sms.listen?.(host, host.context) ?? Promise.resolve() });
  return host;
}

/** Of this connector it is at once. */
const understood = sms.inbound as (...of: Parameters<typeof sms.inbound>) => InboundEvent[];

function heard(host: TestHost): InboundEvent[] {
  return [...host.stored.values()].flatMap((event) => understood(event, host.context.settings));
}

const messages = (host: TestHost): string[] =>
  heard(host).flatMap((event) => (event.type === 'message' ? [event.text] : []));
const states = (host: TestHost): string[] =>
  heard(host).flatMap((event) => (event.type === 'status' ? [event.state] : []));

describe('polling Kavenegar', () => {
  it('recovers what a destructive read handed out into a broken connection', async () => {
    const host = start(new TestHost(sms, context));
    await host.until(() => host.successes > 0);
    simulator.fail('resetAfterAccept', { call: 'sms/receive' });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'گم نشوم' });
    await host.until(() => messages(host).length === 1);
    expect(host.failures.map((error) => error.class)).toEqual(['retryable']);
    expect(messages(host)).toEqual(['گم نشوم']);
  });

  it('takes more than one page, of both kinds', async () => {
    for (let n = 0; n < 450; n += 1)
      await simulator.customerWrites({ peer: simulator.peer(n), text: `پیام ${n}` });
    const host = start(new TestHost(sms, context));
    await host.until(() => messages(host).length === 450 && host.successes > 0);
    expect(host.failures).toEqual([]);
  });

  it('goes back to the last success in spans of two days after a long outage', async () => {
    const day = 24 * 60 * 60 * 1000;
    let clock = Date.now() - 9 * day;
    await simulator.close();
    simulator = await startSimulator({ now: () => new Date(clock) });
    context = contextOf(simulator, { now: () => new Date(clock) });
    const first = start(new TestHost(sms, context));
    await first.until(() => first.successes > 0);
    first.stop();
    await running[0]?.done;
    for (let n = 0; n < 9; n += 1) {
      clock += day;
      await simulator.customerWrites({ peer: simulator.peer(1), text: `روز ${n}` });
    }
    // Another program read them all: only the paged inbox still knows.
    const thief = new TestHost(sms, context);
    start(thief);
    await thief.until(() => thief.successes > 0);
    thief.stop();
    const host = start(new TestHost(sms, context, first));
    await host.until(() => host.successes > 0);
    expect(new Set(messages(host)).size).toBe(9);
    expect(host.failures).toEqual([]);
  });

  it('begins at the present moment on a new channel', async () => {
    let clock = Date.now() - 60 * 60 * 1000;
    await simulator.close();
    simulator = await startSimulator({ now: () => new Date(clock) });
    context = contextOf(simulator, { now: () => new Date(clock) });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'از پیش' });
    clock += 60 * 60 * 1000;
    const host = start(new TestHost(sms, context));
    await host.until(() => host.successes > 0);
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'تازه' });
    await host.until(() => messages(host).length > 0);
    expect(messages(host)).toEqual(['تازه']);
  });

  it('asks about what was sent until its last word, where no push tells', async () => {
    const host = start(new TestHost(sms, context));
    await simulator.act({ do: 'ending', peer: simulator.peer(2), status: 11 });
    for (const n of [1, 2]) {
      const { externalIds } = await sms.send(
        {
          piece: { kind: 'text', text: 'سلام' },
          to: { kind: 'mobile', value: simulator.peer(n) },
          threadKey: '',
          sendRef: String(n),
          signal: AbortSignal.timeout(5000),
        },
        context,
      );
      for (const externalId of externalIds) host.sent.push({ externalId, sentAt: new Date() });
    }
    await host.until(() => states(host).includes('delivered') && states(host).includes('failed'));
    const asked = simulator.calls('sms/status');
    const rounds = host.successes;
    await host.until(() => host.successes > rounds + 3);
    expect(simulator.calls('sms/status') - asked).toBeLessThanOrEqual(1);
  });

  it('ends when the key is refused, for the host to pause the channel', async () => {
    simulator.fail('badCredentials', { call: 'sms/receive' });
    const host = new TestHost(sms, context);
    await expect(sms.listen?.(host, context)).rejects.toMatchObject({ class: 'auth', field: 'apiKey' });
  });
});

describe('pushes of Kavenegar', () => {
  it('carry a message and its statuses, twice, late or never, to the hook', async () => {
    const arrived: RawRequest[] = [];
    let heardOne: () => void = () => undefined;
    const hook = await serve(({ method, url, body, response }) => {
      arrived.push({
        source: 'hook',
        method,
        path: url.pathname.replace('/hooks/x', ''),
        query: {},
        headers: {},
        body,
      });
      response.end();
      heardOne();
    });
    const until = async (done: () => boolean): Promise<void> => {
      while (!done()) await new Promise<void>((resolve) => (heardOne = resolve));
    };
    const keys = (): string[] =>
      arrived.flatMap((raw) => sms.split(raw, simulator.settings).events.map((event) => event.eventKey));
    try {
      simulator.setHook(`${hook.endpoint}/hooks/x`);
      simulator.fail('duplicate', { call: 'push/inbound' });
      const id = await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام' });
      await until(() => arrived.length === 2);
      expect(keys()).toEqual([`in:${id}:undated`, `in:${id}:undated`]);
      expect(arrived.every((raw) => sms.verify(raw, simulator.settings))).toBe(true);
      simulator.fail('reorder', { call: 'push/inbound' });
      const late = await simulator.customerWrites({ peer: simulator.peer(1), text: 'اول' });
      const early = await simulator.customerWrites({ peer: simulator.peer(1), text: 'دوم' });
      await until(() => arrived.length === 4);
      expect(new Set(keys().slice(2))).toEqual(new Set([`in:${late}:undated`, `in:${early}:undated`]));
      simulator.fail('drop', { call: 'push/inbound' });
      await simulator.customerWrites({ peer: simulator.peer(1), text: 'نمی‌رسد' });
      simulator.fail('wrongSignature', { call: 'push/inbound' });
      await simulator.customerWrites({ peer: simulator.peer(1), text: 'نشانی نادرست' });
      await until(() => arrived.length === 5);
      expect(arrived.at(-1) && sms.verify(arrived.at(-1) as RawRequest, simulator.settings)).toBe(false);
    } finally {
      await hook.close();
    }
  });
});

describe('an account at Kavenegar', () => {
  const request = (): SendRequest => ({
    piece: { kind: 'text', text: 'سلام' },
    to: { kind: 'mobile', value: '+989901234567' },
    threadKey: '',
    sendRef: '9',
    signal: AbortSignal.timeout(5000),
  });

  it('without credit pauses the channel and says what to do', async () => {
    simulator.credit = 0;
    await expect(sms.send(request(), context)).rejects.toMatchObject({ class: 'auth', code: '418' });
    expect(simulator.messages()).toEqual([]);
  });

  it('in too much haste is told to wait longer each time', async () => {
    await simulator.close();
    simulator = await startSimulator({ ratePerMinute: 1 });
    const now = new Date();
    const patient = contextOf(simulator, { channelId: 'hasty', now: () => now });
    await sms.send(request(), patient);
    const waits: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const error = (await sms.send(request(), patient).catch((refused: unknown) => refused)) as {
        retryAt: Date;
      };
      waits.push((error.retryAt.getTime() - now.getTime()) / 1000);
    }
    expect(waits).toEqual([60, 120, 240]);
  });

  it('forgets the oldest messages beyond what it was told to keep', async () => {
    await simulator.close();
    simulator = await startSimulator({ keep: 10 });
    for (let n = 0; n < 30; n += 1)
      await simulator.customerWrites({ peer: simulator.peer(1), text: `پیام ${n}` });
    expect(simulator.messages().map((message) => message.text)).toEqual(
      Array.from({ length: 10 }, (_, n) => `پیام ${n + 20}`),
    );
  });
});
