import type { ConnectorContext, ListenHost } from '../connector.ts';
import type { Mailbox } from './client.ts';
import { mailFolder, readSent } from './config.ts';
import { type Cursor, place, readCursor } from './listen.cursor.ts';
import { Fetcher } from './listen.fetch.ts';
import { sentFolderOf } from './sent.ts';

/** The cursor as it is saved: that of the folder that is watched, and beside it that of the folder of sent mail. */
type Saved = Cursor & { sent?: Cursor };

/** The folders that are read, and where each stands. */
export class Readers {
  private saved: { main: Cursor | null; sent: Cursor | null } | null = null;
  private mainReader: FolderReader | null = null;
  private sentReader: FolderReader | null = null;
  private saidNoSent = false;

  constructor(
    private readonly host: ListenHost,
    private readonly context: ConnectorContext,
  ) {}

  async main(): Promise<FolderReader> {
    const { main } = await this.load();
    this.mainReader ??= new FolderReader(this.host, this.context, {
      folder: mailFolder(this.context.settings),
      ours: true,
      cursor: main,
      save: (cursor) => this.save({ main: cursor }),
    });
    return this.mainReader;
  }

  /** Null where the settings want none, or the mailbox has no such folder. */
  async sent(mailbox: Mailbox): Promise<FolderReader | null> {
    if (!readSent(this.context.settings)) return null;
    if (this.sentReader) return this.sentReader;
    const { sent } = await this.load();
    const folder = await sentFolderOf(mailbox, this.context);
    if (folder === null || folder === mailFolder(this.context.settings)) {
      if (!this.saidNoSent)
        this.context.log.warn('The mailbox names no folder of sent mail: only what comes in is read', {});
      this.saidNoSent = true;
      return null;
    }
    this.sentReader = new FolderReader(this.host, this.context, {
      folder,
      ours: false,
      cursor: sent,
      save: (cursor) => this.save({ sent: cursor }),
    });
    return this.sentReader;
  }

  private async load(): Promise<{ main: Cursor | null; sent: Cursor | null }> {
    if (this.saved) return this.saved;
    const saved = await this.host.loadCursor();
    const sent = (saved as Partial<Saved> | null)?.sent;
    this.saved = { main: readCursor(saved), sent: readCursor(sent ?? null) };
    return this.saved;
  }

  private async save(change: { main?: Cursor; sent?: Cursor }): Promise<void> {
    this.saved = { main: null, sent: null, ...this.saved, ...change };
    const { main, sent } = this.saved;
    // Sent mail is read first: until the other folder has been placed, there is nothing to go on from.
    if (main) await this.host.saveCursor({ ...main, ...(sent ? { sent } : {}) } satisfies Saved);
  }
}

/** One folder, read from where it stands to its end as often as it is asked to be. */
export class FolderReader {
  private readonly fetcher: Fetcher;
  private cursor: Cursor | null;

  constructor(
    private readonly host: ListenHost,
    private readonly context: ConnectorContext,
    private readonly reading: {
      folder: string;
      ours: boolean;
      cursor: Cursor | null;
      save: (cursor: Cursor) => Promise<void>;
    },
  ) {
    this.cursor = reading.cursor;
    this.fetcher = new Fetcher(host, context, {
      ...reading,
      save: (cursor) => {
        this.cursor = cursor;
        return reading.save(cursor);
      },
    });
  }

  /** Opens the folder where it is not open, and leaves it open. */
  async read(mailbox: Mailbox): Promise<void> {
    const cursor = await this.place(mailbox);
    if (!this.host.signal.aborted) this.cursor = await this.fetcher.catchUp(mailbox, cursor);
  }

  private async place(mailbox: Mailbox): Promise<Cursor> {
    const { folder, save } = this.reading;
    const open = mailbox.client.mailbox;
    if (this.cursor && open && open.path === folder && Number(open.uidValidity) === this.cursor.uidValidity)
      return this.cursor;
    const box = await mailbox.call((client) => client.mailboxOpen(folder, { readOnly: true }));
    const cursor = await place(this.cursor, {
      mailbox,
      uidValidity: Number(box.uidValidity),
      uidNext: box.uidNext,
      settings: this.context.settings,
      now: this.context.now(),
    });
    if (cursor !== this.cursor) await save(cursor);
    this.cursor = cursor;
    return cursor;
  }
}
