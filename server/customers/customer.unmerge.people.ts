import { Again, type Tx } from '../messages/commit.ts';
import { noteMerged } from './customer.merge.edits.ts';
import { fieldsWritten } from './customer.merge.fields.ts';
import type { CustomerDoc } from './customer.model.ts';
import { customerTokens } from './customer.name.ts';
import { placeId } from './customer.unmerge.ahead.ts';
import type { FieldsBack } from './customer.unmerge.fields.ts';
import type { Plan, Side } from './customer.unmerge.plan.ts';
import type { Apart, MintedIds } from './customer.unmerge.read.ts';
import type { Unmerged } from './customer.unmerge.ts';
import { factsDue } from './facts.due.ts';

/** Every identity is written, whether it goes or stays: a message of it that comes at the same moment conflicts. */
export async function partIdentities(tx: Tx, apart: Apart): Promise<void> {
  const { models, session } = tx;
  for (const side of ['root', 'restored'] as const) {
    const ids = apart.identities
      .filter((one) => apart.sideOf(one.homeCustomerId) === side)
      .map((one) => one._id);
    if (!ids.length) continue;
    const customerId = side === 'root' ? apart.root._id : apart.merged._id;
    await models.identities.updateMany(
      { _id: { $in: ids }, customerId: apart.root._id },
      { $set: { customerId }, $inc: { touched: 1 } },
      { session },
    );
  }
}

/** Writes everybody who is otherwise once they are apart, and the journal. */
export async function partPeople(
  tx: Tx,
  options: {
    apart: Apart;
    plan: Plan;
    back: FieldsBack;
    byUserId: string | null;
    minted: MintedIds;
  },
): Promise<Pick<Unmerged, 'survivor' | 'restored'>> {
  const { apart, plan, back, byUserId, minted } = options;
  const { root, merged, leaving, link } = apart;
  const { models, session } = tx;
  const now = tx.ctx.now();
  let survivor: CustomerDoc | null = null;
  let restored: CustomerDoc | null = null;
  for (const one of apart.people) {
    const isRoot = one._id === root._id;
    const isMerged = one._id === merged._id;
    const changed = back.customers.get(one._id);
    const members = isMerged ? [...leaving] : one.members.filter((id) => !leaving.has(id));
    // Those who were merged between the two: what is read through them loses who leaves.
    const fewer = !leaving.has(one._id) && members.length !== one.members.length;
    if (!isRoot && !isMerged && !changed && !fewer) continue;
    const side: Side = isMerged ? 'restored' : 'root';
    const main = plan.main[side];
    const after = await models.customers
      .findOneAndUpdate(
        { _id: one._id, mergedInto: one.mergedInto, 'active.main': one.active.main },
        {
          $set: {
            ...(changed && fieldsWritten(changed)),
            ...(leaving.has(one._id) && !isMerged ? {} : { members }),
            ...(isMerged && { mergedInto: null }),
            ...((isMerged || isRoot) && {
              'active.main': main && placeId(plan, main, minted),
              tokens: customerTokens(
                (changed ?? one).name,
                apart.identities.filter((identity) => apart.sideOf(identity.homeCustomerId) === side),
              ),
            }),
          },
          $inc: { version: 1 },
        },
        { session, returnDocument: 'after' },
      )
      .lean<CustomerDoc>();
    if (!after) throw new Again(`customer ${one._id} changed while a merge was taken back`);
    if (isRoot || isMerged)
      await noteMerged(tx, { before: one, after, minted: `${link._id} undone`, byUserId });
    if (isRoot) survivor = after;
    if (isMerged) restored = after;
  }
  const written = await models.links.updateOne(
    { _id: link._id, undone: null },
    { $set: { undone: { at: now, byUserId } } },
    { session },
  );
  if (!survivor || !restored || !written.matchedCount) throw new Again('the merge was taken back meanwhile');
  for (const [_id, taken] of back.links)
    await models.links.updateOne({ _id }, { $set: { taken } }, { session });
  for (const id of [survivor._id, restored._id]) {
    await factsDue(tx, id);
    tx.emit('customer.changed', { customerId: id });
  }
  return { survivor, restored };
}
