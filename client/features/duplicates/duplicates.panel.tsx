import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { may } from '../../../shared/access.ts';
import type { Duplicate } from '../../../shared/duplicate.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { Merge } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { PanelCard } from '../customers/panels/card.tsx';
import type { PanelProps } from '../customers/panels/panels.tsx';
import { PersonName } from '../inbox/person-name.tsx';
import { useOffline } from '../settings/page.tsx';
import { useDeciding } from './deciding.ts';
import { useReasonWords, useWhy } from './reason.words.ts';
import { Score } from './score.tsx';

const MergeDialog = later(() => import('../merge/merge.dialog.tsx'));

/** Who may be the same person as this one: shown only where somebody may. */
export function DuplicatesPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const { data } = useQuery({
    queryKey: ['duplicates', 'of', customer.id, customer.version],
    queryFn: () => calls.duplicatesOf(customer.id),
    placeholderData: (before) => before,
  });
  const why = useWhy();
  const [merging, setMerging] = useState<Duplicate | null>(null);
  const other = merging?.customers.find(({ id }) => id !== customer.id);
  if (!data || data.length === 0) return null;
  return (
    <PanelCard title={w.panels.names.duplicates}>
      <ul className="flex flex-col gap-4">
        {data.map((duplicate) => (
          <Entry
            key={duplicate.id}
            duplicate={duplicate}
            customerId={customer.id}
            onMerge={() => setMerging(duplicate)}
          />
        ))}
      </ul>
      {merging && other && (
        <Suspense fallback={null}>
          <MergeDialog
            customer={customer}
            other={other}
            reason={why(merging)}
            onClose={() => setMerging(null)}
          />
        </Suspense>
      )}
    </PanelCard>
  );
}

interface EntryProps {
  duplicate: Duplicate;
  customerId: string;
  onMerge: () => void;
}

function Entry({ duplicate, customerId, onMerge }: EntryProps) {
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const words = useReasonWords();
  const decide = useDeciding();
  const other = duplicate.customers.find(({ id }) => id !== customerId);
  if (!other) return null;
  const name = plainName(other.name);
  return (
    <li className="flex gap-2.5">
      <Avatar name={other.name} seed={other.id} size="sm" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <PersonName name={other.name} className="min-w-0 flex-1 font-medium" />
          <Score score={duplicate.score} />
        </p>
        <ul className="mt-1 text-xs text-ink-muted">
          {duplicate.reasons.slice(0, 3).map((reason) => (
            <li key={`${reason.kind} ${reason.what}`} className="break-words">
              {words(reason)}
            </li>
          ))}
        </ul>
        {may(me, 'customer.link') && (
          <p className="mt-2 flex flex-wrap gap-2">
            <Button
              size="sm"
              icon={<Merge size={14} aria-hidden />}
              aria-label={w.duplicates.compareWith(name)}
              isDisabled={offline}
              onPress={onMerge}
            >
              {w.duplicates.compare}
            </Button>
            <Button
              size="sm"
              variant="quiet"
              aria-label={w.duplicates.notSameAs(name)}
              isDisabled={offline}
              onPress={() => void decide(duplicate.id, true)}
            >
              {w.duplicates.notSame}
            </Button>
          </p>
        )}
      </div>
    </li>
  );
}
