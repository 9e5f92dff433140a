import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { withoutBidiControls } from '../../shared/text/normalise.ts';
import type { Context } from '../context.ts';
import { Again, commit } from '../messages/commit.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { customerTokens } from './customer.tokens.ts';
import { factsDue } from './facts.due.ts';

export { customerTokens };

const nameLength = 120;

/** A name as it is kept: one line, nothing that reorders text, not endless. */
export function cleanName(name: string): string {
  return withoutBidiControls(name).replace(/\s+/g, ' ').trim().slice(0, nameLength);
}

/** An agent's word on a name: no channel overwrites it. @throws AppError forbidden, notFound */
export async function renameCustomer(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; name: string },
): Promise<CustomerDoc> {
  if (!may(viewer, 'customer.read') || !may(viewer, 'conversation.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not rename customers.' });
  const name = cleanName(options.name);
  if (!name)
    throw new AppError({ code: 'invalid', message: 'A name must not be empty.', fields: { name: 'empty' } });
  return commit(ctx, async (tx) => {
    const { session } = tx;
    const customer = await tx.models.customers
      .findById(options.customerId, null, { session })
      .lean<CustomerDoc>();
    if (!customer || customer.mergedInto)
      throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
    const identities = await tx.models.identities
      .find({ customerId: customer._id }, { value: 1, display: 1 }, { session })
      .lean<IdentityDoc[]>();
    const after = await tx.models.customers
      .findOneAndUpdate(
        { _id: customer._id, mergedInto: null },
        {
          $set: { name, nameSource: 'agent', tokens: customerTokens(name, identities) },
          $inc: { version: 1 },
        },
        { session, returnDocument: 'after' },
      )
      .lean<CustomerDoc>();
    if (!after) throw new Again(`customer ${customer._id} was linked into another`);
    await factsDue(tx, customer._id);
    tx.emit('customer.changed', { customerId: customer._id });
    return after;
  });
}
