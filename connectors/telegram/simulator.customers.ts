import type { Upload } from '../simulator.form.ts';
import type { Ledger } from '../simulator.ts';
import type { Face } from './face.ts';
import type { UpdateQueue } from './simulator.updates.ts';

export interface Person {
  id: number;
  first_name: string;
  language_code: string;
  blocked: boolean;
  /** They wrote to the bot alone: only then may it write to them. */
  started: boolean;
}

export interface Group {
  id: number;
  type: 'group' | 'supergroup';
  title: string;
  /** The bot was put out of it. */
  closed: boolean;
}

export interface StoredFile extends Upload {
  /** As getFile tells it. */
  path: string;
}

export type Action = { do: string; peer: string; [key: string]: unknown };

/** The people on the other side of the bot: what they write, send and do becomes updates. */
export class Customers {
  readonly people = new Map<number, Person>();
  readonly groups = new Map<number, Group>();
  readonly files = new Map<string, StoredFile>();
  /** Groups that became supergroups: old id to new. */
  readonly migrated = new Map<number, number>();
  private nextMessage: number;
  private nextFile = 1;

  constructor(
    private readonly options: {
      face: Face;
      bot: Record<string, unknown>;
      updates: UpdateQueue;
      ledger: Ledger;
      now: () => Date;
      keepFiles: number;
    },
  ) {
    // Numbers of an earlier run must not come again.
    this.nextMessage = Math.floor(options.now().getTime() / 100);
  }

  mintMessageId(): number {
    return this.nextMessage++;
  }

  seconds(): number {
    return Math.floor(this.options.now().getTime() / 1000);
  }

  person(peer: string, name?: string): Person {
    const id = Number(peer);
    if (!Number.isSafeInteger(id) || id <= 0)
      throw new Error(`A ${this.options.face.name} peer is a user's number, not “${peer}”.`);
    const known = this.people.get(id);
    if (known) {
      if (name) known.first_name = name;
      return known;
    }
    const first_name = name ?? `User ${id % 1000}`;
    const person = { id, first_name, language_code: 'fa', blocked: false, started: false };
    this.people.set(id, person);
    return person;
  }

  writes(person: Person, message: { text: string; file?: Upload }): string {
    const { text, file } = message;
    const content = file ? { ...this.media(file), ...(text ? { caption: text } : {}) } : { text };
    return this.record(person, {
      id: this.update(person, content),
      text,
      ...(file ? { files: [file] } : {}),
    });
  }

  act(action: Action): void {
    const deed = this.deeds[action.do];
    if (!deed) {
      throw new Error(
        `A ${this.options.face.name} user does not know '${action.do}'; only ${Object.keys(this.deeds).join(', ')}.`,
      );
    }
    deed(this.person(action.peer), action);
  }

  private readonly deeds: Record<string, (person: Person, action: Action) => void> = {
    edit: (person, action) => {
      const before = this.options.ledger.get(String(action.externalId));
      if (!before) throw new Error(`There is no message ${String(action.externalId)} to edit.`);
      before.text = String(action.text);
      this.options.updates.add('edited_message', {
        message_id: messageIdOf(action),
        from: userOf(person),
        chat: chatOf(person),
        date: Math.floor(before.at.getTime() / 1000),
        edit_date: this.seconds(),
        text: before.text,
      });
    },
    reaction: (person, action) => {
      const emoji = Array.isArray(action.emoji) ? action.emoji : action.emoji ? [action.emoji] : [];
      this.options.updates.add('message_reaction', {
        chat: chatOf(person),
        message_id: messageIdOf(action),
        user: userOf(person),
        date: this.seconds(),
        old_reaction: [],
        new_reaction: emoji.map((one) => ({ type: 'emoji', emoji: one })),
      });
    },
    contact: (person, action) => {
      const own = action.own === false ? {} : { user_id: person.id };
      const phone_number = String(action.phone).replace(/^\+/, '');
      this.update(person, { contact: { phone_number, first_name: person.first_name, ...own } });
    },
    location: (person, action) => {
      const location = { latitude: Number(action.latitude), longitude: Number(action.longitude) };
      this.update(person, { location });
    },
    reply: (person, action) => {
      const text = String(action.text);
      const quoted = { message_id: messageIdOf(action), chat: chatOf(person), date: this.seconds() };
      this.record(person, { id: this.update(person, { text, reply_to_message: quoted }), text });
    },
    album: (person, action) => {
      const media_group_id = `${person.id}${this.nextMessage}`;
      for (let n = 0; n < Number(action.count ?? 2); n += 1) {
        const file: Upload = { name: `photo-${n}.png`, type: 'image/png', body: picture };
        const text = n === 0 ? String(action.text ?? '') : '';
        const caption = text ? { caption: text } : {};
        const id = this.update(person, { media_group_id, ...this.media(file), ...caption });
        this.record(person, { id, text, files: [file] });
      }
    },
    /** In a group, one for all unless `group` numbers others: to the bot by name, in answer to `externalId`, or to nobody. */
    group: (person, action) => {
      const { id, type, title } = this.group(Number(action.group ?? 1));
      const chat = { id, type, title };
      const name = `@${String(this.options.bot.username)}`;
      const said = String(action.text);
      const text = action.toBot ? `${name} ${said}` : said;
      const toBot = action.toBot ? { entities: [{ type: 'mention', offset: 0, length: name.length }] } : {};
      this.record(
        person,
        { id: this.update(person, { text, chat, ...toBot, ...this.answering(chat, action) }), text },
        id,
      );
    },
    expel: (_person, action) => {
      this.group(Number(action.group ?? 1)).closed = true;
    },
    migrate: (person, action) => {
      this.migrated.set(person.id, Number(action.to));
    },
    block: (person) => this.membership(person, true),
    unblock: (person) => this.membership(person, false),
  };

  private group(number: number): Group {
    const { face } = this.options;
    // Of Telegram’s groups the numbers are below zero.
    const id = face.secretIn === 'header' ? -1_001_000_000_000 - number : 5_000_000_000 + number;
    const known = this.groups.get(id);
    if (known) return known;
    const type = face.secretIn === 'header' ? 'supergroup' : 'group';
    const group: Group = { id, type, title: `گروه خریداران ${number}`, closed: false };
    this.groups.set(id, group);
    return group;
  }

  /** What is answered, with whose it is: ours as the bot's. */
  private answering(chat: Record<string, unknown>, action: Action): Record<string, unknown> {
    if (!action.externalId) return {};
    const answered = this.options.ledger.get(String(action.externalId));
    const message_id = messageIdOf(action);
    const from = answered?.direction === 'toCustomer' ? this.options.bot : undefined;
    return { reply_to_message: { message_id, chat, date: this.seconds(), ...(from ? { from } : {}) } };
  }

  private membership(person: Person, blocked: boolean): void {
    person.blocked = blocked;
    const [old, fresh] = blocked ? ['member', 'kicked'] : ['kicked', 'member'];
    this.options.updates.add('my_chat_member', {
      chat: chatOf(person),
      from: userOf(person),
      date: this.seconds(),
      old_chat_member: { user: this.options.bot, status: old },
      new_chat_member: { user: this.options.bot, status: fresh, until_date: 0 },
    });
  }

  private update(person: Person, content: Record<string, unknown>): number {
    const message_id = this.mintMessageId();
    if (!('chat' in content)) person.started = true;
    const head = { message_id, from: userOf(person), chat: chatOf(person), date: this.seconds() };
    this.options.updates.add('message', { ...head, ...content });
    return message_id;
  }

  private record(
    person: Person,
    written: { id: number; text: string; files?: Upload[] },
    chat = person.id,
  ): string {
    const externalId = `${chat}:${written.id}`;
    this.options.ledger.add(externalId, {
      externalId,
      direction: 'fromCustomer',
      peer: String(person.id),
      text: written.text,
      files: (written.files ?? []).map(({ name, type, body }) => ({ name, type, bytes: body.byteLength })),
      at: this.options.now(),
      state: 'received',
    });
    return externalId;
  }

  private media(upload: Upload): Record<string, unknown> {
    const file = this.keep(upload);
    if (upload.type.startsWith('image/')) {
      return {
        photo: [
          { ...file, width: 90, height: 60 },
          { ...file, width: 1280, height: 853 },
        ],
      };
    }
    if (upload.type === 'audio/ogg') return { voice: { ...file, duration: 4, mime_type: upload.type } };
    return { document: { ...file, file_name: upload.name, mime_type: upload.type } };
  }

  private keep(upload: Upload): { file_id: string; file_unique_id: string; file_size: number } {
    const file_id = `F${this.nextFile++}-${this.seconds()}`;
    this.files.set(file_id, { ...upload, path: `documents/${file_id}.bin` });
    for (const old of this.files.keys()) {
      if (this.files.size <= this.options.keepFiles) break;
      this.files.delete(old);
    }
    return { file_id, file_unique_id: `u${file_id}`, file_size: upload.body.byteLength };
  }
}

function userOf({ blocked: _blocked, started: _started, ...user }: Person): Record<string, unknown> {
  return { ...user, is_bot: false };
}

function chatOf(person: Person): Record<string, unknown> {
  return { id: person.id, first_name: person.first_name, type: 'private' };
}

function messageIdOf(action: Action): number {
  return Number(String(action.externalId ?? '').split(':')[1]);
}

/** A whole PNG of one pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
