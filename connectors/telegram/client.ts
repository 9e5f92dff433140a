import http from 'node:http';
import https from 'node:https';
import { Telegram, TelegramError } from 'telegraf';
import { type ConnectorContext, ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { botToken, defaultEndpoint, withoutTokens } from './config.ts';

type Method = Parameters<Telegram['callApi']>[0];

/**
 * No kept-alive connections: one that Telegram closed just as it was reused breaks without an answer, and a message whose outcome
 * nobody knows costs a person's attention, a handshake some milliseconds.
 */
const agents = { http: new http.Agent({ keepAlive: false }), https: new https.Agent({ keepAlive: false }) };

interface Call {
  /** The call would change something: without an answer its outcome is unknown. */
  effect: boolean;
  signal: AbortSignal;
}

export function apiRoot(context: Pick<ConnectorContext, 'endpoint'>): string {
  return `${(context.endpoint ?? defaultEndpoint).replace(/\/+$/, '')}/`;
}

/**
 * Telegraf's client, called so that every failure is one of ours. `Result` is what the documentation says of the method. Telegraf's own
 * methods take no signal; `callApi`, which they all use, does.
 */
export async function call<Result>(
  context: ConnectorContext,
  method: Method,
  payload: Record<string, unknown>,
  options: Call,
): Promise<Result> {
  const telegram = new Telegram(botToken(context.settings), {
    apiRoot: apiRoot(context),
    webhookReply: false,
  });
  telegram.options.agent = apiRoot(context).startsWith('http://') ? agents.http : agents.https;
  if (options.signal.aborted) {
    throw new ConnectorError({
      class: 'retryable',
      code: 'aborted',
      message: 'The call was stopped before it began.',
    });
  }
  try {
    return (await telegram.callApi(method, payload as never, { signal: options.signal as never })) as Result;
  } catch (error) {
    throw errorOf(error, { ...options, now: context.now() });
  }
}

/** Where a group moved to; the call can be made again with that id. */
export class ChatMigrated extends ConnectorError {
  constructor(readonly chatId: string) {
    super({
      class: 'permanent',
      code: '400',
      message: 'Telegram: the group became a supergroup with another id (400).',
    });
  }
}

const unreachable =
  /blocked by the user|bot was kicked|user is deactivated|can't initiate conversation|chat not found/i;

function errorOf(error: unknown, options: Call & { now: Date }): ConnectorError {
  if (error instanceof TelegramError) return refusal(error, options.now);
  const { type } = error as { type?: unknown };
  if (type === 'invalid-json' && !options.signal.aborted) {
    return new ConnectorError({
      class: options.effect ? 'unknown' : 'retryable',
      code: 'badAnswer',
      message: `What answered in Telegram’s place is not Telegram${options.effect ? ': it may have taken the message or not' : ''}.`,
    });
  }
  return networkError(error, { provider: 'Telegram', ...options });
}

function refusal(error: TelegramError, now: Date): ConnectorError {
  const { code, parameters } = error;
  const description = withoutTokens(String(error.description ?? '')).slice(0, 300);
  const message = `Telegram: ${description || 'no reason given'} (${code}).`;
  const base = { code: String(code), message };
  if (code === 429) {
    const seconds = Math.max(1, Number(parameters?.retry_after) || 5);
    return new ConnectorError({
      ...base,
      class: 'rateLimited',
      retryAt: new Date(now.getTime() + seconds * 1000),
    });
  }
  if (code >= 500) return new ConnectorError({ ...base, class: 'retryable' });
  if (code === 401 || code === 404) return new ConnectorError({ ...base, class: 'auth', field: 'botToken' });
  if (code === 409) {
    return new ConnectorError({
      class: 'retryable',
      code: '409',
      message:
        'Another program reads this bot’s messages, or has a webhook set: stop it, or make a bot of its own (409).',
    });
  }
  if (code === 400 && parameters?.migrate_to_chat_id)
    return new ChatMigrated(String(parameters.migrate_to_chat_id));
  return new ConnectorError({ ...base, class: 'permanent', unreachable: unreachable.test(description) });
}
