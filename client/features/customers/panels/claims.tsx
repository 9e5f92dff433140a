import { Suspense, useState } from 'react';
import type { Claim, Customer } from '../../../../shared/customer.ts';
import { Button } from '../../../components/button.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { plainName } from '../../../lib/bidi.ts';
import { later } from '../../../lib/later.ts';
import { useNow } from '../../../lib/time.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { errorText } from '../../error-text.ts';
import { useSuggested } from '../../inbox/suggested.ts';
import { useKeepCustomer, useSayAdded } from '../change.ts';
import { useMayWrite } from '../may-write.ts';
import { Part } from './card.tsx';
import { EditForm } from './edit-line.tsx';

const MergeDialog = later(() => import('../../merge/merge.dialog.tsx'));

export interface ClaimsProps {
  customer: Customer;
  onVerify: (claim: Claim) => void;
}

/** What somebody merely said: nothing follows from it until a person decides. */
export function Claims({ customer, onVerify }: ClaimsProps) {
  const w = useCustomerWords();
  return (
    <Part title={w.claims.title}>
      <ul className="flex flex-col gap-2">
        {customer.claims.map((claim) => (
          <ClaimCard key={claim.id} claim={claim} customer={customer} onVerify={() => onVerify(claim)} />
        ))}
      </ul>
    </Part>
  );
}

function ClaimCard({
  claim,
  customer,
  onVerify,
}: {
  claim: Claim;
  customer: Customer;
  onVerify: () => void;
}) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const writes = useMayWrite();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  const [accepting, setAccepting] = useState(false);
  const [merging, setMerging] = useState(false);
  const other = useSuggested(claim.suggestsCustomerId);
  const source = t.link.sources[claim.source] ?? claim.source;
  const failed = (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' });
  const dismiss = async () => {
    try {
      keep(await calls.dismissClaim(claim.id));
      showToast({
        text: w.claims.dismissed,
        undo: () => void calls.restoreClaim(claim.id).then(keep, failed),
      });
    } catch (error) {
      failed(error);
    }
  };
  return (
    <li className="rounded-lg bg-info-soft px-3 py-2 text-xs text-info-ink">
      <p className="flex items-baseline gap-2">
        <bdi dir="ltr" className="min-w-0 truncate text-sm font-medium text-ink">
          {plainName(claim.value)}
        </bdi>
        <span className="text-2xs">{w.identityKind[claim.kind]}</span>
      </p>
      <p className="text-2xs">{w.claims.from(source, fmt.date(claim.at, now))}</p>
      {writes &&
        (accepting ? (
          <Accept claim={claim} customer={customer} onClose={() => setAccepting(false)} />
        ) : (
          <div className="mt-1.5 flex flex-wrap gap-1">
            {claim.suggestsCustomerId ? (
              <Button size="sm" onPress={() => setMerging(true)}>
                {w.claims.merge} <bdi className="max-w-32 truncate">{plainName(other ?? '')}</bdi>
              </Button>
            ) : (
              <Button size="sm" onPress={() => setAccepting(true)}>
                {w.claims.accept}
              </Button>
            )}
            {claim.verifiable && (
              <Button size="sm" variant="quiet" onPress={onVerify}>
                {w.contacts.verify}
              </Button>
            )}
            <Button size="sm" variant="quiet" onPress={() => void dismiss()}>
              {w.claims.dismiss}
            </Button>
          </div>
        ))}
      <Suspense>
        {merging && claim.suggestsCustomerId && (
          <MergeDialog
            onClose={() => setMerging(false)}
            customer={customer}
            other={{ id: claim.suggestsCustomerId, name: other ?? claim.value }}
            reason={plainName(t.link.suggestionText(source, claim.value))}
          />
        )}
      </Suspense>
    </li>
  );
}

function Accept({ claim, customer, onClose }: { claim: Claim; customer: Customer; onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  const sayAdded = useSayAdded();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    if (!reason.trim()) return;
    try {
      const after = await calls.acceptClaim(claim.id, reason.trim());
      keep(after);
      sayAdded(w.claims.accepted(claim.value), customer.identities, after);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <EditForm onSave={save} onClose={onClose} saveLabel={w.claims.accept}>
      <TextField
        label={w.contacts.reason}
        placeholder={w.contacts.reasonExample}
        value={reason}
        onChange={setReason}
        error={error ? errorText(t, error) : undefined}
        maxLength={300}
        autoFocus
      />
    </EditForm>
  );
}
