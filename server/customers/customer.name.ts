import { cleanText } from '../../shared/text/normalise.ts';
import { customerTokens } from './customer.tokens.ts';

export { customerTokens };

const nameLength = 120;

/** A name as it is kept: one line, nothing that reorders text, not endless; '' where nobody would see anything. */
export function cleanName(name: string): string {
  return cleanText(name).replace(/\s+/g, ' ').slice(0, nameLength);
}
