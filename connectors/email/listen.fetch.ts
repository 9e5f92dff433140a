import type { ConnectorContext, ListenHost } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { ourMark } from './automatic.ts';
import { checkSender } from './check.ts';
import type { Mailbox } from './client.ts';
import { maxRaw, ownAddresses } from './config.ts';
import { encodeMail, type MailEnvelope } from './envelope.ts';
import { type Cursor, wanted } from './listen.cursor.ts';

/** One mail as the folder lists it. */
interface Row {
  uid: number;
  bytes: number;
  /** INTERNALDATE, unix milliseconds. */
  at: number;
  /** Bears our mark: not wanted. */
  ours: boolean;
}

/** A mail, or what could be had of it. */
interface Fetched {
  raw: Buffer;
  /** Only the head is here; this is the size of the whole. */
  leftOutBytes?: number;
}

const minute = 60_000;
const groupMails = 8;
const groupBytes = 8 * 1024 * 1024;
const groupMs = 10 * minute;
const headBytes = 256 * 1024;
/** A mail that the server cannot hand out holds the others up this often; then its head is enough, and at last our word for it. */
const headAfter = 3;
const givenUpAfter = 5;
/** The cursor of a quiet folder is not written at every check. */
const untilEvery = 10 * minute;

/** Takes what is new out of the folder, in the order of UIDs, and remembers across connections which mails made trouble. */
export class Fetcher {
  private readonly failures = new Map<number, number>();
  private failuresOf = 0;

  /** @param reading.ours whether mail that we sent ourselves is wanted: the core has it already */
  constructor(
    private readonly host: ListenHost,
    private readonly context: ConnectorContext,
    private readonly reading: { folder: string; ours: boolean; save: (cursor: Cursor) => Promise<void> },
  ) {}

  /** @returns the cursor after the last mail, saved */
  async catchUp(mailbox: Mailbox, from: Cursor): Promise<Cursor> {
    const { host, context } = this;
    if (this.failuresOf !== from.uidValidity) this.failures.clear();
    this.failuresOf = from.uidValidity;
    const rows = await this.rows(mailbox, from.lastUid);
    let cursor = from;
    const due = rows.filter((row) => !row.ours && wanted(from, row) !== 'no');
    let left = due.length;
    for (const group of groups(due)) {
      if (due.length > groupMails) host.catchingUp(left);
      left -= group.length;
      const last = await this.take(mailbox, cursor, group);
      if (host.signal.aborted) return cursor;
      cursor = { ...cursor, lastUid: last };
      await this.reading.save(cursor);
    }
    if (due.length > groupMails) host.catchingUp(0);
    const lastUid = Math.max(cursor.lastUid, ...rows.map(({ uid }) => uid));
    const now = context.now().getTime();
    if (lastUid === cursor.lastUid && rows.length === 0 && now - cursor.until < untilEvery) return cursor;
    cursor = { ...cursor, lastUid, until: now };
    await this.reading.save(cursor);
    return cursor;
  }

  private async rows(mailbox: Mailbox, lastUid: number): Promise<Row[]> {
    const box = mailbox.client.mailbox;
    if (box && box.exists === 0) return [];
    const { ours } = this.reading;
    const listed = await all(mailbox, `${lastUid + 1}:*`, {
      size: true,
      internalDate: true,
      ...(ours ? {} : { headers: [ourMark] }),
    });
    return (
      listed
        .map(({ uid, size, internalDate, headers }) => ({
          uid,
          bytes: size ?? 0,
          at: this.date(internalDate),
          ours: !ours && /:\s*\d/.test(headers?.toString('latin1') ?? ''),
        }))
        // `n:*` names the last mail even when its number is lower.
        .filter(({ uid }) => uid > lastUid)
        .sort((a, b) => a.uid - b.uid)
    );
  }

  private date(value: Date | string | undefined): number {
    const at = value instanceof Date ? value.getTime() : Number.NaN;
    return Number.isNaN(at) ? this.context.now().getTime() : at;
  }

  /** @returns the last UID that is done with */
  private async take(mailbox: Mailbox, cursor: Cursor, group: Row[]): Promise<number> {
    const whole = group.filter((row) => row.bytes <= maxRaw && !this.failures.has(row.uid));
    const sources = whole.length > 1 ? await this.sources(mailbox, whole) : new Map<number, Buffer>();
    const fetched: { row: Row; mail: Fetched | null }[] = [];
    let trouble: unknown = null;
    for (const row of group) {
      const source = sources.get(row.uid);
      try {
        fetched.push({ row, mail: source ? this.whole(source, row) : await this.one(mailbox, row) });
      } catch (error) {
        trouble = error;
        break;
      }
    }
    await this.ingest(cursor, fetched);
    const last = fetched.at(-1)?.row.uid;
    if (trouble === null || this.host.signal.aborted) return last ?? cursor.lastUid;
    // What came before the one in trouble is not fetched again.
    if (last !== undefined) await this.reading.save({ ...cursor, lastUid: last });
    throw trouble;
  }

  /** Several at once. What is missing afterwards is asked for alone. */
  private async sources(mailbox: Mailbox, rows: Row[]): Promise<Map<number, Buffer>> {
    const range = rows.map(({ uid }) => uid).join(',');
    try {
      const found = await all(mailbox, range, { source: { start: 0, maxLength: maxRaw + 1 } });
      return new Map(found.flatMap(({ uid, source }) => (source ? [[uid, source]] : [])));
    } catch (error) {
      if (mailbox.client.usable) return new Map();
      // One of them may break the connection: next time each is asked for alone, and so is found.
      for (const { uid } of rows) this.failures.set(uid, this.failures.get(uid) ?? 0);
      throw error;
    }
  }

  /** @returns null when it is not there any more */
  private async one(mailbox: Mailbox, row: Row): Promise<Fetched | null> {
    const failures = this.failures.get(row.uid) ?? 0;
    if (failures >= givenUpAfter) return this.unreadable(row);
    try {
      const head = row.bytes > maxRaw || failures >= headAfter;
      const [found] = await all(
        mailbox,
        String(row.uid),
        head
          ? { bodyParts: [{ key: 'HEADER', start: 0, maxLength: headBytes }] }
          : { source: { start: 0, maxLength: maxRaw + 1 } },
      );
      const bytes = head ? found?.headers : found?.source;
      if (bytes) return head ? { raw: bytes, leftOutBytes: Math.max(1, row.bytes) } : this.whole(bytes, row);
      if (!found && (await this.isGone(mailbox, row.uid))) return null;
      throw new ConnectorError({
        class: 'retryable',
        code: 'noMail',
        message: `The mailbox lists mail ${row.uid} and does not hand it out.`,
      });
    } catch (error) {
      if (!this.host.signal.aborted) this.failures.set(row.uid, failures + 1);
      throw error;
    }
  }

  private async isGone(mailbox: Mailbox, uid: number): Promise<boolean> {
    const found = await mailbox.call((client) => client.search({ uid: String(uid) }, { uid: true }));
    return Array.isArray(found) && found.length === 0;
  }

  /** Servers estimate sizes: what turns out larger than it said is cut down to its head here. */
  private whole(raw: Buffer, row: Row): Fetched {
    if (raw.byteLength <= maxRaw) return { raw };
    const end = raw.subarray(0, headBytes).indexOf('\r\n\r\n');
    return {
      raw: raw.subarray(0, end < 0 ? headBytes : end + 4),
      leftOutBytes: Math.max(row.bytes, raw.byteLength),
    };
  }

  private unreadable(row: Row): Fetched {
    this.context.log.warn('The mailbox does not hand out one of its mails: it is passed over', {
      uid: row.uid,
      bytes: row.bytes,
    });
    return {
      raw: Buffer.from(`Subject: Mail ${row.uid} of the mailbox could not be read\r\n\r\n`),
      leftOutBytes: Math.max(1, row.bytes),
    };
  }

  private async ingest(cursor: Cursor, fetched: { row: Row; mail: Fetched | null }[]): Promise<void> {
    const { host } = this;
    const bodies = await Promise.all(
      fetched.map(async ({ row, mail }) => (mail ? this.encode(cursor, row, mail) : null)),
    );
    for (const [index, body] of bodies.entries()) {
      const row = fetched[index]?.row;
      if (host.signal.aborted || !row) return;
      if (!body) continue;
      const history = wanted(cursor, row) === 'history';
      try {
        await host.ingest({ path: '/mail', method: 'POST', body, ...(history ? { history } : {}) });
      } catch (cause) {
        // Not an error of the mailbox's: the listener ends, and its successor fetches the same mails again.
        throw new Error('What was fetched could not be stored.', { cause });
      }
      this.failures.delete(row.uid);
    }
  }

  private async encode(cursor: Cursor, row: Row, { raw, leftOutBytes }: Fetched): Promise<Uint8Array> {
    const { settings, dns } = this.context;
    const { check, detail } = await checkSender({ raw, settings, dns, signal: this.host.signal });
    // A signature covers the body too: without it nothing can be held against the sender.
    const unknown = leftOutBytes !== undefined && check === 'fail';
    const envelope: MailEnvelope = {
      uidValidity: cursor.uidValidity,
      uid: row.uid,
      internalDate: new Date(row.at).toISOString(),
      mailbox: this.reading.folder,
      check: unknown ? 'unknown' : check,
      checkDetail: unknown ? 'The mail is too large to be checked whole.' : detail,
      own: ownAddresses(settings),
      ...(this.reading.ours ? {} : { sent: true as const }),
      ...(leftOutBytes === undefined ? {} : { leftOutBytes }),
    };
    return encodeMail({ envelope, raw });
  }
}

type FetchQuery = Parameters<Mailbox['client']['fetchAll']>[1];

/** Collected before anything else is asked: imapflow waits for ever when a command is given inside its own iteration. */
async function all(mailbox: Mailbox, range: string, query: FetchQuery) {
  const found = await mailbox.call(
    (client) => client.fetchAll(range, { uid: true, ...query }, { uid: true }),
    groupMs,
  );
  // On a connection that closed meanwhile the list only looks empty.
  if (!mailbox.client.usable || mailbox.client.isClosed)
    throw new ConnectorError({
      class: 'retryable',
      code: 'NoConnection',
      message: 'The connection to the mailbox broke while mail was fetched.',
    });
  return found;
}

function groups(rows: Row[]): Row[][] {
  const found: Row[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const group = found.at(-1);
    bytes += Math.min(row.bytes, maxRaw);
    if (group && group.length < groupMails && bytes <= groupBytes) group.push(row);
    else {
      found.push([row]);
      bytes = Math.min(row.bytes, maxRaw);
    }
  }
  return found;
}
