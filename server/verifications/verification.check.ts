import { may, type Viewer } from '../../shared/access.ts';
import type { Customer } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import { type Verification, type VerificationState, verificationLimits } from '../../shared/verification.ts';
import type { Context } from '../context.ts';
import { getCustomer, readableCustomer } from '../customers/customer.service.ts';
import { commit } from '../messages/commit.ts';
import { invalid } from '../messages/outgoing.ts';
import { isCode, typedCode } from './verification.code.ts';
import type { VerificationDoc } from './verification.model.ts';
import { presentVerification, stateOf } from './verification.presenter.ts';
import { mintProof, settleVerification } from './verification.settle.ts';

const over: Record<Exclude<VerificationState, 'waiting'>, string> = {
  proven: 'This code was used already.',
  expired: `A code is valid for ${verificationLimits.lifeMs / 60_000} minutes, and this one is older. Send a new one.`,
  spent: `After ${verificationLimits.attempts} attempts a code is void. Send a new one.`,
  superseded: 'A newer code was sent: that one counts.',
};

export interface CheckedVerification {
  verification: Verification;
  customer: Customer;
  /** Another customer had the address, and the two are one now. */
  merged: boolean;
}

/**
 * The customer told an agent the code. An attempt is counted before the code is looked at, so that guesses side by side do not slip
 * through.
 * @throws AppError forbidden, notFound, 422 wrongCode with what is left, 409 codeOver
 */
export async function checkVerification(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; verificationId: string; code: string },
): Promise<CheckedVerification> {
  if (!may(viewer, 'customer.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not verify identities.' });
  const customer = await readableCustomer(ctx, viewer, options.customerId);
  const found = await ctx.models.verifications
    .findById(options.verificationId)
    .lean<VerificationDoc>()
    .exec();
  if (!found || !customer.members.includes(found.customerId))
    throw new AppError({ code: 'notFound', message: 'No such code was sent for this customer.' });
  const code = typedCode(options.code);
  if (!code) throw invalid('code', 'A code has six digits.');
  const counted = await ctx.models.verifications
    .findOneAndUpdate(
      {
        _id: found._id,
        state: 'waiting',
        expiresAt: { $gt: ctx.now() },
        attempts: { $lt: verificationLimits.attempts },
      },
      { $inc: { attempts: 1 } },
      { returnDocument: 'after' },
    )
    .lean<VerificationDoc>()
    .exec();
  if (!counted) throw await codeOver(ctx, found);
  if (!isCode(ctx, counted, code)) throw wrongCode(counted);
  const minted = mintProof(ctx);
  const proven = await commit(ctx, async (tx) => {
    const now = await tx.models.verifications
      .findById(found._id, null, { session: tx.session })
      .lean<VerificationDoc>();
    // The customer wrote it themselves at the same moment, or a newer code went out.
    if (now?.state !== 'waiting') return null;
    return settleVerification(tx, now, { provenBy: 'agent', byUserId: viewer.id, minted });
  });
  const after = await ctx.models.verifications.findById(found._id).lean<VerificationDoc>().exec();
  if (after?.state !== 'proven') throw await codeOver(ctx, found);
  const shown = await getCustomer(ctx, viewer, proven?.customerId ?? customer._id);
  return {
    verification: presentVerification(after, { customerId: shown.id, now: ctx.now() }),
    customer: shown,
    merged: proven?.outcome === 'merged',
  };
}

function wrongCode(verification: VerificationDoc): AppError {
  const attemptsLeft = Math.max(0, verificationLimits.attempts - verification.attempts);
  const left = attemptsLeft === 1 ? 'One attempt is left.' : `${attemptsLeft} attempts are left.`;
  const message = attemptsLeft
    ? `That is not the code. ${left}`
    : `That is not the code, and no attempt is left. Send a new one.`;
  return new AppError({
    code: 'invalid',
    reason: 'wrongCode',
    message,
    fields: { code: message },
    data: { attemptsLeft },
  });
}

async function codeOver(ctx: Context, found: VerificationDoc): Promise<AppError> {
  const verification = await ctx.models.verifications.findById(found._id).lean<VerificationDoc>().exec();
  const now = stateOf(verification ?? found, ctx.now());
  const state = now === 'waiting' ? 'expired' : now;
  return new AppError({ code: 'conflict', reason: 'codeOver', message: over[state], data: { state } });
}

/** The customer's codes, newest first. @throws AppError forbidden, notFound */
export async function listVerifications(
  ctx: Context,
  viewer: Viewer,
  customerId: string,
): Promise<{ verifications: Verification[] }> {
  const customer = await readableCustomer(ctx, viewer, customerId);
  const found = await ctx.models.verifications
    .find({ customerId: { $in: customer.members } })
    .sort({ createdAt: -1 })
    .limit(mostListed)
    .lean<VerificationDoc[]>()
    .exec();
  const now = ctx.now();
  return { verifications: found.map((one) => presentVerification(one, { customerId: customer._id, now })) };
}

const mostListed = 50;
