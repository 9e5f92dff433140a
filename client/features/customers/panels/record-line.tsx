import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CustomerRecord } from '../../../../shared/record.ts';
import { Chip } from '../../../components/badge.tsx';
import { ShoppingBag, Wrench } from '../../../components/icons.ts';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useLocale } from '../../../i18n/locale.tsx';
import { money } from '../../../lib/money.ts';
import { useNow } from '../../../lib/time.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { entryPath } from '../history/query.ts';

const newest = 5;
const tones = { open: 'info', done: 'ok', cancelled: 'danger', returned: 'warn' } as const;

/** What they bought and what was done for them, the newest first. */
export function useRecords(customerId: string, limit = newest) {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['records', customerId, limit],
    queryFn: () => calls.records(customerId, limit),
  });
}

export function RecordLine({ record, edit }: { record: CustomerRecord; edit?: ReactNode }) {
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
        <p className="flex flex-wrap items-center gap-x-2 text-sm">
          <Link
            href={entryPath(record.customerId, record)}
            className="min-w-0 max-w-full truncate font-medium underline-offset-3 hover:underline"
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
