import { Link, useLocation } from 'wouter';
import type { Import, ImportKind } from '../../../shared/import.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FileUp, type LucideIcon, ShoppingBag, Users, Wrench } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import { CustomersArea } from '../customers/area.tsx';
import { useUsers } from '../directory.ts';
import { Loaded, useOffline } from '../settings/page.tsx';
import { useImports } from './queries.ts';
import { StateChip } from './state-chip.tsx';

export const kindIcons: Record<ImportKind, LucideIcon> = {
  customers: Users,
  purchases: ShoppingBag,
  services: Wrench,
};

/** Every table that was brought in, the latest first, and the way to the next. */
export default function ImportsPage() {
  const t = useT();
  const w = useCustomerWords().imports;
  const offline = useOffline();
  const [, navigate] = useLocation();
  const query = useImports();
  const start = () => navigate('/customers/imports/new');
  useHotkey('customers.create', start, { enabled: !offline });
  const add = (
    <Button variant="primary" icon={<FileUp size={16} aria-hidden />} isDisabled={offline} onPress={start}>
      {w.start}
    </Button>
  );
  const some = query.data?.pages.some(({ imports }) => imports.length > 0);
  return (
    <CustomersArea part="imports" text={w.text} actions={some ? add : undefined}>
      <Loaded query={query} failed={w.loadFailed}>
        {({ pages }) =>
          some ? (
            <>
              <ul
                aria-label={w.list}
                className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface shadow-soft"
              >
                {pages.flatMap(({ imports }) => imports.map((one) => <Row key={one.id} one={one} />))}
              </ul>
              {query.hasNextPage && (
                <Button
                  className="mt-4 self-center"
                  isPending={query.isFetchingNextPage}
                  onPress={() => void query.fetchNextPage()}
                >
                  {t.common.showMore}
                </Button>
              )}
            </>
          ) : (
            <EmptyState
              className="flex-1"
              icon={<FileUp size={24} />}
              title={w.emptyTitle}
              text={w.emptyText}
              action={add}
            />
          )
        }
      </Loaded>
    </CustomersArea>
  );
}

function Row({ one }: { one: Import }) {
  const w = useCustomerWords().imports;
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  const users = useUsers();
  const Icon = kindIcons[one.kind];
  const figures = one.state === 'undone' ? null : (one.result ?? one.check);
  return (
    <li>
      <Link
        href={`/customers/imports/${one.id}`}
        className="flex items-center gap-3 px-4 py-3 hover:bg-hover focus-visible:outline-offset-[-2px]"
      >
        <span
          aria-hidden
          className="grid size-9 shrink-0 place-items-center rounded-lg bg-sunken text-ink-muted max-sm:hidden"
        >
          <Icon size={18} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <bdi className="max-w-full truncate font-medium">{one.fileName}</bdi>
            <StateChip state={one.state} />
          </span>
          <span className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-ink-muted">
            <span>{w.kind[one.kind]}</span>
            <span aria-hidden>·</span>
            <span title={fmt.both(one.createdAt)}>
              {w.by(users.get(one.byUserId)?.name ?? t.common.unknown, fmt.short(one.createdAt, now))}
            </span>
          </span>
        </span>
        <span className="shrink-0 text-end text-xs text-ink-muted max-sm:hidden">
          {figures
            ? w.figures(figures.made, figures.updated, figures.failed)
            : w.columnsCount(one.columns.length)}
        </span>
      </Link>
    </li>
  );
}
