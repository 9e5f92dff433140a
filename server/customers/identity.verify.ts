import { may, type Viewer } from '../../shared/access.ts';
import { type Customer, isUnproven, isVerified } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { ProfileEdit } from '../../shared/profile.ts';
import type { Context } from '../context.ts';
import { commit, type Tx } from '../messages/commit.ts';
import type { IdentityDoc } from './customer.model.ts';
import { getCustomer, readableCustomer } from './customer.service.ts';
import type { EditDoc } from './edit.model.ts';
import { presentEdit } from './edit.presenter.ts';
import { editedIdentity, type Writer } from './edit.write.ts';
import { factsDue } from './facts.due.ts';

/**
 * An agent stands by an identity that was merely stated, and says why. What its owner shows themselves takes the place of it later.
 * @returns with what was done, to be undone by its id: then it has its proof from before
 * @throws AppError forbidden, notFound; 409 when it is verified already; invalid for what cannot be verified by a word
 */
export async function verifyByAgent(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; identityId: string; reason: string },
): Promise<{ customer: Customer; edits: ProfileEdit[] }> {
  if (!may(viewer, 'customer.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not verify identities.' });
  const { _id: customerId } = await readableCustomer(ctx, viewer, options.customerId);
  const edit = await commit(ctx, async (tx) => {
    const before = await tx.models.identities
      .findById(options.identityId, null, { session: tx.session })
      .lean<IdentityDoc>();
    if (before?.customerId !== customerId)
      throw new AppError({ code: 'notFound', message: 'This customer has no such identity.' });
    mustBeVerifiable(before);
    return writeProof(tx, {
      before,
      proof: {
        proof: 'agentVerified',
        provenAt: ctx.now(),
        source: { by: 'user', id: viewer.id },
        reason: options.reason,
      },
      writer: { by: 'agent', byUserId: viewer.id },
    });
  });
  return { customer: await getCustomer(ctx, viewer, customerId), edits: [presentEdit(edit)] };
}

function mustBeVerifiable({ kind, proof, display }: IdentityDoc): void {
  if (isUnproven(kind))
    throw new AppError({
      code: 'invalid',
      message: `${display} recognises nobody, whoever stands by it. Add it to the customer as a contact point, and verify that.`,
    });
  if (isVerified({ kind, proof }))
    throw new AppError({ code: 'conflict', message: `${display} is verified already.` });
}

/** Puts another proof in the place of an identity's own, in the journal too. */
export async function writeProof(
  tx: Tx,
  options: {
    before: IdentityDoc;
    proof: Pick<IdentityDoc, 'proof' | 'provenAt' | 'source' | 'reason'>;
    writer: Writer;
  },
): Promise<EditDoc> {
  const { before, writer } = options;
  const { proof, provenAt, source, reason } = options.proof;
  const { session, models } = tx;
  const { customerId } = before;
  const { source: _source, reason: _reason, ...rest } = before;
  const words = { ...(source && { source }), ...(reason && { reason }) };
  const gone = { ...(!source && { source: 1 }), ...(!reason && { reason: 1 }) } as const;
  await models.identities.updateOne(
    { _id: before._id },
    {
      $set: { proof, provenAt, ...words },
      ...(Object.keys(gone).length && { $unset: gone }),
      $inc: { touched: 1 },
    },
    { session },
  );
  await models.customers.updateOne({ _id: customerId }, { $inc: { version: 1 } }, { session });
  const edit = await editedIdentity(tx, { ...writer, before, after: { ...rest, proof, provenAt, ...words } });
  await factsDue(tx, customerId);
  tx.emit('customer.changed', { customerId });
  return edit;
}
