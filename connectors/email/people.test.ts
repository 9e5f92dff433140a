import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboundEvent, InboundMessage, RawEvent } from '../connector.ts';
import { contextOf, TestHost } from '../contract.host.ts';
import { email } from './index.ts';
import { copiesKept } from './sent.ts';
import { type EmailSimulator, startSimulator } from './simulator.ts';

/** Everybody out there, through the whole connector: what they do, and what it means to us. */
let simulator: EmailSimulator;
let host: TestHost;
let listening: Promise<void>;

beforeEach(async () => {
  simulator = await startSimulator({ deliveryStep: 5 });
  host = new TestHost(email, contextOf(simulator));
  listening = email.listen?.(host, host.context) ?? Promise.resolve();
  await host.until(() => host.successes > 0);
});
afterEach(async () => {
  host.stop();
  await listening;
  await copiesKept(host.context.channelId);
  await simulator.close();
});

const peer = 'customer1@example.com';

/** What the n-th mail in the mailbox means. */
async function meaning(n: number): Promise<InboundEvent> {
  await host.until(() => host.stored.size >= n);
  const all = await host.meanings();
  const found = all[n - 1];
  if (!found) throw new Error(`Mail ${n} means nothing.`);
  return found;
}

async function message(n: number): Promise<InboundMessage> {
  const event = await meaning(n);
  if (event.type !== 'message') throw new Error(`Mail ${n} is no message but ${JSON.stringify(event)}.`);
  return event;
}

async function answer(text: string): Promise<string> {
  const to = { kind: 'emailAddress', value: peer } as const;
  const [piece] = email.pieces({ text, files: [], to, threadKey: 't' }, {});
  if (!piece) throw new Error('A mail is one piece.');
  const { externalIds } = await email.send(
    { piece, to, threadKey: 't', sendRef: '77', signal: AbortSignal.timeout(20_000) },
    host.context,
  );
  return externalIds[0] ?? '';
}

describe('people who write to a mailbox', () => {
  it('are who they say, where their domain says nothing or vouches for them', async () => {
    await simulator.customerWrites({ peer, name: 'نرگس کریمی', text: 'سلام', subject: 'سفارش' });
    await simulator.customerWrites({ peer: 'dana@example.org', text: 'Hello' });
    await simulator.act({ do: 'forged', peer: 'dana@example.org' });
    expect(await message(1)).toMatchObject({
      text: 'سلام',
      sender: { kind: 'emailAddress', value: peer, name: 'نرگس کریمی' },
      letter: { subject: 'سفارش', check: 'none' },
    });
    expect(await message(2)).toMatchObject({
      sender: { kind: 'emailAddress', value: 'dana@example.org' },
      letter: { check: 'pass' },
    });
    expect(await message(3)).toMatchObject({
      sender: { kind: 'unprovenAddress', value: 'dana@example.org' },
      letter: { check: 'fail' },
    });
  });

  it.each(['ممنون، رسید.', 'Thank you, it came.'])('answer with our words below theirs: %s', async (text) => {
    const ours = await answer('سفارش شما در راه است.');
    await simulator.act({ do: 'reply', peer, text });
    const said = await message(1);
    expect(said.text).toBe(text);
    expect(said.whole?.text).toContain('سفارش شما در راه است.');
    expect(said.references?.[0]).toBe(ours);
  });

  it('send files, and each is had again byte by byte', async () => {
    const body = Buffer.from(Array.from({ length: 3_000 }, (_, n) => n % 256));
    await simulator.customerWrites({
      peer,
      text: 'رسید پرداخت',
      file: { name: 'رسید.png', type: 'image/png', body },
    });
    const said = await message(1);
    expect(said.attachments).toMatchObject([{ name: 'رسید.png', type: 'image/png' }]);
    const event = [...host.stored.values()][0] as RawEvent;
    const fetch = (ref: Record<string, unknown>) =>
      email.download?.(ref, {
        ...host.context,
        signal: AbortSignal.timeout(10_000),
        event: () => Promise.resolve(event),
      });
    const file = await fetch(said.attachments[0]?.ref ?? {});
    const chunks: Uint8Array[] = [];
    for await (const chunk of file?.body ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(body);
    await expect(fetch({ part: 99 })).rejects.toMatchObject({ class: 'permanent' });
    await expect(fetch({ part: '../../etc/passwd' })).rejects.toMatchObject({ class: 'permanent' });
  });

  it('are not at home, and robots write in their place', async () => {
    await answer('سلام');
    await simulator.act({ do: 'autoReply', peer });
    await simulator.act({ do: 'newsletter', peer });
    for (const n of [1, 2]) {
      const event = await meaning(n);
      expect(event.type).toBe('ignored');
      expect(event.type === 'ignored' && event.restored?.[0]?.type).toBe('message');
    }
  });

  it('cannot be reached, or were, and their provider says so', async () => {
    const externalId = await answer('سلام');
    await simulator.act({ do: 'delayed', peer });
    await simulator.act({ do: 'bounce', peer, status: '5.1.1' });
    await simulator.act({ do: 'delivered', peer });
    expect(await meaning(1)).toMatchObject({ type: 'ignored' });
    expect(await meaning(2)).toMatchObject({
      type: 'status',
      state: 'failed',
      externalId,
      scope: 'email',
      recipient: peer,
      error: { code: '5.1.1', unreachable: true },
    });
    expect(await meaning(3)).toMatchObject({ type: 'status', state: 'delivered', externalId });
  });

  it('can do nothing that mail cannot', async () => {
    await expect(simulator.act({ do: 'reaction', peer })).rejects.toThrow('knows no');
    await expect(simulator.act({ do: 'reply', peer: 'stranger@example.com' })).rejects.toThrow('got no mail');
  });
});
