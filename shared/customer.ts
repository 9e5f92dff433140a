import * as z from 'zod/mini';
import { Consent, CustomerChange, CustomerFacts, CustomerProfile } from './profile.ts';

/** Identity kinds are not connector names: two channels may meet the same mobile. */
export const identityKinds = [
  'mobile',
  'smsLine',
  'emailAddress',
  'unprovenAddress',
  'telegramUser',
  'baleUser',
  'webVisitor',
  /** A user of the organisation's own site, vouched for by its signature. */
  'siteUser',
  /** What a visitor of the web chat left to be answered at; `value` is scoped by the visitor: it recognises nobody. */
  'leftAddress',
  'leftMobile',
  'xUser',
  'instagramUser',
  'messengerUser',
  'whatsappUser',
  'phone',
  /** Iran's national code: ten digits with a check digit. */
  'nationalCode',
  /** The number under which the organisation's own system keeps the customer. */
  'customerNumber',
  /** The name by which a person signs in to the organisation's own system. */
  'username',
] as const;
export type IdentityKind = (typeof identityKinds)[number];

/** What a visitor typed, and addresses in whose name somebody wrote: no proof makes these kinds anybody’s. */
export const unprovenKinds = [
  'leftAddress',
  'leftMobile',
  'unprovenAddress',
] as const satisfies readonly IdentityKind[];
export type UnprovenKind = (typeof unprovenKinds)[number];

export const isUnproven = (kind: IdentityKind): kind is UnprovenKind =>
  unprovenKinds.some((one) => one === kind);

/** The kind that a channel must be able to write to. */
export function reachedAs(kind: IdentityKind): IdentityKind {
  if (kind === 'leftAddress' || kind === 'unprovenAddress') return 'emailAddress';
  return kind === 'leftMobile' ? 'mobile' : kind;
}

/** Kinds that somebody may state (an agent, the API, an import); all others are met on their channels. */
export const statedKinds = [
  'mobile',
  'phone',
  'emailAddress',
  'nationalCode',
  'customerNumber',
  'username',
] as const satisfies readonly IdentityKind[];
export type StatedKind = (typeof statedKinds)[number];

export const proofKinds = [
  'transport',
  'code',
  'sharedContact',
  'signed',
  /** A colleague stands by it, with a reason. */
  'agentVerified',
  /** Merely added by a colleague. */
  'agent',
  /** Stated by an imported file of the organisation. */
  'import',
  /** Stated by a program of the organisation, with an API key. */
  'api',
] as const;
export type ProofKind = (typeof proofKinds)[number];

const statedProofs: ReadonlySet<ProofKind> = new Set(['agent', 'import', 'api']);

/**
 * Proven by whoever it belongs to, or by a colleague who gave a reason. What an agent, an import or the API merely said becomes verified
 * once it writes, says a code or somebody stands by it; what is of an unproven kind never does.
 */
export function isVerified({ kind, proof }: { kind: IdentityKind; proof: ProofKind }): boolean {
  return !isUnproven(kind) && !statedProofs.has(proof);
}

/** The word of others on whose it is: what they show themselves takes its place. */
export function isOthersWord(proof: ProofKind): boolean {
  return proof === 'agentVerified' || statedProofs.has(proof);
}

/** Where the word on an identity is from. `id` is a channel's, a user's, an import's or an API key's. */
export const IdentitySource = z.object({
  by: z.enum(['channel', 'user', 'import', 'apiKey']),
  id: z.string(),
});
export type IdentitySource = z.infer<typeof IdentitySource>;

export const Identity = z.object({
  /** `kind:value`, value scoped where the platform's ids are local. */
  id: z.string(),
  kind: z.enum(identityKinds),
  value: z.string(),
  /** What a person reads: a number in E.164, `@username`, an address. */
  display: z.string(),
  proof: z.enum(proofKinds),
  provenAt: z.string(),
  /** False while it is merely stated. */
  verified: z.boolean(),
  /** Null on what is older than this was kept. */
  source: z.nullable(IdentitySource),
  /** Why an agent added it, or stands by it; empty on all else. */
  reason: z.string(),
  /** It was added by hand, an import or the API and nobody wrote from it: it can be taken away again. */
  removable: z.boolean(),
  /** `value`, `display` and `id` are masked: this is a list. The customer's own page has the whole. */
  masked: z.boolean(),
  lastSeenAt: z.nullable(z.string()),
  /** The customer blocked us, closed the account: writing there fails. */
  unreachable: z.boolean(),
  /** What it writes is `ignored`, visibly. */
  blocked: z.boolean(),
  /** Channels this identity has been met on; the newest first. */
  channelIds: z.array(z.string()),
});
export type Identity = z.infer<typeof Identity>;

/** What somebody merely says about who they are, or a sign that two customers may be one: suggests, links nothing. */
export const Claim = z.object({
  id: z.string(),
  kind: z.enum(identityKinds),
  value: z.string(),
  source: z.string(),
  at: z.string(),
  /** The customer who owns that identity, if one does. */
  suggestsCustomerId: z.nullable(z.string()),
  /** A code can be sent there, to find out. */
  verifiable: z.boolean(),
});
export type Claim = z.infer<typeof Claim>;

const reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(300));

/** An agent says that this is the customer's too, and why. */
export const IdentityAdd = z.object({
  kind: z.enum(statedKinds),
  value: z.string().check(z.trim(), z.minLength(1), z.maxLength(320)),
  reason,
});
export type IdentityAdd = z.infer<typeof IdentityAdd>;

/** An agent stands by an identity that was merely stated, and says why. */
export const IdentityVerify = z.object({
  reason: z.string().check(z.trim(), z.minLength(3), z.maxLength(300)),
});
export type IdentityVerify = z.infer<typeof IdentityVerify>;

/** Somebody new, by hand, and by what they will be recognised: all of it or nothing. */
export const CustomerCreate = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
  change: z._default(CustomerChange, {}),
  identities: z._default(z.array(IdentityAdd).check(z.maxLength(20)), []),
});
export type CustomerCreate = z.infer<typeof CustomerCreate>;

/** An agent takes a claim at its word, and why. */
export const ClaimAccept = z.object({ reason });
export type ClaimAccept = z.infer<typeof ClaimAccept>;

/** As lists show it. `id` is the CID. */
export const CustomerSummary = z.object({
  id: z.string(),
  name: z.string(),
  version: z.number(),
  /** Set when the customer was linked into another: follow it. */
  mergedInto: z.nullable(z.string()),
});
export type CustomerSummary = z.infer<typeof CustomerSummary>;

export const Customer = z.extend(CustomerSummary, {
  identities: z.array(Identity),
  claims: z.array(Claim),
  createdAt: z.string(),
  /** Newest first, every status: the service history, of which the timeline shows the messages. */
  conversations: z.array(
    z.object({
      id: z.string(),
      /** As of which the rest is told: whoever holds an older one has missed something. */
      version: z.number(),
      status: z.string(),
      createdAt: z.string(),
      lastAt: z.string(),
      channelIds: z.array(z.string()),
      preview: z.string(),
      messageCount: z.number(),
    }),
  ),
  profile: CustomerProfile,
  /** Of the kinds of channels they said something about. */
  consents: z.array(Consent),
  /** Null until they are derived, a moment after somebody was first met. */
  facts: z.nullable(CustomerFacts),
  /** Every CID read through this one, its own first. */
  members: z.array(z.string()),
  companies: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Customer = z.infer<typeof Customer>;
