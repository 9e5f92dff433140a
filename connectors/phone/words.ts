import type { Disposition } from '../../shared/call.ts';
import type { Settings } from '../connector.ts';
import { timeZone } from './config.ts';
import { isExtension } from './number.ts';
import { moment } from './time.ts';

/** A call as one event tells of it, in our own words, whichever system it came from. */
export interface Told {
  callId: string;
  event: 'ringing' | 'answered' | 'ended';
  direction: 'in' | 'out' | 'internal';
  from: string;
  to: string;
  at: Date;
  startedAt: Date | null;
  answeredAt: Date | null;
  endedAt: Date | null;
  disposition: Disposition | null;
  talked: number | null;
  agent: string | null;
  recording: string | null;
  name: string | null;
  note: string | null;
}

export type Json = Readonly<Record<string, unknown>>;

const events = ['ringing', 'answered', 'ended'] as const;
const dispositions = ['answered', 'missed', 'busy', 'voicemail', 'failed'] as const;

/** @throws with a sentence on what is missing, and what would be right */
export function told(item: Json, settings: Settings): Told {
  return isRecord(item) ? fromRecord(item, settings) : fromEvent(item, settings);
}

/** Call detail records of Asterisk and what is made of it: a line for each call that is over (docs.asterisk.org, CDR fields). */
function isRecord(item: Json): boolean {
  return item.callId === undefined && field(item, 'uniqueid') !== null;
}

export function callIdOf(item: Json): string | null {
  const id = isRecord(item) ? (field(item, 'linkedid') ?? field(item, 'uniqueid')) : word(item.callId);
  return id && id.length <= 200 ? id : null;
}

function fromEvent(item: Json, settings: Settings): Told {
  const zone = timeZone(settings);
  const callId = named(callIdOf(item), 'callId', 'the telephone system’s own id of the call');
  const event = among(item.event, events, 'event');
  const direction = among(item.direction, ['in', 'out', 'internal'] as const, 'direction');
  const time = (name: string): Date | null => timeIn(item, name, zone);
  const talked = seconds(item.talked, 'talked');
  const answeredAt = time('answeredAt');
  const given = item.disposition === undefined || item.disposition === null ? null : item.disposition;
  const disposition = given === null ? null : among(given, dispositions, 'disposition');
  if (event === 'ended' && !disposition && !answeredAt && !talked)
    throw new Error(
      `How call ${callId} ended is not said: give "disposition" (${dispositions.join(', ')}), or "answeredAt".`,
    );
  return {
    callId,
    event,
    direction,
    from: word(item.from) ?? '',
    to: word(item.to) ?? '',
    at: named(time('at'), 'at', 'when it happened, like 2026-01-31T14:05:00+03:30'),
    startedAt: time('startedAt'),
    answeredAt,
    endedAt: time('endedAt'),
    disposition: disposition ?? (event === 'ended' ? 'answered' : null),
    talked,
    agent: word(item.agent),
    recording: word(item.recordingUrl),
    name: word(item.name),
    note: word(item.note),
  };
}

function fromRecord(item: Json, settings: Settings): Told {
  const zone = timeZone(settings);
  const callId = named(callIdOf(item), 'uniqueid', 'the id of the call');
  const time = (...names: string[]): Date | null =>
    names.map((name) => moment(field(item, name), zone)).find((at) => at !== null) ?? null;
  const startedAt = named(time('start', 'calldate'), 'start', 'when the call began');
  const duration = seconds(field(item, 'duration'), 'duration') ?? 0;
  const endedAt = time('end') ?? new Date(startedAt.getTime() + duration * 1000);
  const from = field(item, 'src') ?? '';
  const to = field(item, 'dst') ?? '';
  const direction = wayOf({ said: field(item, 'direction'), from, to });
  const disposition = endOf(item);
  return {
    callId,
    event: 'ended',
    direction,
    from,
    to,
    at: endedAt,
    startedAt,
    answeredAt: disposition === 'answered' ? time('answer') : null,
    endedAt,
    disposition,
    talked: disposition === 'answered' ? seconds(field(item, 'billsec'), 'billsec') : null,
    agent:
      direction === 'out'
        ? (extensionIn(field(item, 'channel')) ?? extension(from))
        : (extensionIn(field(item, 'dstchannel')) ?? extension(to)),
    recording: field(item, 'recordingfile'),
    name: null,
    note: field(item, 'userfield'),
  };
}

function wayOf({ said, from, to }: { said: string | null; from: string; to: string }): Told['direction'] {
  if (said && /^(in|inbound|incoming)$/i.test(said)) return 'in';
  if (said && /^(out|outbound|outgoing)$/i.test(said)) return 'out';
  if (isExtension(from)) return isExtension(to) ? 'internal' : 'out';
  return 'in';
}

function endOf(item: Json): Disposition {
  const said = (field(item, 'disposition') ?? '').toUpperCase().replace(/[\s_-]+/g, ' ');
  if (said === 'ANSWERED') return /^voicemail/i.test(field(item, 'lastapp') ?? '') ? 'voicemail' : 'answered';
  if (['NO ANSWER', 'NOANSWER', 'CANCEL', 'CANCELLED'].includes(said)) return 'missed';
  if (said === 'BUSY') return 'busy';
  if (['FAILED', 'CONGESTION', 'CHANUNAVAIL'].includes(said)) return 'failed';
  throw new Error(
    `The disposition “${said.slice(0, 40)}” is not known: ANSWERED, NO ANSWER, BUSY, FAILED and CONGESTION are.`,
  );
}

/** `PJSIP/101-0000002a`, `SIP/101-…`, `Local/101@from-queue-…` */
function extensionIn(channel: string | null): string | null {
  return /^\w+\/(\d{2,5})(?=[-@])/.exec(channel ?? '')?.[1] ?? null;
}

const extension = (number: string): string | null => (isExtension(number) ? number.trim() : null);

/** Names of fields differ in case from one system to another. */
function field(item: Json, name: string): string | null {
  const key = Object.hasOwn(item, name)
    ? name
    : Object.keys(item).find((other) => other.toLowerCase() === name);
  return key === undefined ? null : word(item[key]);
}

function word(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return null;
  // A lone half of a surrogate pair cannot be stored.
  return Buffer.from(value, 'utf8').toString('utf8').trim() || null;
}

function timeIn(item: Json, name: string, zone: string): Date | null {
  const value = item[name];
  if (value === undefined || value === null || value === '') return null;
  const at = moment(value, zone);
  if (at) return at;
  throw new Error(`"${name}" is no time that can be read: write it like 2026-01-31T14:05:00+03:30.`);
}

function seconds(value: unknown, name: string): number | null {
  const text = word(value);
  if (text === null) return null;
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0 && number <= 86_400) return Math.round(number);
  throw new Error(`"${name}" is no number of seconds.`);
}

function among<T extends string>(value: unknown, allowed: readonly T[], name: string): T {
  const found = allowed.find((one) => one === value);
  if (found) return found;
  throw new Error(`"${name}" must be one of ${allowed.join(', ')}.`);
}

function named<T>(value: T | null, name: string, what: string): T {
  if (value !== null) return value;
  throw new Error(`"${name}" is missing: ${what}.`);
}
