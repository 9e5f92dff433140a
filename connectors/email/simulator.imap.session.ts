import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Fault } from '../connector.ts';
import type { Faults } from '../simulator.ts';
import { fetched, inSet, matching } from './simulator.imap.mail.ts';
import { type Command, CommandReader, parseCommand, type Token, text } from './simulator.imap.read.ts';
import type { Folder, MailStore, StoredMail } from './simulator.mailbox.ts';

const imapFaults = [
  'rateLimit',
  'serverError',
  'resetBeforeAccept',
  'resetAfterAccept',
  'hang',
  'badCredentials',
] as const satisfies readonly Fault[];

const capabilities = 'IMAP4rev1 LITERAL+ SASL-IR ID IDLE NAMESPACE UIDPLUS SPECIAL-USE UNSELECT AUTH=PLAIN';

export interface ImapOptions {
  store: MailStore;
  user: string;
  password: string;
  faults: Faults;
  now: () => Date;
  port?: number;
}

/** A refusal that the client is told by name. */
class No extends Error {}

/** One client's connection: what it may do, which folder it has open, what it has been told. */
export class Session {
  idling = false;
  private signedIn = false;
  private folder: Folder | null = null;
  private readOnly = false;
  /** The UIDs that this client has been told of, by sequence number. */
  private view: number[] = [];
  private unwatch: () => void = () => undefined;
  private readonly reader: CommandReader;

  constructor(
    private readonly socket: Socket,
    private readonly options: ImapOptions,
    private readonly count: (name: string) => void,
  ) {
    this.reader = new CommandReader({
      command: (pieces) => this.take(pieces),
      goAhead: () => this.write('+ OK'),
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.reader.push(chunk));
    socket.on('error', () => socket.destroy());
  }

  greet(): void {
    const fault = this.options.faults.take('imap/connect', imapFaults)?.fault;
    if (fault === 'hang') return;
    if (fault === 'resetBeforeAccept') this.cut();
    else if (fault) this.bye('Too many connections, try again later');
    else this.write(`* OK [CAPABILITY ${capabilities}] ready`);
  }

  cut(): void {
    this.socket.resetAndDestroy();
  }

  end(): void {
    this.unwatch();
    this.folder = null;
    this.idling = false;
  }

  private write(line: string | Buffer): void {
    if (this.socket.destroyed) return;
    const bytes = typeof line === 'string' ? Buffer.from(line, 'latin1') : line;
    this.socket.write(Buffer.concat([bytes, Buffer.from('\r\n')]));
  }

  private bye(why: string): void {
    this.write(`* BYE ${why}`);
    this.socket.end();
  }

  private take(pieces: (string | Buffer)[]): void {
    let tag = '*';
    try {
      const command = parseCommand(pieces);
      tag = command.tag;
      this.count(command.name);
      const fault = this.options.faults.take(
        `imap/${command.name.replace('UID ', '').toLowerCase()}`,
        imapFaults,
      );
      if (fault && this.spoil(command, fault.fault)) return;
      this.run(command);
      if (fault?.fault === 'resetAfterAccept') this.cut();
    } catch (error) {
      const sentence = error instanceof Error ? error.message : 'Something is wrong';
      this.write(`${tag} ${error instanceof No ? 'NO' : 'BAD'} ${sentence}`);
    }
  }

  /** @returns true when the fault is all that the client gets */
  private spoil({ tag, name }: Command, fault: Fault): boolean {
    if (fault === 'resetAfterAccept') return false;
    if (fault === 'resetBeforeAccept') this.cut();
    else if (fault === 'serverError')
      this.write(`${tag} NO [${/LOGIN|AUTH/.test(name) ? 'UNAVAILABLE' : 'SERVERBUG'}] Internal error`);
    else if (fault === 'rateLimit') this.write(`${tag} NO [LIMIT] Too much at once`);
    else if (fault === 'badCredentials') this.write(`${tag} NO [AUTHENTICATIONFAILED] Authentication failed`);
    return true;
  }

  private run(command: Command): void {
    const { tag, name, args } = command;
    const done = (said = `${name} completed`): void => {
      // What happened meanwhile is told before the answer, but not where numbers of a command still refer to the old ones.
      if (name.startsWith('UID ') || !/FETCH|STORE|SEARCH/.test(name)) this.tell();
      this.write(`${tag} OK ${said}`);
    };
    switch (name) {
      case 'CAPABILITY':
        this.write(`* CAPABILITY ${capabilities}`);
        done();
        return;
      case 'NOOP':
      case 'CHECK':
        done();
        return;
      case 'ID':
        this.write('* ID ("name" "Simulator")');
        done();
        return;
      case 'LOGOUT':
        this.write('* BYE signing out');
        this.write(`${tag} OK LOGOUT completed`);
        this.socket.end();
        return;
      case 'LOGIN':
        this.signIn(text(args[0]), text(args[1]));
        done(`[CAPABILITY ${capabilities}] signed in`);
        return;
      case 'AUTHENTICATE':
        this.authenticate(command, () => done(`[CAPABILITY ${capabilities}] signed in`));
        return;
    }
    if (!this.signedIn) throw new Error('Sign in first');
    switch (name) {
      case 'NAMESPACE':
        this.write('* NAMESPACE (("" "/")) NIL NIL');
        done();
        return;
      case 'LIST':
      case 'LSUB':
        this.list(name, args);
        done();
        return;
      case 'SELECT':
      case 'EXAMINE':
        this.select(text(args[0]), name === 'EXAMINE');
        done(`[${this.readOnly ? 'READ-ONLY' : 'READ-WRITE'}] ${name} completed`);
        return;
      case 'UNSELECT':
      case 'CLOSE':
        this.end();
        done();
        return;
      case 'STATUS':
        this.status(args);
        done();
        return;
      case 'APPEND':
        this.append(args, done);
        return;
      case 'IDLE':
        this.idle(tag, () => done());
        return;
    }
    const folder = this.folder;
    if (!folder) throw new Error('Select a folder first');
    switch (name) {
      case 'UID FETCH':
      case 'FETCH':
        this.fetch(folder, name === 'UID FETCH', args);
        done();
        return;
      case 'UID SEARCH':
      case 'SEARCH': {
        const found = matching(args, this.viewed(folder));
        const numbers = found.map(({ mail, seq }) => (name === 'SEARCH' ? seq : mail.uid));
        this.write(['* SEARCH', ...numbers].join(' '));
        done();
        return;
      }
      case 'UID STORE':
      case 'STORE':
        this.store(folder, name === 'UID STORE', args);
        done();
        return;
      case 'EXPUNGE':
        if (this.readOnly) throw new No('The folder is open for reading only');
        folder.remove(
          new Set(folder.mails.filter((mail) => mail.flags.has('\\Deleted')).map(({ uid }) => uid)),
        );
        done();
        return;
      default:
        throw new Error(`This server does not know ${name}`);
    }
  }

  private signIn(user: string, password: string): void {
    const same = (a: string, b: string): boolean => {
      const [left, right] = [Buffer.from(a), Buffer.from(b)];
      return left.byteLength === right.byteLength && timingSafeEqual(left, right);
    };
    if (!same(user, this.options.user) || !same(password, this.options.password))
      throw new No('[AUTHENTICATIONFAILED] Authentication failed');
    this.signedIn = true;
  }

  /** SASL PLAIN (RFC 4616), with the answer in the command or after a challenge. */
  private authenticate({ tag, args: [mechanism, initial] }: Command, done: () => void): void {
    if (text(mechanism).toUpperCase() !== 'PLAIN') throw new No('[CANNOT] Only PLAIN is known here');
    const answer = (line: string): void => {
      const [, user = '', password = ''] = Buffer.from(line, 'base64').toString('utf8').split('\0');
      this.signIn(user, password);
      done();
    };
    if (initial !== undefined) {
      answer(text(initial));
      return;
    }
    this.write('+ ');
    this.reader.line((line) => {
      try {
        answer(line);
      } catch (error) {
        this.write(`${tag} NO ${error instanceof Error ? error.message : ''}`);
      }
    });
  }

  private list(name: string, args: Token[]): void {
    // Selection options of the extended syntax may stand first.
    const [, pattern] = args.filter((arg) => !Array.isArray(arg)).map(text);
    const wanted = new RegExp(
      `^${(pattern ?? '*').replace(/[.+^$()|[\]\\?{}]/g, '\\$&').replace(/[*%]/g, '.*')}$`,
      'i',
    );
    for (const folder of this.options.store.all()) {
      if (!wanted.test(folder.name)) continue;
      this.write(`* ${name} (${folder.attributes.join(' ')}) "/" "${folder.name}"`);
    }
  }

  private open(name: string): Folder {
    const folder = this.options.store.find(name);
    if (!folder) throw new No(`[NONEXISTENT] There is no folder ${name}`);
    return folder;
  }

  private select(name: string, readOnly: boolean): void {
    this.end();
    const folder = this.open(name);
    this.folder = folder;
    this.readOnly = readOnly;
    this.view = folder.mails.map(({ uid }) => uid);
    this.unwatch = folder.watch((change) => {
      if (this.idling && change === 'changed') this.tell();
    });
    this.write('* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)');
    this.write(`* ${this.view.length} EXISTS`);
    this.write('* 0 RECENT');
    this.write(
      `* OK [PERMANENTFLAGS (${readOnly ? '' : '\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*'})] flags`,
    );
    this.write(`* OK [UIDVALIDITY ${folder.uidValidity}] UIDs valid`);
    this.write(`* OK [UIDNEXT ${folder.uidNext}] next`);
  }

  /** Brings the client's view up to date. */
  private tell(): void {
    const folder = this.folder;
    if (!folder) return;
    const now = new Set(folder.mails.map(({ uid }) => uid));
    for (let at = this.view.length - 1; at >= 0; at -= 1) {
      if (now.has(this.view[at] ?? -1)) continue;
      this.view.splice(at, 1);
      this.write(`* ${at + 1} EXPUNGE`);
    }
    const last = this.view.at(-1) ?? 0;
    const fresh = folder.mails.filter(({ uid }) => uid > last).map(({ uid }) => uid);
    if (fresh.length === 0) return;
    this.view.push(...fresh);
    this.write(`* ${this.view.length} EXISTS`);
  }

  private status([name, items]: Token[]): void {
    const folder = this.open(text(name));
    const values: Record<string, number> = {
      MESSAGES: folder.mails.length,
      RECENT: 0,
      UIDNEXT: folder.uidNext,
      UIDVALIDITY: folder.uidValidity,
      UNSEEN: folder.mails.filter((mail) => !mail.flags.has('\\Seen')).length,
    };
    const wanted = (Array.isArray(items) ? items : []).map((item) => text(item).toUpperCase());
    const said = wanted.filter((item) => item in values).map((item) => `${item} ${values[item]}`);
    this.write(`* STATUS "${folder.name}" (${said.join(' ')})`);
  }

  private append(args: Token[], done: (said: string) => void): void {
    const folder = this.options.store.find(text(args[0]));
    if (!folder) throw new No('[TRYCREATE] There is no such folder');
    const content = args.at(-1);
    if (!Buffer.isBuffer(content)) throw new Error('APPEND needs a literal');
    const flags = args.find(Array.isArray) ?? [];
    const date =
      typeof args.at(-2) === 'string' && args.length > 2 ? new Date(text(args.at(-2))) : this.options.now();
    if (Number.isNaN(date.getTime())) throw new Error('This is no date');
    const mail = folder.add(content, { at: date, flags: flags.map(text) });
    done(`[APPENDUID ${folder.uidValidity} ${mail.uid}] APPEND completed`);
  }

  private idle(tag: string, done: () => void): void {
    this.idling = this.folder !== null;
    this.write('+ idling');
    if (this.idling) this.tell();
    this.reader.line((line) => {
      this.idling = false;
      if (line.toUpperCase() === 'DONE') done();
      else this.write(`${tag} BAD Only DONE ends IDLE`);
    });
  }

  /** The mails of the view that are still there. */
  private viewed(folder: Folder): { mail: StoredMail; seq: number }[] {
    const byUid = new Map(folder.mails.map((mail) => [mail.uid, mail]));
    return this.view.flatMap((uid, at) => {
      const mail = byUid.get(uid);
      return mail ? [{ mail, seq: at + 1 }] : [];
    });
  }

  private among(folder: Folder, byUid: boolean, set: string): { mail: StoredMail; seq: number }[] {
    const viewed = this.viewed(folder);
    const contains = inSet(set, byUid ? (viewed.at(-1)?.mail.uid ?? 0) : this.view.length);
    return viewed.filter(({ mail, seq }) => contains(byUid ? mail.uid : seq));
  }

  private fetch(folder: Folder, byUid: boolean, [set, items]: Token[]): void {
    if (items === undefined) throw new Error('FETCH needs a set and items');
    const wanted = byUid ? [...new Set(['UID', ...(Array.isArray(items) ? items : [items])])] : items;
    for (const { mail, seq } of this.among(folder, byUid, text(set))) {
      const asked = JSON.stringify(wanted);
      const head = asked.includes('[HEADER');
      if (asked.includes('BODY') && (mail.unreadable === 'head' || (mail.unreadable && !head)))
        throw new No('[SERVERBUG] The mail cannot be read');
      const { data, seen } = fetched(mail, wanted);
      if (seen && !this.readOnly) mail.flags.add('\\Seen');
      this.write(Buffer.concat([Buffer.from(`* ${seq} FETCH (`), data, Buffer.from(')')]));
    }
  }

  private store(folder: Folder, byUid: boolean, [set, how, flags]: Token[]): void {
    if (this.readOnly) throw new No('The folder is open for reading only');
    const match = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(text(how));
    if (!match) throw new Error('STORE changes FLAGS only');
    const given = (Array.isArray(flags) ? flags : [flags ?? '']).map(text);
    for (const { mail, seq } of this.among(folder, byUid, text(set))) {
      if (match[1] === '') mail.flags = new Set(given);
      for (const flag of given) {
        if (match[1] === '-') mail.flags.delete(flag);
        else mail.flags.add(flag);
      }
      if (match[2]) continue;
      const uid = byUid ? `UID ${mail.uid} ` : '';
      this.write(`* ${seq} FETCH (${uid}FLAGS (${[...mail.flags].join(' ')}))`);
    }
  }
}
