import { Suspense, useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import type { Customer } from '../../../../shared/customer.ts';
import { type Panel, panels } from '../../../../shared/panels.ts';
import { Boundary } from '../../../components/boundary.tsx';
import { Button } from '../../../components/button.tsx';
import { LayoutList } from '../../../components/icons.ts';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { later } from '../../../lib/later.ts';
import { AdvocacyPanel } from '../../advocates/advocacy.panel.tsx';
import { DuplicatesPanel } from '../../duplicates/duplicates.panel.tsx';
import { MergesPanel } from '../../merge/merges.panel.tsx';
import { QualityPanel } from '../../quality/quality.panel.tsx';
import { CompaniesPanel } from './companies.panel.tsx';
import { ConcernsPanel } from './concerns.panel.tsx';
import { ConsentsPanel } from './consents.panel.tsx';
import { ContactsPanel } from './contacts.panel.tsx';
import { ConversationsPanel } from './conversations.panel.tsx';
import { EditsPanel } from './edits.panel.tsx';
import { FieldsPanel } from './fields.panel.tsx';
import { useLayout } from './layout.ts';
import { PreferencesPanel } from './preferences.panel.tsx';
import { ProfilePanel } from './profile.panel.tsx';
import { RecordsPanel } from './records.panel.tsx';
import { TagsPanel } from './tags.panel.tsx';
import { ValuePanel } from './value.panel.tsx';

const Arrange = later(() => import('./arrange.tsx').then((all) => ({ default: all.Arrange })));

export interface PanelProps {
  customer: Customer;
}

/** What each panel shows. */
const drawn: Partial<Record<Panel, (props: PanelProps) => React.ReactNode>> = {
  contacts: ContactsPanel,
  profile: ProfilePanel,
  fields: FieldsPanel,
  value: ValuePanel,
  advocacy: AdvocacyPanel,
  tags: TagsPanel,
  companies: CompaniesPanel,
  preferences: PreferencesPanel,
  concerns: ConcernsPanel,
  consents: ConsentsPanel,
  conversations: ConversationsPanel,
  records: RecordsPanel,
  duplicates: DuplicatesPanel,
  quality: QualityPanel,
  merges: MergesPanel,
  edits: EditsPanel,
};

/** The panel that an address leads to; null: none. */
export const panelOf = (search: string): Panel | null =>
  panels.find((panel) => panel === new URLSearchParams(search).get('panel')) ?? null;

/**
 * What is known of a customer, in the order that the person or their team arranged. One that fails leaves the others; one that the
 * address leads to is shown, and has the keyboard.
 */
export function Panels({ customer }: PanelProps) {
  const w = useCustomerWords();
  const { order, hidden } = useLayout();
  const [arranging, setArranging] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const asked = panelOf(useSearch());
  useEffect(() => {
    const panel = box.current?.querySelector(`[data-panel="${asked}"]`);
    panel?.firstElementChild?.scrollIntoView({ block: 'nearest' });
    panel?.querySelector<HTMLElement>('button, a[href]')?.focus();
  }, [asked]);
  if (arranging)
    return (
      <Suspense>
        <Arrange
          onDone={() => {
            setArranging(false);
            requestAnimationFrame(() => opener.current?.focus());
          }}
        />
      </Suspense>
    );
  return (
    <div ref={box} className="flex flex-col gap-3">
      {order.map((panel) => {
        const Drawn = drawn[panel];
        if (!Drawn || (hidden.includes(panel) && panel !== asked)) return null;
        return (
          <div key={panel} data-panel={panel} className="contents">
            <Boundary instead={<Failed panel={panel} />}>
              <Drawn customer={customer} />
            </Boundary>
          </div>
        );
      })}
      <Button
        ref={opener}
        size="sm"
        variant="quiet"
        icon={<LayoutList size={14} aria-hidden />}
        onPress={() => setArranging(true)}
      >
        {w.panels.arrange}
      </Button>
    </div>
  );
}

function Failed({ panel }: { panel: Panel }) {
  const w = useCustomerWords();
  return (
    <p role="alert" className="rounded-xl border border-line bg-surface px-4 py-3 text-xs text-danger-ink">
      {w.panels.failed(w.panels.names[panel])}
    </p>
  );
}
