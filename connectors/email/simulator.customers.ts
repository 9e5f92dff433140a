import type { SimulatedMessage, Zone } from '../connector.ts';
import type { Faults, Ledger, Timers } from '../simulator.ts';
import {
  type CustomerMail,
  customerMail,
  deliveryReport,
  newMessageId,
  quoted,
  stamped,
} from './simulator.letters.ts';
import type { MailStore, StoredMail } from './simulator.mailbox.ts';

/** A mail of ours as the provider took it. */
export interface SentMail {
  messageId: string;
  peer: string;
  subject: string;
  text: string;
  references: string[];
  raw: Buffer;
}

export interface Writes {
  peer: string;
  name?: string;
  text: string;
  subject?: string;
  html?: string;
  file?: { name: string; type: string; body: Uint8Array; contentId?: string };
  cc?: string[];
  headers?: Record<string, string>;
  inReplyTo?: string;
  references?: string[];
  /** When it reached the mailbox. */
  at?: Date;
  messageId?: string;
  /** Somebody else in their name. */
  forged?: boolean;
}

export type Action = { do: string; peer: string; [key: string]: unknown };

interface Options {
  store: MailStore;
  ledger: Ledger;
  faults: Faults;
  timers: Timers;
  now: () => Date;
  zone: Zone;
  /** Our address, and the provider's server that stamps what comes in. */
  own: string;
  by: string;
  step: number;
}

const persian = /[\u0600-\u06FF]/;

/** Everybody out there: those who write to us, their holiday replies, their providers' reports. */
export class Customers {
  /** What we sent to whom, the newest last. */
  private readonly sent = new Map<string, SentMail[]>();
  private held: (() => void) | null = null;

  constructor(private readonly options: Options) {}

  /** We sent something: they may answer it. */
  remember(mail: SentMail): void {
    const before = this.sent.get(mail.peer) ?? [];
    this.sent.set(mail.peer, [...before.slice(-19), mail]);
  }

  async writes(mail: Writes): Promise<string> {
    const { own, now } = this.options;
    const at = mail.at ?? now();
    const messageId = mail.messageId ?? newMessageId(domainOf(mail.peer));
    const letter: CustomerMail = {
      from: { name: mail.name ?? '', address: mail.peer },
      to: own,
      subject: mail.subject ?? (persian.test(mail.text) ? 'پرسش' : 'Question'),
      text: mail.text,
      at,
      messageId,
      ...(mail.html ? { html: mail.html } : {}),
      ...(mail.file ? { file: mail.file } : {}),
      ...(mail.cc ? { cc: mail.cc } : {}),
      ...(mail.headers ? { headers: mail.headers } : {}),
      ...(mail.inReplyTo ? { inReplyTo: mail.inReplyTo } : {}),
      ...(mail.references ? { references: mail.references } : {}),
    };
    const raw = await customerMail(letter);
    this.record(messageId, mail, at);
    this.receive(raw, { from: mail.peer, at, forged: mail.forged ?? false });
    return messageId;
  }

  /** Throws on what mail cannot do. */
  async act(action: Action): Promise<void> {
    const { peer } = action;
    const text = (key: string, otherwise: string): string =>
      typeof action[key] === 'string' ? (action[key] as string) : otherwise;
    switch (action.do) {
      case 'reply':
        await this.reply(action);
        return;
      case 'autoReply':
        await this.writes({
          peer,
          text: text('text', 'تا شنبه در دسترس نیستم.'),
          subject: text('subject', 'پاسخ خودکار: در دسترس نیستم'),
          headers: { 'Auto-Submitted': 'auto-replied', 'X-Autoreply': 'yes', Precedence: 'bulk' },
          ...this.answering(action),
        });
        return;
      case 'newsletter':
        await this.writes({
          peer,
          text: text('text', 'تخفیف‌های این هفته'),
          subject: text('subject', 'خبرنامه'),
          headers: {
            'List-Id': `Weekly <weekly.${domainOf(peer)}>`,
            'List-Unsubscribe': `<mailto:leave@${domainOf(peer)}>`,
            Precedence: 'bulk',
          },
        });
        return;
      case 'forged':
        await this.writes({ peer, text: text('text', 'لطفاً شماره کارت را بفرستید.'), forged: true });
        return;
      case 'bounce':
      case 'delayed':
      case 'delivered':
        this.report(this.mailTo(action), {
          action: action.do === 'bounce' ? 'failed' : action.do,
          status: text('status', { bounce: '5.1.1', delayed: '4.4.1', delivered: '2.0.0' }[action.do]),
          said: text('said', ''),
        });
        return;
      case 'raw':
        this.receive(Buffer.from(String(action.raw ?? ''), 'latin1'), {
          from: peer,
          at: action.at instanceof Date ? action.at : this.options.now(),
          forged: false,
        });
        return;
      default:
        throw new Error(`A mailbox knows no '${action.do}'.`);
    }
  }

  private async reply(action: Action): Promise<void> {
    const mail = this.mailTo(action);
    const said = String(action.text ?? 'ممنون، رسید.');
    const quote = quoted(mail.text, {
      from: this.options.own,
      at: this.options.now(),
      persian: persian.test(said),
    });
    const externalId = await this.writes({
      peer: action.peer,
      name: typeof action.name === 'string' ? action.name : '',
      text: `${said}\n\n${quote}\n`,
      subject: /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`,
      ...(action.cc ? { cc: action.cc as string[] } : {}),
      ...this.answering(action),
    });
    const recorded = this.options.ledger.get(`in:${externalId}`);
    if (recorded) recorded.text = said;
  }

  private answering(action: Action): Pick<Writes, 'inReplyTo' | 'references'> {
    const mail = this.find(action);
    return mail ? { inReplyTo: mail.messageId, references: [...mail.references, mail.messageId] } : {};
  }

  /** The newest mail of ours to the peer, or the one named by `externalId`. */
  private find(action: Action): SentMail | undefined {
    const all = this.sent.get(action.peer) ?? [];
    return action.externalId ? all.find((mail) => mail.messageId === action.externalId) : all.at(-1);
  }

  private mailTo(action: Action): SentMail {
    const mail = this.find(action);
    if (mail) return mail;
    throw new Error(`${action.peer} got no mail that could be answered.`);
  }

  /** Their provider says what became of a mail of ours. */
  report(
    mail: SentMail,
    { action, status, said }: { action: 'failed' | 'delayed' | 'delivered'; status: string; said: string },
  ): void {
    const { own, now, by } = this.options;
    const words = { failed: 'User unknown', delayed: 'Connection timed out', delivered: 'Delivered' }[action];
    const code = { failed: '550', delayed: '451', delivered: '250' }[action];
    const raw = deliveryReport({
      by: `mx.${domainOf(mail.peer)}`,
      to: own,
      recipient: mail.peer,
      action,
      status,
      said: said || `${code} ${status} ${words}`,
      at: now(),
      original: mail.raw,
    });
    this.deliver(stamped(raw, { by, from: '', to: own, at: now(), dmarc: 'none' }), now());
  }

  private receive(raw: Buffer, { from, at, forged }: { from: string; at: Date; forged: boolean }): void {
    const { own, by, zone } = this.options;
    const policy = zone[`_dmarc.${domainOf(from)}`] !== undefined;
    const dmarc = policy ? (forged ? 'fail' : 'pass') : 'none';
    this.deliver(stamped(raw, { by, from, to: own, at, dmarc }), at);
  }

  /** `reorder` keeps a mail back until the one after it has come; `drop` tells nobody of it until they ask; `duplicate` makes two. */
  private deliver(raw: Buffer, at: Date): void {
    const { faults, store, timers, step } = this.options;
    const due = (fault: 'duplicate' | 'reorder' | 'drop'): boolean => faults.take('mail', [fault]) !== null;
    const silent = due('drop');
    const copies = due('duplicate') ? 2 : 1;
    const add = (): void => {
      for (let copy = 0; copy < copies; copy += 1) store.inbox.add(raw, { at, silent });
    };
    if (!this.held && due('reorder')) {
      this.held = add;
      // Nothing may come after it: then it comes late instead.
      timers.after(step * 20, () => {
        if (this.held !== add) return;
        this.held = null;
        add();
      });
      return;
    }
    add();
    const late = this.held;
    this.held = null;
    late?.();
  }

  private record(externalId: string, { peer, text, file }: Writes, at: Date): void {
    const message: SimulatedMessage = {
      externalId,
      direction: 'fromCustomer',
      peer,
      text,
      files: file ? [{ name: file.name, type: file.type, bytes: file.body.byteLength }] : [],
      at,
      state: 'received',
    };
    this.options.ledger.add(`in:${externalId}`, message);
  }
}

/** The mail of the folder with this Message-ID. */
export function mailOf(mails: readonly StoredMail[], messageId: string): StoredMail {
  const found = mails.find(({ raw }) => raw.includes(`<${messageId}>`));
  if (found) return found;
  throw new Error(`The mailbox holds no mail ${messageId}.`);
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
