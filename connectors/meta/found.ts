import { type ConnectorContext, ConnectorError, type RawEvent } from '../connector.ts';
import { graph } from './client.ts';
import type { Face } from './face.ts';
import { encode, type Json, object } from './json.ts';
import { strangerIn } from './messaging.ts';
import { type Cut, readCut } from './split.ts';

/** Names and posts are asked for once an hour; what could not be found, once in ten minutes. */
const foundForMs = 3_600_000;
const missedForMs = 600_000;
/** What one can do without and was refused is not asked for again today. */
const refusedForMs = 24 * 3_600_000;
/** A name is not worth holding a message up for longer. */
const patienceMs = 4_000;
const most = 5_000;

interface Remembered {
  answer: Json | null;
  /** Meta said no, and was not merely away. */
  refused: boolean;
  spare: boolean;
  at: number;
}

const memory = new Map<string, Remembered>();
/** By channel: until when nothing is asked for that one can do without, because Meta was asked too much, or is away. */
const resting = new Map<string, number>();
const restMs = 60_000;

/**
 * What Meta knows of something, or null where it will not say: an answer is remembered for a while, by channel, on this server. Only a
 * call that must be answered throws.
 * @param about.spare one can do without it: it is asked for less often
 */
export async function ask(
  context: ConnectorContext & { signal: AbortSignal },
  about: { path: string; fields: string; spare?: true },
): Promise<Json | null> {
  const key = `${context.channelId} ${about.path} ${about.fields}`;
  const now = context.now().getTime();
  const before = memory.get(key);
  const spare = about.spare === true;
  if (before && before.at + heldFor(before, spare) > now) return before.answer;
  if (spare && (resting.get(context.channelId) ?? 0) > now) return null;
  let answer: Json | null = null;
  let refused = false;
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]);
    answer = (await graph(context, { path: about.path, query: { fields: about.fields }, signal })).body;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    context.log.info('Meta did not say more about an event', { code: error.code });
    refused = error.class === 'permanent';
    if (!refused) resting.set(context.channelId, error.retryAt?.getTime() ?? now + restMs);
  }
  memory.delete(key);
  memory.set(key, { answer, refused, spare, at: now });
  for (const old of memory.keys()) {
    if (memory.size <= most) break;
    memory.delete(old);
  }
  return answer;
}

/** Whoever was a stranger when they commented may have written to us since: a message asks again at once. */
function heldFor({ answer, refused, spare: before }: Remembered, spare: boolean): number {
  if (answer) return foundForMs;
  if (spare) return refused ? refusedForMs : missedForMs;
  return before ? 0 : missedForMs;
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
