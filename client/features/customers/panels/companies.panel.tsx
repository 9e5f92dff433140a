import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Link } from 'wouter';
import { normalise } from '../../../../shared/text/normalise.ts';
import { IconButton } from '../../../components/button.tsx';
import { Finder } from '../../../components/finder.tsx';
import { Building, Pencil, Plus } from '../../../components/icons.ts';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { plainName } from '../../../lib/bidi.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { errorText } from '../../error-text.ts';
import { useQuickChange } from '../change.ts';
import { useMayWrite } from '../may-write.ts';
import { Nothing, PanelCard } from './card.tsx';
import type { PanelProps } from './panels.tsx';

/** Whom they belong to. */
export function CompaniesPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const writes = useMayWrite();
  const [open, setOpen] = useState(false);
  return (
    <PanelCard
      title={w.panels.names.companies}
      aside={
        writes && (
          <IconButton
            size="sm"
            label={w.companiesPanel.change}
            icon={<Pencil size={14} />}
            onPress={() => setOpen(true)}
          />
        )
      }
    >
      {customer.companies.length === 0 ? (
        <Nothing>{w.companiesPanel.none}</Nothing>
      ) : (
        <ul className="flex flex-col gap-1 pb-1 text-sm">
          {customer.companies.map(({ id, name }) => (
            <li key={id} className="flex items-start gap-2">
              <Building size={15} aria-hidden className="mt-0.5 shrink-0 text-ink-faint" />
              <Link
                href={`/customers?company=${id}`}
                className="min-w-0 wrap-anywhere underline-offset-3 hover:underline"
              >
                <bdi>{plainName(name)}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {open && <CompanyFinder customer={customer} onClose={() => setOpen(false)} />}
    </PanelCard>
  );
}

/** A press gives a company or takes it away, at once; a name that is not there yet is made. */
function CompanyFinder({ customer, onClose }: PanelProps & { onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const quick = useQuickChange(customer.id);
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed);
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['companies', 'find', q],
    queryFn: ({ signal }) => calls.findCompanies(q, signal),
    placeholderData: (before) => before,
  });
  const own = new Set(customer.profile.companyIds);
  const found = [
    ...customer.companies.filter(({ name }) => normalise(name).includes(normalise(q))),
    ...(data?.companies ?? []).filter(({ id }) => !own.has(id)),
  ];
  const create = async (name: string) => {
    try {
      const company = await calls.makeCompany(name);
      void client.invalidateQueries({ queryKey: ['companies'] });
      await quick({ companies: { add: [company.id], remove: [] } });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
  };
  return (
    <Finder
      title={w.companiesPanel.title}
      placeholder={w.companiesPanel.search}
      onClose={onClose}
      onType={setTyped}
      items={found.map(({ id, name }) => ({
        id,
        label: plainName(name),
        words: [typed],
        icon: <Building size={16} />,
        checked: own.has(id),
        run: () =>
          void quick({ companies: own.has(id) ? { add: [], remove: [id] } : { add: [id], remove: [] } }),
      }))}
      create={(name) =>
        // Not before it is known that there is none of this name.
        isPlaceholderData ||
        q !== name ||
        found.some((company) => normalise(company.name) === normalise(name))
          ? null
          : {
              id: 'create',
              label: w.companiesPanel.create(name),
              icon: <Plus size={16} />,
              run: () => void create(name),
            }
      }
    />
  );
}
