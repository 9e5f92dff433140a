import http from 'node:http';
import https from 'node:https';
import { Telegram, TelegramError } from 'telegraf';
import { type ConnectorContext, ConnectorError } from '../connector.ts';
import { networkError } from '../network.ts';
import { botToken, type Face, withoutTokens } from './face.ts';

type Method = Parameters<Telegram['callApi']>[0];

/**
 * No kept-alive connections: one that the provider closed just as it was reused breaks without an answer, and a message whose outcome
 * nobody knows costs a person's attention, a handshake some milliseconds.
 */
const agents = { http: new http.Agent({ keepAlive: false }), https: new https.Agent({ keepAlive: false }) };

interface Call {
  method: Method;
  payload: Record<string, unknown>;
  /** The call would change something: without an answer its outcome is unknown. */
  effect: boolean;
  signal: AbortSignal;
}

export function apiRoot(face: Face, context: Pick<ConnectorContext, 'endpoint'>): string {
  return `${(context.endpoint ?? face.endpoint).replace(/\/+$/, '')}/`;
}

/**
 * Telegraf's client, called so that every failure is one of ours. `Result` is what the documentation says of the method. Telegraf's own
 * methods take no signal; `callApi`, which they all use, does.
 */
export async function call<Result>(face: Face, context: ConnectorContext, wanted: Call): Promise<Result> {
  const root = apiRoot(face, context);
  const telegram = new Telegram(botToken(context.settings), { apiRoot: root, webhookReply: false });
  telegram.options.agent = root.startsWith('http://') ? agents.http : agents.https;
  const { method, payload, signal } = wanted;
  if (signal.aborted) {
    throw new ConnectorError({
      class: 'retryable',
      code: 'aborted',
      message: 'The call was stopped before it began.',
    });
  }
  try {
    return (await telegram.callApi(method, payload as never, { signal: signal as never })) as Result;
  } catch (error) {
    throw errorOf(face, error, { ...wanted, now: context.now() });
  }
}

/** Where a group moved to; the call can be made again with that id. */
export class ChatMigrated extends ConnectorError {
  constructor(
    face: Face,
    readonly chatId: string,
  ) {
    super({
      class: 'permanent',
      code: '400',
      message: `${face.name}: the group became a supergroup with another id (400).`,
    });
  }
}

const unreachable =
  /blocked by the user|bot was kicked|user is deactivated|can't initiate conversation|chat not found|no such group or user|permission_denied/i;
const neverBegan = /can't initiate conversation/i;
/** Some say these with the code of an ordinary refusal. */
const tooMany = /limit exceed|rate_limited|too many requests/i;
const noToken = /token not found/i;

function errorOf(face: Face, error: unknown, options: Call & { now: Date }): ConnectorError {
  if (error instanceof TelegramError) return refusal(face, error, options.now);
  const { type } = error as { type?: unknown };
  if (type === 'invalid-json' && !options.signal.aborted) {
    return new ConnectorError({
      class: options.effect ? 'unknown' : 'retryable',
      code: 'badAnswer',
      message: `What answered in ${face.name}’s place is not ${face.name}${options.effect ? ': it may have taken the message or not' : ''}.`,
    });
  }
  const { effect, signal } = options;
  return networkError(error, { provider: face.name, effect, signal });
}

function refusal(face: Face, error: TelegramError, now: Date): ConnectorError {
  const { code, parameters } = error;
  const description = withoutTokens(String(error.description ?? '')).slice(0, 300);
  const message = `${face.name}: ${description || 'no reason given'} (${code}).`;
  const base = { code: String(code), message };
  if (code === 429 || tooMany.test(description)) {
    const seconds = Math.max(1, Number(parameters?.retry_after) || 5);
    return new ConnectorError({
      ...base,
      class: 'rateLimited',
      retryAt: new Date(now.getTime() + seconds * 1000),
    });
  }
  if (code >= 500) return new ConnectorError({ ...base, class: 'retryable' });
  if (code === 401 || code === 404 || noToken.test(description))
    return new ConnectorError({ ...base, class: 'auth', field: 'botToken' });
  if (code === 409) {
    return new ConnectorError({
      class: 'retryable',
      code: '409',
      message:
        'Another program reads this bot’s messages, or has a webhook set: stop it, or make a bot of its own (409).',
    });
  }
  if (code === 400 && parameters?.migrate_to_chat_id)
    return new ChatMigrated(face, String(parameters.migrate_to_chat_id));
  if (neverBegan.test(description)) {
    return new ConnectorError({
      class: 'permanent',
      code: 'notStarted',
      message:
        'They have not begun a private chat with the bot, and a bot cannot write first: answer in the group and ask them to write to the bot.',
      unreachable: true,
    });
  }
  return new ConnectorError({ ...base, class: 'permanent', unreachable: unreachable.test(description) });
}
