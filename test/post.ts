import {
  type Connector,
  ConnectorError,
  type InboundEvent,
  type ListenHost,
} from '../connectors/connector.ts';
import { sameSecret } from '../server/channels/secrets.ts';
import { plain } from './provider.ts';

export interface PostCut {
  account: string;
  key: string;
  events: InboundEvent[];
}

/** What the next calls of the post do, and what was asked of it. */
export interface Post {
  connector: Connector;
  /** Every time a listener began: with which settings, and what it was given. */
  listening: { account: string; host: ListenHost; token: string }[];
  /** A listener that began now or begins later. */
  nextListener(): Promise<Post['listening'][number]>;
  /** The next listeners end with these errors. */
  failures: Error[];
  /** Addresses that were registered, the newest last. */
  hooks: (string | null)[];
  /** Ends running listeners as a network that broke would. */
  break(error: Error): void;
}

/**
 * A provider whose hook is signed with a shared token and whose listener does nothing but wait, for tests of the core's edges: settings
 * with a secret, several accounts on a hook, wake-ups.
 */
export function createPost(): Post {
  const waiting: ((listener: Post['listening'][number]) => void)[] = [];
  const breaking = new Set<(error: Error) => void>();
  const post: Post = {
    listening: [],
    failures: [],
    hooks: [],
    nextListener: () => new Promise((resolve) => waiting.push(resolve)),
    break: (error) => {
      for (const one of breaking) one(error);
    },
    connector: {
      ...plain,
      manifest: {
        ...plain.manifest,
        id: 'post',
        name: { fa: 'پست', en: 'Post' },
        settings: [
          { key: 'account', label: { fa: 'حساب', en: 'Account' }, type: 'text', required: true },
          { key: 'token', label: { fa: 'توکن', en: 'Token' }, type: 'secret', required: true },
          { key: 'pace', label: { fa: 'فاصله', en: 'Pace' }, type: 'number', required: false },
        ],
        receives: ['hook', 'listen'],
      },
      accountRef: (settings) => String(settings['account']),
      verify: (raw, settings) => sameSecret(raw.headers['x-token'] ?? '', String(settings['token'])),
      handshake: (raw, settings) =>
        raw.method === 'GET' && raw.query['challenge']
          ? raw.query['token'] === settings['token']
            ? { status: 200, type: 'text/plain', body: raw.query['challenge'] }
            : { status: 403, type: 'text/plain', body: 'no' }
          : null,
      split(raw) {
        const body = JSON.parse(new TextDecoder().decode(raw.body)) as { cuts?: PostCut[]; wake?: boolean };
        if (!body.cuts && !body.wake)
          throw new ConnectorError({ class: 'permanent', code: 'notOurs', message: 'This is no letter.' });
        return {
          events: (body.cuts ?? []).map((cut) => ({
            accountRef: cut.account,
            eventKey: cut.key,
            at: null,
            payload: new TextEncoder().encode(JSON.stringify(cut.events)),
          })),
          ...(body.wake && { wake: true }),
        };
      },
      inbound(event, settings) {
        const events = plain.inbound(event, settings);
        if (!Array.isArray(events)) throw new Error('This letter cannot be read.');
        return events;
      },
      check(context) {
        if (context.settings['token'] === 'wrong')
          return Promise.reject(
            new ConnectorError({
              class: 'auth',
              code: '401',
              message: 'The post does not know this token.',
              field: 'token',
            }),
          );
        return Promise.resolve({ accountName: String(context.settings['account']) });
      },
      connect(hook) {
        post.hooks.push(hook.url);
        return Promise.resolve();
      },
      async listen(host, context) {
        const listener = {
          account: String(context.settings['account']),
          token: String(context.settings['token']),
          host,
        };
        post.listening.push(listener);
        for (const tell of waiting.splice(0)) tell(listener);
        const failure = post.failures.shift();
        if (failure) throw failure;
        host.succeeded();
        await new Promise<void>((resolve, reject) => {
          breaking.add(reject);
          host.signal.addEventListener('abort', () => resolve());
          if (host.signal.aborted) resolve();
        });
      },
    },
  };
  return post;
}
