import { simpleParser } from 'mailparser';
import { beforeEach, expect, it } from 'vitest';
import type { ConnectorContext, Fault, OutboundMessage, SendRequest, SendResult } from '../connector.ts';
import type { MailProvider } from './email.suite.ts';
import { email } from './index.ts';
import { copiesKept } from './sent.ts';

let reference = 5_000_000;
/** A call that sends the one piece of this message, under a reference of its own. */
export function request(change: Partial<OutboundMessage> & { automatic?: boolean } = {}): SendRequest {
  reference += 1;
  const { automatic, ...message } = change;
  const whole: OutboundMessage = {
    text: 'سلام، سفارش شما آماده است.',
    files: [],
    to: { kind: 'emailAddress', value: 'customer1@example.com' },
    threadKey: 'new:customer1@example.com',
    ...message,
  };
  const [piece] = email.pieces(whole, {});
  if (!piece) throw new Error('A mail is one piece.');
  return {
    piece,
    to: whole.to,
    threadKey: whole.threadKey,
    ...(whole.inReplyTo ? { inReplyTo: whole.inReplyTo } : {}),
    ...(automatic ? { automatic } : {}),
    sendRef: String(reference),
    signal: AbortSignal.timeout(30_000),
  };
}

/** The sending half of the suite. @param current the provider of the running test */
export function sendingSuite(current: () => MailProvider): void {
  let provider: MailProvider;
  beforeEach(() => {
    provider = current();
  });

  it('sends a letter whole: copies, thread, both forms of the text, files, and a copy in Sent', async () => {
    const content = 'content of file-1';
    const result = await email.send(
      request({
        text: 'سلام\n\nOrder 15 is ready.\n\niPhone شما رسید <b>',
        files: [{ id: 'file-1', name: 'صورت‌حساب.pdf', type: 'application/pdf', bytes: content.length }],
        inReplyTo: 'question@example.com',
        letter: {
          subject: 'پاسخ: سفارش',
          cc: ['Colleague@Example.com'],
          bcc: ['archive@example.com'],
          references: ['first@example.com', 'sha256:abcdef', 'question@example.com'],
        },
      }),
      provider.context,
    );
    const [taken] = provider.taken();
    if (!taken) throw new Error('The mail server took nothing.');
    expect(taken.to).toEqual(['customer1@example.com', 'colleague@example.com', 'archive@example.com']);
    const parsed = await simpleParser(taken.raw);
    expect(result).toEqual({ externalIds: [parsed.messageId?.replace(/[<>]/g, '')], scope: 'email' });
    expect(parsed.subject).toBe('پاسخ: سفارش');
    expect(parsed.inReplyTo).toBe('<question@example.com>');
    expect(parsed.references).toEqual(['<first@example.com>', '<question@example.com>']);
    expect(parsed.text).toBe('سلام\n\nOrder 15 is ready.\n\niPhone شما رسید <b>\n');
    expect(parsed.html).toContain('<p dir="ltr" style="margin:0 0 1em">Order 15 is ready.</p>');
    expect(parsed.html).toContain('<p dir="rtl" style="margin:0 0 1em">iPhone شما رسید &lt;b&gt;</p>');
    expect(parsed.attachments).toMatchObject([{ filename: 'صورت‌حساب.pdf', contentType: 'application/pdf' }]);
    expect(parsed.attachments[0]?.content.toString()).toBe(content);
    expect(taken.raw.toString('latin1')).not.toMatch(/^bcc:/im);
    expect(parsed.headers.has('auto-submitted')).toBe(false);
    await copiesKept(provider.context.channelId);
    expect((await provider.sent()).map(String)).toEqual([taken.raw.toString()]);
  });

  it('keeps one copy in Sent, also of what the server put there itself, and none when told not to', async () => {
    const first = request();
    const { externalIds } = await email.send(first, provider.context);
    await copiesKept(provider.context.channelId);
    // The same call again: the same Message-ID.
    const again = await email.send(first, provider.context);
    await copiesKept(provider.context.channelId);
    expect(again.externalIds).toEqual(externalIds);
    await email.send(request(), {
      ...provider.context,
      settings: { ...provider.context.settings, copyToSent: false },
    });
    await copiesKept(provider.context.channelId);
    expect(provider.taken()).toHaveLength(3);
    expect(await provider.sent()).toHaveLength(1);
    await Promise.all(Array.from({ length: 5 }, () => email.send(request(), provider.context)));
    await copiesKept(provider.context.channelId);
    expect(await provider.sent()).toHaveLength(6);
  });

  it('is not held up by a mailbox that takes no copies', async () => {
    const warnings: string[] = [];
    const context: ConnectorContext = {
      ...provider.context,
      settings: {
        ...provider.context.settings,
        password: 'another password',
        smtpPassword: passwordOf(provider),
      },
      log: { info: () => undefined, warn: (message) => warnings.push(message) },
    };
    const result = await email.send(request(), context);
    expect(result.externalIds).toHaveLength(1);
    await copiesKept(context.channelId);
    expect(warnings).toHaveLength(1);
  });

  it('says on an automatic mail that no robot need answer', async () => {
    await email.send(request({ automatic: true }), provider.context);
    const parsed = await simpleParser(provider.taken()[0]?.raw ?? '');
    expect(parsed.headers.get('auto-submitted')).toBe('auto-replied');
    expect(parsed.headers.get('x-auto-response-suppress')).toBe('OOF, AutoReply');
  });

  it('forwards to others instead of the customer, as a thread of its own', async () => {
    await email.send(
      request({
        inReplyTo: 'question@example.com',
        letter: {
          subject: 'Fwd: سفارش',
          cc: [],
          bcc: [],
          forwardTo: ['store@example.org'],
          references: ['question@example.com'],
        },
      }),
      provider.context,
    );
    const [taken] = provider.taken();
    const parsed = await simpleParser(taken?.raw ?? '');
    expect(taken?.to).toEqual(['store@example.org']);
    expect(JSON.stringify(parsed.to)).not.toContain('customer1');
    expect(parsed.inReplyTo).toBeUndefined();
  });

  it('warns of a refused copy, and fails when the one written to was refused', async () => {
    const letter = { subject: 's', cc: ['gone@example.com'], bcc: [], references: [] };
    provider.refuse('gone@example.com', { code: 550, said: '5.1.1 No such user' });
    const result = await email.send(request({ letter }), provider.context);
    expect(result.warning).toContain('gone@example.com');
    expect(provider.taken()).toHaveLength(1);
    provider.refuse('gone@example.com', null);
    provider.refuse('customer1@example.com', { code: 550, said: '5.1.1 No such user' });
    await expect(email.send(request({ letter }), provider.context)).rejects.toMatchObject({
      class: 'permanent',
      unreachable: true,
    });
    await expect(email.send(request(), provider.context)).rejects.toMatchObject({
      class: 'permanent',
      unreachable: true,
    });
    provider.refuse('customer1@example.com', { code: 554, said: '5.7.1 Looks like spam' });
    await expect(email.send(request(), provider.context)).rejects.toMatchObject({
      class: 'permanent',
      unreachable: undefined,
    });
    provider.refuse('customer1@example.com', { code: 451, said: '4.7.1 Greylisted, try again later' });
    await expect(email.send(request(), provider.context)).rejects.toMatchObject({ class: 'retryable' });
  });

  it('sends nothing when a file cannot be read, and reads none that it is not given', async () => {
    const files = [{ id: 'x', name: 'a.txt', type: 'text/plain', bytes: 3 }];
    const broken: ConnectorContext = {
      ...provider.context,
      openFile: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('disk')) }),
      }),
    };
    await expect(email.send(request({ files }), broken)).rejects.toMatchObject({
      class: 'retryable',
      code: 'file',
    });
    expect(provider.taken()).toEqual([]);
  });

  it.each<[Fault, string, number]>([
    ['rateLimit', 'rateLimited', 0],
    ['serverError', 'retryable', 0],
    ['resetBeforeAccept', 'retryable', 0],
    ['resetAfterAccept', 'unknown', 1],
    ['badCredentials', 'auth', 0],
    ['blocked', 'permanent', 0],
  ])('calls %s what it is: %s', async (fault, expected, taken) => {
    provider.fail(fault);
    const outcome: SendResult | { class: string } = await email
      .send(request(), provider.context)
      .catch((error: unknown) => error as { class: string });
    expect((outcome as { class: string }).class).toBe(expected);
    expect(provider.taken()).toHaveLength(taken);
  });
}

function passwordOf(provider: MailProvider): string {
  return String(provider.context.settings.password);
}
