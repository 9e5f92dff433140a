/** A mailbox as an IMAP server keeps it: folders with a UIDVALIDITY, mails with a UID that never comes again. */

export interface StoredMail {
  uid: number;
  raw: Buffer;
  /** INTERNALDATE: when it came into this folder. */
  at: Date;
  flags: Set<string>;
  /** The server lists it and fails when it is asked for: for the whole, or for its head as well. */
  unreadable?: 'whole' | 'head' | undefined;
}

/** 'silent': a change that nobody is told of until they ask. */
export type Change = 'changed' | 'silent';

export class Folder {
  uidValidity: number;
  uidNext = 1;
  mails: StoredMail[] = [];
  private readonly watchers = new Set<(change: Change) => void>();

  constructor(
    readonly name: string,
    readonly attributes: readonly string[],
    uidValidity: number,
  ) {
    this.uidValidity = uidValidity;
  }

  add(raw: Buffer, options: { at: Date; flags?: Iterable<string>; silent?: boolean }): StoredMail {
    const mail: StoredMail = {
      uid: this.uidNext++,
      raw,
      at: options.at,
      flags: new Set(options.flags ?? []),
    };
    this.mails.push(mail);
    this.tell(options.silent ? 'silent' : 'changed');
    return mail;
  }

  remove(uids: ReadonlySet<number>): void {
    this.mails = this.mails.filter(({ uid }) => !uids.has(uid));
    this.tell('changed');
  }

  /** Numbered anew, as after a restore from a backup. Who has it open must open it again. */
  renumber(): void {
    this.uidValidity += 1;
    this.uidNext = 1;
    this.mails = this.mails.map((mail) => ({ ...mail, uid: this.uidNext++ }));
  }

  watch(watcher: (change: Change) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private tell(change: Change): void {
    for (const watcher of [...this.watchers]) watcher(change);
  }
}

export class MailStore {
  readonly inbox: Folder;
  readonly sent: Folder;
  private readonly folders: Folder[];

  constructor(uidValidity: number) {
    this.inbox = new Folder('INBOX', ['\\HasNoChildren'], uidValidity);
    this.sent = new Folder('Sent', ['\\HasNoChildren', '\\Sent'], uidValidity);
    this.folders = [
      this.inbox,
      this.sent,
      new Folder('Archive', ['\\HasNoChildren', '\\Archive'], uidValidity),
    ];
  }

  all(): readonly Folder[] {
    return this.folders;
  }

  /** INBOX in any spelling, others exactly. */
  find(name: string): Folder | undefined {
    const wanted = name.toUpperCase() === 'INBOX' ? 'INBOX' : name;
    return this.folders.find((folder) => folder.name === wanted);
  }
}
