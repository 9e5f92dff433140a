import { readdirSync, readFileSync } from 'node:fs';
import type { Call } from '../shared/call.ts';
import type { IdentityKind } from '../shared/customer.ts';
import type { DeliveryState } from '../shared/message.ts';
import type { RawRequest, Settings } from './connector.ts';
import { requestOf } from './recorded.ts';

/** A sequence of raw requests and what is left of it in the end, in whatever order and however often they are delivered. */
export interface Scenario {
  name: string;
  /** Which documentation of the provider the requests were written from. */
  source: string;
  settings: Settings;
  /** Messages of ours that are `sent` before the first request arrives. */
  sent: {
    externalId: string;
    scope?: string;
    text: string;
    to: { kind: IdentityKind; value: string };
    /** ISO, for what watermarks are about; absent: just now. */
    at?: string;
  }[];
  /**
   * What the provider says when it is asked about an event, by what is asked: how an address begins, its own name apart. Anything else it
   * does not know.
   */
  answers?: Record<string, unknown>;
  requests: RawRequest[];
  expected: ScenarioEnd;
}

/** Without ids of ours, seq, version, times of receipt and late marks. People are `kind:value`; handles are as the platform has them. */
export interface ScenarioEnd {
  /** In the order of the screen. */
  messages: {
    externalId: string;
    direction: 'in' | 'out';
    /** Who wrote, or who was written to. */
    person: string;
    text: string;
    /** Null where no copy of the message says when it was sent. */
    at: string | null;
    edited?: true;
    deleted?: true;
    attachments?: number;
    groupKey?: string;
    /** External id of the quoted message. */
    inReplyTo?: string;
    reactions?: { by: string; emoji: string }[];
    state?: DeliveryState;
    /** Of a telephone call. Who spoke is named as the system named them. */
    call?: Pick<Call, 'state' | 'disposition' | 'talked' | 'extension'>;
    /** Of what was said in public: so, the external id of its post, and its address. In public `inReplyTo` is whoever's. */
    visibility?: 'public';
    post?: string;
    url?: string;
  }[];
  /** Public posts that were heard of, sorted by external id; absent where there are none. */
  posts?: { externalId: string; text: string; author?: string; ours?: true; deleted?: true }[];
  /** Said in public and not to us, in the order of time; absent where there is nothing. */
  mentions?: {
    externalId: string;
    author: string;
    text: string;
    at: string | null;
    post?: string;
    edited?: true;
    deleted?: true;
  }[];
  /** Everybody met, and every identity proven beside, sorted; those of one line are one customer. */
  customers: string[][];
  unreachable: string[];
  /** Reasons of what was left out, sorted, once each. */
  ignored: string[];
  /** Keys of events that could not be understood, sorted; absent where there are none. */
  failed?: string[];
}

/** The provider of a scenario, as `complete` asks it. */
export function providerOf(answers: Scenario['answers'] = {}): typeof fetch {
  return async (asked) => {
    const { pathname, search } = new URL(asked instanceof Request ? asked.url : asked);
    const known = Object.keys(answers).find((begin) =>
      decodeURIComponent(pathname + search).startsWith(begin),
    );
    const unknown = { error: { code: 100, message: 'There is no such object.' } };
    return known === undefined
      ? Response.json(unknown, { status: 400 })
      : Response.json(answers[known], { status: 200 });
  };
}

/** @param connectorId the connector's folder. */
export function loadScenarios(connectorId: string): Scenario[] {
  const folder = new URL(`./${connectorId}/fixtures/scenarios/`, import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const file = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Omit<
        Scenario,
        'name' | 'requests'
      > & {
        requests: Parameters<typeof requestOf>[0][];
      };
      return {
        ...file,
        name: name.replace(/\.json$/, ''),
        sent: file.sent ?? [],
        requests: file.requests.map(requestOf),
      };
    });
}
