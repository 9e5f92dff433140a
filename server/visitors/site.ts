import type { VisitorSite } from '../../connectors/connector.ts';
import { AppError } from '../../shared/errors.ts';
import type { WidgetConfig } from '../../shared/visitor.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { isOpen } from '../channels/hours.ts';
import { channelSettings, connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';

/** What a visitor may write at once. */
export const maxVisitorText = 4_000;

/** A channel whose customers are visitors of a site, with what its settings say of that site. */
export interface Site {
  key: string;
  channel: ChannelDoc;
  is: VisitorSite;
}

/** The connectors whose channels visitors write to, by the capability `sessions`. */
export function sessionConnectors(ctx: Pick<Context, 'connectors'>): string[] {
  return Object.values(ctx.connectors)
    .filter((connector) => connector.manifest.capabilities.sessions)
    .map((connector) => connector.manifest.id);
}

/** Every channel that visitors write to, archived ones apart. */
export function sessionChannels(ctx: Pick<Context, 'models' | 'connectors'>): Promise<ChannelDoc[]> {
  return ctx.models.channels
    .find({ connector: { $in: sessionConnectors(ctx) }, state: { $ne: 'archived' } })
    .sort({ createdAt: 1 })
    .lean<ChannelDoc[]>()
    .exec();
}

/** @throws AppError notFound: no such site, or its channel is archived */
export async function siteOf(ctx: Context, key: string): Promise<Site> {
  const channel = /^[\w-]{8,64}$/.test(key)
    ? await ctx.models.channels
        .findOne({ connector: { $in: sessionConnectors(ctx) }, accountRef: key, state: { $ne: 'archived' } })
        .lean<ChannelDoc>()
        .exec()
    : null;
  if (!channel) throw new AppError({ code: 'notFound', message: 'There is no such site.' });
  return siteOfChannel(ctx, channel);
}

export function siteOfChannel(ctx: Context, channel: ChannelDoc): Site {
  const is = connectorOf(ctx, channel).site?.(channelSettings(ctx, channel));
  if (!is)
    throw new Error(`The connector "${channel.connector}" has sessions and does not say what its site is.`);
  return { key: channel.accountRef, channel, is };
}

/** What the widget may know of its site. */
export function presentConfig(ctx: Context, site: Site): WidgetConfig {
  const { name, language, colour, position, welcome, preChat, offline, sound } = site.is;
  return {
    site: site.key,
    name,
    language,
    colour,
    position,
    welcome,
    preChat,
    open: isOpen(site.channel.routing?.hours ?? null, ctx.now()),
    offline,
    sound,
    maxText: maxVisitorText,
    maxFileBytes: maxFileBytes(ctx, site),
  };
}

export function maxFileBytes(ctx: Context, site: Site): number {
  return connectorOf(ctx, site.channel).manifest.capabilities.attachments?.maxBytes ?? 0;
}

/** May a page of this origin hold the widget? The patterns are as the connector gives them: whole, or `*.` before the host. */
export function mayHold(origin: string, patterns: readonly string[]): boolean {
  // What no browser writes as an origin (a path, a name before an @) is none.
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) return false;
  return patterns.some((pattern) => {
    const [scheme, below] = pattern.split('://*.');
    if (scheme === undefined || below === undefined) return pattern === origin;
    const start = `${scheme}://`;
    const host = origin.startsWith(start) ? origin.slice(start.length) : '';
    return host.endsWith(`.${below}`) && host.length > below.length + 1;
  });
}
