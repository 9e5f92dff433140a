import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Link } from 'wouter';
import { may } from '../../../../shared/access.ts';
import type { CustomerRecord } from '../../../../shared/record.ts';
import { Chip } from '../../../components/badge.tsx';
import { IconButton } from '../../../components/button.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Pencil, Plus, ShoppingBag, Wrench } from '../../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../../components/skeleton.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useLocale, useT } from '../../../i18n/locale.tsx';
import { later } from '../../../lib/later.ts';
import { money } from '../../../lib/money.ts';
import { useNow } from '../../../lib/time.ts';
import { useMe, useWorkspace } from '../../../state/hooks.tsx';
import { errorIdOf, errorText } from '../../error-text.ts';
import { useOffline } from '../../settings/page.tsx';
import { Nothing, PanelCard } from './card.tsx';
import type { PanelProps } from './panels.tsx';

const RecordDialog = later(() =>
  import('./record.dialog.tsx').then((all) => ({ default: all.RecordDialog })),
);
const newest = 5;
const tones = { open: 'info', done: 'ok', cancelled: 'danger', returned: 'warn' } as const;

export function useRecords(customerId: string, limit = newest) {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['records', customerId, limit],
    queryFn: () => calls.records(customerId, limit),
  });
}

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

export function RecordLine({ record, edit }: { record: CustomerRecord; edit?: React.ReactNode }) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const { language } = useLocale();
  const Icon = record.kind === 'service' ? Wrench : ShoppingBag;
  return (
    <li className="flex items-start gap-2.5 py-2">
      <Icon
        size={15}
        aria-label={w.searchPage.record[record.kind]}
        className="mt-1 shrink-0 text-ink-faint"
      />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 text-sm">
          <Link
            href={`/customers/${record.customerId}?entry=${encodeURIComponent(record.id)}`}
            className="min-w-0 truncate font-medium underline-offset-3 hover:underline"
          >
            <bdi>{record.title}</bdi>
          </Link>
          {record.status !== 'done' && (
            <Chip tone={tones[record.status]}>{record.statusText || w.history.status[record.status]}</Chip>
          )}
        </p>
        <p className="flex flex-wrap gap-x-2.5 text-2xs text-ink-muted">
          {record.amount !== null && (
            <span className="font-medium text-ink">
              {money(language, { amount: record.amount, currency: record.currency })}
            </span>
          )}
          <time dateTime={record.at} title={fmt.both(record.at)}>
            {fmt.date(record.at, now)}
          </time>
          {record.externalId && (
            <bdi dir="ltr" className="font-mono">
              {record.externalId}
            </bdi>
          )}
        </p>
      </div>
      {edit}
    </li>
  );
}
