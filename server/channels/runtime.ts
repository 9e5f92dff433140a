import type { Connector, ConnectorContext, Settings } from '../../connectors/connector.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ChannelDoc } from './channel.model.ts';

/** What a sealed setting belongs to. */
export function secretPlace(channelId: string, key: string): string {
  return `${channelId}:${key}`;
}

/** @throws AppError unavailable when this server has no such connector. */
export function connectorOf(
  ctx: Pick<Context, 'connectors'>,
  channel: Pick<ChannelDoc, 'connector'>,
): Connector {
  const connector = Object.hasOwn(ctx.connectors, channel.connector)
    ? ctx.connectors[channel.connector]
    : undefined;
  if (!connector)
    throw new AppError({
      code: 'unavailable',
      message: `This server has no connector "${channel.connector}".`,
    });
  return connector;
}

/** The channel's settings with its secrets in the clear: for the connector alone, never logged or kept. */
export function channelSettings(
  ctx: Pick<Context, 'secrets'>,
  channel: Pick<ChannelDoc, '_id' | 'settings' | 'secrets'>,
): Settings {
  const opened = Object.entries(channel.secrets).map(
    ([key, sealed]) => [key, ctx.secrets.open(sealed, secretPlace(channel._id, key))] as const,
  );
  return { ...channel.settings, ...Object.fromEntries(opened) };
}

/** All that a connector may ask for, for one channel. */
export function connectorContext(ctx: Context, channel: ChannelDoc): ConnectorContext {
  const log = ctx.log.child({ connector: channel.connector, channelId: channel._id });
  const endpoint = Object.hasOwn(ctx.endpoints, channel.connector)
    ? ctx.endpoints[channel.connector]
    : undefined;
  return {
    channelId: channel._id,
    settings: channelSettings(ctx, channel),
    log: {
      info: (message, data) => log.info(data ?? {}, message),
      warn: (message, data) => log.warn(data ?? {}, message),
    },
    fetch: ctx.fetch,
    now: () => ctx.now(),
    ...(endpoint ? { endpoint } : {}),
    openFile: (id) => readFile(ctx, id),
    dns: ctx.dns,
  };
}

async function* readFile(ctx: Pick<Context, 'files'>, id: string): AsyncIterable<Uint8Array> {
  const { stream } = await ctx.files.open(id);
  yield* stream as AsyncIterable<Uint8Array>;
}
