import type { Call } from '../../../shared/call.ts';

/** Somebody called us and reached nobody. */
export const isMissed = ({ direction, state, disposition }: Call): boolean =>
  direction === 'in' && state === 'ended' && disposition !== null && disposition !== 'answered';
