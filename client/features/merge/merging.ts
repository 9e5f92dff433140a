import { useLocation } from 'wouter';
import type { Customer } from '../../../shared/customer.ts';
import type { MergeSide } from '../../../shared/merge.ts';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { queries, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

export interface Merging {
  /** Whose record stays. */
  intoId: string;
  other: { id: string; name: string };
  reason: string;
  winners: Record<string, MergeSide>;
}

export interface Separating {
  /** Whose record it is today. */
  customerId: string;
  linkId: string;
  name: string;
  reason: string;
}

/** Two records become one, and apart again: each says so and can be taken back. */
export function useMerging() {
  const t = useT();
  const w = useCustomerWords();
  const { calls, sync } = useWorkspace();
  const [, navigate] = useLocation();

  /** Every page that shows either of them asks again. */
  const told = (customers: Record<string, Customer>) => {
    for (const [id, customer] of Object.entries(customers)) {
      queries.setQueryData(['customer', id], customer);
      void queries.invalidateQueries({ queryKey: ['history', id] });
      void queries.invalidateQueries({ queryKey: ['merges', id] });
    }
    for (const queryKey of [['duplicates'], ['customers'], ['quality']])
      void queries.invalidateQueries({ queryKey });
    void sync.refresh();
  };
  const failed = (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' });

  /** @throws AppError, NetworkError */
  const merge = async ({ intoId, other, reason, winners }: Merging): Promise<Customer> => {
    const { customer, linkId } = await calls.mergeCustomer(intoId, { otherId: other.id, reason, winners });
    told({ [customer.id]: customer, [other.id]: customer, [intoId]: customer });
    const apart = linkId && { customerId: customer.id, linkId, name: other.name, reason };
    showToast({
      text: w.merge.done(plainName(other.name)),
      tone: 'ok',
      ...(apart && { undo: () => void separate(apart).catch(failed) }),
    });
    return customer;
  };

  /** @throws AppError, NetworkError */
  const separate = async ({ customerId, linkId, name, reason }: Separating): Promise<void> => {
    const { survivor, restored, winners } = await calls.unmergeCustomer(customerId, linkId);
    told({ [survivor.id]: survivor, [restored.id]: restored });
    const again = { intoId: survivor.id, other: { id: restored.id, name }, reason, winners };
    showToast({
      text: w.merge.apart(plainName(restored.name || name)),
      tone: 'ok',
      undo: () => void merge(again).catch(failed),
      action: { label: w.merge.openApart, run: () => navigate(`/customers/${restored.id}`) },
    });
  };
  return { merge, separate };
}
