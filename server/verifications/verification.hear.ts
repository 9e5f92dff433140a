import { verificationLimits } from '../../shared/verification.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { done, type Step } from '../messages/intake.step.ts';
import { isCode } from './verification.code.ts';
import type { VerificationDoc } from './verification.model.ts';
import { mintProof, settleVerification } from './verification.settle.ts';

/**
 * A customer wrote six digits while a code of theirs is waited for: if it is the code, the address is proven; else it counts as an
 * attempt, once for one event however often it is taken in.
 */
export function hearStep(ctx: Context, heard: { senderId: string; eventId: string; code: string }): Step {
  const minted = mintProof(ctx);
  return async (tx) => {
    const { session, models } = tx;
    const sender = await models.identities.findById(heard.senderId, null, { session }).lean<IdentityDoc>();
    const customer =
      sender && (await models.customers.findById(sender.customerId, null, { session }).lean<CustomerDoc>());
    if (!customer) return done;
    const waiting = await models.verifications
      .find(
        {
          customerId: { $in: customer.members },
          state: 'waiting',
          expiresAt: { $gt: ctx.now() },
          attempts: { $lt: verificationLimits.attempts },
          tried: { $ne: heard.eventId },
        },
        null,
        { session },
      )
      .sort({ createdAt: -1 })
      .lean<VerificationDoc[]>();
    const right = waiting.find((one) => isCode(ctx, one, heard.code));
    if (right) {
      await settleVerification(tx, right, { provenBy: 'customer', byUserId: null, minted });
      return done;
    }
    if (waiting.length)
      await models.verifications.updateMany(
        { _id: { $in: waiting.map(({ _id }) => _id) } },
        { $inc: { attempts: 1 }, $addToSet: { tried: heard.eventId } },
        { session },
      );
    return done;
  };
}
