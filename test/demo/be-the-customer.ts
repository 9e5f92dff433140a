import { updateChannel } from '../../server/channels/channel.service.ts';
import { channelSettings } from '../../server/channels/runtime.ts';
import type { Context } from '../../server/context.ts';
import { type Said, type ShopPage, startShopPage } from './shop-page.ts';

const defaults = { name: 'فروشگاه مهتاب', colour: '#7a3b1d', preChat: 'off' };

/**
 * Opens the shop's own page, on an origin of its own, with the web chat of this channel in it: there whoever tries the demonstration is
 * the customer. The page's port may be another at each start, so the channel is told of it anew.
 * @param options.isNew the channel was made just now: it is given the shop's looks, which from then on are the user's
 */
export async function openShopPage(
  ctx: Context,
  options: {
    channelId: string;
    home: string;
    port: number;
    isNew: boolean;
    say?: (said: Said) => Promise<void>;
  },
): Promise<ShopPage> {
  const channel = await ctx.models.channels.findById(options.channelId).lean().exec();
  if (!channel) throw new Error('The demonstration has no channel for its web chat.');
  const { site, identitySecret } = channelSettings(ctx, channel);
  const page = {
    home: options.home,
    site: String(site),
    secret: String(identitySecret ?? ''),
    ...(options.say && { say: options.say }),
  };
  const started = await startShopPage({ ...page, port: options.port }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      return startShopPage(page);
    },
  );
  const administrator = await ctx.models.users.findOne({ role: 'administrator', active: true }).lean().exec();
  if (!administrator) throw new Error('The demonstration has no administrator left.');
  const viewer = { id: administrator._id, role: administrator.role, channelIds: 'all' as const, teamIds: [] };
  const settings = {
    ...channel.settings,
    ...(options.isNew && defaults),
    allowedOrigins: withOrigin(String(channel.settings['allowedOrigins'] ?? ''), started.origin),
  };
  await updateChannel(ctx, viewer, { id: channel._id, change: { settings } });
  return started;
}

/** Ports of earlier starts go; sites that the user named stay. */
function withOrigin(listed: string, origin: string): string {
  const others = listed.split(/\s+/).filter((one) => one && !/^http:\/\/127\.0\.0\.1:/.test(one));
  return [...others, origin].join('\n');
}
