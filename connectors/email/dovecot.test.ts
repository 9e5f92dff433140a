import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Dovecot, dovecotPath, startDovecot } from '../../test/dovecot.ts';
import { contextOf } from '../contract.host.ts';
import { Faults } from '../simulator.ts';
import { emailSuite, type MailProvider } from './email.suite.ts';
import { startSmtp, type TakenMail } from './simulator.smtp.ts';
import { zone } from './simulator.ts';

/** Deletes what a test left, so that one Dovecot serves them all. */
async function emptied(client: ImapFlow): Promise<void> {
  for (const folder of ['INBOX', 'Sent']) {
    const { exists } = await client.mailboxOpen(folder);
    if (exists) await client.messageDelete('1:*');
  }
  await client.mailboxClose();
}

describe.skipIf(!dovecotPath())('with a real Dovecot', () => {
  let dovecot: Dovecot;
  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(() => dovecot?.close());

  async function real(): Promise<MailProvider> {
    const faults = new Faults(() => 'send');
    const taken: TakenMail[] = [];
    const refused = new Map<string, { code: number; said: string }>();
    const smtp = await startSmtp({
      user: dovecot.user,
      password: dovecot.password,
      faults,
      refuses: (address) => refused.get(address) ?? null,
      taken: async (mail) => {
        taken.push(mail);
      },
    });
    const open = (): ImapFlow =>
      new ImapFlow({
        host: '127.0.0.1',
        port: dovecot.port,
        secure: false,
        doSTARTTLS: false,
        auth: { user: dovecot.user, pass: dovecot.password },
        logger: false,
        disableAutoIdle: true,
      });
    let client = open();
    await client.connect();
    await emptied(client);
    const all = async (folder: string) => {
      await client.mailboxOpen(folder, { readOnly: true });
      const found = await client.fetchAll('1:*', { uid: true, flags: true, source: true });
      await client.mailboxClose();
      return found;
    };
    return {
      context: contextOf({
        endpoint: `smtp://127.0.0.1:${smtp.port}`,
        zone,
        settings: {
          address: 'support@example.net',
          user: dovecot.user,
          password: dovecot.password,
          imapHost: '127.0.0.1',
          imapPort: dovecot.port,
          imapSecurity: 'none',
          smtpHost: '127.0.0.1',
          smtpSecurity: 'none',
          privateHosts: '127.0.0.1',
        },
      }),
      async deliver(raw, at = new Date(), folder) {
        await client.append(folder ?? 'INBOX', raw, [], at);
      },
      flags: async () => (await all('INBOX')).map(({ flags }) => [...(flags ?? [])]),
      sent: async () => (await all('Sent')).map(({ source }) => source ?? Buffer.alloc(0)),
      taken: () => taken,
      fail: (fault) => faults.plan(fault),
      refuse(address, reply) {
        if (reply) refused.set(address, reply);
        else refused.delete(address);
      },
      async renumber() {
        client.close();
        await dovecot.renumber();
        client = open();
        await client.connect();
      },
      async close() {
        client.close();
        await smtp.close();
      },
    };
  }

  emailSuite('e-mail against Dovecot', real);
});
