import { type ConnectorContext, ConnectorError, type ListenHost } from '../connector.ts';
import { nextOf, type PublicReader, readPublic } from './catch-up.ts';
import { graph } from './client.ts';
import { attachmentFields, linkIn } from './download.ts';
import type { Face } from './face.ts';
import { encode, id, type Json, list, messageId, moment, object, text } from './json.ts';

/** Where the listener stands. Times are unix milliseconds. */
interface Cursor {
  /** When the channel began: what is older is none of its business. */
  begin: number;
  /** Everything that was said in private until then has been fetched. */
  since: number;
  /** The same of what was said in public. */
  publicSince: number;
  /** Comments by post, as they were counted then. */
  seen: Readonly<Record<string, number>>;
}

const minute = 60_000;
const everyMs = 60 * minute;
/** Meta's clock and ours, and what was on its way while it was asked. */
const overlap = 5 * minute;
const perPage = 25;

/**
 * What the webhook did not bring: Meta tries for some hours, then it is over. So once at the start and every hour the conversations that
 * changed are read (Meta: Messenger Platform, Conversations API), and what is public by `read`; what came by the webhook has the same
 * key and is known.
 */
export function listenTo(face: Face, read: PublicReader) {
  return async (host: ListenHost, context: ConnectorContext): Promise<void> => {
    let cursor = readCursor(await host.loadCursor());
    if (!cursor) {
      const begin = context.now().getTime() - minute;
      cursor = { begin, since: begin, publicSince: begin, seen: {} };
      await host.saveCursor(cursor);
    }
    let failures = 0;
    while (!host.signal.aborted) {
      try {
        const now = context.now().getTime();
        await catchUp(face, { host, context, cursor });
        cursor = { ...cursor, since: now };
        await host.saveCursor(cursor);
        const from = Math.max(cursor.begin, cursor.publicSince - overlap);
        const open = await readPublic(face, { read, host, context, from, seen: cursor.seen });
        if (host.signal.aborted) return;
        // What was refused is asked for again from the same time on, once it is allowed.
        cursor = { ...cursor, seen: open.seen, ...(open.whole ? { publicSince: now } : {}) };
        await host.saveCursor(cursor);
        if (open.complaint) host.failing(open.complaint);
        host.succeeded();
        host.catchingUp(0);
        failures = 0;
      } catch (error) {
        if (host.signal.aborted) return;
        if (!(error instanceof ConnectorError) || error.class === 'auth') throw error;
        host.failing(error);
        failures += 1;
        await rest(host, context, { error, failures });
        continue;
      }
      await host.wake(everyMs);
    }
  };
}

interface Pass {
  host: ListenHost;
  context: ConnectorContext;
  cursor: Cursor;
}

const messageFields = `id,created_time,from,to,message,sticker,shares{link,name},${attachmentFields}`;

/** The newest conversations first, until one that has not changed since. */
async function catchUp(face: Face, pass: Pass): Promise<void> {
  const { host, context, cursor } = pass;
  const from = Math.max(cursor.begin, cursor.since - overlap);
  let after: string | null = null;
  do {
    const { body }: { body: Json } = await graph(context, {
      path: `/${face.pageOf(context.settings)}/conversations`,
      query: {
        platform: face.platform,
        fields: `id,updated_time,messages.limit(${perPage}){${messageFields}}`,
        limit: String(perPage),
        ...(after ? { after } : {}),
      },
      signal: host.signal,
    });
    const conversations = list(body.data);
    // Of one page the oldest first, so that people who wrote before stand before.
    for (const conversation of conversations.toReversed()) {
      const changed = moment(conversation.updated_time)?.getTime() ?? Number.POSITIVE_INFINITY;
      if (changed >= from) await fetchOne(face, pass, { conversation, from });
    }
    const oldest = moment(conversations.at(-1)?.updated_time)?.getTime() ?? 0;
    after = oldest >= from && conversations.length === perPage ? nextOf(body) : null;
    if (after) host.catchingUp(null);
  } while (after && !host.signal.aborted);
}

async function fetchOne(
  face: Face,
  { host, context }: Pass,
  about: { conversation: Json; from: number },
): Promise<void> {
  const { conversation, from } = about;
  const account = face.accountOf(context.settings);
  const items: Record<string, unknown>[] = [];
  let page = object(conversation.messages);
  while (page) {
    const messages = list(page.data);
    const fresh = messages.filter((message) => (moment(message.created_time)?.getTime() ?? 0) >= from);
    const read = fresh.map((message) => itemOf(face, { message, account, context }));
    items.push(...read.filter((item) => item !== null));
    const after = fresh.length === messages.length && messages.length > 0 ? nextOf(page) : null;
    const conversationId = text(conversation.id);
    if (!after || !conversationId || host.signal.aborted) break;
    const { body } = await graph(context, {
      path: `/${encodeURIComponent(conversationId)}/messages`,
      query: { fields: messageFields, limit: String(perPage), after },
      signal: host.signal,
    });
    page = body;
  }
  if (items.length === 0) return;
  const entry = [{ id: account, time: context.now().getTime(), messaging: items.reverse() }];
  try {
    await host.ingest({
      path: '/conversations',
      method: 'POST',
      body: encode({ object: face.object, entry }),
    });
  } catch (cause) {
    // Not an error of Meta's: the listener ends, and its successor asks for the same again.
    throw new Error('What was fetched could not be stored.', { cause });
  }
}

/** A message of the Conversations API as the webhook would have brought it. */
function itemOf(
  face: Face,
  about: { message: Json; account: string; context: ConnectorContext },
): Record<string, unknown> | null {
  const { message, account, context } = about;
  const mid = messageId(message.id);
  const at = moment(message.created_time);
  const from = id(object(message.from)?.id);
  const to = id(list(object(message.to)?.data)[0]?.id);
  if (!mid || !at || !from || !to) return null;
  const own = from === account || from === face.pageOf(context.settings);
  const attachments = [
    ...list(object(message.attachments)?.data).flatMap((one) => {
      const url = linkIn(one);
      return url ? [{ type: typeOf(one), payload: { url } }] : [];
    }),
    ...(text(message.sticker) ? [{ type: 'sticker', payload: { url: text(message.sticker) } }] : []),
    ...list(object(message.shares)?.data).map((one) => ({
      type: 'fallback',
      payload: { url: text(one.link), title: text(one.name) },
    })),
  ];
  const words = text(message.message) ?? '';
  return {
    sender: { id: own ? account : from },
    recipient: { id: own ? to : account },
    timestamp: at.getTime(),
    message: {
      mid,
      ...(words ? { text: words } : {}),
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(own ? { is_echo: true } : {}),
      ...(!words && attachments.length === 0 ? { is_unsupported: true } : {}),
    },
  };
}

function typeOf(attachment: Json): string {
  const family = text(attachment.mime_type)?.split('/')[0] ?? '';
  if (object(attachment.image_data) || family === 'image') return 'image';
  if (object(attachment.video_data) || family === 'video') return 'video';
  return family === 'audio' ? 'audio' : 'file';
}

async function rest(
  host: ListenHost,
  context: ConnectorContext,
  { error, failures }: { error: ConnectorError; failures: number },
): Promise<void> {
  const now = context.now().getTime();
  const end = error.retryAt?.getTime() ?? now + Math.min(5 * minute, 500 * 2 ** Math.min(failures, 10));
  while (!host.signal.aborted && context.now().getTime() < end) {
    await host.wake(end - context.now().getTime());
  }
}

function readCursor(saved: unknown): Cursor | null {
  const { begin, since, publicSince, seen } = object(saved) ?? {};
  if (typeof begin !== 'number' || typeof since !== 'number') return null;
  const counts = Object.entries(object(seen) ?? {}).flatMap(([post, count]): [string, number][] =>
    typeof count === 'number' ? [[post, count]] : [],
  );
  return {
    begin,
    since,
    // It was kept together with the other before.
    publicSince: typeof publicSince === 'number' ? publicSince : since,
    seen: Object.fromEntries(counts),
  };
}
