import { type InfiniteData, useQueries, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { SpikeAlert } from '../../../shared/listening.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Check, TriangleAlert } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Delayed } from '../../components/skeleton.tsx';
import { showToast } from '../../components/toast.tsx';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey, useHotkeyKeys } from '../../lib/hotkeys.react.tsx';
import { PreviewText } from '../../lib/message-text.tsx';
import { useNow } from '../../lib/time.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { useManifests } from '../directory.ts';
import { errorIdOf, errorText } from '../error-text.ts';
import { PostBody } from '../posts/post-card.tsx';
import { usePost } from '../posts/queries.ts';
import { CardSkeletons } from '../settings/page.tsx';
import { addressOf } from './address.ts';
import { ListeningArea } from './area.tsx';
import { useSpikes } from './queries.ts';

const hourMs = 3_600_000;

interface SpikesPage {
  spikes: SpikeAlert[];
  next: string | null;
}

/** What rose of that hour. */
const hourOf = ({ searchId, at, rise }: SpikeAlert) =>
  addressOf('/listening', {
    search: searchId,
    label: rise === 'negative' ? 'negative' : null,
    from: at,
    to: new Date(Date.parse(at) + hourMs).toISOString(),
  });

/** Hours in which far more was said than usual, each with why. */
export default function SpikesPage() {
  const t = useT();
  const w = useListeningWords().spikes;
  const me = useMe();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const query = useSpikes();
  const spikes = query.data?.pages.flatMap((page) => page.spikes) ?? [];
  const box = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const go = (to: number) => {
    const next = Math.max(0, Math.min(spikes.length - 1, to));
    setAt(next);
    box.current?.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus();
  };
  const inside = () => box.current?.contains(document.activeElement) ?? false;
  const see = async (spike: SpikeAlert) => {
    if (spike.seenBy.includes(me.id)) return;
    try {
      const seen = await calls.seeSpike(spike.id);
      client.setQueryData<InfiniteData<SpikesPage>>(
        ['spikes'],
        (before) =>
          before && {
            ...before,
            pages: before.pages.map((page) => ({
              ...page,
              spikes: page.spikes.map((each) => (each.id === seen.id ? seen : each)),
            })),
          },
      );
      // Its button is gone: the alert itself has the keyboard.
      if (document.activeElement === document.body)
        box.current?.querySelector<HTMLElement>(`[data-spike="${CSS.escape(spike.id)}"]`)?.focus();
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
  };
  const chosen = spikes[Math.min(at, spikes.length - 1)];
  useHotkey('list.next', () => go(inside() ? at + 1 : at));
  useHotkey('list.previous', () => go(inside() ? at - 1 : at));
  useHotkey('list.open', () => chosen && navigate(hourOf(chosen)));
  useHotkey('listening.done', () => chosen && void see(chosen));
  return (
    <ListeningArea part="spikes" text={w.text}>
      {query.isError && !query.data ? (
        <ErrorState
          className="flex-1"
          title={w.loadFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : !query.data ? (
        <Delayed>
          <CardSkeletons />
        </Delayed>
      ) : spikes.length === 0 ? (
        <EmptyState
          className="flex-1"
          icon={<TriangleAlert size={24} />}
          title={w.emptyTitle}
          text={w.emptyText}
        />
      ) : (
        <>
          <ul ref={box} aria-label={w.list} className="flex flex-col gap-3">
            {spikes.map((spike, nth) => (
              <li key={spike.id}>
                <Spike
                  spike={spike}
                  at={nth}
                  active={nth === Math.min(at, spikes.length - 1)}
                  seen={spike.seenBy.includes(me.id)}
                  onFocus={() => setAt(nth)}
                  onSee={() => void see(spike)}
                />
              </li>
            ))}
          </ul>
          {query.hasNextPage && (
            <Button
              className="mt-4 self-center"
              isPending={query.isFetchingNextPage}
              onPress={() => void query.fetchNextPage()}
            >
              {w.older}
            </Button>
          )}
        </>
      )}
    </ListeningArea>
  );
}

interface SpikeProps {
  spike: SpikeAlert;
  at: number;
  active: boolean;
  seen: boolean;
  onFocus: () => void;
  onSee: () => void;
}

function Spike({ spike, at, active, seen, onFocus, onSee }: SpikeProps) {
  const w = useListeningWords().spikes;
  const fmt = useFmt();
  const now = useNow();
  const keys = useHotkeyKeys('listening.done');
  const { rise, endedAt } = spike;
  const name = plainName(spike.searchName);
  const title = rise === 'negative' ? w.titleNegative(name) : w.title(name);
  const end = new Date(Date.parse(spike.at) + hourMs).toISOString();
  return (
    <article
      data-spike={spike.id}
      data-at={at}
      tabIndex={active ? 0 : -1}
      aria-label={title}
      onFocus={onFocus}
      className={cx(
        'rounded-xl border bg-surface p-4 shadow-soft sm:p-5',
        seen ? 'border-line' : 'border-s-4 border-line border-s-(--chart-negative)',
      )}
    >
      <header className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-2 text-xs text-ink-muted">
            <time dateTime={spike.at} title={fmt.both(spike.at)}>
              {w.hour(fmt.when(spike.at, now), fmt.time(end))}
            </time>
            {!seen && <Chip tone="danger">{w.new}</Chip>}
            <Chip tone={endedAt ? 'neutral' : 'warn'}>{endedAt ? w.ended : w.going}</Chip>
          </p>
          <h2 className="mt-1 text-md font-bold text-pretty">{title}</h2>
          <Answer spike={spike} />
        </div>
        <span className="flex shrink-0 flex-wrap gap-2">
          <Link
            href={hourOf(spike)}
            aria-label={w.seeOf(name)}
            className="inline-flex min-h-(--control) items-center rounded-md border border-line bg-raised px-3 text-sm font-medium shadow-soft hover:bg-hover"
          >
            {w.see}
          </Link>
          {!seen && (
            <Button
              variant="primary"
              icon={<Check size={15} aria-hidden />}
              aria-label={w.seenOf(name)}
              onPress={onSee}
            >
              {w.seen}
              {keys && active && (
                <span aria-hidden className="pointer-coarse:hidden">
                  <Kbd keys={keys} inverse />
                </span>
              )}
            </Button>
          )}
        </span>
      </header>
      <Why spike={spike} />
    </article>
  );
}

/** How far above its usual it is: all that was said, what was negative, or both. */
function Answer({ spike }: { spike: SpikeAlert }) {
  const w = useListeningWords().spikes;
  const fmt = useFmt();
  const { rise, count, usual, negative, usualNegative } = spike;
  const times = (n: number, of: number) => (of > 0 ? fmt.number(Math.round((n / of) * 10) / 10) : null);
  const share = fmt.percent(count === 0 ? 0 : negative / count);
  const [said, complained] = [times(count, usual), times(negative, usualNegative)];
  const first =
    rise === 'negative'
      ? complained === null
        ? w.answerNegativeFresh(fmt.number(negative))
        : w.answerNegative(fmt.number(negative), complained)
      : said === null
        ? w.answerFresh(fmt.number(count))
        : w.answer(fmt.number(count), said);
  const rest =
    rise === 'negative'
      ? [
          complained !== null && w.usual(fmt.number(usualNegative)),
          w.ofAll(fmt.number(count), fmt.number(usual)),
        ]
      : [
          said !== null && w.usual(fmt.number(usual)),
          rise === 'both'
            ? w.negativeToo(fmt.number(negative), share, fmt.number(usualNegative))
            : w.negative(fmt.number(negative), share),
        ];
  return (
    <p className="mt-0.5 text-sm text-pretty">
      {first}
      <span className="text-ink-muted">{rest.flatMap((one) => (one ? ` · ${one}` : []))}</span>
    </p>
  );
}

/** Unusual words, who reaches furthest, the post, and some of what was said. */
function Why({ spike }: { spike: SpikeAlert }) {
  const w = useListeningWords().spikes;
  const stream = useListeningWords().stream;
  const t = useT();
  const fmt = useFmt();
  const manifests = useManifests();
  const { words, authors, postId, hitIds } = spike;
  const block = 'mb-1.5 text-xs font-semibold text-ink-muted';
  return (
    <div className="mt-4 grid gap-x-6 gap-y-4 border-t border-line pt-4 sm:grid-cols-2">
      <section>
        <h3 className={block}>{w.words}</h3>
        {words.length === 0 ? (
          <p className="text-sm text-ink-faint">{w.noWords}</p>
        ) : (
          <ul className="flex flex-wrap gap-1.5">
            {words.map(({ word, count, usual }) => (
              <li
                key={word}
                title={w.wordCount(word, fmt.number(count), fmt.number(Math.round(usual * 10) / 10))}
                className="inline-flex min-h-6 items-center gap-1.5 rounded-sm bg-warn-soft px-2 text-xs font-medium text-warn-ink"
              >
                <bdi>{word}</bdi>
                <span className="sr-only">
                  {w.wordCount(word, fmt.number(count), fmt.number(Math.round(usual * 10) / 10))}
                </span>
                <span aria-hidden>{fmt.number(count)}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {authors.length > 0 && (
        <section>
          <h3 className={block}>{w.authors}</h3>
          <ul className="flex flex-col gap-1.5">
            {authors.slice(0, 4).map((author) => {
              const name = plainName(author.name) || plainName(author.handle) || t.customer.unnamed;
              return (
                <li key={author.id} className="flex items-center gap-2 text-sm">
                  <Avatar
                    name={name}
                    seed={author.id}
                    size="sm"
                    glyph={manifests.get(author.connector)?.glyph ?? author.connector}
                  />
                  <Link
                    href={addressOf('/listening', { author: author.id })}
                    aria-label={stream.byAuthor(name)}
                    className="min-h-6 min-w-0 truncate underline-offset-3 hover:underline"
                  >
                    <bdi>{name}</bdi>
                  </Link>
                  {author.reach !== null && (
                    <span className="ms-auto shrink-0 text-xs text-ink-muted">
                      {stream.followers(fmt.number(author.reach))}
                    </span>
                  )}
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {postId && <OnPost postId={postId} />}
      {hitIds.length > 0 && <Examples ids={hitIds} />}
    </div>
  );
}

function OnPost({ postId }: { postId: string }) {
  const w = useListeningWords().spikes;
  const { data: post } = usePost(postId);
  if (!post) return null;
  return (
    <section>
      <h3 className="mb-1.5 text-xs font-semibold text-ink-muted">{w.post}</h3>
      <div className="rounded-lg border border-line border-s-[3px] border-s-public-line px-3 py-2">
        <PostBody post={post} clamped />
      </div>
    </section>
  );
}

const mostExamples = 3;

function Examples({ ids }: { ids: readonly string[] }) {
  const w = useListeningWords().spikes;
  const { calls } = useWorkspace();
  const { direction } = useLocale();
  const found = useQueries({
    queries: ids.slice(0, mostExamples).map((id) => ({
      queryKey: ['hit', id],
      queryFn: () => calls.hit(id),
      staleTime: 60_000,
    })),
  });
  const hits = found.flatMap(({ data }) => (data && !data.deletedAt ? [data] : []));
  if (hits.length === 0) return null;
  return (
    <section className="min-w-0">
      <h3 className="mb-1.5 text-xs font-semibold text-ink-muted">{w.examples}</h3>
      <ul className="flex flex-col gap-1">
        {hits.map(({ id, text }) => (
          <li key={id}>
            <PreviewText text={text} fallback={direction} className="text-sm text-ink-muted" />
          </li>
        ))}
      </ul>
    </section>
  );
}
