import type { IdentityKind } from './customer.ts';
import type { ContactHours } from './profile.ts';

/** Where a conversation with a customer can begin: an address of theirs on one of our channels. */
export interface ContactPoint {
  identityId: string;
  kind: IdentityKind;
  /** The address as it is read. */
  display: string;
  channelId: string;
  /** They wish to be written to on such a channel, or what they do tells so. */
  wish: 'chosen' | 'learnt' | null;
  /** What may be said there now: words of one's own, only what the provider has approved, or nothing until they write. */
  says: 'words' | 'templates' | 'nothing';
  /** They took back their consent for such a channel. */
  optedOut: boolean;
}

/** GET /api/customers/:id/ways */
export interface ContactPoints {
  /** The best first; empty: no connected channel of the viewer's reaches them. */
  points: ContactPoint[];
  /** Where a conversation begins unless somebody chooses another; null: it would be refused. */
  preferred: { identityId: string; channelId: string } | null;
  /** When they want to be written to, if that is not now. */
  outside: ContactHours | null;
}
