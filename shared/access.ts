/** Who may do what. Roles are sets of permissions; the server's services ask `may` and `canSee`, and nothing else. */

export const roles = ['administrator', 'agent', 'marketer'] as const;
export type Role = (typeof roles)[number];

export const permissions = [
  'conversation.read',
  'conversation.write',
  'customer.read',
  /** Edit a profile, its identities and consents; prove an identity. */
  'customer.write',
  /** Merge and un-merge, and decide on duplicates. */
  'customer.link',
  'customer.import',
  /** Write down a purchase or a service. */
  'record.write',
  /** Define the fields that profiles have beyond ours. */
  'field.manage',
  /** Save segments of one's own; those of everybody are for `segment.manage`. */
  'segment.write',
  'segment.manage',
  'quality.read',
  'apiKey.manage',
  'inbound.read',
  'inbound.replay',
  'channel.read',
  'channel.manage',
  'user.read',
  'user.manage',
  'organisation.manage',
  'team.manage',
  /** Make a tag, while working. */
  'tag.create',
  /** Rename, recolour and archive tags. */
  'tag.manage',
  /** Write canned replies and views of one's own, and share them with a team of one's own. */
  'canned.write',
  /** …and change everybody's. */
  'canned.manage',
  /** See what is said in public, and correct its sentiment. */
  'listening.read',
  /** Convert, see to, or teach away what was found. */
  'listening.write',
  /** Save what is searched for. */
  'listening.manage',
  'advocate.read',
  /** Move people on the board, ask for testimonials, make referral codes. */
  'advocate.write',
  /** Weights, limits, lists of coupons. */
  'advocate.manage',
  'reward.give',
  'reward.approve',
  'report.read',
  'report.export',
] as const;
export type Permission = (typeof permissions)[number];

const granted: Record<Role, readonly Permission[]> = {
  administrator: permissions,
  agent: [
    'conversation.read',
    'conversation.write',
    'customer.read',
    'customer.write',
    'customer.link',
    'record.write',
    'segment.write',
    'quality.read',
    'channel.read',
    'user.read',
    'tag.create',
    'canned.write',
    'listening.read',
    'listening.write',
  ],
  marketer: [
    'conversation.read',
    'conversation.write',
    'customer.read',
    'customer.write',
    'segment.write',
    'segment.manage',
    'quality.read',
    'channel.read',
    'user.read',
    'tag.create',
    'canned.write',
    'listening.read',
    'listening.write',
    'listening.manage',
    'advocate.read',
    'advocate.write',
    'advocate.manage',
    'reward.give',
    'report.read',
    'report.export',
  ],
};

/** The part of a user that decides access. `channelIds: 'all'` sees every channel, present and future. */
export interface Viewer {
  id: string;
  role: Role;
  channelIds: 'all' | readonly string[];
  teamIds: readonly string[];
}

export function may(viewer: Pick<Viewer, 'role'>, permission: Permission): boolean {
  return granted[viewer.role].includes(permission);
}

export function canUseChannel(viewer: Viewer, channelId: string): boolean {
  return viewer.channelIds === 'all' || viewer.channelIds.includes(channelId);
}

/** An agent sees a conversation when one of its channels is theirs. One function for routes, queries and rooms. */
export function canSee(viewer: Viewer, conversation: { channelIds: readonly string[] }): boolean {
  return conversation.channelIds.some((id) => canUseChannel(viewer, id));
}
