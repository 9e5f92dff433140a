import * as z from 'zod/mini';

export const callStates = ['ringing', 'answered', 'ended'] as const;
export const dispositions = ['answered', 'missed', 'busy', 'voicemail', 'failed'] as const;
export type Disposition = (typeof dispositions)[number];

/** A telephone call, as the line of a timeline: a message of the kind `call`, whose text is what was noted about it. */
export const Call = z.object({
  direction: z.enum(['in', 'out']),
  state: z.enum(callStates),
  /** Null while it has not ended. */
  disposition: z.nullable(z.enum(dispositions)),
  /** The customer's number, E.164 where it is one. */
  number: z.string(),
  /** ISO. */
  startedAt: z.string(),
  answeredAt: z.nullable(z.string()),
  endedAt: z.nullable(z.string()),
  /** Seconds of talk; null while unknown. */
  talked: z.nullable(z.number()),
  /** The colleague who spoke. */
  agentId: z.nullable(z.string()),
  /** The extension the telephone system named, where no colleague has it. */
  extension: z.string(),
  /** Served at /api/conversations/:id/messages/:mid/recording to whoever may hear it; null: there is none. */
  recording: z.nullable(z.enum(['pending', 'ready', 'failed'])),
  /** Logged by hand, or told by the telephone system. */
  logged: z.boolean(),
});
export type Call = z.infer<typeof Call>;

/**
 * POST /api/calls: an agent logs a call, while talking. With `ended: false` it is a call that goes on: its clock runs until
 * PATCH /api/calls/:id says how it ended.
 */
export const CallLog = z.object({
  /** The message's id, minted by the client: a resend is the same call. */
  id: z.uuid(),
  direction: z.enum(['in', 'out']),
  /** Whose call: an existing customer… */
  customerId: z.optional(z.string().check(z.maxLength(20))),
  /** …or a number, by which they are found or met. */
  number: z.optional(z.string().check(z.trim(), z.maxLength(40))),
  startedAt: z.iso.datetime(),
  ended: z.boolean(),
  disposition: z.optional(z.enum(dispositions)),
  /** Seconds. */
  talked: z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(86_400))),
  note: z.string().check(z.maxLength(20_000)),
});
export type CallLog = z.infer<typeof CallLog>;

export const CallUpdate = z.object({
  note: z.optional(z.string().check(z.maxLength(20_000))),
  ended: z.optional(z.literal(true)),
  disposition: z.optional(z.enum(dispositions)),
  talked: z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(86_400))),
});
export type CallUpdate = z.infer<typeof CallUpdate>;
