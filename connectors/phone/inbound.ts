import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import {
  ConnectorError,
  type InboundAttachment,
  type InboundCall,
  type InboundEvent,
  type RawEvent,
  type RawRequest,
  type Settings,
  type Split,
} from '../connector.ts';
import { accountRef, areaCode, signingKey, timeZone } from './config.ts';
import { callerOf, isExtension, isWithheld } from './number.ts';
import { moment } from './time.ts';
import { callIdOf, type Json, type Told, told } from './words.ts';

const most = 500;

/** `X-Yekja-Signature: sha256=<hex of HMAC-SHA256 over the raw body>`; compared by hash, with no timing to measure. */
export function verify(raw: RawRequest, settings: Settings): boolean {
  const key = signingKey(settings);
  const given = raw.headers['x-yekja-signature'];
  if (!key || raw.method !== 'POST' || typeof given !== 'string') return false;
  const right = createHmac('sha256', key).update(raw.body).digest('hex');
  const hash = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(
    hash(
      given
        .trim()
        .toLowerCase()
        .replace(/^sha256=/, ''),
    ),
    hash(right),
  );
}

/** One event, or a list of them. An event that says the same is the same, however often it comes. */
export function split(raw: RawRequest, settings: Settings): Split {
  const account = settings.system === undefined ? 'unconfigured' : accountRef(settings);
  const value = parse(raw.body);
  const items = (Array.isArray(value) ? value : [value]).map(objectOf);
  if (items.length > most) throw notOurs(`it has more than ${most} events`);
  return {
    events: items.map((item): RawEvent => {
      if (!item) throw notOurs('an event is an object');
      const payload = new TextEncoder().encode(JSON.stringify(item));
      const hash = createHash('sha256').update(payload).digest('hex').slice(0, 24);
      return {
        accountRef: account,
        eventKey: `${callIdOf(item) ?? 'unreadable'}/${hash}`,
        at: roughly(item, settings),
        payload,
      };
    }),
  };
}

function roughly(item: Json, settings: Settings): Date | null {
  try {
    const zone = timeZone(settings);
    return moment(item.at, zone) ?? moment(item.end, zone) ?? moment(item.start ?? item.calldate, zone);
  } catch {
    return null;
  }
}

export function inbound(event: RawEvent, settings: Settings): InboundEvent[] {
  const item = objectOf(parse(event.payload));
  if (!item) throw new Error('The event is no object.');
  const call = told(item, settings);
  const theirs = call.direction === 'out' ? call.to : call.from;
  if (call.direction === 'internal' || isExtension(theirs))
    return [{ type: 'ignored', reason: 'A call within the house, between extensions.' }];
  if (isWithheld(theirs))
    return [
      { type: 'ignored', reason: 'The caller let nobody know the number: nobody could be called back.' },
    ];
  const sender = callerOf(theirs, { areaCode: areaCode(settings), name: call.name });
  if (!sender)
    throw new Error(
      `“${theirs.slice(0, 40)}” of call ${call.callId} is no telephone number that is known here.`,
    );
  const recording = recordingOf(call);
  return [
    {
      type: 'call',
      callId: call.callId,
      direction: call.direction,
      state: call.event,
      sender,
      at: call.at,
      ...given('startedAt', call.startedAt),
      ...given('answeredAt', call.answeredAt),
      ...given('endedAt', call.endedAt),
      ...given('disposition', call.disposition),
      ...given('talked', call.talked),
      ...given('agent', call.agent),
      ...given('recording', recording),
      ...given('note', call.note?.slice(0, 5000) ?? null),
    } satisfies InboundCall,
  ];
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | null,
): { [key in Name]?: Value } | Record<string, never> {
  return value === null ? {} : ({ [name]: value } as { [key in Name]: Value });
}

const types: Record<string, string> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  m4a: 'audio/mp4',
  gsm: 'audio/gsm',
};

function recordingOf({ recording }: Told): InboundAttachment | null {
  if (!recording || recording.length > 1000) return null;
  const last = recording.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  const extension = /\.(\w{2,5})$/.exec(last)?.[1]?.toLowerCase() ?? '';
  const name = last.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(-100);
  return {
    // A name and password in it would be kept with the message.
    ref: { url: recording.replace(/^(https?:\/\/)[^/@]*@/i, '$1') },
    name: name || 'recording',
    type: types[extension] ?? 'application/octet-stream',
  };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw notOurs('it is not JSON');
  }
}

function objectOf(value: unknown): Json | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null;
}

function notOurs(why: string): ConnectorError {
  return new ConnectorError({
    class: 'permanent',
    code: 'notOurs',
    message: `This is no event of a telephone system: ${why}.`,
  });
}
