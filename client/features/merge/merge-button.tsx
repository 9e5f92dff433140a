import { Suspense, useState } from 'react';
import { may } from '../../../shared/access.ts';
import { IconButton } from '../../components/button.tsx';
import { Merge } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useMe } from '../../state/hooks.tsx';
import { useOffline } from '../settings/page.tsx';

const MergeDialog = later(() => import('./merge.dialog.tsx'));

/** On the page of a customer: finds another record of theirs and merges it into this one. Its key works on the whole page. */
export function MergeButton({ customer }: { customer: { id: string; name: string } }) {
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const [open, setOpen] = useState(false);
  const allowed = may(me, 'customer.link');
  useHotkey('customers.merge', () => setOpen(true), { enabled: allowed && !offline });
  if (!allowed) return null;
  return (
    <>
      <IconButton
        variant="secondary"
        label={w.merge.button}
        hotkey="customers.merge"
        icon={<Merge size={15} />}
        isDisabled={offline}
        onPress={() => setOpen(true)}
      />
      {open && (
        <Suspense fallback={null}>
          <MergeDialog customer={customer} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
