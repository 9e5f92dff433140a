import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { ArrowLeft, CloudOff } from '../../components/icons.ts';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useLink } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { SettingsNav } from './nav.tsx';

export interface SettingsPageProps {
  title: ReactNode;
  /** Of the window, where the title is more than words. */
  name?: string;
  text?: ReactNode;
  /** The page above this one. */
  back?: { href: string; label: string };
  actions?: ReactNode;
  /** The list of all settings itself. */
  index?: boolean;
  /** For tables and editors that need the room. */
  wide?: boolean;
  children: ReactNode;
}

/** A page outside the inbox: its name, its deeds, its content in a column that is easy to read. */
export function SettingsPage(props: SettingsPageProps) {
  const { title, name, text, back, actions, index = false, wide = false, children } = props;
  const t = useT();
  const w = useWords();
  const above = back ?? (index ? null : { href: '/settings', label: w.area.title });
  const offline = useOffline();
  useEffect(() => {
    const own = name ?? (typeof title === 'string' ? title : t.rail.settings);
    document.title = `${own} · ${t.app.name}`;
  }, [name, title, t]);
  return (
    <div className="flex h-full flex-col">
      {offline && (
        <Banner tone="warn" icon={<CloudOff size={15} />}>
          {t.offline.settings}
        </Banner>
      )}
      <div className="flex min-h-0 flex-1">
        {!index && (
          <div className="hidden w-60 shrink-0 overflow-y-auto border-e border-line bg-surface px-3 py-5 lg:block">
            <SettingsNav />
          </div>
        )}
        <div className="min-w-0 flex-1 overflow-y-auto">
          <div
            className={cx(
              'mx-auto flex min-h-full w-full flex-col px-4 py-5 sm:px-8 sm:py-8',
              wide ? 'max-w-6xl' : 'max-w-4xl',
            )}
          >
            {above && (
              <Link
                href={above.href}
                className={cx(
                  '-ms-1 mb-2 inline-flex min-h-6 w-fit items-center gap-1 rounded-md px-1 text-xs font-medium text-ink-muted hover:text-ink',
                  !back && 'lg:hidden',
                )}
              >
                <ArrowLeft size={14} aria-hidden className="mirror" />
                {above.label}
              </Link>
            )}
            <header className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
              <div className="min-w-0 flex-1 basis-64">
                <h1 className="flex min-h-(--control) flex-wrap items-center gap-2 text-xl font-bold">
                  {title}
                </h1>
                {text && <p className="mt-1 max-w-prose text-pretty text-ink-muted">{text}</p>}
              </div>
              {actions && <div className="flex shrink-0 flex-wrap gap-2">{actions}</div>}
            </header>
            {children}
          </div>
        </div>
      </div>
    </div>
  );
}

export interface CardProps {
  title?: ReactNode;
  text?: ReactNode;
  aside?: ReactNode;
  children?: ReactNode;
  className?: string;
}

/** One subject of a page. */
export function Card({ title, text, aside, children, className }: CardProps) {
  return (
    <section className={cx('rounded-xl border border-line bg-surface p-4 shadow-soft sm:p-5', className)}>
      {(title || aside) && (
        <div className="mb-4 flex items-start gap-3">
          <div className="min-w-0 flex-1">
            {title && <h2 className="text-md font-bold">{title}</h2>}
            {text && <p className="mt-0.5 text-pretty text-ink-muted">{text}</p>}
          </div>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** The connection is away for longer than a blink: what is changed now could not be kept. */
export function useOffline(): boolean {
  const { connected, since } = useLink();
  const [offline, setOffline] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `since` is a new outage
  useEffect(() => {
    if (connected) {
      setOffline(false);
      return;
    }
    const timer = setTimeout(() => setOffline(true), 3_000);
    return () => clearTimeout(timer);
  }, [connected, since]);
  return offline;
}

export interface LoadedProps<Data> {
  query: UseQueryResult<Data>;
  /** What its failure is called. */
  failed: string;
  /** The shape of what is on its way. */
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** The states of what a page fetches: on its way, failed, here, and here but not refreshed. */
export function Loaded<Data>({ query, failed, skeleton, children }: LoadedProps<Data>) {
  const t = useT();
  if (query.data !== undefined)
    return (
      <>
        {query.isError && <Stale query={query} />}
        {children(query.data)}
      </>
    );
  if (query.isError)
    return (
      <ErrorState
        className="flex-1"
        title={failed}
        text={errorText(t, query.error)}
        errorId={errorIdOf(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  return <Delayed>{skeleton ?? <CardSkeletons />}</Delayed>;
}

function Stale({ query }: { query: UseQueryResult<unknown> }) {
  const t = useT();
  const fmt = useFmt();
  return (
    <p role="status" className="mb-3 flex flex-wrap items-center gap-2 text-xs text-ink-faint">
      <CloudOff size={14} aria-hidden />
      {t.common.stale(fmt.time(query.dataUpdatedAt))}
      <Button size="sm" variant="quiet" isPending={query.isFetching} onPress={() => void query.refetch()}>
        {t.common.retry}
      </Button>
    </p>
  );
}

export function CardSkeletons({ cards = 3 }: { cards?: number }) {
  const t = useT();
  return (
    <div role="status" className="space-y-3">
      <span className="sr-only">{t.common.loading}</span>
      {Array.from({ length: cards }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cards are all alike
        <div key={at} className="flex items-center gap-3 rounded-xl border border-line bg-surface p-4">
          <Skeleton className="size-10 shrink-0 rounded-full" />
          <div className="flex-1 space-y-2">
            <Skeleton className={cx('h-3', at % 2 === 0 ? 'w-1/3' : 'w-1/4')} />
            <Skeleton className={cx('h-3', at % 2 === 0 ? 'w-2/3' : 'w-1/2')} />
          </div>
        </div>
      ))}
    </div>
  );
}
