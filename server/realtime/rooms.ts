import { createHash } from 'node:crypto';
import type { Viewer } from '../../shared/access.ts';

/** The names of rooms, which the server alone joins. */
export const rooms = {
  user: (userId: string) => `user:${userId}`,
  administrators: () => 'administrators',
  /** Those who see every channel. */
  everyone: () => 'everyone',
  channel: (channelId: string) => `channel:${channelId}`,
  /** Those who have a conversation open. */
  viewing: (conversationId: string) => `viewing:${conversationId}`,
};

/** Where a viewer hears of what they may see. */
export function roomsOf(viewer: Viewer): string[] {
  return [
    rooms.user(viewer.id),
    ...(viewer.role === 'administrator' ? [rooms.administrators()] : []),
    ...(viewer.channelIds === 'all' ? [rooms.everyone()] : viewer.channelIds.map(rooms.channel)),
  ];
}

/** Viewers of one scope see the same conversations: what is counted for one is counted for all. */
export function scopeOf(viewer: Viewer): string {
  if (viewer.channelIds === 'all') return 'all';
  return createHash('sha256')
    .update([...viewer.channelIds].sort().join('\n'))
    .digest('base64url');
}

/** Everyone who may see something on one of these channels. */
export function roomsOfChannels(channelIds: Iterable<string>): string[] {
  return [rooms.everyone(), ...[...new Set(channelIds)].map(rooms.channel)];
}
