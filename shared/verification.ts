import * as z from 'zod/mini';
import { identityKinds, statedKinds } from './customer.ts';

const verificationStates = ['waiting', 'proven', 'expired', 'spent', 'superseded'] as const;
export type VerificationState = (typeof verificationStates)[number];

/** What limits one code; times in milliseconds. */
export const verificationLimits = {
  lifeMs: 10 * 60_000,
  attempts: 5,
  /** Codes within an hour. */
  customerAnHour: 5,
  targetAnHour: 5,
  organisationAnHour: 500,
} as const;

/** A code was sent to an address, to find out whether it is the customer's. The code itself is told to nobody of the team. */
export const Verification = z.object({
  id: z.string(),
  customerId: z.string(),
  /** The address in question: `kind:value`. */
  identityId: z.string(),
  kind: z.enum(identityKinds),
  display: z.string(),
  channelId: z.string(),
  /** The message it went out with: its delivery states say whether it arrived. */
  conversationId: z.string(),
  messageId: z.string(),
  byUserId: z.string(),
  at: z.string(),
  expiresAt: z.string(),
  attemptsLeft: z.number(),
  state: z.enum(verificationStates),
  provenAt: z.nullable(z.string()),
  /** Who told us the code: an agent typed it in, or the customer wrote it. */
  provenBy: z.nullable(z.enum(['agent', 'customer'])),
});
export type Verification = z.infer<typeof Verification>;

/** Exactly one of: an identity of the customer, a claim of theirs, an address they say is theirs. */
export const VerificationStart = z.object({
  identityId: z.optional(z.string().check(z.minLength(1), z.maxLength(600))),
  claimId: z.optional(z.string().check(z.minLength(1), z.maxLength(700))),
  address: z.optional(
    z.object({
      kind: z.enum(statedKinds),
      value: z.string().check(z.trim(), z.minLength(1), z.maxLength(320)),
    }),
  ),
  /** Absent: the first connected channel of the agent's that can write there unasked. */
  channelId: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
});
export type VerificationStart = z.infer<typeof VerificationStart>;

/** What the customer read out: digits in any script, with or without spaces. */
export const VerificationCheck = z.object({
  code: z.string().check(z.trim(), z.minLength(1), z.maxLength(40)),
});
export type VerificationCheck = z.infer<typeof VerificationCheck>;
