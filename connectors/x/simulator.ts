import type { Fault, Simulator, SimulatorOptions } from '../connector.ts';
import { readForm } from '../simulator.form.ts';
import { answerJson, Faults, type Incoming, Ledger, SentListeners, serve, Timers } from '../simulator.ts';
import { mediaHosts } from './media.ts';
import { Api } from './simulator.api.ts';
import { Gate } from './simulator.auth.ts';
import { selfSigned } from './simulator.certificate.ts';
import { Deeds } from './simulator.deeds.ts';
import { Limits } from './simulator.limits.ts';
import { type Family, Webhooks } from './simulator.push.ts';
import { type Answer, problem } from './simulator.read.ts';
import { type SimulatedDirect, type SimulatedPost, type Someone, World } from './simulator.world.ts';

/** X's side: its API over TLS as the documentation has it, with OAuth signatures checked, its webhooks, its files, and its faults. */
export interface XSimulator extends Simulator {
  /** Whether the hook has shown that it holds the secret; null: none is set. */
  webhook(): { url: string; valid: boolean } | null;
  /** Which of X's two ways of telling the webhook speaks from now on. */
  speak(family: Family): void;
  /** Resolves when X has asked a hook for the secret. */
  hookSet(url: string | null): Promise<boolean>;
  /** How often a method was called. */
  calls(name: string): number;
}

export interface XSimulatorOptions extends SimulatorOptions {
  /** How many messages, posts and files are kept; for a demo that runs for weeks. */
  keep?: number;
  /** Calls of a method within a quarter of an hour. */
  limits?: Readonly<Record<string, number>>;
  family?: Family;
  /** Where calls to a hook that the app registers really go. */
  routeOf?: (url: string) => string;
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
const pushFaults = new Set<Fault>(['duplicate', 'reorder', 'drop', 'wrongSignature']);
const sends = new Set(['dm/send', 'tweets/create']);

const account: Someone = {
  id: '1716450569358098432',
  username: 'simulated_shop',
  name: 'فروشگاه مهتاب',
  followers: 4200,
  closed: false,
};
const tokens = {
  appKey: 'simulatedAppKeyOfNoRealApp',
  appSecret: 'simulatedAppSecretOfNoRealApp0123456789',
  accessToken: `${account.id}-simulatedAccessTokenOfNobody`,
  accessSecret: 'simulatedAccessSecretOfNobody0123456789',
};
const bearerToken = 'simulatedBearerTokenOfNoRealApp';

export async function startSimulator(options: XSimulatorOptions = {}): Promise<XSimulator> {
  const now = options.now ?? (() => new Date());
  const faults = new Faults((fault) => (pushFaults.has(fault) ? 'push' : 'send'));
  const timers = new Timers();
  const listeners = new SentListeners();
  const ledger = new Ledger(options.keep);
  const called = new Map<string, number>();
  const world = new World({ ...account }, { now, keep: options.keep ?? Number.POSITIVE_INFINITY });
  const webhooks = new Webhooks({
    world,
    appSecret: tokens.appSecret,
    faults,
    timers,
    retryStep: options.deliveryStep ?? 40,
  });
  webhooks.family = options.family ?? 'accountActivity';
  const deeds = new Deeds({ world, webhooks, now, onDirect, onPost: record });
  const api = new Api({
    world,
    webhooks,
    now,
    onDirect: (direct) => {
      onDirect(direct);
      heard(direct.id);
    },
    onPost: (post) => {
      record(post);
      webhooks.post(post);
      heard(post.id);
    },
    routeOf: options.routeOf ?? ((url) => url),
  });
  const gate = new Gate(tokens, bearerToken);
  const limits = new Limits(now, (name) => options.limits?.[name] ?? 100_000);
  const certificate = selfSigned(['api.x.com', 'upload.x.com', ...mediaHosts]);
  const server = await serve(handle, options.port, certificate);

  async function handle(incoming: Incoming): Promise<void> {
    const url = new URL(
      `https://${incoming.headers.host ?? 'api.x.com'}${incoming.url.pathname}${incoming.url.search}`,
    );
    if (mediaHosts.has(url.hostname)) return giveFile(incoming, url);
    const name = api.nameOf(incoming.method, url.pathname);
    called.set(name, (called.get(name) ?? 0) + 1);
    const fault = faults.take(name, callFaults) ?? (sends.has(name) ? faults.take('send', callFaults) : null);
    if (fault?.fault === 'resetBeforeAccept') return incoming.reset();
    if (fault?.fault === 'htmlError') return unavailable(incoming);
    const { headers, over } = limits.take(name);
    for (const [header, value] of Object.entries(headers)) incoming.response.setHeader(header, value);
    if (fault?.fault === 'rateLimit') {
      const end = Math.ceil((now().getTime() + (fault.retryAfter ?? 3) * 1000) / 1000);
      incoming.response.setHeader('x-rate-limit-remaining', '0');
      incoming.response.setHeader('x-rate-limit-reset', String(end));
    }
    const answer = refusal(fault?.fault, over) ?? (await run(incoming, { name, url }));
    if (fault?.fault === 'resetAfterAccept') return incoming.reset();
    // Taken, and never answered.
    if (fault?.fault === 'hang') return;
    if (answer.status < 400) answerJson(incoming.response, answer.status, answer.body);
    else if (!incoming.response.destroyed) {
      incoming.response.writeHead(answer.status, { 'content-type': 'application/problem+json' });
      incoming.response.end(JSON.stringify(answer.body));
    }
  }

  async function run(incoming: Incoming, { name, url }: { name: string; url: URL }): Promise<Answer> {
    const { method, headers, body } = incoming;
    const type = headers['content-type'] ?? '';
    const form = type.startsWith('application/x-www-form-urlencoded') ? body.toString('utf8') : null;
    const as = gate.who({ method, url, headers, form });
    if (!as) return problem(401, 'Unauthorized');
    const { fields, uploads } = await readForm(headers, body, new URLSearchParams());
    return api.run(name, { method, url, body: fields, file: uploads.media?.body ?? null, as });
  }

  function refusal(fault: Fault | undefined, over: boolean): Answer | null {
    if (fault === 'badCredentials') return problem(401, 'Unauthorized');
    if (fault === 'serverError') return problem(503, 'Service Unavailable');
    if (fault === 'blocked')
      return problem(403, 'You do not have permission to DM one or more participants.');
    return fault === 'rateLimit' || over ? problem(429, 'Too Many Requests') : null;
  }

  function giveFile(incoming: Incoming, url: URL): void {
    const file = [...world.media.values()].find((stored) => stored.url === url.href);
    const { method, headers, response } = incoming;
    const may = file && (file.for === null || gate.who({ method, url, headers, form: null }) === 'account');
    if (!file || !may) {
      answerJson(response, file ? 401 : 404, problem(file ? 401 : 404, 'Not for you, or not here.').body);
      return;
    }
    response.writeHead(200, { 'content-type': file.type, 'content-length': file.body.byteLength });
    response.end(file.body);
  }

  function onDirect(direct: SimulatedDirect): void {
    const own = direct.sender.id === account.id;
    const peer = own ? direct.recipient : direct.sender;
    ledger.add(direct.id, {
      externalId: direct.id,
      direction: own ? 'toCustomer' : 'fromCustomer',
      peer: peer?.id ?? '',
      text: direct.said,
      files: filesOf(direct.media ? [direct.media] : []),
      at: direct.at,
      state: own ? 'sent' : 'received',
    });
    webhooks.direct(direct);
  }

  function record(post: SimulatedPost): void {
    const own = post.author.id === account.id;
    ledger.add(post.id, {
      externalId: post.id,
      direction: own ? 'toCustomer' : 'fromCustomer',
      peer: own ? (post.replyTo?.author.id ?? '') : post.author.id,
      text: post.said,
      files: filesOf(post.media),
      visibility: 'public',
      ...(post.replyTo ? { inReplyTo: post.replyTo.id } : {}),
      at: post.at,
      state: 'posted',
    });
  }

  function heard(id: string): void {
    const message = ledger.get(id);
    if (message) listeners.tell(message);
  }

  return {
    endpoint: `${server.endpoint}/?ca=${certificate.der.toString('base64url')}`,
    settings: { ...tokens, handle: account.username, userId: account.id, pollSeconds: 5 },
    webhook: () => webhooks.info(),
    speak: (family) => {
      webhooks.family = family;
    },
    hookSet: (url) => webhooks.set(url),
    setHook: (url) => void webhooks.set(url),
    calls: (name) => called.get(name) ?? 0,
    async customerWrites({ peer, name, text, file }) {
      return deeds.writes(world.person(peer, name ? { name } : {}), world.account, text, file).id;
    },
    peer: (n) => String(1_500_000_000_000_000_000n + BigInt(n)),
    act: async (action) => deeds.act(action),
    messages: () => ledger.all().map((message) => ({ ...message })),
    fail: (fault, faultOptions) => faults.plan(fault, faultOptions),
    onSent: (listener) => listeners.add(listener),
    async close() {
      await webhooks.set(null);
      timers.close();
      await server.close();
    },
  };
}

function filesOf(media: readonly { id: string; type: string; body: Buffer }[]) {
  return media.map(({ id, type, body }) => ({ name: id, type, bytes: body.byteLength }));
}

/** What stands in front of X says when X is away. */
function unavailable({ response }: Incoming): void {
  response.writeHead(503, { 'content-type': 'text/html' });
  response.end('<html><head><title>503 Service Unavailable</title></head><body>Over capacity</body></html>');
}
