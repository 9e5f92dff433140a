import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ChannelDetails, ChannelFailure, ChannelFailurePage } from '../../../shared/channel.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { RotateCcw } from '../../components/icons.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { dirOf } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { failuresKey } from '../channels/queries.ts';
import { errorText } from '../error-text.ts';
import { CardSkeletons, Loaded, useOffline } from '../settings/page.tsx';
import { Reason } from './reason.view.tsx';

type Direction = ChannelFailure['direction'];
type Pages = InfiniteData<ChannelFailurePage, string | null>;

/** What failed on a channel, in each direction, and another try for one or for all. */
export function Failures({ channel }: { channel: ChannelDetails }) {
  const t = useT();
  const w = useWords();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const { inboundFailed, outboundFailed } = channel.health;
  const [direction, setDirection] = useState<Direction>(
    inboundFailed === 0 && outboundFailed > 0 ? 'out' : 'in',
  );
  const query = useInfiniteQuery({
    queryKey: [...failuresKey(channel.id), direction],
    queryFn: ({ pageParam }) => calls.failures(channel.id, direction, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const replay = useReplay(channel.id, direction);
  const counts = { in: inboundFailed, out: outboundFailed };
  return (
    <div className="px-4 pb-4 sm:px-5">
      <div className="flex flex-wrap items-center justify-between gap-2 py-2">
        <Segmented
          label={w.healthPage.direction}
          bare
          size="sm"
          options={(['in', 'out'] as const).map((id) => ({
            id,
            label: <Counted word={w.healthPage[id]} count={counts[id]} />,
          }))}
          value={direction}
          onChange={setDirection}
        />
        {counts[direction] > 0 && (
          <Button
            size="sm"
            icon={<RotateCcw size={14} aria-hidden />}
            isPending={replay.isPending && replay.variables === null}
            isDisabled={offline}
            onPress={() => replay.mutate(null)}
          >
            {w.healthPage.replayAll}
          </Button>
        )}
      </div>
      <Loaded
        query={query}
        failed={w.healthPage.failuresFailed}
        skeleton={<CardSkeletons cards={Math.min(3, Math.max(1, counts[direction]))} />}
      >
        {({ pages }) => {
          const failures = pages.flatMap((page) => page.failures);
          if (failures.length === 0)
            return (
              <p className="py-3 text-ink-muted">
                {direction === 'in' ? w.healthPage.noFailuresIn : w.healthPage.noFailuresOut}
              </p>
            );
          return (
            <>
              <ul aria-label={w.healthPage.failuresOf(channel.name)} className="space-y-2">
                {failures.map((failure) => (
                  <Failure
                    key={failure.id}
                    failure={failure}
                    busy={replay.isPending && replay.variables === failure.id}
                    onReplay={() => replay.mutate(failure.id)}
                  />
                ))}
              </ul>
              {query.hasNextPage && (
                <Button
                  size="sm"
                  className="mt-3"
                  isPending={query.isFetchingNextPage}
                  onPress={() => void query.fetchNextPage()}
                >
                  {t.common.showMore}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Counted({ word, count }: { word: string; count: number }) {
  const fmt = useFmt();
  return (
    <>
      {word}
      {count > 0 && <span className="text-danger-ink">{fmt.number(count)}</span>}
    </>
  );
}

/** One by its id, or all with null. What goes back into the queue leaves the list; what is refused stays, and is told. */
function useReplay(channelId: string, direction: Direction) {
  const t = useT();
  const w = useWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const key = [...failuresKey(channelId), direction];
  return useMutation({
    mutationFn: (id: string | null) =>
      calls.replayChannel(channelId, { direction, ...(id !== null && { ids: [id] }) }),
    onSuccess: ({ replayed, refused }, id) => {
      const stays = new Set(refused.map((one) => one.id));
      client.setQueryData<Pages>(
        key,
        (before) =>
          before && {
            ...before,
            pages: before.pages.map((page) => ({
              ...page,
              failures: page.failures.filter((one) => stays.has(one.id) || (id !== null && one.id !== id)),
            })),
          },
      );
      const some = refused.length > 0 ? ` ${w.healthPage.refusedSome(refused.length)}` : '';
      showToast({
        text: `${replayed > 0 ? w.healthPage.replayed(replayed) : w.healthPage.noneReplayed}${some && `. ${some.trim()}`}`,
        tone: refused.length > 0 ? 'error' : 'ok',
      });
    },
    onError: (error) => showToast({ text: errorText(t, error), tone: 'error' }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: failuresKey(channelId) });
      void client.invalidateQueries({ queryKey: ['channels'], exact: true });
    },
  });
}

interface FailureProps {
  failure: ChannelFailure;
  busy: boolean;
  onReplay: () => void;
}

function Failure({ failure, busy, onReplay }: FailureProps) {
  const w = useWords();
  const fmt = useFmt();
  const now = useNow('minute');
  const offline = useOffline();
  const { direction: page } = useLocale();
  const { excerpt, customerName, conversationId, attempts, unknown } = failure;
  return (
    <li className="rounded-lg border border-line bg-canvas p-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-48 flex-1">
          <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-ink-faint">
            {customerName && (
              <span className="text-sm font-semibold text-ink">{w.healthPage.to(customerName)}</span>
            )}
            <time dateTime={failure.at} title={fmt.both(failure.at)}>
              {fmt.when(failure.at, now)}
            </time>
            {attempts > 1 && <Chip>{w.healthPage.attempts(attempts)}</Chip>}
          </p>
          <Reason cause={failure} otherwise={w.reasons.failedHere} className="mt-0.5" />
          {unknown && <p className="mt-1 text-xs font-medium text-warn-ink">{w.healthPage.unknownOutcome}</p>}
        </div>
        <span className="flex flex-wrap items-center gap-1.5">
          {conversationId && (
            <Link
              href={`/inbox/all/${conversationId}`}
              className="inline-flex min-h-7 items-center rounded-md px-2 text-xs font-medium text-accent-ink underline underline-offset-4"
            >
              {w.healthPage.openConversation}
            </Link>
          )}
          {!unknown && (
            <Button
              size="sm"
              icon={<RotateCcw size={14} aria-hidden />}
              aria-label={w.healthPage.replayOf(excerpt.slice(0, 40))}
              isPending={busy}
              isDisabled={offline}
              onPress={onReplay}
            >
              {w.healthPage.replay}
            </Button>
          )}
        </span>
      </div>
      {excerpt &&
        (failure.direction === 'in' ? (
          <pre className="ltr mt-2 max-h-32 overflow-y-auto rounded-md bg-sunken px-3 py-2 text-start font-mono text-xs break-all whitespace-pre-wrap">
            {excerpt}
          </pre>
        ) : (
          <p
            dir={dirOf(excerpt, page)}
            className="mt-2 rounded-md border border-bubble-out-line bg-bubble-out px-3 py-2 break-words whitespace-pre-wrap"
          >
            {excerpt}
          </p>
        ))}
    </li>
  );
}
