import { type Identity, isUnproven, type ProofKind, type UnprovenKind } from '../../shared/customer.ts';

/** How an identity is known to be theirs, in the words of either catalog; of what is theirs by nothing, that it is not. */
export function proofText(
  { kind, proof }: Pick<Identity, 'kind' | 'proof'>,
  words: { proof: Record<ProofKind, string>; unproven: Record<UnprovenKind, string> },
): string {
  return proof === 'transport' && isUnproven(kind) ? words.unproven[kind] : words.proof[proof];
}
