import { type Verification, type VerificationState, verificationLimits } from '../../shared/verification.ts';
import type { VerificationDoc } from './verification.model.ts';

/** What it is now: a code whose time or attempts are over is not waited for any more. */
export function stateOf(verification: VerificationDoc, now: Date): VerificationState {
  if (verification.state !== 'waiting') return verification.state;
  if (verification.expiresAt <= now) return 'expired';
  return verification.attempts >= verificationLimits.attempts ? 'spent' : 'waiting';
}

/** As the team sees it: nothing of the code. @param customerId whom it is read through today */
export function presentVerification(
  verification: VerificationDoc,
  options: { customerId: string; now: Date },
): Verification {
  return {
    id: verification._id,
    customerId: options.customerId,
    identityId: verification.identityId,
    kind: verification.kind,
    display: verification.display,
    channelId: verification.channelId,
    conversationId: verification.conversationId,
    messageId: verification.messageId,
    byUserId: verification.byUserId,
    at: verification.createdAt.toISOString(),
    expiresAt: verification.expiresAt.toISOString(),
    attemptsLeft: Math.max(0, verificationLimits.attempts - verification.attempts),
    state: stateOf(verification, options.now),
    provenAt: verification.provenAt?.toISOString() ?? null,
    provenBy: verification.provenBy ?? null,
  };
}
