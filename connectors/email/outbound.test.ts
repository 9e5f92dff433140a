import { simpleParser } from 'mailparser';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutboundLetter, OutboundMessage, SendRequest } from '../connector.ts';
import { contextOf } from '../contract.host.ts';
import { email } from './index.ts';
import { directionOf, htmlOf } from './paragraphs.ts';
import { copiesKept } from './sent.ts';
import { type EmailSimulator, type EmailSimulatorOptions, startSimulator } from './simulator.ts';

const started: EmailSimulator[] = [];
afterEach(async () => {
  await copiesKept('channel-under-test');
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
});

async function simulated(options: EmailSimulatorOptions = {}): Promise<EmailSimulator> {
  const simulator = await startSimulator({ deliveryStep: 5, ...options });
  started.push(simulator);
  return simulator;
}

const to = { kind: 'emailAddress', value: 'customer1@example.com' } as const;
const message = (change: Partial<OutboundMessage> = {}): OutboundMessage => ({
  text: 'سلام',
  files: [],
  to,
  threadKey: 'new:customer1@example.com',
  ...change,
});
const letter = (change: Partial<OutboundLetter> = {}): OutboundLetter => ({
  subject: 'پاسخ',
  cc: [],
  bcc: [],
  references: [],
  ...change,
});
const request = (change: Partial<OutboundMessage> & Partial<SendRequest> = {}): SendRequest => {
  const [piece] = email.pieces(message(change), {});
  if (!piece) throw new Error('A mail is one piece.');
  return { piece, to, threadKey: 'thread', sendRef: '42', signal: AbortSignal.timeout(20_000), ...change };
};

describe('the pieces of a mail', () => {
  it('are one, whatever it carries', () => {
    const files = [{ id: 'a', name: 'a.pdf', type: 'application/pdf', bytes: 10 }];
    expect(email.pieces(message({ files, letter: letter() }), {})).toEqual([
      { kind: 'letter', text: 'سلام', files, letter: letter() },
    ]);
  });

  it('are refused when there is nothing to say, too much to carry, or an address that is none', () => {
    const refused = (change: Partial<OutboundMessage>, settings = {}) => {
      try {
        email.pieces(message(change), settings);
        return null;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    const megabyte = (n: number) => [{ id: 'a', name: 'a', type: 'b/c', bytes: n * 1024 * 1024 }];
    expect(refused({ text: ' \n' })).toBe('empty');
    expect(refused({ text: '', files: megabyte(1) })).toBeNull();
    expect(refused({ files: [...megabyte(20), ...megabyte(6)] })).toBe('tooLarge');
    expect(refused({ files: megabyte(20) }, { maxMegabytes: 10 })).toBe('tooLarge');
    expect(refused({ letter: letter({ cc: ['nobody'] }) })).toBe('badAddress');
    expect(refused({ letter: letter({ bcc: ['a@b@c'] }) })).toBe('badAddress');
    expect(refused({ letter: letter({ forwardTo: ['a@example.com\r\nBcc: b@example.com'] }) })).toBe(
      'badAddress',
    );
  });

  it('go to addresses in one spelling', () => {
    expect(email.address?.(' Dana@EXAMPLE.com ')).toEqual({
      kind: 'emailAddress',
      value: 'dana@example.com',
      display: 'dana@example.com',
    });
    expect(email.address?.('dana@مثال.إختبار')?.value).toBe('dana@xn--mgbh0fb.xn--kgbechtv');
    for (const wrong of ['', 'dana', '@example.com', 'dana@', 'a b@example.com', '09901234567'])
      expect(email.address?.(wrong), wrong).toBeNull();
  });
});

describe('a mail on its way', () => {
  it('cannot be given headers by what people type', async () => {
    const simulator = await simulated();
    const context = contextOf({
      ...simulator,
      settings: { ...simulator.settings, name: 'Shop\r\nX-Injected: name' },
    });
    await email.send(
      request({
        letter: letter({
          subject: 'one\r\nX-Injected: subject\r\n\r\nbody',
          references: ['a@b>\r\nX-Injected: reference'],
        }),
        files: [
          { id: 'f', name: 'a.txt"\r\nX-Injected: file', type: 'text/plain\r\nX-Injected: type', bytes: 3 },
        ],
        inReplyTo: 'x\r\nX-Injected: reply',
      }),
      context,
    );
    const raw = simulator.taken()[0]?.raw.toString('latin1') ?? '';
    expect(raw).not.toMatch(/^X-Injected/im);
    expect((await simpleParser(raw)).attachments).toHaveLength(1);
  });

  it('names the first and the last twenty of a long thread, what is answered last', async () => {
    const simulator = await simulated();
    const references = Array.from({ length: 50 }, (_, n) => `m${n}@example.com`);
    await email.send(
      request({ letter: letter({ references }), inReplyTo: 'm48@example.com#0123456789abcdef' }),
      contextOf(simulator),
    );
    const parsed = await simpleParser(simulator.taken()[0]?.raw ?? '');
    expect(parsed.references).toHaveLength(20);
    expect(parsed.references?.[0]).toBe('<m0@example.com>');
    expect(parsed.references?.at(-1)).toBe('<m48@example.com>');
    expect(parsed.inReplyTo).toBe('<m48@example.com>');
  });

  it('has an id of its own for each call and each thread, and the same for the same', async () => {
    const simulator = await simulated();
    const idOf = async (change: Partial<SendRequest>) =>
      (await email.send({ ...request(), ...change }, contextOf(simulator))).externalIds[0];
    const first = await idOf({});
    expect(first).toMatch(/^42\.[0-9a-f]{12}@example\.net$/);
    expect(await idOf({})).toBe(first);
    expect(await idOf({ sendRef: '43' })).not.toBe(first);
    expect(await idOf({ threadKey: 'other' })).not.toBe(first);
  });

  it('is not handed to a server whose certificate nobody vouches for, or that offers none', async () => {
    for (const options of [{ secure: true }, { starttls: true }]) {
      const simulator = await simulated(options);
      await expect(email.send(request(), contextOf(simulator))).rejects.toMatchObject({
        class: 'retryable',
        field: 'smtpHost',
      });
      expect(simulator.taken()).toEqual([]);
    }
    const plain = await simulated();
    for (const [smtpSecurity, expected] of [
      ['starttls', 'noTls'],
      ['tls', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ] as const) {
      const settings = { ...plain.settings, smtpSecurity };
      await expect(email.send(request(), contextOf({ ...plain, settings }))).rejects.toMatchObject({
        class: 'permanent',
        code: expected,
        field: 'smtpSecurity',
      });
    }
    expect(plain.taken()).toEqual([]);
  });

  it('fails for good when the server says beforehand that it is too large', async () => {
    const simulator = await simulated({ maxBytes: 10_000 });
    const context = contextOf(simulator, {
      async *openFile() {
        yield Buffer.alloc(20_000, 'x');
      },
    });
    const files = [{ id: 'f', name: 'a.txt', type: 'text/plain', bytes: 20_000 }];
    await expect(email.send(request({ files }), context)).rejects.toMatchObject({ class: 'permanent' });
    expect(simulator.taken()).toEqual([]);
  });

  it('is in doubt only after its last byte had left', async () => {
    const simulator = await simulated();
    const controller = new AbortController();
    simulator.fail('hang');
    simulator.onSent(() => setImmediate(() => controller.abort()));
    await expect(
      email.send(request({ signal: controller.signal }), contextOf(simulator)),
    ).rejects.toMatchObject({
      class: 'unknown',
      code: 'timeout',
    });
    await expect(
      email.send(request({ signal: AbortSignal.abort() }), contextOf(simulator)),
    ).rejects.toMatchObject({
      class: 'retryable',
    });
    expect(simulator.taken()).toHaveLength(1);
  });

  it('comes back when there is nobody, as a report in the mailbox', async () => {
    const simulator = await simulated();
    simulator.fail('bounce');
    const reported = new Promise<void>((resolve) => {
      simulator.store.inbox.watch(() => resolve());
    });
    const { externalIds } = await email.send(request(), contextOf(simulator));
    await reported;
    expect(simulator.store.inbox.mails[0]?.raw.toString('latin1')).toContain(externalIds[0]);
    expect(simulator.messages()[0]?.state).toBe('bounced');
  });
});

describe('a text as HTML', () => {
  it.each([
    ['سلام', 'rtl'],
    ['iPhone 15 شما رسیده است', 'rtl'],
    ['Order ۱۲ of نرگس is on its way', 'ltr'],
    ['۱۲۳ - !', 'ltr'],
    ['שלום', 'rtl'],
  ])('“%s” runs %s', (text, expected) => {
    expect(directionOf(text)).toBe(expected);
  });

  it('holds nothing of what was typed as markup, and gives each paragraph its direction', () => {
    const html = htmlOf(
      'سلام، این نوشته را ببینید <script>alert(1)</script>\n  & "سطر" دوم\n\nEnglish\n\n123',
    );
    expect(html).toContain(
      '<p dir="rtl" style="margin:0 0 1em">سلام، این نوشته را ببینید &lt;script&gt;alert(1)&lt;/script&gt;<br>\n&nbsp;&nbsp;&amp; &quot;سطر&quot; دوم</p>',
    );
    expect(html).toContain('<p dir="ltr" style="margin:0 0 1em">English</p>');
    expect(html).not.toContain('<script');
  });
});
