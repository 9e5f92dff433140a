import type { Customer } from '../../../../shared/customer.ts';
import { arrangedPanels, type Panel } from '../../../../shared/panels.ts';
import { useMe, useStore } from '../../../state/hooks.tsx';
import { ContactsPanel } from './contacts.panel.tsx';

export interface PanelProps {
  customer: Customer;
}

/** What each panel shows. */
const drawn: Partial<Record<Panel, (props: PanelProps) => React.ReactNode>> = {
  contacts: ContactsPanel,
};

/** What is known of a customer, in the order that the person or their team arranged. */
export function Panels({ customer }: PanelProps) {
  const me = useMe();
  const teams = useStore((state) => state.teams);
  const order = arrangedPanels(
    me.preferences.panels,
    me.teamIds.flatMap((id) => teams.get(id) ?? []),
  );
  return (
    <div className="flex flex-col gap-3">
      {order.map((panel) => {
        const Drawn = drawn[panel];
        return Drawn && <Drawn key={panel} customer={customer} />;
      })}
    </div>
  );
}
