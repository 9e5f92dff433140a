import type { ConnectorContext, ListenHost } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { call } from './client.ts';
import type { Face } from './face.ts';
import { date, integer, type Json, kindOf } from './update.ts';

/** Where the listener stands. Times are unix milliseconds. */
interface Cursor {
  /** When the channel began: older updates are none of its business. */
  begin: number;
  /** The next update wanted; null before the first. */
  offset: number | null;
  movedAt: number;
}

const minute = 60_000;
/** Telegram holds a call with nothing to say for this long. */
const pollSeconds = 50;
const restMs = 1000;
/** After a quiet week update numbers begin anywhere, perhaps below the old ones: then an old offset would hide all that comes. */
const offsetKeepsFor = 6 * 24 * 60 * minute;

/**
 * Our own loop, one batch after the other: telegraf's runs the updates of a batch side by side and confirms them even when storing
 * failed. Asking from an offset on tells Telegram to forget all before it, so the offset moves only after storing.
 */
export async function listen(face: Face, host: ListenHost, context: ConnectorContext): Promise<void> {
  let cursor = readCursor(await host.loadCursor());
  if (!cursor) {
    const now = context.now().getTime();
    // A minute's grace for Telegram's clock, which counts in seconds.
    cursor = { begin: now - minute, offset: null, movedAt: now };
    await host.saveCursor(cursor);
  }
  let failures = 0;
  while (!host.signal.aborted) {
    try {
      if (await hasWebhook(face, host, context)) {
        host.succeeded();
        await host.wake(minute);
        continue;
      }
      host.succeeded();
      cursor = await poll(face, host, context, cursor);
      failures = 0;
    } catch (error) {
      if (host.signal.aborted) return;
      // A token that is refused is the host's business: it pauses the channel and tells somebody.
      if (!(error instanceof ConnectorError) || error.class === 'auth') throw error;
      // A webhook was set meanwhile: no failure, and the next round sees it.
      if (error.code === '409' && (await hasWebhook(face, host, context).catch(() => false))) continue;
      host.failing(error);
      failures += 1;
      await rest(host, context, error, failures);
    }
  }
}

/** Webhook and polling exclude one another. What Telegram says against the webhook goes to the log. */
async function hasWebhook(face: Face, host: ListenHost, context: ConnectorContext): Promise<boolean> {
  const info = await call<{ url?: string; last_error_message?: string; pending_update_count?: number }>(
    face,
    context,
    {
      method: 'getWebhookInfo',
      payload: {},
      effect: false,
      signal: AbortSignal.any([host.signal, AbortSignal.timeout(30_000)]),
    },
  );
  if (!info.url) return false;
  if (info.last_error_message && (info.pending_update_count ?? 0) > 0) {
    context.log.warn(`${face.name} could not deliver to the webhook`, {
      reason: info.last_error_message.slice(0, 200),
      pending: info.pending_update_count,
    });
  }
  return true;
}

/** Of one answer; Telegram gives no more. */
const mostUpdates = 100;

/** Polls until something fails or the listener is stopped. */
async function poll(face: Face, host: ListenHost, context: ConnectorContext, from: Cursor): Promise<Cursor> {
  let cursor = from;
  while (!host.signal.aborted) {
    const now = context.now().getTime();
    const fresh = cursor.offset !== null && now - cursor.movedAt < offsetKeepsFor;
    const updates = await call<Json[]>(face, context, {
      method: 'getUpdates',
      payload: {
        timeout: pollSeconds,
        limit: mostUpdates,
        ...(face.updates ? { allowed_updates: face.updates } : {}),
        ...(fresh ? { offset: cursor.offset } : {}),
      },
      effect: false,
      signal: AbortSignal.any([host.signal, AbortSignal.timeout((pollSeconds + 20) * 1000)]),
    });
    host.succeeded();
    // A full answer is not the last one; how many wait behind it, Telegram does not say.
    host.catchingUp(Array.isArray(updates) && updates.length === mostUpdates ? null : 0);
    if (!Array.isArray(updates) || updates.length === 0) {
      // Who holds no call with nothing to say would be asked without end.
      if (context.now().getTime() - now < restMs) await host.wake(restMs);
      continue;
    }
    await store(
      host,
      updates.filter((update) => since(update, cursor.begin)),
    );
    const last = Math.max(...updates.map((update) => integer(update.update_id) ?? -1));
    cursor = { ...cursor, offset: last + 1, movedAt: context.now().getTime() };
    await host.saveCursor(cursor);
  }
  return cursor;
}

function since(update: Json, begin: number): boolean {
  const body = kindOf(update)?.body;
  const at = date(body?.edit_date) ?? date(body?.date);
  return at === null || at.getTime() >= begin - 1000;
}

async function store(host: ListenHost, updates: Json[]): Promise<void> {
  if (updates.length === 0) return;
  const body = new TextEncoder().encode(JSON.stringify({ ok: true, result: updates }));
  try {
    await host.ingest({ path: '/getUpdates', method: 'POST', body });
  } catch (cause) {
    // Not an error of Telegram's: the listener ends, and its successor asks for the same updates again.
    throw new Error('What was fetched could not be stored.', { cause });
  }
}

async function rest(
  host: ListenHost,
  context: ConnectorContext,
  error: ConnectorError,
  failures: number,
): Promise<void> {
  const now = context.now().getTime();
  const end = error.retryAt?.getTime() ?? now + Math.min(minute, 500 * 2 ** Math.min(failures, 10));
  while (!host.signal.aborted && context.now().getTime() < end) {
    await host.wake(end - context.now().getTime());
  }
}

function readCursor(saved: unknown): Cursor | null {
  if (saved === null || typeof saved !== 'object') return null;
  const { begin, offset, movedAt } = saved as Partial<Record<keyof Cursor, unknown>>;
  if (typeof begin !== 'number' || typeof movedAt !== 'number') return null;
  return { begin, offset: integer(offset), movedAt };
}
