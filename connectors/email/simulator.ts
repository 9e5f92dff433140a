import { type AddressObject, simpleParser } from 'mailparser';
import type { Fault, SimulatedMessage, Simulator, SimulatorOptions, Zone } from '../connector.ts';
import { Faults, Ledger, SentListeners, Timers } from '../simulator.ts';
import { Customers, mailOf, type SentMail, type Writes } from './simulator.customers.ts';
import { type ImapServer, startImap } from './simulator.imap.ts';
import { MailStore } from './simulator.mailbox.ts';
import { startSmtp, type TakenMail } from './simulator.smtp.ts';

/** A mail provider: a mailbox behind IMAP, a server that takes our mail by SMTP, and everybody out there who writes to us. */
export interface EmailSimulator extends Simulator {
  zone: Zone;
  store: MailStore;
  imap: Pick<ImapServer, 'commands' | 'connections' | 'idling' | 'cut'>;
  customerWrites(mail: Writes): Promise<string>;
  /** The mails of ours that were taken, as they came, the newest last. */
  taken(): readonly TakenMail[];
  /** Who the server does not let us write to, from now on. */
  refuse(address: string, reply: { code: number; said: string } | null): void;
}

export interface EmailSimulatorOptions extends SimulatorOptions {
  /** How many messages the record and each folder keep; for a demo that runs for weeks. */
  keep?: number;
  address?: string;
  password?: string;
  starttls?: boolean;
  secure?: boolean;
  maxBytes?: number;
}

/** Mail from example.org proves who it is from; example.com publishes nothing about its senders. */
export const zone: Zone = {
  'example.com': { MX: [{ exchange: 'mx.example.com', priority: 10 }], A: ['203.0.113.10'] },
  'example.org': { MX: [{ exchange: 'mx.example.org', priority: 10 }], A: ['203.0.113.20'] },
  '_dmarc.example.org': { TXT: [['v=DMARC1; p=reject; adkim=r; aspf=r']] },
  'example.net': { MX: [{ exchange: 'mx.example.net', priority: 10 }], A: ['203.0.113.30'] },
};

const provider = 'mx.example.net';
const mailFaults = new Set<Fault>(['duplicate', 'reorder', 'drop']);
const mostTaken = 200;

export async function startSimulator(options: EmailSimulatorOptions = {}): Promise<EmailSimulator> {
  const now = options.now ?? (() => new Date());
  const step = options.deliveryStep ?? 40;
  const own = options.address ?? 'support@example.net';
  const password = options.password ?? 'simulated mailbox password';
  const faults = new Faults((fault) => (mailFaults.has(fault) ? 'mail' : 'send'));
  const timers = new Timers();
  const listeners = new SentListeners();
  const ledger = new Ledger(options.keep);
  const store = new MailStore(Math.floor(now().getTime() / 1000) >>> 0);
  const refused = new Map<string, { code: number; said: string }>();
  const customers = new Customers({ store, ledger, faults, timers, now, zone, own, by: provider, step });
  const taken: TakenMail[] = [];

  const smtp = await startSmtp({
    user: own,
    password,
    faults,
    taken: take,
    refuses: (address) => refused.get(address) ?? null,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.starttls === undefined ? {} : { starttls: options.starttls }),
    ...(options.secure === undefined ? {} : { secure: options.secure }),
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  });
  const imap = await startImap({ store, user: own, password, faults, now }).catch(async (error) => {
    await smtp.close();
    throw error;
  });

  async function take(mail: TakenMail): Promise<void> {
    const parsed = await simpleParser(mail.raw);
    const [peer] = addressesOf(parsed.to);
    const externalId = (parsed.messageId ?? '').replace(/^<|>$/g, '');
    const sendRef = parsed.headers.get('x-yekja-message');
    const message: SimulatedMessage = {
      externalId,
      direction: 'toCustomer',
      peer: peer ?? mail.to[0] ?? '',
      text: (parsed.text ?? '').replace(/\n$/, ''),
      files: parsed.attachments.map((file) => ({
        name: file.filename ?? '',
        type: file.contentType,
        bytes: file.size,
      })),
      at: now(),
      state: 'sent',
      ...(typeof sendRef === 'string' ? { sendRef } : {}),
    };
    const sent: SentMail = {
      messageId: externalId,
      peer: message.peer,
      subject: parsed.subject ?? '',
      text: message.text,
      references: [parsed.references ?? []].flat().map((id) => id.replace(/^<|>$/g, '')),
      raw: mail.raw,
    };
    taken.push(mail);
    if (taken.length > mostTaken) taken.shift();
    ledger.add(`out:${externalId}`, message);
    customers.remember(sent);
    if (mail.bounces) {
      timers.after(step, () => {
        message.state = 'bounced';
        customers.report(sent, { action: 'failed', status: '5.1.1', said: '' });
      });
    }
    listeners.tell(message);
  }

  /** Beyond `keep` the oldest mails are gone, as somebody tidies up. */
  function tidy(): void {
    if (options.keep === undefined) return;
    for (const folder of store.all()) {
      const over = folder.mails.slice(0, Math.max(0, folder.mails.length - options.keep));
      if (over.length) folder.remove(new Set(over.map(({ uid }) => uid)));
    }
  }

  return {
    endpoint: `smtp://127.0.0.1:${smtp.port}`,
    settings: {
      address: own,
      name: 'Example Shop',
      password,
      imapHost: '127.0.0.1',
      imapPort: imap.port,
      imapSecurity: 'none',
      smtpHost: '127.0.0.1',
      smtpPort: smtp.port,
      smtpSecurity: options.secure ? 'tls' : options.starttls ? 'starttls' : 'none',
      copyToSent: true,
      authserv: provider,
      privateHosts: '127.0.0.1',
    },
    zone,
    store,
    imap,
    // A mailbox calls nobody.
    setHook: () => undefined,
    async customerWrites(mail) {
      const externalId = await customers.writes(mail);
      tidy();
      return externalId;
    },
    peer: (n) => `customer${n}@example.com`,
    async act(action) {
      switch (action.do) {
        case 'uidValidity':
          store.inbox.renumber();
          imap.cut();
          return;
        case 'cut':
          imap.cut();
          return;
        case 'unreadable':
          mailOf(store.inbox.mails, String(action.externalId)).unreadable =
            action.what === 'head' ? 'head' : action.what === 'nothing' ? undefined : 'whole';
          return;
        case 'remove':
          store.inbox.remove(new Set([mailOf(store.inbox.mails, String(action.externalId)).uid]));
          return;
        default:
          await customers.act(action);
      }
    },
    messages: () => ledger.all().map((message) => ({ ...message })),
    taken: () => taken,
    refuse(address, reply) {
      if (reply) refused.set(address, reply);
      else refused.delete(address);
    },
    fail: (fault, faultOptions) => faults.plan(fault, faultOptions),
    onSent: (listener) => listeners.add(listener),
    async close() {
      timers.close();
      await Promise.all([imap.close(), smtp.close()]);
    },
  };
}

function addressesOf(field: AddressObject | AddressObject[] | undefined): string[] {
  return [field ?? []]
    .flat()
    .flatMap(({ value }) => value.flatMap(({ address }) => (address ? [address] : [])));
}
