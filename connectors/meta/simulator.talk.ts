import type { SimulatedMessage } from '../connector.ts';
import type { Upload } from '../simulator.form.ts';
import type { Graph } from './simulator.graph.ts';

/** One person who writes to an account, by the id under which that account knows them. */
export interface SimulatedPerson {
  id: string;
  name: string;
  username: string;
  followers: number;
  /** They wrote before this simulator began: their profile may be seen. */
  wroteBefore: boolean;
  /** What anybody may ask of: a business, a creator. */
  professional: boolean;
  blocked: boolean;
  lastWroteAt: Date | null;
}

export interface TalkMessage {
  mid: string;
  own: boolean;
  at: Date;
  text: string;
  /** Ids on the shelf of media. */
  media: { id: string; type: string }[];
}

export interface TalkOptions {
  object: 'page' | 'instagram';
  account: string;
  page: string;
  /** Messenger gives `metadata` back and says what was delivered; Instagram says only what was seen. */
  messenger: boolean;
  deliveryStep: number;
}

/** Private messages between one account and its people: what each side has, and the events that tell of it. */
export class Talk {
  readonly people = new Map<string, SimulatedPerson>();
  readonly threads = new Map<string, TalkMessage[]>();
  private next: number;

  constructor(
    readonly graph: Graph,
    readonly options: TalkOptions,
  ) {
    // Ids of an earlier run must not come again.
    this.next = graph.now().getTime();
  }

  person(peer: string, name?: string): SimulatedPerson {
    if (!/^\d{5,25}$/.test(peer)) throw new Error(`A person at Meta is a number, not “${peer}”.`);
    const known = this.people.get(peer);
    if (known) {
      if (name) known.name = name;
      return known;
    }
    const n = peer.slice(-4);
    const person = {
      id: peer,
      name: name ?? `User ${n}`,
      username: `user.${n}`,
      followers: Number(n) || 0,
      wroteBefore: false,
      professional: false,
      blocked: false,
      lastWroteAt: null,
    };
    this.people.set(peer, person);
    return person;
  }

  mint(): string {
    const number = this.next++;
    return this.options.messenger
      ? `m_${number.toString(36)}-Simulated`
      : `aWdfZAG06${number.toString(36)}ZD`;
  }

  /** Somebody writes; `extra` goes into the event's message. */
  writes(
    person: SimulatedPerson,
    message: { text: string; file?: Upload; extra?: Record<string, unknown>; standby?: boolean },
  ): string {
    const { text, file, extra, standby } = message;
    const mid = this.mint();
    const at = this.graph.now();
    person.lastWroteAt = at;
    const media = file ? [{ id: this.graph.media.put(file), type: familyOf(file.type) }] : [];
    this.keep(person, { mid, own: false, at, text, media });
    this.record(person, { mid, text, at, files: file ? [file] : [], direction: 'fromCustomer' });
    const attachments = media.map(({ id, type }) => ({ type, payload: { url: this.graph.media.link(id) } }));
    this.tell(
      person,
      at,
      {
        message: {
          mid,
          ...(text ? { text } : {}),
          ...(attachments.length > 0 ? { attachments } : {}),
          ...extra,
        },
      },
      standby ? 'standby' : 'messaging',
    );
    return mid;
  }

  /** Our account writes: through the API, or in Meta's own app (`app`: whose it is). */
  answers(
    person: SimulatedPerson,
    message: { text: string; files?: string[]; metadata?: string; app?: string },
  ): TalkMessage {
    const mid = this.mint();
    const at = this.graph.now();
    const media = (message.files ?? []).map((id) => ({
      id,
      type: familyOf(this.graph.media.get(id)?.type ?? ''),
    }));
    const written: TalkMessage = { mid, own: true, at, text: message.text, media };
    this.keep(person, written);
    const attachments = media.map(({ id, type }) => ({ type, payload: { url: this.graph.media.link(id) } }));
    const said: Record<string, unknown> = {
      mid,
      is_echo: true,
      ...(message.text ? { text: message.text } : {}),
      ...(attachments.length > 0 ? { attachments } : {}),
    };
    if (this.options.messenger) {
      if (message.app) said.app_id = Number(message.app);
      if (message.metadata) said.metadata = message.metadata;
    }
    const { account } = this.options;
    this.event({
      sender: { id: account },
      recipient: { id: person.id },
      timestamp: at.getTime(),
      message: said,
    });
    return written;
  }

  /** What follows a message that went out: it arrived, it was read. */
  receipts(person: SimulatedPerson, { mid, at }: TalkMessage): void {
    const { deliveryStep, messenger } = this.options;
    const { timers, ledger } = this.graph;
    const become = (state: string): void => {
      const entry = ledger.get(mid);
      if (entry) entry.state = state;
    };
    timers.inTurn(deliveryStep, [
      () => {
        become('delivered');
        if (messenger)
          this.tell(person, this.graph.now(), { delivery: { mids: [mid], watermark: at.getTime() } });
      },
      () => {
        become('read');
        this.reads(person, messenger ? { watermark: at.getTime() } : { mid });
      },
    ]);
  }

  reads(person: SimulatedPerson, read: Record<string, unknown>): void {
    this.tell(person, this.graph.now(), { read });
  }

  tell(person: SimulatedPerson, at: Date, body: Record<string, unknown>, list = 'messaging'): void {
    const { account } = this.options;
    this.event(
      { sender: { id: person.id }, recipient: { id: account }, timestamp: at.getTime(), ...body },
      list,
    );
  }

  event(item: Record<string, unknown>, list = 'messaging'): void {
    this.graph.hook.add({ account: this.options.account, list, item });
  }

  record(
    person: SimulatedPerson,
    about: Pick<SimulatedMessage, 'text' | 'at' | 'direction'> & {
      mid: string;
      files: Upload[];
      sendRef?: string;
    },
  ): SimulatedMessage {
    const { mid, text, at, direction, files, sendRef } = about;
    const entry: SimulatedMessage = {
      externalId: mid,
      direction,
      peer: person.id,
      text,
      files: files.map(({ name, type, body }) => ({ name, type, bytes: body.byteLength })),
      ...(sendRef ? { sendRef } : {}),
      at,
      state: direction === 'toCustomer' ? 'sent' : 'received',
    };
    this.graph.ledger.add(mid, entry);
    return entry;
  }

  find(mid: string): TalkMessage | null {
    for (const thread of this.threads.values()) {
      const found = thread.find((message) => message.mid === mid);
      if (found) return found;
    }
    return null;
  }

  private keep(person: SimulatedPerson, message: TalkMessage): void {
    const thread = this.threads.get(person.id) ?? [];
    thread.push(message);
    if (thread.length > 500) thread.shift();
    this.threads.set(person.id, thread);
  }
}

export function familyOf(type: string): string {
  const family = type.split('/')[0] ?? '';
  return /^(image|audio|video)$/.test(family) ? family : 'file';
}
