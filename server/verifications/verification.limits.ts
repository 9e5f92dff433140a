import { AppError } from '../../shared/errors.ts';
import { verificationLimits as limits } from '../../shared/verification.ts';
import type { Tx } from '../messages/commit.ts';
import type { VerificationDoc } from './verification.model.ts';

const hourMs = 3_600_000;

/**
 * So many codes an hour for one customer, to one address, and in all: nobody is flooded, and no line's money is spent.
 * @throws AppError tooMany, with the seconds after which there may be one again
 */
export async function mustBeWithinLimits(
  tx: Tx,
  of: { members: readonly string[]; identityId: string },
): Promise<void> {
  const now = tx.ctx.now();
  const since = { $gt: new Date(now.getTime() - hourMs) };
  const asked = [
    {
      filter: { customerId: { $in: [...of.members] }, createdAt: since },
      most: limits.customerAnHour,
      whose: 'for this customer',
    },
    {
      filter: { identityId: of.identityId, createdAt: since },
      most: limits.targetAnHour,
      whose: 'to this address',
    },
    { filter: { createdAt: since }, most: limits.organisationAnHour, whose: 'in all' },
  ];
  for (const { filter, most, whose } of asked) {
    const oldest = await tx.models.verifications
      .find(filter, { createdAt: 1 }, { session: tx.session })
      .sort({ createdAt: -1 })
      .limit(most)
      .lean<Pick<VerificationDoc, 'createdAt'>[]>();
    const first = oldest[most - 1];
    if (!first) continue;
    throw new AppError({
      code: 'tooMany',
      message: `At most ${most} codes an hour are sent ${whose}. Wait, or ask for another proof.`,
      retryAfter: Math.max(1, Math.ceil((first.createdAt.getTime() + hourMs - now.getTime()) / 1000)),
    });
  }
}
