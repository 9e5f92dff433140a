import { type ConnectorContext, ConnectorError, type RawEvent } from '../connector.ts';
import { graph } from './client.ts';
import type { Face } from './face.ts';
import { encode, type Json, object } from './json.ts';
import { strangerIn } from './messaging.ts';
import { type Cut, readCut } from './split.ts';

/** Names and posts are asked for once an hour; what could not be found, once in ten minutes. */
const foundForMs = 3_600_000;
const missedForMs = 600_000;
/** A name is not worth holding a message up for longer. */
const patienceMs = 4_000;
const most = 5_000;

const memory = new Map<string, { answer: Json | null; until: number }>();

/**
 * What Meta knows of something, or null where it will not say: an answer is remembered for a while, by channel, on this server. Only a
 * call that must be answered throws.
 */
export async function ask(
  context: ConnectorContext & { signal: AbortSignal },
  about: { path: string; fields: string },
): Promise<Json | null> {
  const key = `${context.channelId} ${about.path} ${about.fields}`;
  const now = context.now().getTime();
  const before = memory.get(key);
  if (before && before.until > now) return before.answer;
  let answer: Json | null = null;
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]);
    answer = (await graph(context, { path: about.path, query: { fields: about.fields }, signal })).body;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    context.log.info('Meta did not say more about an event', { code: error.code });
  }
  memory.delete(key);
  memory.set(key, { answer, until: now + (answer ? foundForMs : missedForMs) });
  for (const old of memory.keys()) {
    if (memory.size <= most) break;
    memory.delete(old);
  }
  return answer;
}

/** Finds out what a change only points to; what it knows already stays away. Null: nothing was found. */
export type ChangeSeeker = (
  account: string,
  change: Json,
  context: ConnectorContext & { signal: AbortSignal },
) => Promise<Record<string, Json>>;

/** The event with what could be found out besides; null when there is nothing. */
export async function completed(
  event: RawEvent,
  context: ConnectorContext & { signal: AbortSignal },
  options: { face: Face; seek: ChangeSeeker },
): Promise<Uint8Array | null> {
  const cut = readable(event);
  if (!cut) return null;
  const { face, seek } = options;
  const known: Record<string, Json> =
    cut.by === 'change'
      ? await seek(event.accountRef, cut.item, context)
      : await personIn(face, event.accountRef, cut, context);
  if (Object.keys(known).length === 0) return null;
  return encode({ by: cut.by, item: cut.item, time: cut.time, known });
}

function readable(event: RawEvent): Cut | null {
  try {
    return readCut(event.payload);
  } catch {
    // `inbound` says what is wrong with it.
    return null;
  }
}

async function personIn(
  face: Face,
  account: string,
  cut: Cut,
  context: ConnectorContext & { signal: AbortSignal },
): Promise<Record<string, Json>> {
  const person = strangerIn(account, cut.item);
  // It was found out the first time.
  if (!person || object(cut.known?.person)) return {};
  const profile = await ask(context, { path: `/${person}`, fields: face.profileFields });
  return profile ? { person: profile } : {};
}
