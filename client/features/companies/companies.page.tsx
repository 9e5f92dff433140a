import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useRef, useState } from 'react';
import { Link } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { CompanyPage } from '../../../shared/company.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Archive, Building, Pencil, Plus, RotateCcw, Users } from '../../components/icons.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { Delayed } from '../../components/skeleton.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { CustomersArea } from '../customers/area.tsx';
import { useCountsOfFacts } from '../customers/facts.events.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { CardSkeletons, useOffline } from '../settings/page.tsx';
import { useListEvents } from '../teams/queries.ts';
import { CompanyDialog } from './company.dialog.tsx';

type Listed = CompanyPage['companies'][number];
type Shown = 'working' | 'archived';
const page = 50;

/** The companies that customers belong to. */
export default function CompaniesPage() {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const offline = useOffline();
  const { calls } = useWorkspace();
  useListEvents();
  useCountsOfFacts('companies');
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const [shown, setShown] = useState<Shown>('working');
  const [open, setOpen] = useState<Listed | 'new' | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const archived = shown === 'archived';
  const query = useInfiniteQuery({
    queryKey: ['companies', 'list', q, archived],
    queryFn: ({ pageParam, signal }) =>
      calls.companies({ q, archived, after: pageParam, limit: page }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (before) => before,
  });
  const companies = query.data?.pages.flatMap((one) => one.companies) ?? [];
  const writes = may(me, 'customer.write');
  useHotkey('customers.create', () => setOpen('new'), { enabled: writes && !offline });
  useHotkey('list.search', () => search.current?.focus());
  const box = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const go = (by: number) => {
    const rows = box.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
    const inside = box.current?.contains(document.activeElement) ?? false;
    const next = Math.max(0, Math.min(rows.length - 1, inside ? at + by : at));
    setAt(next);
    rows[next]?.focus();
  };
  useHotkey('list.next', () => go(1));
  useHotkey('list.previous', () => go(-1));
  const add = writes && (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      isDisabled={offline}
      onPress={() => setOpen('new')}
    >
      {w.companies.add}
    </Button>
  );
  const bare = companies.length === 0 && q === '' && !archived;
  return (
    <CustomersArea part="companies" text={w.companies.text} actions={query.data && !bare ? add : undefined}>
      {query.isError && !query.data ? (
        <ErrorState
          className="flex-1"
          title={w.companies.loadFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <>
          <div className="mb-3 flex flex-wrap items-center gap-3">
            <SearchField
              label={w.companies.search}
              placeholder={w.companies.search}
              value={typed}
              onChange={setTyped}
              inputRef={search}
              className="w-72 max-w-full"
            />
            <Segmented
              label={w.companies.state}
              bare
              value={shown}
              onChange={setShown}
              options={[
                { id: 'working', label: w.companies.working },
                { id: 'archived', label: w.companies.archivedTitle },
              ]}
            />
          </div>
          {query.isPending ? (
            <Delayed>
              <CardSkeletons />
            </Delayed>
          ) : bare ? (
            <EmptyState
              className="flex-1"
              icon={<Building size={24} />}
              title={w.companies.emptyTitle}
              text={w.companies.emptyText}
              action={add}
            />
          ) : companies.length === 0 ? (
            <p className="py-3 text-ink-muted">{q ? w.companies.noneFound : w.companies.noneArchived}</p>
          ) : (
            <>
              <ul
                ref={box}
                aria-label={w.customersArea.companies}
                className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft"
              >
                {companies.map((company, nth) => (
                  <Row
                    key={company.id}
                    company={company}
                    writes={writes}
                    onEdit={() => setOpen(company)}
                    onFocus={() => setAt(nth)}
                  />
                ))}
              </ul>
              {query.hasNextPage && (
                <Button
                  className="mt-3 self-center"
                  isPending={query.isFetchingNextPage}
                  onPress={() => void query.fetchNextPage()}
                >
                  {w.companies.more}
                </Button>
              )}
            </>
          )}
        </>
      )}
      {open && <CompanyDialog company={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </CustomersArea>
  );
}

interface RowProps {
  company: Listed;
  writes: boolean;
  onEdit: () => void;
  onFocus: () => void;
}

function Row({ company, writes, onEdit, onFocus }: RowProps) {
  const t = useT();
  const w = useCustomerWords();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const name = plainName(company.name);
  const archive = useMutation({
    mutationFn: (archived: boolean) => calls.updateCompany(company.id, { archived }),
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ['companies'] });
      document.getElementById('content')?.focus();
      showToast({
        text: saved.archived ? w.companies.archived(name) : w.companies.restored(name),
        tone: 'ok',
        undo: () => {
          calls.updateCompany(company.id, { archived: !saved.archived }).then(
            () => client.invalidateQueries({ queryKey: ['companies'] }),
            (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }),
          );
        },
      });
    },
    onError: (error) => showToast({ text: errorText(t, error), tone: 'error' }),
  });
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <span
        aria-hidden
        className="grid size-9 shrink-0 place-items-center rounded-lg bg-sunken text-ink-faint max-sm:hidden"
      >
        <Building size={17} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-semibold">
          <bdi>{name}</bdi>
        </p>
        <p className="flex flex-wrap gap-x-3 text-xs text-ink-muted">
          {company.nationalId && (
            <span>
              {w.companies.nationalId}:{' '}
              <bdi dir="ltr" className="tabular-nums">
                {company.nationalId}
              </bdi>
            </span>
          )}
          {company.domains.slice(0, 3).map((domain) => (
            <bdi key={domain} dir="ltr">
              {domain}
            </bdi>
          ))}
        </p>
        {company.note && (
          <p className="ui-start mt-0.5 line-clamp-1 text-xs text-ink-faint">
            <bdi>{company.note}</bdi>
          </p>
        )}
      </div>
      <Link
        data-row
        href={`/customers?company=${company.id}`}
        onFocus={onFocus}
        aria-label={w.companies.peopleOf(name, company.people)}
        className="inline-flex min-h-(--control) shrink-0 items-center gap-1.5 rounded-md px-2 text-sm font-medium text-accent-ink hover:bg-accent-soft"
      >
        <Users size={15} aria-hidden className="max-sm:hidden" />
        {company.people > 0 ? w.companies.people(company.people) : w.companies.nobody}
      </Link>
      {writes && (
        <>
          <IconButton
            label={w.companies.edit(name)}
            icon={<Pencil size={15} />}
            onFocus={onFocus}
            onPress={onEdit}
          />
          <IconButton
            label={company.archived ? w.companies.restore(name) : w.companies.archive(name)}
            icon={company.archived ? <RotateCcw size={15} /> : <Archive size={15} />}
            isPending={archive.isPending}
            isDisabled={offline}
            onPress={() => archive.mutate(!company.archived)}
          />
        </>
      )}
    </li>
  );
}
