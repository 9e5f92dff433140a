import type { CustomerDoc } from '../customers/customer.model.ts';
import { everybody, type FactsDoc, type FactsDueDoc } from '../customers/facts.model.ts';
import type { Models } from './models.ts';

/**
 * Facts are of survivors, and of the customer as they are; else they are due, and their worker mends it.
 */
export async function factsHold(
  models: Models,
  customers: ReadonlyMap<string, CustomerDoc>,
): Promise<string[]> {
  const due = new Set(
    (await models.factsDue.find({}, { _id: 1 }).lean<Pick<FactsDueDoc, '_id'>[]>()).map((one) => one._id),
  );
  if (due.has(everybody)) return [];
  const faults: string[] = [];
  const facts = await models.facts.find({}, { name: 1 }).lean<Pick<FactsDoc, '_id' | 'name'>[]>();
  for (const { _id, name } of facts) {
    if (due.has(_id)) continue;
    const customer = customers.get(_id);
    const say = (what: string) => faults.push(`facts of ${_id}: ${what}`);
    if (!customer) say('there is no such customer');
    else if (customer.mergedInto)
      say(`the customer was merged into ${customer.mergedInto}, and nobody is to see to it`);
    else if (customer.name !== name) say(`they are called “${name}” there, and nobody is to see to it`);
  }
  return faults;
}
