import { Suspense, useState } from 'react';
import { may } from '../../../../shared/access.ts';
import type { CustomerRecord } from '../../../../shared/record.ts';
import { IconButton } from '../../../components/button.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Pencil, Plus } from '../../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../../components/skeleton.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { later } from '../../../lib/later.ts';
import { useMe } from '../../../state/hooks.tsx';
import { errorIdOf, errorText } from '../../error-text.ts';
import { useOffline } from '../../settings/page.tsx';
import { Nothing, PanelCard } from './card.tsx';
import type { PanelProps } from './panels.tsx';
import { RecordLine, useRecords } from './record-line.tsx';

const RecordDialog = later(() =>
  import('./record.dialog.tsx').then((all) => ({ default: all.RecordDialog })),
);

/** What they bought and what was done for them, the newest; all of it is in the history. */
export function RecordsPanel({ customer }: PanelProps) {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const query = useRecords(customer.id);
  const [open, setOpen] = useState<CustomerRecord | 'new' | null>(null);
  const writes = may(me, 'record.write') && !offline;
  const records = query.data?.records ?? [];
  return (
    <PanelCard
      title={w.panels.names.records}
      aside={
        writes && (
          <IconButton
            size="sm"
            label={w.records.add}
            icon={<Plus size={15} />}
            onPress={() => setOpen('new')}
          />
        )
      }
    >
      {query.isError && !query.data ? (
        <ErrorState
          title={w.panels.failed(w.panels.names.records)}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Delayed>
          <SkeletonRows rows={2} />
        </Delayed>
      ) : records.length === 0 ? (
        <Nothing>{w.records.none}</Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {records.map((record) => (
            <RecordLine
              key={record.id}
              record={record}
              edit={
                writes && (
                  <IconButton
                    size="sm"
                    label={w.panels.edit(record.title)}
                    icon={<Pencil size={13} />}
                    onPress={() => setOpen(record)}
                  />
                )
              }
            />
          ))}
        </ul>
      )}
      <Suspense>
        {open && (
          <RecordDialog
            customerId={customer.id}
            record={open === 'new' ? null : open}
            onClose={() => setOpen(null)}
          />
        )}
      </Suspense>
    </PanelCard>
  );
}
