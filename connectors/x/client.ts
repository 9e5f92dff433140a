import { TwitterApi, type TwitterApiv2, type TwitterResponse } from 'twitter-api-v2';
import { type ConnectorContext, ConnectorError } from '../connector.ts';
import { tokensOf } from './config.ts';
import { badAnswer, type Call, errorOf } from './errors.ts';
import { type Json, object } from './json.ts';
import { agentFor } from './road.ts';

export interface Answer {
  data: Json;
  /** Of the called method, as its headers say; null when they say nothing. */
  limit: { limit: number; remaining: number; resetAt: Date } | null;
}

type Use = (v2: TwitterApiv2) => Promise<TwitterResponse<unknown>>;

/**
 * The library's client, called so that every failure is one of ours. It takes no signal itself; Node's request does, and a plugin hands
 * it over.
 * @param options.as the app itself (bearer token) instead of the account
 */
export async function call(
  context: ConnectorContext,
  use: Use,
  options: Call & { as?: 'app' },
): Promise<Answer> {
  const answer = await guarded(context, options, () => use(clientOf(context, options).v2));
  const data = object(answer.data);
  if (!data) throw badAnswer(options);
  const { rateLimit } = answer;
  const limit =
    rateLimit && rateLimit.limit > 0 && Number.isFinite(rateLimit.remaining) && rateLimit.reset > 0
      ? { limit: rateLimit.limit, remaining: rateLimit.remaining, resetAt: new Date(rateLimit.reset * 1000) }
      : null;
  return { data, limit };
}

/** Pictures and films of a message are at X before the message is: what fails here has sent nothing. */
export async function upload(
  context: ConnectorContext,
  media: {
    body: Buffer;
    type: string;
    category: 'amplify_video' | `${'tweet' | 'dm'}_${'image' | 'gif' | 'video'}`;
  },
  signal: AbortSignal,
): Promise<string> {
  const options = { effect: false, signal };
  const id: unknown = await guarded(context, options, () =>
    clientOf(context, options)
      .v2.uploadMedia(media.body, {
        media_type: media.type as never,
        media_category: media.category as never,
      })
      .catch((error: unknown) => {
        throw processingFailed(error) ?? error;
      }),
  );
  if (typeof id === 'string' && /^\d{1,20}$/.test(id)) return id;
  throw badAnswer(options);
}

/** The library says so in words only. */
function processingFailed(error: unknown): ConnectorError | null {
  if (!(error instanceof Error) || !error.message.startsWith('Media processing failed')) return null;
  return new ConnectorError({
    class: 'permanent',
    code: 'media',
    message: `X could not read the file: ${error.message.slice(0, 200)}.`,
  });
}

async function guarded<T>(context: ConnectorContext, options: Call, work: () => Promise<T>): Promise<T> {
  if (options.signal.aborted) {
    throw new ConnectorError({
      class: 'retryable',
      code: 'aborted',
      message: 'The call was stopped before it began.',
    });
  }
  try {
    return await work();
  } catch (error) {
    throw errorOf(error, { ...options, now: context.now() });
  }
}

function clientOf(context: ConnectorContext, options: Call & { as?: 'app' }): TwitterApi {
  const settings = {
    httpAgent: agentFor(context),
    plugins: [
      {
        onBeforeRequest({ requestOptions }: { requestOptions: { signal?: AbortSignal } }) {
          requestOptions.signal = options.signal;
        },
      },
    ],
  };
  if (options.as === 'app')
    return new TwitterApi(String(context.settings.bearerToken ?? '').trim(), settings);
  return new TwitterApi(tokensOf(context.settings), settings);
}
