import { may } from '../../../shared/access.ts';
import type { Segment } from '../../../shared/segment.ts';
import type { Me } from '../../../shared/user.ts';

/** One's own; everybody's is for whoever manages them. */
export function mayChange(me: Me, { ownerId, sharedWith }: Segment): boolean {
  if (!may(me, 'segment.write')) return false;
  return sharedWith === 'everyone' ? may(me, 'segment.manage') : ownerId === me.id;
}
