import type { RecordDoc } from '../records/record.model.ts';
import type { FactsValues } from './facts.model.ts';

/** What values are derived from, of each record of a customer and of all who were merged into them. */
export const valuesFrom = { kind: 1, status: 1, at: 1, amount: 1, currency: 1 } as const;
export type ValuesFrom = Pick<RecordDoc, 'kind' | 'status' | 'at' | 'amount' | 'currency'>;

/**
 * Purchases that were neither cancelled nor returned. `spent` is of those in rials: there is no exchange rate by which others could be
 * added, and they count as purchases all the same.
 */
export function valuesOf(records: Iterable<ValuesFrom>): FactsValues {
  const values: FactsValues = { spent: 0, purchases: 0, firstPurchaseAt: null, lastPurchaseAt: null };
  for (const { kind, status, at, amount, currency } of records) {
    if (kind !== 'purchase' || status === 'cancelled' || status === 'returned') continue;
    values.purchases += 1;
    if (currency === 'IRR') values.spent += amount ?? 0;
    if (!values.firstPurchaseAt || at < values.firstPurchaseAt) values.firstPurchaseAt = at;
    if (!values.lastPurchaseAt || at > values.lastPurchaseAt) values.lastPurchaseAt = at;
  }
  return values;
}
