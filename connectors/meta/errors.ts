import type { ErrorClass } from '../../shared/connector.ts';
import { ConnectorError } from '../connector.ts';
import { integer, type Json, list, object, parse, text } from './json.ts';

/** What one of Meta's error codes means to us; a subcode says more than its code. */
export interface Rule {
  class: ErrorClass;
  /** The one written to cannot be reached any more. */
  unreachable?: true;
  /** Put in front of Meta's own words where those do not say what to do. */
  explain?: string;
}
export type Rules = Readonly<Record<string, Rule>>;

const windowClosed: Rule = {
  class: 'windowClosed',
  explain: 'The time in which this person may be answered freely is over.',
};
const gone: Rule = { class: 'permanent', unreachable: true };
const auth: Rule = { class: 'auth' };
const haste: Rule = { class: 'rateLimited' };
const later: Rule = { class: 'retryable' };

/**
 * `code` or `code/subcode`, as the Graph API and the Messenger Platform have them (Meta: Graph API, Handling Errors; Messenger Platform,
 * Common Error Codes; Instagram Messaging, error codes). What stands nowhere is permanent.
 */
const common: Rules = {
  '1': later,
  // "Received invalid JSON reply": the message may have left all the same, Meta's page says.
  '1/1357046': { class: 'unknown' },
  '2': later,
  '4': haste,
  '10/2018065': windowClosed,
  '10/2018278': windowClosed,
  '10/2534022': windowClosed,
  '17': haste,
  '32': haste,
  '100/2018001': { ...gone, explain: 'Meta knows nobody of this id for this account.' },
  '102': auth,
  '190': auth,
  '200/1545041': gone,
  '200/2018108': gone,
  '341': haste,
  '551': gone,
  '613': haste,
  '10900': {
    class: 'permanent',
    explain: 'A comment can be answered privately once only, and this one has been.',
  },
};

/** Business use case limits: 80000 to 80014. */
const businessLimit = (code: number): boolean => code >= 80_000 && code <= 80_014;

/** @param options.effect the call would have changed something: an answer that is none of Meta's leaves its outcome unknown */
export interface Answered {
  status: number;
  headers: Headers;
  body: Uint8Array;
  effect: boolean;
  now: Date;
  /** Of one channel, before the common ones. */
  rules?: Rules;
}

/** What a refused call means. */
export function graphError(answered: Answered): ConnectorError {
  const { status, effect, now } = answered;
  const error = object(object(parse(answered.body))?.error);
  if (!error) {
    // A gateway in front of Meta: a client error was refused before anything, all else may have gone through.
    const refused = status >= 400 && status < 500 && status !== 408;
    const limited = status === 429;
    return new ConnectorError({
      class: limited ? 'rateLimited' : refused ? 'permanent' : effect ? 'unknown' : 'retryable',
      code: `http${status}`,
      message: `What answered in Meta’s place (HTTP ${status}) is not Meta${
        effect && !refused ? ': it may have taken the message or not' : ''
      }.`,
      ...(limited ? { retryAt: retryAt(answered.headers, now) } : {}),
    });
  }
  const code = integer(error.code);
  const subcode = integer(error.error_subcode);
  const rule = ruleOf({ code, subcode, transient: error.is_transient === true, answered });
  return new ConnectorError({
    class: rule.class,
    code: [code ?? `http${status}`, ...(subcode === null ? [] : [subcode])].join('/'),
    message: sentence(error, rule, code),
    ...(rule.unreachable ? { unreachable: true } : {}),
    ...(rule.class === 'rateLimited' ? { retryAt: retryAt(answered.headers, now) } : {}),
    ...(rule.class === 'auth' ? { field: 'accessToken' } : {}),
  });
}

function ruleOf(about: {
  code: number | null;
  subcode: number | null;
  transient: boolean;
  answered: Answered;
}): Rule {
  const { code, subcode, transient, answered } = about;
  const keys = [`${code}/${subcode}`, `${code}`];
  for (const rules of [answered.rules ?? {}, common])
    for (const key of keys) {
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      if (rule) return rule;
    }
  if (subcode === 1_545_041) return gone;
  if ((code !== null && businessLimit(code)) || answered.status === 429) return haste;
  if (transient || answered.status >= 500) return later;
  return answered.status === 401 ? auth : { class: 'permanent' };
}

/** Tokens stand in no sentence: Meta repeats parameters in some of its own. */
export function withoutTokens(words: string): string {
  return words
    .replace(/\b(EAA|IGQ|IGA)[A-Za-z0-9_-]{15,}/g, '[token]')
    .replace(/access_token=[^&\s"']+/g, 'access_token=[token]');
}

function sentence(error: Json, rule: Rule, code: number | null): string {
  const details = text(object(error.error_data)?.details);
  const said = text(error.error_user_msg) ?? details ?? text(error.message) ?? 'no reason given';
  const words = withoutTokens(said)
    .slice(0, 300)
    .replace(/[.\s]+$/, '');
  return `${rule.explain ? `${rule.explain} ` : ''}Meta: ${words} (${code ?? 'no code'}).`;
}

const minute = 60_000;

/**
 * When Meta takes calls again: `Retry-After` in seconds, or `estimated_time_to_regain_access` in minutes in the header of the business
 * use cases; a minute where it says nothing. (Meta: Graph API, Rate Limits)
 */
export function retryAt(headers: Headers, now: Date): Date {
  const seconds = Number(headers.get('retry-after'));
  if (Number.isFinite(seconds) && seconds > 0)
    return new Date(now.getTime() + Math.min(seconds, 86_400) * 1000);
  const minutes = Math.max(
    0,
    ...useCases(headers).map((one) => integer(one.estimated_time_to_regain_access) ?? 0),
  );
  return new Date(now.getTime() + Math.min(minutes || 1, 24 * 60) * minute);
}

/** How much of what is allowed has been used, in percent: the highest of all that the headers name. */
export function usageOf(headers: Headers): number {
  const app = object(parseHeader(headers, 'x-app-usage'));
  const parts = ['call_count', 'total_time', 'total_cputime'];
  const named = [...(app ? [app] : []), ...useCases(headers)].flatMap((one) =>
    parts.map((part) => (typeof one[part] === 'number' ? (one[part] as number) : 0)),
  );
  return Math.max(0, ...named.filter(Number.isFinite));
}

function useCases(headers: Headers): Json[] {
  const all = object(parseHeader(headers, 'x-business-use-case-usage'));
  return Object.values(all ?? {}).flatMap(list);
}

function parseHeader(headers: Headers, name: string): unknown {
  const value = headers.get(name);
  return value ? parse(new TextEncoder().encode(value)) : null;
}
