import { Suspense, useState } from 'react';
import type { Claim, Identity } from '../../../../shared/customer.ts';
import { IconButton } from '../../../components/button.tsx';
import { Plus } from '../../../components/icons.ts';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { later } from '../../../lib/later.ts';
import { useMayWrite } from '../may-write.ts';
import { Nothing, PanelCard } from './card.tsx';
import { Claims } from './claims.tsx';
import { ContactLine } from './contact-line.tsx';
import type { PanelProps } from './panels.tsx';

const AddContact = later(() => import('./contact.dialog.tsx').then((all) => ({ default: all.AddContact })));
const VerifyDialog = later(() =>
  import('./verify.dialog.tsx').then((all) => ({ default: all.VerifyDialog })),
);
const VouchDialog = later(() => import('./vouch.dialog.tsx').then((all) => ({ default: all.VouchDialog })));

/** What a code is sent to. */
export type Unproven = { identity: Identity } | { claim: Claim };

/** How they are recognised and reached: proven, stated, or merely said. */
export function ContactsPanel({ customer }: PanelProps) {
  const t = useT();
  const w = useCustomerWords();
  const writes = useMayWrite();
  const [adding, setAdding] = useState(false);
  const [proving, setProving] = useState<Unproven | null>(null);
  const [vouching, setVouching] = useState<Identity | null>(null);
  return (
    <PanelCard
      title={w.panels.names.contacts}
      aside={
        writes && (
          <IconButton
            size="sm"
            label={w.contacts.add}
            icon={<Plus size={15} />}
            onPress={() => setAdding(true)}
          />
        )
      }
    >
      {customer.identities.length === 0 && <Nothing>{t.customer.noIdentities}</Nothing>}
      <ul className="flex flex-col">
        {customer.identities.map((identity) => (
          <ContactLine
            key={identity.id}
            identity={identity}
            customerId={customer.id}
            onVerify={() => setProving({ identity })}
            onVouch={() => setVouching(identity)}
          />
        ))}
      </ul>
      {customer.claims.length > 0 && (
        <Claims customer={customer} onVerify={(claim) => setProving({ claim })} />
      )}
      <Suspense>
        {adding && <AddContact customer={customer} onClose={() => setAdding(false)} />}
        {proving && <VerifyDialog customerId={customer.id} what={proving} onClose={() => setProving(null)} />}
        {vouching && (
          <VouchDialog customerId={customer.id} identity={vouching} onClose={() => setVouching(null)} />
        )}
      </Suspense>
    </PanelCard>
  );
}
