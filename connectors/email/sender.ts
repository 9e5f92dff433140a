import type { LetterAddress } from '../connector.ts';
import { addressesIn, canonicalAddress } from './address.ts';
import { allOf, charsetOf, type Field } from './fields.ts';

/** Who a mail says it is from. The check and the inbox read it here, both, so that they cannot mean different people. */
export interface From {
  address: LetterAddress;
  /** Canonical, or null when nobody can be written to there. */
  canonical: string | null;
  /** Several fields, or several people in one: then nothing is proven about any of them. */
  ambiguous: boolean;
}

/** @returns null when the mail names nobody at all. */
export function fromOf(fields: readonly Field[]): From | null {
  const values = allOf(fields, 'from');
  const all = values.flatMap((value) => addressesIn(value, charsetOf(fields)));
  const address = all.find((entry) => canonicalAddress(entry.address) !== null) ?? all[0];
  if (!address) return null;
  return {
    address,
    canonical: canonicalAddress(address.address),
    ambiguous: values.length > 1 || all.length > 1,
  };
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
