import { may } from '../../../shared/access.ts';
import { useMe } from '../../state/hooks.tsx';
import { useOffline } from '../settings/page.tsx';

/** This person may change customers, and the server can be told. */
export function useMayWrite(): boolean {
  const me = useMe();
  const offline = useOffline();
  return may(me, 'customer.write') && !offline;
}
