import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { type SearchPage as Page, type SearchKind, searchKinds } from '../../../shared/search.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Clock, Search } from '../../components/icons.ts';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { recentSearches, rememberSearch } from './recent.ts';
import { CustomerResult, MessageResult, RecordResult } from './results.tsx';

/** How many of each kind stand together; one kind alone goes on for as long as there are more. */
const together = { customers: 6, messages: 12, records: 6 };
const page = 30;

function queryIn(search: string): { q: string; kind: SearchKind | null } {
  const given = new URLSearchParams(search);
  return { q: given.get('q') ?? '', kind: searchKinds.find((each) => each === given.get('kind')) ?? null };
}

/** Everything anybody said, who they are and what they bought, found by its words. */
export default function SearchPage() {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const [, navigate] = useLocation();
  const { q: given, kind } = queryIn(useSearch());
  const [typed, setTyped] = useState(given);
  const field = useRef<HTMLDivElement>(null);
  // The way back and forth in the browser changes the words too.
  useEffect(() => setTyped((before) => (before.trim() === given ? before : given)), [given]);
  useEffect(() => {
    document.title = `${w.searchPage.title} · ${t.app.name}`;
  }, [w, t]);
  const go = (q: string, next: SearchKind | null) => {
    const words = new URLSearchParams({ ...(q.trim() && { q: q.trim() }), ...(next && { kind: next }) });
    navigate(words.size > 0 ? `/search?${words}` : '/search', { replace: true });
  };
  const q = useDeferredValue(given);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys walk along the links inside
    <div className="mx-auto flex h-full max-w-3xl flex-col px-4 pt-5 sm:px-6" onKeyDown={walk}>
      <h1 className="sr-only">{w.searchPage.title}</h1>
      <div ref={field}>
        <SearchField
          label={w.searchPage.title}
          placeholder={w.searchPage.placeholder}
          value={typed}
          onChange={(value) => {
            setTyped(value);
            go(value, kind);
          }}
          autoFocus
        />
      </div>
      <fieldset className="flex gap-1.5 overflow-x-auto py-3">
        <legend className="sr-only">{w.searchPage.kinds}</legend>
        {[null, ...searchKinds].map((each) => (
          <button
            key={each ?? 'all'}
            type="button"
            aria-pressed={kind === each}
            onClick={() => go(typed, each)}
            className={cx(
              'min-h-(--control) shrink-0 rounded-full border px-3 text-xs font-medium transition-colors',
              kind === each
                ? 'border-accent bg-accent-soft text-accent-ink'
                : 'border-line text-ink-muted hover:bg-hover',
            )}
          >
            {w.searchPage.kind[each ?? 'all']}
          </button>
        ))}
      </fieldset>
      <div className="-mx-3 min-h-0 flex-1 overflow-y-auto px-3 pb-6">
        {q === '' ? (
          <Before userId={me.id} onChoose={(words) => go(words, kind)} />
        ) : kind ? (
          <OneKind q={q} kind={kind} />
        ) : (
          <Together q={q} onKind={(next) => go(typed, next)} />
        )}
      </div>
    </div>
  );
}

/** Down from the field into the results, up and down among them. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const results = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-result]')];
  const field = event.currentTarget.querySelector<HTMLElement>('input');
  const at = results.indexOf(document.activeElement as HTMLElement);
  if (at < 0 && document.activeElement !== field) return;
  event.preventDefault();
  const next = at + (event.key === 'ArrowDown' ? 1 : -1);
  (next < 0 ? field : results[Math.min(next, results.length - 1)])?.focus();
}

function Before({ userId, onChoose }: { userId: string; onChoose: (words: string) => void }) {
  const w = useCustomerWords();
  const recent = recentSearches(userId);
  if (recent.length === 0)
    return (
      <EmptyState icon={<Search size={24} />} title={w.searchPage.beforeTitle} text={w.searchPage.hint} />
    );
  return (
    <section aria-label={w.searchPage.recent}>
      <h2 className="px-3 pb-1 text-xs font-semibold text-ink-muted">{w.searchPage.recent}</h2>
      <ul>
        {recent.map((words) => (
          <li key={words}>
            <button
              type="button"
              data-result
              onClick={() => onChoose(words)}
              className="flex w-full items-center gap-3 rounded-lg px-3 py-2 text-start hover:bg-hover"
            >
              <Clock size={15} aria-hidden className="text-ink-faint" />
              <bdi>{words}</bdi>
            </button>
          </li>
        ))}
      </ul>
      <p className="px-3 pt-4 text-xs text-pretty text-ink-faint">{w.searchPage.hint}</p>
    </section>
  );
}

const counted = (found: Page) => searchKinds.reduce((sum, each) => sum + (found[each]?.found.length ?? 0), 0);

function Together({ q, onKind }: { q: string; onKind: (kind: SearchKind) => void }) {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const query = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => calls.search({ q, kinds: searchKinds, limit: together.messages }, signal),
    placeholderData: keepPreviousData,
  });
  const found = query.data;
  useRemember(q, found !== undefined && !query.isPlaceholderData && counted(found) > 0);
  return (
    <States query={query} none={found !== undefined && counted(found) === 0} q={q}>
      {found && (
        <div className={cx('space-y-5 transition-opacity', query.isPlaceholderData && 'opacity-60')}>
          {searchKinds.map((kind) => {
            const group = found[kind];
            if (!group?.found.length) return null;
            const more = group.next !== null || Boolean(group.more) || group.found.length > together[kind];
            return (
              <section key={kind} aria-label={w.searchPage.kind[kind]}>
                <h2 className="flex items-center px-3 pb-1 text-xs font-semibold text-ink-muted">
                  <span className="flex-1">{w.searchPage.kind[kind]}</span>
                  {more && (
                    <Button size="sm" variant="quiet" onPress={() => onKind(kind)}>
                      {w.searchPage.more}
                    </Button>
                  )}
                </h2>
                <Results found={found} kind={kind} limit={together[kind]} />
              </section>
            );
          })}
        </div>
      )}
    </States>
  );
}

function OneKind({ q, kind }: { q: string; kind: SearchKind }) {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const query = useInfiniteQuery({
    queryKey: ['search', q, kind],
    queryFn: ({ pageParam, signal }) =>
      calls.search({ q, kinds: [kind], after: pageParam, limit: page }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last[kind]?.next ?? null,
    placeholderData: keepPreviousData,
  });
  const pages = query.data?.pages;
  const none = pages?.every((each) => counted(each) === 0) ?? false;
  useRemember(q, pages !== undefined && !none && !query.isPlaceholderData);
  return (
    <States query={query} none={none} q={q}>
      {pages?.map((found, nth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a page is known by its place
        <Results key={nth} found={found} kind={kind} />
      ))}
      {pages?.at(-1)?.[kind]?.more && (
        <p className="mt-3 px-3 text-xs text-ink-muted">
          {w.searchPage.others}{' '}
          <Link
            href={`/customers?${new URLSearchParams({ name: q })}`}
            className="font-medium text-accent-ink hover:underline"
          >
            {w.searchPage.allNamed}
          </Link>
        </p>
      )}
      {query.hasNextPage && (
        <Button
          className="mt-3 w-full"
          isPending={query.isFetchingNextPage}
          onPress={() => void query.fetchNextPage()}
        >
          {w.searchPage.more}
        </Button>
      )}
    </States>
  );
}

/** Once something was found and somebody stayed to read it. */
function useRemember(q: string, found: boolean): void {
  const { id } = useMe();
  useEffect(() => {
    if (!found) return;
    const timer = setTimeout(() => rememberSearch(id, q), 1_200);
    return () => clearTimeout(timer);
  }, [id, q, found]);
}

function Results({ found, kind, limit = 50 }: { found: Page; kind: SearchKind; limit?: number }) {
  if (kind === 'customers')
    return (
      <ul>
        {found.customers?.found.slice(0, limit).map((each) => (
          <CustomerResult key={each.id} found={each} />
        ))}
      </ul>
    );
  if (kind === 'messages')
    return (
      <ul>
        {found.messages?.found.slice(0, limit).map((each) => (
          <MessageResult key={each.id} found={each} />
        ))}
      </ul>
    );
  return (
    <ul>
      {found.records?.found.slice(0, limit).map((each) => (
        <RecordResult key={each.id} found={each} />
      ))}
    </ul>
  );
}

interface StatesProps {
  query: { data: unknown; error: unknown; refetch: () => unknown };
  none: boolean;
  q: string;
  children: ReactNode;
}

function States({ query, none, q, children }: StatesProps) {
  const t = useT();
  const w = useCustomerWords();
  if (query.error)
    return (
      <ErrorState
        title={w.searchPage.failed}
        text={errorText(t, query.error)}
        errorId={errorIdOf(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  if (query.data === undefined)
    return (
      <Delayed>
        <SkeletonRows />
      </Delayed>
    );
  return (
    <>
      <p role="status" className="sr-only">
        {none ? w.searchPage.nothing(q) : ''}
      </p>
      {none ? (
        <EmptyState
          icon={<Search size={24} />}
          title={w.searchPage.nothing(q)}
          text={w.searchPage.nothingText}
        />
      ) : (
        children
      )}
    </>
  );
}
