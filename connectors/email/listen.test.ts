import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contextOf } from '../contract.host.ts';
import { type EmailSimulator, startSimulator } from './simulator.ts';
import { Ear } from './suite.host.ts';

let simulator: EmailSimulator;
let ears: Ear[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ deliveryStep: 5 });
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(ears.map((ear) => ear.stop()));
  ears = [];
  await simulator.close();
});

function listener(settings: Record<string, string | number | boolean> = {}): Ear {
  const ear = new Ear(contextOf({ ...simulator, settings: { ...simulator.settings, ...settings } }));
  ears.push(ear);
  return ear.start();
}

async function watching(settings: Record<string, string | number | boolean> = {}): Promise<Ear> {
  const ear = listener(settings);
  await ear.until(() => ear.successes > 0);
  return ear;
}

const ids = (ear: Ear): string[] =>
  ear.heard.map(({ raw }) => /^Message-ID: <(.*)>\r$/im.exec(raw.toString('latin1'))?.[1] ?? '');
const write = (text = 'سلام', peer = simulator.peer(1)): Promise<string> =>
  simulator.customerWrites({ peer, text });

describe('listening to a mailbox', () => {
  it('finds at the next check what the server said nothing of', async () => {
    const ear = await watching();
    simulator.fail('drop');
    const silent = await write();
    const said = ear.successes;
    ear.ring();
    await ear.until(() => ear.successes > said || ear.heard.length > 0);
    await ear.until(() => ear.heard.length === 1);
    expect(ids(ear)).toEqual([silent]);
  });

  it('takes copies and late ones as they lie in the mailbox', async () => {
    const ear = await watching();
    simulator.fail('duplicate');
    const twice = await write();
    simulator.fail('reorder');
    const late = await write();
    const early = await write();
    await ear.until(() => ear.heard.length === 4);
    expect(ids(ear)).toEqual([twice, twice, early, late]);
  });

  it('goes on when the server hangs up', async () => {
    const ear = await watching();
    for (let round = 1; round <= 3; round += 1) {
      simulator.imap.cut();
      const id = await write();
      await ear.until(() => ear.heard.length === round);
      expect(ids(ear).at(-1)).toBe(id);
    }
    expect(new Set(ear.failures.map((error) => error.class))).toEqual(new Set(['retryable']));
  });

  it.each(['resetBeforeAccept', 'resetAfterAccept', 'serverError', 'rateLimit'] as const)(
    'loses nothing and takes nothing twice when a fetch ends with %s',
    async (fault) => {
      const ear = await watching();
      const first = await write('یک');
      await ear.until(() => ear.heard.length === 1);
      simulator.fail(fault, { call: 'imap/fetch', times: 3 });
      const rest = [await write('دو'), await write('سه'), await write('چهار')];
      await ear.until(() => ear.heard.length >= 4);
      const said = ear.successes;
      ear.ring();
      await ear.until(() => ear.successes > said);
      expect(new Set(ids(ear))).toEqual(new Set([first, ...rest]));
      const uids = ear.heard.map(({ envelope }) => envelope.uid);
      expect([...new Set(uids)]).toEqual(
        [...uids].sort((a, b) => a - b).filter((uid, at, all) => uid !== all[at - 1]),
      );
    },
  );

  it.each([
    ['imap/authenticate', 'serverError', 'retryable'],
    ['imap/authenticate', 'rateLimit', 'retryable'],
    ['imap/examine', 'rateLimit', 'rateLimited'],
    ['imap/connect', 'rateLimit', 'retryable'],
    ['imap/connect', 'resetBeforeAccept', 'retryable'],
  ] as const)('waits and tries again after %s with %s', async (call, fault, expected) => {
    simulator.fail(fault, { call });
    const ear = listener();
    await ear.until(() => ear.failures.length > 0);
    expect(ear.failures[0]?.class).toBe(expected);
    await ear.until(() => ear.successes > 0);
    await write();
    await ear.until(() => ear.heard.length === 1);
  });

  it('is not held up by a mail that the server cannot hand out: its head will do', async () => {
    const ear = await watching();
    simulator.store.inbox.watch(() => {
      const mail = simulator.store.inbox.mails.at(-1);
      if (mail?.raw.includes('X-Broken: whole')) mail.unreadable = 'whole';
      if (mail?.raw.includes('X-Broken: head')) mail.unreadable = 'head';
    });
    const whole = await simulator.customerWrites({
      peer: simulator.peer(1),
      text: 'a',
      headers: { 'X-Broken': 'whole' },
    });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'b', headers: { 'X-Broken': 'head' } });
    const good = await write('پس از آن');
    await ear.until(() => ear.heard.length === 3);
    expect(ids(ear)).toEqual([whole, '', good]);
    expect(ear.heard.map(({ envelope }) => envelope.leftOutBytes !== undefined)).toEqual([true, true, false]);
    expect(ear.heard[1]?.raw.toString()).toContain('could not be read');
  });

  it('does not wait for a mail that somebody took away', async () => {
    const ear = await watching();
    simulator.store.inbox.watch(() => {
      const gone = simulator.store.inbox.mails.find(({ raw }) => raw.includes('X-Gone: yes'));
      if (gone) queueMicrotask(() => simulator.store.inbox.remove(new Set([gone.uid])));
    });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'a', headers: { 'X-Gone': 'yes' } });
    const good = await write('هست');
    await ear.until(() => ids(ear).includes(good));
    expect(ear.failures).toEqual([]);
  });

  it('notices that the folder was numbered anew while it watched', async () => {
    const ear = await watching();
    await write('یک');
    await ear.until(() => ear.heard.length === 1);
    const before = ear.heard[0]?.envelope.uidValidity ?? 0;
    await simulator.act({ do: 'uidValidity', peer: '' });
    const after = await write('دو');
    await ear.until(() => ids(ear).includes(after));
    expect(ear.heard.at(-1)?.envelope.uidValidity).toBe(before + 1);
  });

  it('says how much is left while it catches up, and nothing in ordinary times', async () => {
    const first = await watching();
    await write();
    await first.caughtUp();
    await first.stop();
    expect(first.left).toEqual([]);
    for (let n = 0; n < 20; n += 1) await write(`نامهٔ ${n}`);
    const after = new Ear(contextOf(simulator));
    ears.push(after);
    after.start(first);
    await after.until(() => after.successes > 0);
    expect(after.heard).toHaveLength(20);
    expect(after.left).toEqual([20, 12, 4, 0]);
  });

  it('takes old mail that somebody moves into the folder as history', async () => {
    const ear = await watching();
    await simulator.customerWrites({
      peer: simulator.peer(1),
      text: 'از پوشهٔ دیگر',
      at: new Date(Date.now() - 40 * 24 * 3_600_000),
    });
    await ear.until(() => ear.heard.length === 1);
    expect(ear.heard[0]?.history).toBe(true);
  });

  it('checks who wrote before anything is kept', async () => {
    const ear = await watching();
    await write('a', 'dana@example.com');
    await write('b', 'dana@example.org');
    await simulator.act({ do: 'forged', peer: 'dana@example.org' });
    await ear.until(() => ear.heard.length === 3);
    expect(ear.heard.map(({ envelope }) => envelope.check)).toEqual(['none', 'pass', 'fail']);
  });

  it('keeps one connection, and none when it has stopped', async () => {
    const ear = await watching();
    for (let n = 0; n < 5; n += 1) await write();
    await ear.until(() => ear.heard.length === 5);
    expect(simulator.imap.connections()).toBe(1);
    await ear.stop();
    while (simulator.imap.connections() > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('stops although the server never says a word', async () => {
    simulator.fail('hang', { call: 'imap/connect' });
    const ear = listener();
    while (simulator.imap.connections() === 0) await new Promise((resolve) => setImmediate(resolve));
    await ear.stop();
    await expect(ear.ended).resolves.toBeUndefined();
  });

  it('is called on after a silence that was asked about', async () => {
    const { setTimeout: within } = net.Socket.prototype;
    const spied = vi.spyOn(net.Socket.prototype, 'setTimeout').mockImplementation(function (
      this: net.Socket,
      ms,
      heard,
    ) {
      return within.call(this, ms === 60_000 ? 50 : ms, heard);
    });
    try {
      const ear = await watching();
      while (simulator.imap.commands('NOOP') < 3) await new Promise((resolve) => setImmediate(resolve));
      const id = await write();
      await ear.until(() => ear.heard.length === 1);
      expect(ids(ear)).toEqual([id]);
      expect(ear.failures).toEqual([]);
    } finally {
      spied.mockRestore();
    }
  });

  it('finds out that the line is dead when nothing comes through any more', async () => {
    const relay = await startRelay(Number(simulator.settings.imapPort));
    try {
      const ear = await watching({ imapPort: relay.port });
      while (simulator.imap.idling() === 0) await new Promise((resolve) => setImmediate(resolve));
      relay.freeze();
      await write('گم نشوم');
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      ear.ring();
      // A command without an answer is given up after half a minute; the next connection gets through again.
      while (ear.failures.length === 0) await vi.advanceTimersByTimeAsync(1_000);
      relay.thaw();
      vi.useRealTimers();
      ear.ring();
      await ear.until(() => ear.heard.length === 1);
      expect(ear.failures[0]).toMatchObject({ class: 'retryable', code: 'timeout' });
    } finally {
      await relay.close();
    }
  });
});

interface Relay {
  port: number;
  /** From now on nothing passes on the connections there are, and they stay open. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

async function startRelay(to: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = net.createServer((near) => {
    const far = net.connect(to, '127.0.0.1');
    for (const [from, onto] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (!frozen) onto.write(chunk);
      });
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        if (!frozen) onto.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
