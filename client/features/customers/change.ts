import { useQueryClient } from '@tanstack/react-query';
import type { Customer, Identity } from '../../../shared/customer.ts';
import type { ChannelKind, ConsentPut, CustomerChange, ProfileEdit } from '../../../shared/profile.ts';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { useFieldName } from './field-name.ts';

/** What the server answered is shown at once; what is drawn from it elsewhere is asked for again. */
export function useKeepCustomer(): (customer: Customer) => void {
  const client = useQueryClient();
  return (customer) => {
    client.setQueryData(['customer', customer.id], customer);
    for (const key of ['history', 'edits', 'records'])
      void client.invalidateQueries({ queryKey: [key, customer.id] });
    void client.invalidateQueries({ queryKey: ['customers'] });
  };
}

/** Changes a record in place. Resolves once it is kept, with a toast that takes it back; rejects with what was refused. */
export function useChange(customerId: string): (change: CustomerChange) => Promise<void> {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  const undo = useUndo(customerId);
  const fieldName = useFieldName();
  return async (change) => {
    const { customer, edits } = await calls.changeCustomer(customerId, change);
    keep(customer);
    const [first] = edits;
    if (first) showToast({ text: w.panels.changed(fieldName(first.field)), undo: () => void undo(edits) });
  };
}

/** Takes edits back, the last one first. */
export function useUndo(customerId: string): (edits: readonly Pick<ProfileEdit, 'id'>[]) => Promise<void> {
  const t = useT();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  return async (edits) => {
    try {
      for (const { id } of [...edits].reverse()) keep((await calls.undoEdit(customerId, id)).customer);
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
  };
}

/** As `useChange`, for a press that has no form to say in what went wrong. */
export function useQuickChange(customerId: string): (change: CustomerChange) => Promise<void> {
  const t = useT();
  const change = useChange(customerId);
  return (what) =>
    change(what).catch((error: unknown) => {
      showToast({ text: errorText(t, error), tone: 'error' });
    });
}

/** A way to the customer was added: said with a toast that takes it away again, as long as nobody used it. */
export function useSayAdded(): (text: string, before: readonly Identity[], after: Customer) => void {
  const t = useT();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  return (text, before, after) => {
    const had = new Set(before.map(({ id }) => id));
    const added = after.identities.find(({ id, removable }) => removable && !had.has(id));
    const undo = (identityId: string) =>
      void calls.removeIdentity(after.id, identityId).then(
        ({ customer }) => keep(customer),
        (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }),
      );
    showToast({ text, ...(added && { undo: () => undo(added.id) }) });
  };
}

/**
 * Keeps a word on whether they agreed. Where there was a word before, a toast puts that one again, with what showed it; the first word on a
 * kind of channel can only be followed by another.
 */
export function usePutConsent(customerId: string): (kind: ChannelKind, put: ConsentPut) => Promise<void> {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const keep = useKeepCustomer();
  return async (kind, put) => {
    const before = await client.ensureQueryData({
      queryKey: ['customer', customerId],
      queryFn: () => calls.customer(customerId),
    });
    const held = before.consents.find((each) => each.kind === kind);
    keep(await calls.putConsent(customerId, kind, put));
    const undo = ({ state, source, evidence, messageId }: ConsentPut) =>
      void calls
        .putConsent(customerId, kind, { state, source, evidence, messageId })
        .then(keep, (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }));
    showToast({ text: w.consents.saved(w.identityKind[kind]), ...(held && { undo: () => undo(held) }) });
  };
}
