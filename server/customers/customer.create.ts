import type { CustomerChange } from '../../shared/profile.ts';
import { key } from '../db/key.ts';
import { invalid } from '../http/validate.ts';
import type { Tx } from '../messages/commit.ts';
import type { CustomerDoc } from './customer.model.ts';
import { cleanName, customerTokens } from './customer.name.ts';
import { factsDue } from './facts.due.ts';
import { type Changed, changeProfile, type Editor } from './profile.change.ts';

/**
 * Makes a customer whom nobody has spoken with yet: by hand, by an import, by a program. Identities are added by who calls.
 * @param options.cid minted outside the transaction
 * @throws AppError invalid, with the field
 */
export async function createCustomerWithin(
  tx: Tx,
  options: { cid: string; name: string; change: CustomerChange; editor: Editor },
): Promise<Changed> {
  const { cid, editor } = options;
  const name = cleanName(options.name);
  if (!name) throw invalid({ name: 'A name must not be empty.' });
  const customer: CustomerDoc = {
    _id: cid,
    name,
    nameSource: 'agent',
    active: { main: null },
    version: 1,
    mergedInto: null,
    members: [cid],
    tokens: customerTokens(name, []),
    createdAt: tx.ctx.now(),
  };
  await tx.models.customers.insertMany([customer], { session: tx.session });
  await tx.models.edits.insertMany(
    [
      {
        _id: key(editor.minted, 'name'),
        customerId: cid,
        at: customer.createdAt,
        by: editor.by,
        byUserId: editor.byUserId,
        field: 'name',
        before: null,
        after: name,
        undoes: null,
      },
    ],
    { session: tx.session },
  );
  await factsDue(tx, cid);
  tx.emit('customer.changed', { customerId: cid });
  const { name: _named, ...others } = options.change;
  return changeProfile(tx, { customerId: cid, change: others, editor });
}
