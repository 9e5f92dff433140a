import * as z from 'zod/mini';

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
] as const;
export type IdentityKind = (typeof identityKinds)[number];

/** The kind that a channel must be able to write to. */
export function reachedAs(kind: IdentityKind): IdentityKind {
  if (kind === 'leftAddress' || kind === 'unprovenAddress') return 'emailAddress';
  return kind === 'leftMobile' ? 'mobile' : kind;
}

export const proofKinds = ['transport', 'code', 'sharedContact', 'signed', 'agent'] as const;
export type ProofKind = (typeof proofKinds)[number];

export const Identity = z.object({
  /** `kind:value`, value scoped where the platform's ids are local. */
  id: z.string(),
  kind: z.enum(identityKinds),
  value: z.string(),
  /** What a person reads: a number in E.164, `@username`, an address. */
  display: z.string(),
  proof: z.enum(proofKinds),
  provenAt: z.string(),
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
});
export type Claim = z.infer<typeof Claim>;

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
});
export type Customer = z.infer<typeof Customer>;

/** An agent proves that two customers are one person; `intoId` is the one whose page the agent is on. */
export const CustomerLink = z.object({
  otherId: z.string().check(z.maxLength(20)),
  reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(300)),
});
export type CustomerLink = z.infer<typeof CustomerLink>;

export const CustomerRename = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
});
