import type { ServerResponse } from 'node:http';
import type { Fault, SimulatorOptions } from '../connector.ts';
import { type Form, readForm } from '../simulator.form.ts';
import {
  answerHtml,
  Faults,
  type Incoming,
  Ledger,
  type Listener,
  SentListeners,
  serve,
  Timers,
} from '../simulator.ts';
import { appSecretProof } from './signature.ts';
import { HookSender } from './simulator.hook.ts';
import { MediaShelf } from './simulator.media.ts';

/** What the simulators of Meta's channels are made of: the Graph API's door, with its tokens, errors, limits and media, and its webhooks. */

export interface GraphAnswered {
  status: number;
  body: unknown;
}

export interface GraphRequest extends Form {
  method: string;
  /** What the route's pattern caught. */
  match: string[];
  query: URLSearchParams;
}

export interface GraphRoute {
  /** As faults name it; those that send are also hit by a fault without a call. */
  name: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Of the path below the version, which begins with '/'. */
  path: RegExp;
  sends?: boolean;
  handle(request: GraphRequest): GraphAnswered | Promise<GraphAnswered>;
}

export interface GraphOptions extends SimulatorOptions {
  keep?: number;
}

export interface GraphAccount {
  /** `page`, `instagram`, `whatsapp_business_account`. */
  object: string;
  appId: string;
  appSecret: string;
  accessToken: string;
  verifyToken: string;
  /** Only with this version are calls answered. */
  version: string;
  /** What `blocked` makes of a send; Meta's channels say it in different numbers. */
  blocked: GraphAnswered;
  /** Links to media want the token as well. */
  mediaWantsToken?: boolean;
  /** Where a token ends; null: never. */
  tokenExpiresAt?: Date | null;
}

export interface Graph {
  listener: Listener;
  now: () => Date;
  faults: Faults;
  timers: Timers;
  sent: SentListeners;
  ledger: Ledger;
  hook: HookSender;
  media: MediaShelf;
  close(): Promise<void>;
}

export const ok = (body: unknown): GraphAnswered => ({ status: 200, body });

/** An error in the Graph API's shape. */
export function no(
  status: number,
  error: {
    code: number;
    subcode?: number;
    message: string;
    type?: string;
    transient?: boolean;
    user?: string;
    details?: string;
  },
): GraphAnswered {
  const { code, subcode, message, type = 'OAuthException', transient, user, details } = error;
  return {
    status,
    body: {
      error: {
        message,
        type,
        code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...(transient === undefined ? {} : { is_transient: transient }),
        ...(user === undefined ? {} : { error_user_msg: user }),
        ...(details === undefined ? {} : { error_data: { details } }),
        fbtrace_id: 'A0simulated',
      },
    },
  };
}

const callFaults = [
  'rateLimit',
  'serverError',
  'htmlError',
  'resetBeforeAccept',
  'resetAfterAccept',
  'hang',
  'badCredentials',
  'blocked',
] as const satisfies readonly Fault[];
const eventFaults = new Set<Fault>(['duplicate', 'reorder', 'drop', 'wrongSignature']);

/** @param routes of the channel; `debug_token` and the media are here */
export async function startGraph(
  account: GraphAccount,
  routes: GraphRoute[],
  options: GraphOptions = {},
): Promise<Graph> {
  const now = options.now ?? (() => new Date());
  const faults = new Faults((fault) => (eventFaults.has(fault) ? 'event' : 'send'));
  const timers = new Timers();
  const media = new MediaShelf({
    now,
    keep: Math.min(2000, options.keep ?? 2000),
    token: account.mediaWantsToken ?? false,
  });
  const { object, appSecret, verifyToken } = account;
  const retryStep = options.deliveryStep ?? 40;
  const hook = new HookSender({ object, appSecret, verifyToken, faults, timers, retryStep, now });
  const all = [debugToken(account), ...routes];
  let calls = 0;
  const listener = await serve(handle, options.port);
  media.endpoint = listener.endpoint;

  async function handle(incoming: Incoming): Promise<void> {
    const { url, response, headers } = incoming;
    if (media.serves(url)) return media.give(incoming, account.accessToken);
    const below = /^\/(v\d{1,2}\.\d)(\/.*)$/.exec(decodeURIComponent(url.pathname));
    const route = all.find((one) => one.method === incoming.method && one.path.test(below?.[2] ?? ''));
    const fault = route && takeFault(route);
    if (fault?.fault === 'resetBeforeAccept') return incoming.reset();
    if (fault?.fault === 'htmlError') return answerHtml(response);
    const form = await readForm(headers, incoming.body, new URLSearchParams());
    const refused =
      refusalOf(below?.[1], route) ?? (fault ? faulty(fault) : null) ?? refusedToken(incoming, form);
    if (refused)
      return answer(response, refused, fault?.fault === 'rateLimit' ? (fault.retryAfter ?? 60) : 0);
    if (!route) throw new Error('unreachable');
    const match = (route.path.exec(below?.[2] ?? '') ?? []).map((part) => part ?? '');
    const answered = await route.handle({ ...form, method: incoming.method, match, query: url.searchParams });
    if (fault?.fault === 'resetAfterAccept') return incoming.reset();
    // Taken, and never answered.
    if (fault?.fault === 'hang') return;
    answer(response, answered, 0);
  }

  function takeFault(route: GraphRoute): { fault: Fault; retryAfter?: number } | null {
    return faults.take(route.name, callFaults) ?? (route.sends ? faults.take('send', callFaults) : null);
  }

  function refusalOf(version: string | undefined, route: GraphRoute | undefined): GraphAnswered | null {
    if (version !== account.version)
      return no(400, {
        code: 2635,
        message: `(#2635) You are calling a deprecated or unknown version ${version}.`,
      });
    return route
      ? null
      : no(400, {
          code: 100,
          subcode: 33,
          message: 'Unsupported request: no such object or edge.',
          type: 'GraphMethodException',
        });
  }

  function faulty({ fault }: { fault: Fault }): GraphAnswered | null {
    if (fault === 'badCredentials') return badToken;
    if (fault === 'serverError')
      return no(500, {
        code: 2,
        message: 'An unexpected error has occurred. Please retry your request later.',
        transient: true,
      });
    if (fault === 'blocked') return account.blocked;
    if (fault === 'rateLimit')
      return no(400, { code: 613, message: '(#613) Calls to this API have exceeded the rate limit.' });
    return null;
  }

  function refusedToken({ url, headers }: Incoming, { fields }: Form): GraphAnswered | null {
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    const given = bearer ?? url.searchParams.get('access_token') ?? fields.access_token;
    if (given !== account.accessToken && given !== `${account.appId}|${appSecret}`) return badToken;
    const proof = url.searchParams.get('appsecret_proof') ?? fields.appsecret_proof;
    if (proof !== appSecretProof(String(given), appSecret))
      return no(400, {
        code: 100,
        message: 'Invalid appsecret_proof provided in the API argument.',
        type: 'GraphMethodException',
      });
    const { tokenExpiresAt } = account;
    return tokenExpiresAt && tokenExpiresAt <= now()
      ? no(400, { code: 190, subcode: 463, message: 'Error validating access token: Session has expired.' })
      : null;
  }

  function answer(response: ServerResponse, { status, body }: GraphAnswered, waitSeconds: number): void {
    if (response.destroyed) return;
    calls += 1;
    const share = waitSeconds > 0 ? 100 : Math.min(20, Math.floor(calls / 1000));
    const minutes = Math.ceil(waitSeconds / 60);
    response.writeHead(status, {
      'content-type': 'application/json; charset=UTF-8',
      'x-app-usage': JSON.stringify({ call_count: share, total_time: 1, total_cputime: 1 }),
      'x-business-use-case-usage': JSON.stringify({
        [account.appId]: [
          {
            type: 'messenger',
            call_count: share,
            total_cputime: 1,
            total_time: 1,
            estimated_time_to_regain_access: minutes,
          },
        ],
      }),
      ...(waitSeconds > 0 && waitSeconds < 60 ? { 'retry-after': String(waitSeconds) } : {}),
    });
    response.end(JSON.stringify(body));
  }

  return {
    listener,
    now,
    faults,
    timers,
    sent: new SentListeners(),
    ledger: new Ledger(options.keep),
    hook,
    media,
    async close() {
      hook.setUrl(null);
      timers.close();
      await listener.close();
    },
  };
}

const badToken = no(401, { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' });

/** (Meta: Graph API, Debugging Access Tokens) */
function debugToken(account: GraphAccount): GraphRoute {
  return {
    name: 'debug_token',
    method: 'GET',
    path: /^\/debug_token$/,
    handle: ({ query }) => {
      if (query.get('input_token') !== account.accessToken)
        return ok({
          data: { is_valid: false, error: { code: 190, message: 'Invalid OAuth access token.' } },
        });
      const expires = account.tokenExpiresAt;
      const expires_at = expires ? Math.floor(expires.getTime() / 1000) : 0;
      return ok({
        data: {
          app_id: account.appId,
          type: 'PAGE',
          is_valid: true,
          expires_at,
          data_access_expires_at: 0,
          scopes: ['pages_messaging'],
        },
      });
    },
  };
}
