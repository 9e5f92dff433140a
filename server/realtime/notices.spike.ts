import { may } from '../../shared/access.ts';
import type { Notice } from '../../shared/events.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import type { SpikeDoc } from '../listening/hit.model.ts';
import type { SavedSearchDoc } from '../listening/saved.model.ts';
import { concerns } from '../listening/spike.service.ts';
import type { UserDoc } from '../users/user.model.ts';
import { viewerOf } from '../users/user.viewer.ts';
import { rooms } from './rooms.ts';
import type { Io } from './server.ts';

const mostWords = 5;

/** Tells whoever may listen that a saved search is far above its usual: once, when it begins. */
export function tellSpikes({ ctx, io }: { ctx: Context; io: Io }): { close(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const off = ctx.bus.on('spike.began', ({ spikeId }) => {
    running = running
      .then(() => tell(ctx, io, spikeId))
      .catch((error) => ctx.log.error({ err: error }, 'nobody was told of a spike'));
  });
  return {
    async close() {
      off();
      await running;
    },
  };
}

async function tell(ctx: Context, io: Io, spikeId: string): Promise<void> {
  const spike = await ctx.models.spikes.findById(spikeId).lean<SpikeDoc>().exec();
  const search =
    spike && (await ctx.models.savedSearches.findById(spike.searchId).lean<SavedSearchDoc>().exec());
  if (!spike || !search) return;
  const notice: Notice = {
    id: key(spikeId, 'spike'),
    event: 'spike',
    conversationId: '',
    path: '/listening/spikes',
    customerName: search.name,
    text: '',
    rise: spike.rise ?? 'all',
    byUserId: null,
    at: spike.hour.toISOString(),
  };
  const users = await ctx.models.users
    .find({ active: true }, { role: 1, channelIds: 1, teamIds: 1 })
    .lean<Pick<UserDoc, '_id' | 'role' | 'channelIds' | 'teamIds'>[]>()
    .exec();
  for (const user of users) {
    const viewer = viewerOf(user);
    if (!may(viewer, 'listening.read') || !concerns(viewer, spike)) continue;
    // Words are of all channels together.
    const text =
      viewer.channelIds === 'all'
        ? spike.words
            .slice(0, mostWords)
            .map(({ word }) => word)
            .join(' · ')
        : '';
    io.to(rooms.user(user._id)).emit('notify', { ...notice, text });
  }
}
