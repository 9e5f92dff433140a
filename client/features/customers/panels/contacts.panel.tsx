import { useT } from '../../../i18n/locale.tsx';
import { IdentityLine } from '../../inbox/customer.identity.tsx';
import { Card } from '../../settings/page.tsx';
import type { PanelProps } from './panels.tsx';

/** How they are recognised and reached. */
export function ContactsPanel({ customer }: PanelProps) {
  const t = useT();
  return (
    <Card title={t.customer.identities}>
      <ul className="flex flex-col gap-2.5">
        {customer.identities.map((identity) => (
          <IdentityLine key={identity.id} identity={identity} customerId={customer.id} />
        ))}
      </ul>
    </Card>
  );
}
