import * as z from 'zod/mini';
import type { ErrorClass } from './connector.ts';
import { BusinessHours } from './hours.ts';
import { illnesses } from './illness.ts';

/** Where what comes in on a channel goes, and what is answered at once. */
export const Routing = z.object({
  /** A new conversation that begins here belongs to it. */
  teamId: z.nullable(z.string().check(z.maxLength(64))),
  /** Null: always open. */
  hours: z.nullable(BusinessHours),
  /** Sent once when a customer begins a conversation; empty: nothing is. */
  autoReply: z.object({
    open: z.string().check(z.maxLength(2000)),
    closed: z.string().check(z.maxLength(2000)),
  }),
  /**
   * Hours of business without a single event after which administrators are warned; null: never. Of a channel that has heard something
   * before: one that was never used is not silent.
   */
  silentAfter: z.nullable(z.number().check(z.minimum(1), z.maximum(720))),
});
export type Routing = z.infer<typeof Routing>;
export const defaultRouting: Routing = {
  teamId: null,
  hours: null,
  autoReply: { open: '', closed: '' },
  silentAfter: 24,
};

export const channelStates = ['connected', 'paused', 'archived'] as const;
export type ChannelState = (typeof channelStates)[number];

/** A channel as every signed-in user needs it: to draw its glyph and to choose a target. */
export const Channel = z.object({
  id: z.string(),
  connector: z.string(),
  name: z.string(),
  state: z.enum(channelStates),
  /** The worst that ails it; absent while nothing does. */
  ill: z.optional(z.enum(illnesses)),
});
export type Channel = z.infer<typeof Channel>;

/** Kept and written outside every transaction: many customers share it. Times are ISO strings. */
export const ChannelHealth = z.object({
  channelId: z.string(),
  lastInAt: z.nullable(z.string()),
  lastOutAt: z.nullable(z.string()),
  /** Messages waiting to leave, and since when the oldest waits. */
  queued: z.number(),
  oldestQueuedAt: z.nullable(z.string()),
  /** Raw events not yet in a conversation. */
  inboundWaiting: z.number(),
  inboundFailed: z.number(),
  outboundFailed: z.number(),
  /** Since when nothing has come in although the channel is open and usually hears something by now. */
  silentSince: z.nullable(z.string()),
  /** The listener was away and reads what came meanwhile: how many are left, if the provider says. */
  catchingUp: z.nullable(z.object({ since: z.string(), left: z.nullable(z.number()) })),
  /** The whole channel waits until then (the provider's rate limit). */
  heldUntil: z.nullable(z.string()),
  /** When the channel's permission at its provider ends; null: never, or nobody says. */
  expiresAt: z.nullable(z.string()),
  listening: z.enum(['notNeeded', 'listening', 'stopped', 'failing']),
  /** `code`: the connector's own, stable word for it, where it gave one. */
  lastError: z.nullable(
    z.object({ at: z.string(), class: z.string(), message: z.string(), code: z.optional(z.string()) }),
  ),
});
export type ChannelHealth = z.infer<typeof ChannelHealth>;

/** A channel as its administrator sees it. A secret that is set is `true`, never its value. */
export const ChannelDetails = z.extend(Channel, {
  settings: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.boolean()),
  /** Where the provider must send, absolute when PUBLIC_URL is known. */
  hookUrl: z.string(),
  pausedReason: z.nullable(z.string()),
  /** The connector's word for why it paused itself, where it gave one. */
  pausedCode: z.optional(z.nullable(z.string())),
  routing: Routing,
  createdAt: z.string(),
  health: ChannelHealth,
});
export type ChannelDetails = z.infer<typeof ChannelDetails>;

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(80));
/** Values by `SettingField.key`; an absent secret keeps what is stored. */
const settings = z.record(
  z.string().check(z.maxLength(60)),
  z.union([z.string().check(z.maxLength(4000)), z.number(), z.boolean()]),
);

export const ChannelCreate = z.object({ connector: z.string(), name, settings });
export type ChannelCreate = z.infer<typeof ChannelCreate>;
export const ChannelUpdate = z.partial(
  z.object({ name, settings, routing: Routing, state: z.enum(channelStates), rotateHook: z.literal(true) }),
);
export type ChannelUpdate = z.infer<typeof ChannelUpdate>;

/** One step of the test that goes both ways; `at` when it was reached. */
export interface ChannelTest {
  id: string;
  channelId: string;
  steps: {
    step: 'credentials' | 'sent' | 'received';
    state: 'waiting' | 'ok' | 'failed';
    at: string | null;
    detail: string | null;
  }[];
}

/** What failed on a channel: a message that did not leave, or a raw event that became no message. */
export interface ChannelFailure {
  /** Of the message, or of the raw event. */
  id: string;
  direction: 'in' | 'out';
  at: string;
  /** Null for raw events: the failure is ours, not the provider's. */
  class: ErrorClass | null;
  /** A stable word for the reason, where there is one. */
  code: string | null;
  /** For people, in English: ours or the provider's own words. */
  message: string;
  /** The beginning of the message, or of the payload with secrets scrubbed. */
  excerpt: string;
  attempts: number;
  /** Of outgoing messages: where it stands. */
  conversationId: string | null;
  customerName: string | null;
  /** Outgoing: nobody knows whether the customer has it; only a person may send it again. */
  unknown: boolean;
}

export interface ChannelFailurePage {
  failures: ChannelFailure[];
  /** Pass as `?after=`. */
  next: string | null;
}

/** The answer of POST /api/channels/:id/replay. */
export interface ReplayResult {
  replayed: number;
  refused: { id: string; message: string }[];
}
