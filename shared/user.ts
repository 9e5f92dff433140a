import * as z from 'zod/mini';
import { roles } from './access.ts';
import { PanelLayout } from './panels.ts';

/** What a person is told of besides the list: sound, desktop notification, or neither. */
export const notifyEvents = [
  'assignedToMe',
  'mineReplied',
  'mentioned',
  'teamNew',
  'unassignedNew',
  'spike',
  'detractor',
  'channel',
] as const;
export type NotifyEvent = (typeof notifyEvents)[number];
const NotifyRule = z.object({ sound: z.boolean(), desktop: z.boolean() });
const clock = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/));

export const Notify = z.object({
  rules: z.object({
    assignedToMe: NotifyRule,
    mineReplied: NotifyRule,
    mentioned: NotifyRule,
    teamNew: NotifyRule,
    unassignedNew: NotifyRule,
    /** A saved search is far above its usual. */
    spike: NotifyRule,
    /** Somebody whom many read spoke against us where there is no conversation. */
    detractor: NotifyRule,
    /** To whoever looks after the channels: one of them paused itself, fell silent, or its permission ends. */
    channel: NotifyRule,
  }),
  /** 0 to 100. */
  volume: z.number().check(z.minimum(0), z.maximum(100)),
  /** No sound and no desktop notification in these hours of the viewer's time zone; `from` may be later than `to`. */
  quiet: z.nullable(z.object({ from: clock, to: clock })),
});
export type Notify = z.infer<typeof Notify>;

export const Preferences = z.object({
  language: z.enum(['fa', 'en']),
  calendar: z.enum(['jalali', 'gregorian']),
  timeZone: z.string(),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['compact', 'cosy', 'roomy']),
  /** Enter sends, or only Ctrl+Enter. */
  sendWith: z.enum(['enter', 'ctrlEnter']),
  /** Single-key shortcuts can be switched off (WCAG 2.1.4). */
  singleKeys: z.boolean(),
  /** Shortcuts that were changed: the action's name and its keys as the registry writes them; empty keys switch it off. */
  keys: z
    .array(z.object({ action: z.string().check(z.maxLength(60)), keys: z.string().check(z.maxLength(40)) }))
    .check(z.maxLength(200)),
  notify: Notify,
  /** Their own arrangement of a customer's page; null: as their team has it. */
  panels: z.nullable(PanelLayout),
});
export type Preferences = z.infer<typeof Preferences>;

export { defaultPreferences } from './preferences.ts';

/** A colleague as everyone sees them. */
export const User = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  active: z.boolean(),
  teamIds: z.array(z.string()),
});
export type User = z.infer<typeof User>;

/** A user as administrators see them. */
export const UserDetails = z.extend(User, {
  email: z.string(),
  channelIds: z.union([z.literal('all'), z.array(z.string())]),
  createdAt: z.string(),
  lastSeenAt: z.nullable(z.string()),
  /** Under which the telephone system knows them; empty: it does not. */
  extension: z.optional(z.string()),
});
export type UserDetails = z.infer<typeof UserDetails>;

/** The signed-in user. */
export const Me = z.extend(UserDetails, { preferences: Preferences });
export type Me = z.infer<typeof Me>;

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(80));
const email = z.string().check(z.trim(), z.toLowerCase(), z.email(), z.maxLength(200));
/** 10 characters at the least; length is what protects. */
const password = z.string().check(z.minLength(10), z.maxLength(200));
const channelIds = z.union([z.literal('all'), z.array(z.string()).check(z.maxLength(500))]);

export const SignIn = z.object({ email, password: z.string().check(z.minLength(1), z.maxLength(200)) });
/** Absent: in no team, or as before. */
const teamIds = z.optional(z.array(z.string().check(z.maxLength(64))).check(z.maxLength(100)));
/** Absent: as before; empty: none. */
const extension = z.optional(z.string().check(z.trim(), z.maxLength(40)));
export const UserCreate = z.object({
  name,
  email,
  password,
  role: z.enum(roles),
  channelIds,
  teamIds,
  extension,
});
export const UserUpdate = z.partial(
  z.object({ name, role: z.enum(roles), channelIds, teamIds, active: z.boolean(), password, extension }),
);
export const ProfileUpdate = z.partial(z.object({ name, preferences: z.partial(Preferences) }));
export const PasswordChange = z.object({ current: z.string().check(z.maxLength(200)), next: password });

/** First run: needs the code printed in the server's terminal. */
export const SetUp = z.object({
  code: z.string().check(z.trim(), z.maxLength(40)),
  organisation: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
  language: z.enum(['fa', 'en']),
  calendar: z.enum(['jalali', 'gregorian']),
  timeZone: z.string().check(z.maxLength(60)),
  name,
  email,
  password,
});
export type SetUp = z.infer<typeof SetUp>;

/** What a browser may know before sign-in. */
export interface Welcome {
  needsSetUp: boolean;
  organisation: string | null;
  language: 'fa' | 'en';
  /** The data is a demonstration: the ribbon is shown, with the logins to try. */
  demo: {
    logins: { email: string; password: string; name: string }[];
    /** A page with the web chat in it, where whoever opens it is the customer. */
    shop?: string;
  } | null;
}
