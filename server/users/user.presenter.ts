import { defaultPreferences, type Me, type User, type UserDetails } from '../../shared/user.ts';
import type { UserDoc } from './user.model.ts';

export function presentUser(user: UserDoc): User {
  return {
    id: user._id,
    name: user.name,
    role: user.role,
    active: user.active,
    teamIds: [...(user.teamIds ?? [])],
  };
}

export function presentUserDetails(user: UserDoc): UserDetails {
  return {
    ...presentUser(user),
    email: user.email,
    channelIds: user.role === 'administrator' ? 'all' : user.channelIds,
    createdAt: user.createdAt.toISOString(),
    lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
    extension: user.extension ?? '',
  };
}

export function presentMe(user: UserDoc): Me {
  return { ...presentUserDetails(user), preferences: presentPreferences(user.preferences) };
}

/** Whatever was stored before a preference existed has its default. */
function presentPreferences(kept: UserDoc['preferences']): Me['preferences'] {
  const { notify } = defaultPreferences;
  return {
    ...defaultPreferences,
    ...kept,
    notify: { ...notify, ...kept.notify, rules: { ...notify.rules, ...kept.notify?.rules } },
  };
}
