import type * as z from 'zod/mini';
import type { Role } from '../../../shared/access.ts';
import { UserCreate, type UserDetails, UserUpdate } from '../../../shared/user.ts';
import { check, type Issues } from '../settings/check.ts';

/** What the form of a colleague holds. */
export interface UserForm {
  name: string;
  email: string;
  /** Of a new user; of a known one the new password, empty to keep theirs. */
  password: string;
  role: Role;
  /** Of agents and marketers; administrators have every channel. */
  scope: 'all' | 'some';
  channelIds: readonly string[];
  teamIds: readonly string[];
  /** Under which the telephone system knows them; empty: it does not. */
  extension: string;
  active: boolean;
}

export const blankUser: UserForm = {
  name: '',
  email: '',
  password: '',
  role: 'agent',
  scope: 'all',
  channelIds: [],
  teamIds: [],
  extension: '',
  active: true,
};

export function formOf(user: UserDetails): UserForm {
  return {
    ...blankUser,
    name: user.name,
    email: user.email,
    role: user.role,
    scope: user.channelIds === 'all' ? 'all' : 'some',
    channelIds: user.channelIds === 'all' ? [] : user.channelIds,
    teamIds: user.teamIds,
    extension: user.extension ?? '',
    active: user.active,
  };
}

const channelsOf = (form: UserForm): 'all' | string[] =>
  form.role === 'administrator' || form.scope === 'all' ? 'all' : [...form.channelIds];

type Read<Data> = { data: Data; issues: null } | { data: null; issues: Issues };

export function readNew(form: UserForm): Read<z.output<typeof UserCreate>> {
  const { name, email, password, role, teamIds, extension } = form;
  return check(UserCreate, {
    name,
    email,
    password,
    role,
    channelIds: channelsOf(form),
    ...(teamIds.length > 0 && { teamIds: [...teamIds] }),
    ...(extension.trim() && { extension }),
  });
}

/** Only what changed: whatever else a colleague changed meanwhile stays theirs. */
export function readChange(before: UserDetails, form: UserForm): Read<z.output<typeof UserUpdate>> {
  const was = formOf(before);
  const channelIds = channelsOf(form);
  return check(UserUpdate, {
    ...(form.name.trim() !== was.name && { name: form.name }),
    ...(form.role !== was.role && { role: form.role }),
    ...(!sameIds(channelIds, before.channelIds) && { channelIds }),
    ...(!sameIds(form.teamIds, before.teamIds) && { teamIds: [...form.teamIds] }),
    ...(form.extension.trim() !== was.extension && { extension: form.extension }),
    ...(form.active !== was.active && { active: form.active }),
    ...(form.password !== '' && { password: form.password }),
  });
}

function sameIds(a: 'all' | readonly string[], b: 'all' | readonly string[]): boolean {
  if (a === 'all' || b === 'all') return a === b;
  return a.length === b.length && a.every((id) => b.includes(id));
}
