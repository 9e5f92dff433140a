import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, Redirect, useParams, useSearch } from 'wouter';
import type { Customer } from '../../../shared/customer.ts';
import { AppError } from '../../../shared/errors.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { ArrowLeft, User } from '../../components/icons.ts';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { useRoom } from '../media.ts';
import { LinkButton } from '../shell/link-button.tsx';
import { useCustomerEvents } from './events.ts';
import { CustomerHead } from './head.tsx';
import { HistoryFilters } from './history/filter.tsx';
import type { HistoryFilter } from './history/query.ts';
import { HistoryStream } from './history/stream.tsx';
import { Panels, panelOf } from './panels/panels.tsx';

/** All that is known of one customer on one page: who they are, and everything that happened. */
export default function CustomerPage() {
  const t = useT();
  const w = useCustomerWords();
  const { id = '' } = useParams<{ id: string }>();
  const { calls } = useWorkspace();
  useCustomerEvents();
  const query = useQuery({ queryKey: ['customer', id], queryFn: () => calls.customer(id) });
  useEffect(() => {
    // What had the keyboard went with the page before.
    if (document.activeElement === document.body && navigator.userActivation?.hasBeenActive)
      document.getElementById('content')?.focus();
  }, []);
  const { data, error } = query;
  const name = data && plainName(data.name);
  useEffect(() => {
    document.title = `${name || w.customersArea.all} · ${t.app.name}`;
  }, [name, t, w]);
  if (data && data.id !== id) return <Redirect to={`/customers/${data.id}`} replace />;
  if (data) return <Loaded key={data.id} customer={data} />;
  if (error instanceof AppError && error.code === 'notFound')
    return (
      <EmptyState
        className="h-full"
        icon={<User size={24} />}
        title={w.customerPage.notFoundTitle}
        text={w.customerPage.notFoundText}
        action={<LinkButton href="/customers">{w.customerPage.back}</LinkButton>}
      />
    );
  if (error)
    return (
      <ErrorState
        className="h-full"
        title={w.customerPage.loadFailed}
        text={errorText(t, error)}
        errorId={errorIdOf(error)}
        onRetry={() => void query.refetch()}
      />
    );
  return (
    <Delayed>
      <div role="status" className="space-y-4 p-6">
        <span className="sr-only">{t.common.loading}</span>
        <Skeleton className="size-14 rounded-full" />
        <Skeleton className="h-4 w-1/3" />
        <Skeleton className="h-40" />
      </div>
    </Delayed>
  );
}

/** The whole history, or from what an address names. */
function filterFrom(search: string): HistoryFilter {
  const given = new URLSearchParams(search);
  const at = Date.parse(given.get('at') ?? '');
  const entryId = given.get('entry');
  return {
    kinds: [],
    channelId: null,
    q: '',
    // A message is found by itself.
    around: Number.isNaN(at) ? entryId : new Date(at).toISOString(),
    entryId,
  };
}

function Loaded({ customer }: { customer: Customer }) {
  const w = useCustomerWords();
  const room = useRoom();
  const asked = useSearch();
  const [tab, setTab] = useState<'history' | 'record'>(panelOf(asked) ? 'record' : 'history');
  const [filter, setFilter] = useState<HistoryFilter>(() => filterFrom(asked));
  // A link to something in the history of the very customer who is looked at.
  useEffect(() => {
    if (asked) setFilter(filterFrom(asked));
  }, [asked]);
  const history = (
    <section aria-label={w.history.title} className="flex min-h-0 flex-1 flex-col bg-surface">
      <HistoryFilters filter={filter} onChange={setFilter} />
      <HistoryStream
        key={JSON.stringify(filter)}
        customerId={customer.id}
        customerName={customer.name}
        filter={filter}
      />
    </section>
  );
  const panels = <Panels customer={customer} />;
  return (
    <div className="flex h-full flex-col">
      <header className="border-b border-line bg-surface px-4 py-3 sm:px-6">
        <Back />
        <CustomerHead customer={customer} />
      </header>
      {room === 'phone' ? (
        <Tabs
          label={w.customersArea.all}
          value={tab}
          onChange={setTab}
          className="min-h-0 flex-1 bg-surface [&>[role=tablist]]:px-4"
          items={[
            { id: 'history', label: w.history.title, content: <Fill>{history}</Fill> },
            {
              id: 'record',
              label: w.customerPage.record,
              content: <div className="h-full overflow-y-auto p-4">{panels}</div>,
            },
          ]}
        />
      ) : (
        <div className="flex min-h-0 flex-1">
          <div className="w-88 shrink-0 overflow-y-auto border-e border-line p-4">{panels}</div>
          {history}
        </div>
      )}
    </div>
  );
}

const Fill = ({ children }: { children: ReactNode }) => (
  <div className="flex h-full flex-col">{children}</div>
);

function Back() {
  const w = useCustomerWords();
  return (
    <Link
      href="/customers"
      className="-ms-1 mb-1 inline-flex min-h-6 w-fit items-center gap-1 rounded-md px-1 text-xs font-medium text-ink-muted hover:text-ink"
    >
      <ArrowLeft size={14} aria-hidden className="mirror" />
      {w.customerPage.back}
    </Link>
  );
}
