import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { may } from '../../../shared/access.ts';
import type { Hit, SavedSearch } from '../../../shared/listening.ts';
import { afterClosing } from '../../components/after-closing.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Finder } from '../../components/finder.tsx';
import { ArrowUp, Ear, Search } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { announce } from '../../components/live-region.tsx';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { showToast } from '../../components/toast.tsx';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey, useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useMe, useWelcome } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { LinkButton } from '../shell/link-button.tsx';
import { addressOf, filterIn, filtersOf, type ListenFilter, noFilter } from './address.ts';
import { ListeningArea } from './area.tsx';
import { Filters } from './filters.tsx';
import { HitRow } from './hit.tsx';
import { useSearches, useSearchesById } from './queries.ts';
import { SpikeBanner } from './spike.banner.tsx';
import { useToConversation } from './to-conversation.ts';
import { useHitDeeds } from './use-deeds.ts';
import { type LiveStream, useStream } from './use-stream.ts';

const ThreadDrawer = later(() => import('../posts/thread.drawer.tsx'));

/** What is said in public, newest first, as it comes. */
export default function StreamPage() {
  const w = useListeningWords();
  const search = useSearch();
  const filter = useMemo(() => filterIn(search), [search]);
  const { data: searches } = useSearches();
  const listens = searches === undefined || searches.some(({ archived }) => !archived);
  return (
    <ListeningArea part="stream" fills text={w.stream.text}>
      {listens || filtersOf(filter) > 0 ? (
        <Found key={addressOf('', filter)} filter={filter} searches={searches ?? []} />
      ) : (
        <Nothing />
      )}
    </ListeningArea>
  );
}

/** Nobody has searched for anything: the first search is the organisation's own name. */
function Nothing() {
  const w = useListeningWords().stream;
  const me = useMe();
  const name = useWelcome()?.organisation;
  const makes = may(me, 'listening.manage');
  return (
    <EmptyState
      className="flex-1"
      icon={<Ear size={24} />}
      title={w.nothingTitle}
      text={makes ? w.nothingText : w.nothingNoMay}
      action={
        makes && (
          <LinkButton
            href={
              name ? `/listening/searches/new?name=${encodeURIComponent(name)}` : '/listening/searches/new'
            }
          >
            {name ? w.makeFirst(plainName(name)) : w.make}
          </LinkButton>
        )
      }
    />
  );
}

function Found({ filter, searches }: { filter: ListenFilter; searches: readonly SavedSearch[] }) {
  const t = useT();
  const w = useListeningWords().stream;
  const [, navigate] = useLocation();
  const live = useStream(filter);
  const { stream } = live;
  const go = (next: ListenFilter) => navigate(addressOf('/listening', next));
  const author = filter.author && stream?.hits.find((hit) => hit.author.id === filter.author)?.author;
  const young = searches.every(({ week, weekBefore }) => week === 0 && weekBefore === 0);
  return (
    <>
      <SpikeBanner />
      <Filters
        filter={filter}
        onChange={go}
        usual="all"
        authorName={author ? author.name || author.handle : undefined}
      />
      {live.error ? (
        <ErrorState
          className="flex-1"
          title={w.loadFailed}
          text={errorText(t, live.error)}
          errorId={errorIdOf(live.error)}
          onRetry={live.retry}
        />
      ) : !stream ? (
        <Delayed>
          <SkeletonRows />
        </Delayed>
      ) : stream.hits.length === 0 && stream.fresh.length === 0 ? (
        <EmptyState
          className="flex-1"
          icon={<Search size={24} />}
          title={filtersOf(filter) === 0 && young ? w.quietTitle : w.emptyTitle}
          text={filtersOf(filter) === 0 && young ? w.quietText : w.emptyText}
          action={filtersOf(filter) > 0 && <Button onPress={() => go(noFilter)}>{t.common.clear}</Button>}
        />
      ) : (
        <HitList live={live} hits={stream.hits} filter={filter} onFilter={go} />
      )}
    </>
  );
}

interface HitListProps {
  live: LiveStream;
  hits: readonly Hit[];
  filter: ListenFilter;
  onFilter: (filter: ListenFilter) => void;
}

/** Whether it still belongs to what the filter asks for. */
function belongs(hit: Hit, filter: ListenFilter): boolean {
  if (filter.state ? hit.state !== filter.state : hit.state === 'notUs') return false;
  return filter.label === null || (hit.sentiment?.label ?? 'neutral') === filter.label;
}

function HitList({ live, hits, filter, onFilter }: HitListProps) {
  const w = useListeningWords();
  const toConversation = useToConversation();
  const searches = useSearchesById();
  const box = useRef<HTMLDivElement>(null);
  const { stream, more, fetchMore } = live;
  const next = stream?.next ?? null;
  const virtual = useVirtualizer({
    count: hits.length,
    getScrollElement: () => box.current,
    estimateSize: () => 132,
    getItemKey: (index) => hits[index]?.id ?? index,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (next !== null && more === 'idle' && last >= hits.length - 10) fetchMore();
  }, [next, more, last, hits.length, fetchMore]);

  const [chosen, setChosen] = useState<string | null>(null);
  // Where the chosen one stood: when it goes, the one that comes to its place is next.
  const place = useRef(0);
  const found = hits.findIndex(({ id }) => id === chosen);
  const at = found === -1 ? Math.max(0, Math.min(place.current, hits.length - 1)) : found;
  const hit = hits[at];
  const focus = (index: number) => {
    virtual.scrollToIndex(index, { align: 'auto' });
    // The row may have to be drawn first.
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-at="${index}"]`)?.focus({ preventScroll: true }),
    );
  };
  const inside = () => box.current?.contains(document.activeElement) ?? false;
  const held = useRef(false);
  useEffect(() => {
    place.current = at;
    // The one that had the keyboard went: the next one has it.
    if (held.current && document.activeElement === document.body && hits.length > 0) focus(at);
    held.current = inside();
  });
  const go = (to: number) => {
    const index = Math.max(0, Math.min(hits.length - 1, to));
    setChosen(hits[index]?.id ?? null);
    focus(index);
  };

  const deeds = useHitDeeds((changed, taught) => {
    const gone = taught?.away === true && taught.searchId !== null && taught.searchId === filter.search;
    if (gone || !belongs(changed, filter)) live.remove(changed.id);
    else live.putBack(changed);
  });
  const [asking, setAsking] = useState<Hit | null>(null);
  const [thread, setThread] = useState<Hit | null>(null);
  const notUs = (one: Hit) => {
    if (one.state === 'notUs') void deeds.bringBack?.(one);
    else if (one.searchIds.length > 1) setAsking(one);
    else void deeds.teachAway?.(one, null);
  };
  const openThread = (one: Hit) => {
    if (one.postId) setThread(one);
    else if (one.conversationId) toConversation(one.conversationId);
    else showToast({ text: w.said.noThread });
  };
  const openOutside = (one: Hit) => {
    if (one.url && /^https?:/i.test(one.url)) window.open(one.url, '_blank', 'noopener,noreferrer');
    else showToast({ text: w.said.noOutside });
  };

  useHotkey('list.next', () => go(inside() ? at + 1 : at));
  useHotkey('list.previous', () => go(inside() ? at - 1 : at));
  useHotkey('list.open', () => hit && openThread(hit));
  useHotkey('message.thread', () => hit && openThread(hit));
  useHotkey('listening.outside', () => hit && openOutside(hit));
  useHotkey('message.positive', () => hit && void deeds.relabel(hit, 'positive'));
  useHotkey('message.neutral', () => hit && void deeds.relabel(hit, 'neutral'));
  useHotkey('message.negative', () => hit && void deeds.relabel(hit, 'negative'));
  useHotkey('listening.convert', () => hit && void deeds.convert?.(hit), { enabled: deeds.convert !== null });
  useHotkey('listening.done', () => hit && void deeds.toggleDone?.(hit), {
    enabled: deeds.toggleDone !== null,
  });
  useHotkey('listening.notUs', () => hit && notUs(hit), { enabled: deeds.teachAway !== null });
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset['hit'] === undefined) return;
    const to = { Home: 0, End: hits.length - 1, PageDown: at + 5, PageUp: at - 5 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  // What is new has the keyboard, once it stands there.
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    if (wanted === null || hits[0]?.id !== wanted) return;
    setWanted(null);
    setChosen(wanted);
    box.current?.scrollTo({ top: 0 });
    focus(0);
  });
  const showFresh = async () => setWanted((await live.showFresh())?.id ?? null);
  return (
    <div className="relative -mx-4 flex min-h-0 flex-1 flex-col border-t border-line sm:-mx-6">
      <Fresh count={stream?.fresh.length ?? 0} onShow={() => void showFresh()} />
      <div
        ref={box}
        role="feed"
        aria-label={w.stream.list}
        aria-busy={more === 'loading'}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const one = hits[index];
            return (
              one && (
                <div
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <HitRow
                    hit={one}
                    searches={searches}
                    active={index === at}
                    at={index}
                    of={next === null ? hits.length : -1}
                    onFocus={() => setChosen(one.id)}
                    onRelabel={(label) => void deeds.relabel(one, label)}
                    onConvert={deeds.convert && (() => void deeds.convert?.(one))}
                    onDone={deeds.toggleDone && (() => void deeds.toggleDone?.(one))}
                    onNotUs={deeds.teachAway && (() => notUs(one))}
                    onThread={() => openThread(one)}
                    onAuthor={() => onFilter({ ...filter, author: one.author.id })}
                  />
                </div>
              )
            );
          })}
        </div>
        {more === 'failed' && <MoreFailed onRetry={fetchMore} />}
      </div>
      {asking && (
        <Finder
          title={w.stream.fromWhich}
          placeholder={w.stream.fromWhich}
          onClose={() => setAsking(null)}
          items={[
            {
              id: 'all',
              label: w.stream.allSearches,
              run: () => void deeds.teachAway?.(asking, null),
            },
            ...asking.searchIds.map((id) => ({
              id,
              label: plainName(searches.get(id)?.name ?? '') || id,
              run: () => void deeds.teachAway?.(asking, id),
            })),
          ]}
        />
      )}
      <Suspense>
        {thread?.postId && (
          <ThreadDrawer
            postId={thread.postId}
            messageId={thread.id.replace(/^message:/, '')}
            header={undefined}
            onClose={() => setThread(null)}
            onAnswer={() => undefined}
            onOpenConversation={(id) => {
              setThread(null);
              afterClosing(() => toConversation(id));
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

/** What came since: shown when somebody wants it, so that nothing moves under their hand. */
function Fresh({ count, onShow }: { count: number; onShow: () => void }) {
  const w = useListeningWords().stream;
  const keys = useHotkeyKeys('listening.fresh');
  useHotkey('listening.fresh', onShow, { enabled: count > 0 });
  const some = count > 0;
  useEffect(() => {
    if (some) announce(w.fresh(count));
  }, [some, count, w]);
  if (!some) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
      <Button
        variant="primary"
        className="rise-in pointer-events-auto rounded-full shadow-float"
        icon={<ArrowUp size={15} aria-hidden />}
        onPress={onShow}
      >
        {w.fresh(count)}
        {keys && (
          <span aria-hidden className="pointer-coarse:hidden">
            <Kbd keys={keys} />
          </span>
        )}
      </Button>
    </div>
  );
}

function MoreFailed({ onRetry }: { onRetry: () => void }) {
  const t = useT();
  const w = useListeningWords().stream;
  return (
    <p role="status" className="flex items-center justify-center gap-3 p-4 text-sm text-danger-ink">
      {w.moreFailed}
      <Button size="sm" onPress={onRetry}>
        {t.common.retry}
      </Button>
    </p>
  );
}
