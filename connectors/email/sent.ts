import type { ConnectorContext } from '../connector.ts';
import { type Mailbox, openMailbox } from './client.ts';
import { sentFolder } from './config.ts';

interface Copy {
  messageId: string;
  raw: Buffer;
}

/** Mails of one channel whose copies are still to be made; one connection makes all that wait. */
interface Waiting {
  copies: Copy[];
  bytes: number;
  done: Promise<void>;
}

const waiting = new Map<string, Waiting>();
const mostWaitingBytes = 64 * 1024 * 1024;
const allMs = 2 * 60_000;
const appendMs = 90_000;

/**
 * Puts a copy of a sent mail into the folder of sent mail, unless the server did so itself. Not waited for, and a failure is only
 * logged: the mail has left.
 */
export function keepCopy(context: ConnectorContext, copy: Copy): void {
  const before = waiting.get(context.channelId);
  if (before) {
    if (before.bytes + copy.raw.byteLength > mostWaitingBytes) {
      context.log.warn('Too many sent mails wait for their copy: this one gets none', {
        messageId: copy.messageId,
      });
      return;
    }
    before.copies.push(copy);
    before.bytes += copy.raw.byteLength;
    return;
  }
  const queue: Waiting = { copies: [copy], bytes: copy.raw.byteLength, done: Promise.resolve() };
  waiting.set(context.channelId, queue);
  queue.done = keepAll(context, queue)
    .catch((error: unknown) => {
      context.log.warn('A sent mail could not be copied into the folder of sent mail', {
        reason: error instanceof Error ? error.message : String(error),
        mails: queue.copies.length,
      });
      queue.copies = [];
    })
    .then(() => {
      waiting.delete(context.channelId);
      // Came when the last one had been made and the connection was closing.
      for (const late of queue.copies) keepCopy(context, late);
    });
}

/** Resolves when no copy of this channel waits any more. */
export async function copiesKept(channelId: string): Promise<void> {
  for (let queue = waiting.get(channelId); queue; queue = waiting.get(channelId)) await queue.done;
}

async function keepAll(context: ConnectorContext, queue: Waiting): Promise<void> {
  const mailbox = await openMailbox(context, AbortSignal.timeout(allMs));
  try {
    const folder = await sentFolderOf(mailbox, context);
    if (folder === null) {
      context.log.warn('The mailbox names no folder of sent mail: no copies are kept', {});
      queue.copies = [];
      return;
    }
    await mailbox.call((client) => client.mailboxOpen(folder, { readOnly: true }));
    for (let copy = queue.copies[0]; copy; copy = queue.copies[0]) {
      await keepOne(mailbox, folder, copy);
      queue.copies.shift();
      queue.bytes -= copy.raw.byteLength;
    }
  } finally {
    mailbox.close();
  }
}

async function keepOne(mailbox: Mailbox, folder: string, { messageId, raw }: Copy): Promise<void> {
  const found = await mailbox.call((client) =>
    client.search({ header: { 'message-id': messageId } }, { uid: true }),
  );
  if (Array.isArray(found) && found.length > 0) return;
  await mailbox.call((client) => client.append(folder, raw, ['\\Seen']), appendMs);
}

/** The folder of the settings, or the one that the server marks (RFC 6154), or the one with the usual name. */
export async function sentFolderOf(
  mailbox: Mailbox,
  context: Pick<ConnectorContext, 'settings'>,
): Promise<string | null> {
  const named = sentFolder(context.settings);
  if (named) return named;
  const folders = await mailbox.call((client) => client.list());
  return folders.find((folder) => folder.specialUse === '\\Sent')?.path ?? null;
}
