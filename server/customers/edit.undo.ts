import { AppError } from '../../shared/errors.ts';
import { customerOf } from '../conversations/conversation.active.ts';
import { invalid } from '../http/validate.ts';
import { Again, type Tx } from '../messages/commit.ts';
import { markReach } from '../messages/reach.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { customerTokens } from './customer.name.ts';
import { mostTokens } from './customer.tokens.ts';
import type { EditDoc } from './edit.model.ts';
import { editedIdentity, type Writer } from './edit.write.ts';
import { factsDue } from './facts.due.ts';
import { setBlocked } from './identity.block.ts';
import { removeWithin } from './identity.remove.ts';
import { writeProof } from './identity.verify.ts';

/**
 * Takes back what was done with one identity, by another edit: one that was taken away is there again as it was, with whose word it is and
 * since when; one that was added goes; one that was blocked may write again; one that a colleague stood by has its proof from before.
 * @throws AppError 409 stateChanged when it has become something else since; 409 identityInUse; invalid for what a person proved
 */
export async function undoIdentityEdit(
  tx: Tx,
  options: { customer: CustomerDoc; edit: EditDoc; writer: Writer },
): Promise<void> {
  const { customer, edit, writer } = options;
  const before = edit.before as IdentityDoc | null;
  const after = edit.after as IdentityDoc | null;
  const id = (before ?? after)?._id ?? '';
  const now = await tx.models.identities.findById(id, null, { session: tx.session }).lean<IdentityDoc>();
  const by = { ...writer, undoes: edit._id };
  if (before && !after) {
    if (now) throw changed(now);
    return restore(tx, { customer, identity: before, writer: by });
  }
  if (now?.customerId !== customer._id) throw changed(now);
  if (!before || !after) {
    if (now.provenAt.getTime() !== after?.provenAt.getTime()) throw changed(now);
    await removeWithin(tx, { customerId: customer._id, identityId: id, writer: by });
    return;
  }
  if (before.proof !== after.proof) {
    if (after.proof !== 'agentVerified' && !edit.undoes)
      throw invalid({ field: 'What an address was proven by is not undone: it happened.' });
    if (now.proof !== after.proof || now.provenAt.getTime() !== after.provenAt.getTime()) throw changed(now);
    await writeProof(tx, { before: now, proof: before, writer: by });
    return;
  }
  const blocked = before.blocked ?? false;
  if (blocked !== (after.blocked ?? false)) {
    if ((now.blocked ?? false) === blocked) throw changed(now);
    await setBlocked(tx, { customerId: customer._id, identityIds: [id], blocked, writer: by });
    return;
  }
  if (now.unreachable === before.unreachable) throw changed(now);
  await markReach(tx, { identityId: id, unreachable: before.unreachable });
  await editedIdentity(tx, { ...by, before: now, after: { ...now, unreachable: before.unreachable } });
}

const changed = (now: IdentityDoc | null) =>
  new AppError({
    code: 'conflict',
    reason: 'stateChanged',
    message: now ? `${now.display} has been changed again since.` : 'This address is not there any more.',
  });

async function restore(
  tx: Tx,
  { customer, identity, writer }: { customer: CustomerDoc; identity: IdentityDoc; writer: Writer },
): Promise<void> {
  const { session, models } = tx;
  const { members } = await customerOf(tx, customer._id);
  const home = identity.homeCustomerId;
  const back: IdentityDoc = {
    ...identity,
    customerId: customer._id,
    homeCustomerId: members.includes(home) ? home : customer._id,
    touched: identity.touched + 1,
  };
  await models.identities.insertMany([back], { session });
  const tokens = customerTokens('', [back]).filter((token) => !customer.tokens.includes(token));
  const written = await models.customers.updateOne(
    { _id: customer._id, mergedInto: null, version: customer.version },
    { $inc: { version: 1 }, $set: { tokens: [...customer.tokens, ...tokens].slice(0, mostTokens) } },
    { session },
  );
  if (!written.matchedCount) throw new Again(`customer ${customer._id} changed`);
  await editedIdentity(tx, { ...writer, before: null, after: back });
  await factsDue(tx, customer._id);
  tx.emit('customer.changed', { customerId: customer._id });
}
