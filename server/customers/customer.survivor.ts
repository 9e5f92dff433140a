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
