import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { may } from '../../../shared/access.ts';
import { type CustomerSort, customerSorts } from '../../../shared/customer-list.ts';
import { AppError } from '../../../shared/errors.ts';
import type { SegmentRule } from '../../../shared/segment.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Building, Plus, Search, Users, X } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { useOffline } from '../settings/page.tsx';
import { CustomersArea } from './area.tsx';
import { CreateCustomer } from './create.dialog.tsx';
import { customerEvents, useCustomerEvents } from './events.ts';
import { ListFollower, listRows } from './list.follow.ts';
import { CustomerTable } from './table.tsx';

const page = 100;

const ofCompany = (id: string): SegmentRule => ({
  match: 'all',
  conditions: [{ attribute: 'companies', operator: 'anyOf', value: [id] }],
});

const named = (name: string): SegmentRule => ({
  match: 'all',
  conditions: [{ attribute: 'name', operator: 'contains', value: name }],
});

/** Everybody whom the viewer may see, in the order of their choice; a segment narrows it. */
export default function CustomerListPage() {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  useCustomerEvents();
  const { calls, connection } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const given = new URLSearchParams(useSearch());
  const sort = customerSorts.find((each) => each === given.get('sort')) ?? 'lastAt';
  const segmentId = given.get('segment');
  const companyId = given.get('company');
  const name = given.get('name') || null;
  const [creating, setCreating] = useState(false);
  const segments = useQuery({ queryKey: ['segments'], queryFn: () => calls.segments() });
  const company = useQuery({
    queryKey: ['companies', 'one', companyId],
    queryFn: () => calls.company(companyId ?? ''),
    enabled: companyId !== null,
  });
  const key = ['customers', 'list', sort, segmentId, companyId, name];
  const filter = companyId ? ofCompany(companyId) : name ? named(name) : null;
  const ask = (after: string | null, signal?: AbortSignal) =>
    calls.customers({ sort, segmentId, filter, after, limit: page }, signal);
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const follower = useRef<ListFollower>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked for
  useEffect(() => {
    const following = new ListFollower({ client, queryKey: key, ask });
    const { lists } = customerEvents(connection, client);
    const hear = () => following.hear();
    lists.add(hear);
    follower.current = following;
    return () => {
      lists.delete(hear);
      following.stop();
    };
  }, [client, connection, calls, ...key]);
  const { rows, windowOf } = useMemo(() => listRows(query.data?.pages ?? []), [query.data]);
  const onSight = useCallback(
    (first: number, last: number) => follower.current?.sees(windowOf[first] ?? 0, windowOf[last] ?? 0),
    [windowOf],
  );
  const go = (change: {
    sort?: CustomerSort;
    segmentId?: string | null;
    companyId?: string | null;
    name?: string | null;
  }) => {
    const next = { sort, segmentId, companyId, name, ...change };
    const words = new URLSearchParams({
      ...(next.sort !== 'lastAt' && { sort: next.sort }),
      ...(next.segmentId && { segment: next.segmentId }),
      ...(next.companyId && { company: next.companyId }),
      ...(next.name && { name: next.name }),
    });
    navigate(words.size > 0 ? `/customers?${words}` : '/customers', { replace: true });
  };
  const writes = may(me, 'customer.write');
  useHotkey('customers.create', () => setCreating(true), { enabled: writes && !offline });
  const { fetchNextPage, hasNextPage, isFetching } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  // What the segment or the company was called goes with it.
  const segment = segments.data?.find(({ id }) => id === segmentId);
  useEffect(() => {
    if (segmentId && segments.data && !segment) go({ segmentId: null });
    if (company.error instanceof AppError && company.error.code === 'notFound') go({ companyId: null });
  });

  const add = writes && (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => setCreating(true)}
    >
      {w.createCustomer.title}
    </Button>
  );
  return (
    <CustomersArea part="all" fills actions={rows.length > 0 ? add : undefined}>
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <Select
          label={w.customerList.segment}
          className="w-52 max-sm:w-auto max-sm:min-w-0 max-sm:flex-1"
          value={segmentId ?? 'all'}
          onChange={(id) => go({ segmentId: id === 'all' ? null : id })}
          options={[
            { id: 'all', label: w.customersArea.all },
            ...(segments.data ?? []).map(({ id, name }) => ({ id, label: name })),
          ]}
        />
        <Select
          label={w.customerList.sort}
          className="w-52 max-sm:w-auto max-sm:min-w-0 max-sm:flex-1"
          value={sort}
          onChange={(id) => go({ sort: id })}
          options={customerSorts.map((id) => ({ id, label: w.customerList.sorts[id] }))}
        />
        {company.data && (
          <Only
            icon={<Building size={15} aria-hidden className="shrink-0" />}
            text={w.companies.only(plainName(company.data.name))}
            all={w.companies.all}
            onAll={() => go({ companyId: null })}
          />
        )}
        {name && (
          <Only
            icon={<Search size={15} aria-hidden className="shrink-0" />}
            text={w.customerList.named(plainName(name))}
            all={w.companies.all}
            onAll={() => go({ name: null })}
          />
        )}
      </div>
      {query.isError && rows.length === 0 ? (
        <ErrorState
          className="flex-1"
          title={w.customerList.loadFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Delayed>
          <SkeletonRows />
        </Delayed>
      ) : rows.length === 0 ? (
        <EmptyState
          className="flex-1"
          icon={<Users size={24} />}
          title={
            company.data
              ? w.companies.emptyPeople(plainName(company.data.name))
              : name
                ? w.customerList.emptyNamed(plainName(name))
                : segment
                  ? w.customerList.emptySegment(segment.name)
                  : w.customerList.emptyTitle
          }
          text={
            company.data
              ? w.companies.emptyPeopleText
              : segment
                ? w.customerList.emptySegmentText
                : w.customerList.emptyText
          }
          action={segment || company.data || name ? undefined : add}
        />
      ) : (
        <CustomerTable
          key={`${sort} ${segmentId} ${companyId} ${name}`}
          rows={rows}
          onEnd={onEnd}
          onSight={onSight}
          more={hasNextPage}
        />
      )}
      {creating && <CreateCustomer onClose={() => setCreating(false)} />}
    </CustomersArea>
  );
}

interface OnlyProps {
  icon: ReactNode;
  text: string;
  /** What taking it away does. */
  all: string;
  onAll: () => void;
}

/** Whom the list is narrowed to, and the way back to everybody. */
function Only({ icon, text, all, onAll }: OnlyProps) {
  return (
    <p className="flex h-(--control) items-center gap-1 rounded-md bg-accent-soft ps-3 pe-1 text-sm text-accent-ink">
      {icon}
      {text}
      <IconButton
        size="sm"
        label={all}
        icon={<X size={15} />}
        onPress={() => {
          onAll();
          document.getElementById('content')?.focus();
        }}
      />
    </p>
  );
}
