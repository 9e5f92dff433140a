import { may, type Permission } from '../../../shared/access.ts';
import { normalise, searchTokens } from '../../../shared/text/normalise.ts';
import type { Me } from '../../../shared/user.ts';
import type { Catalog, CommandId } from '../../i18n/fa.ts';
import type { SettingsCatalog } from '../../i18n/settings-words.ts';

export type SectionId = keyof SettingsCatalog['area']['about'];
export type SectionGroup = keyof SettingsCatalog['area']['groups'];

export interface Section {
  id: SectionId;
  group: SectionGroup;
  href: string;
  /** Without it, everybody's. */
  permission: Permission | null;
}

/** The pages of the settings, in the order of their list. */
const sections: Section[] = [
  { id: 'profile', group: 'mine', href: '/profile', permission: null },
  { id: 'notifications', group: 'mine', href: '/notifications', permission: null },
  { id: 'shortcuts', group: 'mine', href: '/shortcuts', permission: null },
  { id: 'canned', group: 'work', href: '/canned', permission: 'canned.write' },
  { id: 'tags', group: 'work', href: '/tags', permission: 'tag.manage' },
  { id: 'teams', group: 'work', href: '/teams', permission: 'team.manage' },
  { id: 'users', group: 'work', href: '/users', permission: 'user.manage' },
  { id: 'channels', group: 'channels', href: '/channels', permission: 'channel.manage' },
  { id: 'health', group: 'channels', href: '/health', permission: 'channel.manage' },
  { id: 'fields', group: 'data', href: '/fields', permission: 'field.manage' },
  { id: 'apiKeys', group: 'data', href: '/api-keys', permission: 'apiKey.manage' },
  { id: 'inbound', group: 'channels', href: '/inbound', permission: 'inbound.read' },
];

export function sectionsFor(me: Pick<Me, 'role'>): Section[] {
  return sections.filter(({ permission }) => !permission || may(me, permission));
}

export interface Words {
  t: Catalog;
  w: SettingsCatalog;
}

export function sectionTitle(id: SectionId, { t, w }: Words): string {
  const titles: Record<SectionId, string> = {
    profile: t.profile.title,
    notifications: w.notifications.title,
    shortcuts: w.keysEditor.title,
    canned: w.canned.title,
    tags: w.tags.title,
    teams: w.teams.title,
    users: t.users.title,
    channels: t.channels.title,
    health: w.healthPage.title,
    inbound: t.inbound.title,
    fields: w.customFields.title,
    apiKeys: w.apiKeys.title,
  };
  return titles[id];
}

/** One thing that can be set, and the page it is on. */
export interface Setting {
  section: Section;
  /** Null: the page itself. */
  label: string | null;
}

/** What each page holds, by the words on it. */
function labelsOf(id: SectionId, { t, w }: Words): string[] {
  const { area, notifications, keysEditor, routing, canned, teams } = w;
  const labels: Record<SectionId, string[]> = {
    profile: [
      t.profile.name,
      t.profile.language,
      t.profile.calendar,
      t.profile.timeZone,
      t.profile.theme,
      t.profile.density,
      t.profile.sendWith,
      t.profile.password,
    ],
    notifications: [
      ...Object.values(notifications.events),
      notifications.volume,
      notifications.quiet,
      notifications.permission.title,
    ],
    shortcuts: [
      keysEditor.singleKeys,
      ...(Object.keys(t.commands) as CommandId[]).map((each) => t.commands[each]),
    ],
    canned: [canned.folders, canned.insertVariable, canned.sharedWith],
    tags: [w.tags.colour],
    teams: [teams.members],
    users: [area.roles, t.users.password, teams.ofUser, t.users.channels],
    channels: [
      t.channels.add,
      t.channels.hookUrl,
      t.channelTest.title,
      routing.title,
      area.hours,
      area.autoReply,
      area.silent,
    ],
    health: [w.healthPage.queue, w.healthPage.failures, w.healthPage.listening.listening],
    inbound: [t.inbound.state.ignored],
    fields: [w.customFields.options, w.customFields.weight, w.customFields.group],
    apiKeys: [w.apiKeys.scopes, w.apiKeys.document],
  };
  return labels[id];
}

/**
 * The settings in which every word of the query is found, however its letters are written; pages before what is on them.
 */
export function searchSettings(query: string, list: readonly Section[], words: Words): Setting[] {
  const wanted = searchTokens(query);
  if (wanted.length === 0) return [];
  const holds = (...texts: string[]) => {
    const text = normalise(texts.join(' '));
    return wanted.every((word) => text.includes(word));
  };
  const pages: Setting[] = [];
  const parts: Setting[] = [];
  for (const section of list) {
    const title = sectionTitle(section.id, words);
    if (holds(title, words.w.area.about[section.id])) pages.push({ section, label: null });
    for (const label of labelsOf(section.id, words)) if (holds(label)) parts.push({ section, label });
  }
  return [...pages, ...parts];
}
