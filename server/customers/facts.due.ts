import type { Context } from '../context.ts';
import type { Tx } from '../messages/commit.ts';
import { everybody } from './facts.model.ts';

/** What each commit has said already: once is enough. */
const said = new WeakMap<Tx, Set<string>>();

/** Something that facts are derived from changes in this commit. For one merged into another say it of both. */
export async function factsDue(tx: Tx, customerId: string): Promise<void> {
  const before = said.get(tx);
  if (before?.has(customerId)) return;
  said.set(tx, (before ?? new Set()).add(customerId));
  await tx.models.factsDue.updateOne(
    { _id: customerId },
    { $inc: { due: 1 }, $max: { at: tx.ctx.now() } },
    { session: tx.session, upsert: true },
  );
  tx.emit('facts.due', { customerIds: [customerId] });
}

/** The same for what was written already, outside a transaction. */
export async function factsDueNow(
  ctx: Pick<Context, 'models' | 'bus' | 'now'>,
  customerIds: readonly string[],
): Promise<void> {
  const ids = [...new Set(customerIds)];
  if (!ids.length) return;
  const at = ctx.now();
  await ctx.models.factsDue.collection.bulkWrite(
    ids.map((id) => ({
      updateOne: {
        filter: { _id: id as never },
        update: { $inc: { due: 1 }, $max: { at } },
        upsert: true,
      },
    })),
    { ordered: false },
  );
  ctx.bus.emit('facts.due', { customerIds: ids });
}

/** `factsDue` of many at once: one command. */
export async function factsDueOf(tx: Tx, customerIds: readonly string[]): Promise<void> {
  const before = said.get(tx) ?? new Set<string>();
  said.set(tx, before);
  const ids = [...new Set(customerIds)].filter((id) => !before.has(id));
  if (!ids.length) return;
  for (const id of ids) before.add(id);
  const at = tx.ctx.now();
  await tx.models.factsDue.bulkWrite(
    ids.map((id) => ({
      updateOne: { filter: { _id: id }, update: { $inc: { due: 1 }, $max: { at } }, upsert: true },
    })),
    { session: tx.session },
  );
  tx.emit('facts.due', { customerIds: ids });
}

/** All customers' facts are to be derived anew: what they are made of is weighed otherwise from now on. Goes on after a crash. */
export async function everybodyDue(ctx: Pick<Context, 'models' | 'bus' | 'now'>): Promise<void> {
  await ctx.models.factsDue
    .updateOne(
      { _id: everybody },
      { $inc: { due: 1 }, $set: { at: new Date(0), after: '' } },
      { upsert: true },
    )
    .exec();
  ctx.bus.emit('facts.due', { customerIds: [] });
}
