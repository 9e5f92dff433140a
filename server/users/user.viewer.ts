import type { Viewer } from '../../shared/access.ts';
import type { UserDoc } from './user.model.ts';

/** The part of a user that decides what they may see. */
export const viewerOf = (
  user: Pick<UserDoc, '_id' | 'role' | 'channelIds'> & { teamIds?: string[] },
): Viewer => ({
  id: user._id,
  role: user.role,
  channelIds: user.role === 'administrator' ? 'all' : user.channelIds,
  teamIds: user.teamIds ?? [],
});
