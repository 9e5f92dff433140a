import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectorContext, Fault } from '../connector.ts';
import { email } from './index.ts';
import { copiesKept } from './sent.ts';
import { customerMail } from './simulator.letters.ts';
import type { TakenMail } from './simulator.smtp.ts';
import { Ear } from './suite.host.ts';
import { request, sendingSuite } from './suite.sending.ts';

/** A mailbox and a mail server that the suite is run against, whatever they are. */
export interface MailProvider {
  context: ConnectorContext;
  /** Puts a mail into INBOX, or into the folder of sent mail. */
  deliver(raw: Buffer, at?: Date, folder?: 'Sent'): Promise<void>;
  /** The flags of all mails in INBOX, in the order of UIDs. */
  flags(): Promise<string[][]>;
  /** The mails in the folder of sent mail. */
  sent(): Promise<Buffer[]>;
  /** The mails that the mail server took. */
  taken(): readonly TakenMail[];
  fail(fault: Fault): void;
  refuse(address: string, reply: { code: number; said: string } | null): void;
  /** Numbers INBOX anew. Nobody has it open. */
  renumber(): Promise<void>;
  close(): Promise<void>;
}

const day = 24 * 3_600_000;
let mails = 0;

/** A small mail of a customer's; `n` tells them apart. */
async function mail(n: number | string, at = new Date()): Promise<Buffer> {
  mails += 1;
  return customerMail({
    from: { name: 'نرگس', address: 'customer1@example.com' },
    to: 'support@example.net',
    subject: `نامهٔ ${n}`,
    text: `متن نامهٔ ${n}`,
    at,
    messageId: `mail-${mails}-${n}@example.com`,
  });
}

const subjects = async (ear: Ear): Promise<string[]> =>
  Promise.all(
    ear.heard.map(async ({ raw }) => ((await simpleParser(raw)).subject ?? '').replace('نامهٔ ', '')),
  );

export function emailSuite(name: string, start: (now?: () => Date) => Promise<MailProvider>): void {
  describe(name, () => {
    let provider: MailProvider;
    let ears: Ear[] = [];

    beforeEach(async () => {
      provider = await start();
    });
    afterEach(async () => {
      await Promise.all(ears.map((ear) => ear.stop()));
      ears = [];
      await copiesKept(provider.context.channelId);
      await provider.close();
    });

    const ear = (settings: Record<string, string | number | boolean> = {}): Ear => {
      const made = new Ear({
        ...provider.context,
        settings: { ...provider.context.settings, ...settings },
      });
      ears.push(made);
      return made;
    };

    it('hears of a mail when the server says so, from the present moment on', async () => {
      await provider.deliver(await mail('old'), new Date(Date.now() - 2 * 3_600_000));
      const listener = ear().start();
      await listener.until(() => listener.successes > 0);
      const raw = await mail('new');
      await provider.deliver(raw);
      await listener.until(() => listener.heard.length === 1);
      expect(await subjects(listener)).toEqual(['new']);
      const [{ envelope, raw: stored, history }] = listener.heard as [(typeof listener.heard)[0]];
      expect(stored.toString('latin1').endsWith(raw.toString('latin1'))).toBe(true);
      expect(history).toBe(false);
      expect(envelope).toMatchObject({
        mailbox: 'INBOX',
        own: expect.arrayContaining(['support@example.net']),
      });
      expect(Math.abs(Date.parse(envelope.internalDate) - Date.now())).toBeLessThan(60_000);
      expect(listener.failures).toEqual([]);
    });

    it('brings in the last days as history, oldest first, and nothing older', async () => {
      const now = Date.now();
      await provider.deliver(await mail('nine days'), new Date(now - 9 * day));
      await provider.deliver(await mail('two days'), new Date(now - 2 * day));
      await provider.deliver(await mail('one hour'), new Date(now - 3_600_000));
      const listener = ear({ readLastDays: 3 }).start();
      await listener.until(() => listener.successes > 0);
      await provider.deliver(await mail('now'));
      await listener.until(() => listener.heard.length === 3);
      expect(await subjects(listener)).toEqual(['two days', 'one hour', 'now']);
      expect(listener.heard.map(({ history }) => history)).toEqual([true, true, false]);
    });

    it('brings in what other programs sent, where it is told to, and not what we sent', async () => {
      const now = Date.now();
      await provider.deliver(await mail('sent nine days ago'), new Date(now - 9 * day), 'Sent');
      await provider.deliver(await mail('sent two days ago'), new Date(now - 2 * day), 'Sent');
      const deaf = ear({ readLastDays: 3 }).start();
      await deaf.until(() => deaf.successes > 0);
      expect(deaf.heard).toEqual([]);
      await deaf.stop();
      const listener = ear({ readLastDays: 3, readSent: true, folder: 'inbox' }).start();
      await listener.until(() => listener.successes > 0);
      await email.send(request(), provider.context);
      await copiesKept(provider.context.channelId);
      await provider.deliver(await mail('sent now'), new Date(), 'Sent');
      await provider.deliver(await mail('came in'));
      await listener.until(() => listener.heard.length === 2);
      listener.ring();
      await listener.until(() => listener.heard.length === 3);
      await listener.caughtUp();
      await listener.stop();
      expect(await subjects(listener)).toEqual(['sent two days ago', 'came in', 'sent now']);
      expect(listener.heard.map(({ history }) => history)).toEqual([true, false, false]);
      expect(listener.heard.map(({ envelope }) => envelope.mailbox)).toEqual(['Sent', 'INBOX', 'Sent']);
      const again = ear({ readLastDays: 3, readSent: true }).start(listener);
      await again.until(() => again.successes > 0);
      expect(again.heard).toEqual([]);
    });

    it('takes many mails in the order of the mailbox, and marks none of them', async () => {
      const listener = ear().start();
      await listener.until(() => listener.successes > 0);
      for (let n = 0; n < 30; n += 1) await provider.deliver(await mail(n));
      await listener.until(() => listener.heard.length === 30);
      expect(await subjects(listener)).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
      const uids = listener.heard.map(({ envelope }) => envelope.uid);
      expect(uids).toEqual([...uids].sort((a, b) => a - b));
      expect((await provider.flags()).flat()).not.toContain('\\Seen');
    });

    it('goes on where it stood, and takes nothing twice', async () => {
      const first = ear().start();
      await first.until(() => first.successes > 0);
      await provider.deliver(await mail('a'));
      await first.until(() => first.heard.length === 1);
      await first.until(() => first.successes > 1);
      await first.stop();
      await provider.deliver(await mail('b'));
      await provider.deliver(await mail('c'));
      const second = ear().start(first);
      await second.until(() => second.heard.length === 2);
      await second.until(() => second.successes > 0);
      expect(await subjects(second)).toEqual(['b', 'c']);
    });

    it('loses nothing when the server dies before it stored a mail', async () => {
      const first = ear().start();
      await first.until(() => first.successes > 0);
      first.crash = true;
      await provider.deliver(await mail('a'));
      await expect(first.ended).rejects.toThrow('could not be stored');
      await provider.deliver(await mail('b'));
      const second = ear().start(first);
      await second.until(() => second.heard.length === 2);
      expect(await subjects(second)).toEqual(['a', 'b']);
    });

    it('reads the last days again when the folder is numbered anew, and not what was there before it began', async () => {
      await provider.deliver(await mail('before'), new Date(Date.now() - day));
      const first = ear().start();
      await first.until(() => first.successes > 0);
      await provider.deliver(await mail('a'));
      await first.until(() => first.heard.length === 1);
      await first.until(() => first.successes > 1);
      await first.stop();
      await provider.renumber();
      await provider.deliver(await mail('b'));
      const second = ear().start(first);
      await second.until(() => second.heard.length === 2);
      await second.until(() => second.successes > 0);
      expect(await subjects(second)).toEqual(['a', 'b']);
      const validity = (listener: Ear): unknown => listener.heard[0]?.envelope.uidValidity;
      expect(validity(second)).not.toBe(validity(first));
    });

    it('keeps the head of a mail that is too large, says so, and goes on', async () => {
      const listener = ear().start();
      await listener.until(() => listener.successes > 0);
      const head = 'From: customer1@example.com\r\nSubject: huge\r\nMessage-ID: <huge@example.com>\r\n\r\n';
      const huge = Buffer.concat([Buffer.from(head), Buffer.alloc(26 * 1024 * 1024, 'line of 8\r\n')]);
      await provider.deliver(huge);
      await provider.deliver(await mail('after'));
      await listener.until(() => listener.heard.length === 2);
      const [large, after] = listener.heard;
      expect(large?.envelope.leftOutBytes).toBeGreaterThanOrEqual(26 * 1024 * 1024);
      expect(large?.raw.toString('latin1').endsWith(head)).toBe(true);
      expect(after?.envelope.leftOutBytes).toBeUndefined();
    });

    it('keeps every byte of a mail that keeps to no rule', async () => {
      const listener = ear().start();
      await listener.until(() => listener.successes > 0);
      const odd = Buffer.concat([
        Buffer.from('From: customer1@example.com\r\nSubject: \xf3\xe1\xc7\xe3\r\n\r\n', 'latin1'),
        Buffer.from(
          Array.from({ length: 255 }, (_, byte) => byte + 1).filter((byte) => byte !== 10 && byte !== 13),
        ),
        Buffer.from('\r\n)\r\nA1 OK FETCH completed\r\n* BYE\r\n{99}\r\n'),
      ]);
      await provider.deliver(odd);
      await provider.deliver(Buffer.from('no header at all\r\n'));
      await provider.deliver(await mail('after'));
      await listener.until(() => listener.heard.length === 3);
      expect(listener.heard[0]?.raw.subarray(-odd.byteLength)).toEqual(odd);
    });

    it('ends with the field to blame when the password or the folder is wrong', async () => {
      const wrong = ear({ password: 'another password' });
      await expect(wrong.start().ended).rejects.toMatchObject({ class: 'auth', field: 'password' });
      const nowhere = ear({ folder: 'Nowhere' });
      await expect(nowhere.start().ended).rejects.toMatchObject({ class: 'permanent', field: 'folder' });
    });

    it('stops at once when it is told to', async () => {
      const listener = ear().start();
      await listener.until(() => listener.successes > 0);
      await listener.stop();
      await expect(listener.ended).resolves.toBeUndefined();
    });

    it('says whose mailbox it is, and which side is wrong', async () => {
      const check = (settings: Record<string, string | number | boolean>) =>
        email.check({ ...provider.context, settings: { ...provider.context.settings, ...settings } });
      expect((await check({})).accountName).toContain('support@example.net');
      await expect(check({ password: 'another password' })).rejects.toMatchObject({
        class: 'auth',
        field: 'password',
      });
      await expect(check({ smtpUser: 'nobody', smtpPassword: 'wrong' })).rejects.toMatchObject({
        class: 'auth',
        field: 'smtpPassword',
      });
      await expect(check({ privateHosts: '' })).rejects.toMatchObject({
        class: 'permanent',
        code: 'privateHost',
        field: 'imapHost',
      });
      await expect(check({ imapSecurity: 'starttls' })).rejects.toMatchObject({
        class: 'permanent',
        field: 'imapSecurity',
      });
      await expect(check({ smtpSecurity: 'starttls' })).rejects.toMatchObject({
        class: 'permanent',
        field: 'smtpSecurity',
      });
    });

    sendingSuite(() => provider);
  });
}
