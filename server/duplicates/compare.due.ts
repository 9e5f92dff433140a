import type { Context } from '../context.ts';
import type { FactsDoc } from '../customers/facts.model.ts';

type Kept = Pick<FactsDoc, '_id' | 'dupKeys' | 'signs' | 'nameKeys' | 'profile' | 'activity'>;

/**
 * Says whose duplicates are to be looked for anew, of those whose facts were just written: whatever they are compared by changed, or
 * they are gone. Called before their facts are struck off as due, so that nothing is lost with a server.
 */
export async function compareDue(
  ctx: Pick<Context, 'models' | 'bus' | 'now'>,
  facts: { changed: readonly Kept[]; before: ReadonlyMap<string, Kept>; gone: readonly string[] },
): Promise<void> {
  const other = facts.changed.filter((after) => {
    const before = facts.before.get(after._id);
    return !before || comparedBy(before) !== comparedBy(after);
  });
  await compareDueNow(ctx, [...other.map((one) => one._id), ...facts.gone]);
}

/** The same of these, whatever changed. */
export async function compareDueNow(
  ctx: Pick<Context, 'models' | 'bus' | 'now'>,
  customerIds: readonly string[],
): Promise<void> {
  const ids = [...new Set(customerIds)];
  if (!ids.length) return;
  const at = ctx.now();
  await ctx.models.comparesDue.collection.bulkWrite(
    ids.map((id) => ({
      updateOne: { filter: { _id: id as never }, update: { $inc: { due: 1 }, $max: { at } }, upsert: true },
    })),
    { ordered: false },
  );
  ctx.bus.emit('compare.due', { customerIds: ids });
}

function comparedBy({ dupKeys, signs, nameKeys, profile, activity }: Kept): string {
  return JSON.stringify([dupKeys, signs, nameKeys, profile.city, profile.companyIds, activity.channelIds]);
}
