import type { Context } from '../context.ts';
import type { Tx } from '../messages/commit.ts';
import type { CustomerDoc } from './customer.model.ts';

/** The customer an id stands for today. */
export async function survivorOf(
  customers: Context['models']['customers'],
  id: string,
  tx?: Tx,
): Promise<CustomerDoc | null> {
  const options = tx ? { session: tx.session } : {};
  let customer = await customers.findById(id, null, options).lean<CustomerDoc>();
  const seen = new Set<string>();
  while (customer?.mergedInto && !seen.has(customer._id)) {
    seen.add(customer._id);
    customer = await customers.findById(customer.mergedInto, null, options).lean<CustomerDoc>();
  }
  return customer;
}

/** Whom each of these stands for today. */
export async function survivorsOf(
  ctx: Pick<Context, 'models'>,
  customerIds: Iterable<string>,
): Promise<Map<string, string>> {
  const ids = [...new Set(customerIds)];
  const found = await ctx.models.customers
    .find({ _id: { $in: ids } }, { mergedInto: 1 })
    .lean<Pick<CustomerDoc, '_id' | 'mergedInto'>[]>()
    .exec();
  const entries = await Promise.all(
    found.map(
      async ({ _id, mergedInto }) =>
        [_id, mergedInto ? ((await survivorOf(ctx.models.customers, _id))?._id ?? _id) : _id] as const,
    ),
  );
  return new Map(entries);
}
