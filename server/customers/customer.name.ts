import { withoutBidiControls } from '../../shared/text/normalise.ts';
import { customerTokens } from './customer.tokens.ts';

export { customerTokens };

const nameLength = 120;

/** A name as it is kept: one line, nothing that reorders text, not endless. */
export function cleanName(name: string): string {
  return withoutBidiControls(name).replace(/\s+/g, ' ').trim().slice(0, nameLength);
}
