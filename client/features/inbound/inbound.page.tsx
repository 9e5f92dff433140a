import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { InboundState, InboundSummary, InboundPage as Page } from '../../../shared/inbound.ts';
import { Chip } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { CircleCheck, RotateCcw, Undo2 } from '../../components/icons.ts';
import { Segmented } from '../../components/radio-group.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { manifestsOf, useChannels, useConnectors } from '../channels/queries.ts';
import { errorText } from '../error-text.ts';
import { Reason } from '../health/reason.view.tsx';
import { Loaded, SettingsPage, useOffline } from '../settings/page.tsx';

const states = ['failed', 'ignored', 'parked'] as const satisfies readonly InboundState[];
type Shown = (typeof states)[number];
type Pages = InfiniteData<Page, string | null>;

const keyOf = (state: Shown) => ['inbound', state];

/** What arrived and is in no conversation, by why. */
export default function InboundPage() {
  const t = useT();
  const { calls } = useWorkspace();
  const [search, setSearch] = useSearchParams();
  const state = states.find((one) => one === search.get('state')) ?? 'failed';
  const query = useInfiniteQuery({
    queryKey: keyOf(state),
    queryFn: ({ pageParam }) => calls.inbound(state, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  return (
    <SettingsPage title={t.inbound.title} text={t.inbound.text}>
      <Segmented
        label={t.inbound.filter}
        bare
        options={states.map((id) => ({ id, label: t.inbound.state[id] }))}
        value={state}
        onChange={(id) => setSearch({ state: id }, { replace: true })}
      />
      <p className="mt-3 mb-4 text-xs text-pretty text-ink-muted">{t.inbound.about[state]}</p>
      <Loaded query={query} failed={t.inbound.loadFailed}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.events);
          return events.length === 0 ? (
            <EmptyState
              className="flex-1"
              icon={<CircleCheck size={24} />}
              title={t.inbound.empty[state]}
              text={state === 'failed' ? t.inbound.emptyText : undefined}
            />
          ) : (
            <>
              <Events events={events} state={state} />
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
          );
        }}
      </Loaded>
    </SettingsPage>
  );
}

function Events({ events, state }: { events: InboundSummary[]; state: Shown }) {
  const t = useT();
  const replay = useReplay(state);
  return (
    <ul aria-label={t.inbound.title} className="space-y-2.5">
      {events.map((event) => (
        <EventCard
          key={event.id}
          event={event}
          busy={replay.isPending && replay.variables === event.id}
          onReplay={() => replay.mutate(event.id)}
        />
      ))}
    </ul>
  );
}

/** Puts an event back into the queue; its row leaves this list, whatever becomes of it. */
function useReplay(state: Shown) {
  const t = useT();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => calls.replay(id),
    onSuccess: (event) => {
      client.setQueryData<Pages>(
        keyOf(state),
        (before) =>
          before && {
            ...before,
            pages: before.pages.map((page) => ({
              ...page,
              events: page.events.filter((one) => one.id !== event.id),
            })),
          },
      );
      showToast({ text: t.inbound.replayed, tone: 'ok' });
      void client.invalidateQueries({ queryKey: ['channels'], exact: true });
    },
    onError: (error) => {
      showToast({ text: errorText(t, error), tone: 'error' });
      void client.invalidateQueries({ queryKey: keyOf(state) });
    },
  });
}

interface EventCardProps {
  event: InboundSummary;
  busy: boolean;
  onReplay: () => void;
}

function EventCard({ event, busy, onReplay }: EventCardProps) {
  const t = useT();
  const w = useWords();
  const fmt = useFmt();
  const now = useNow('minute');
  const offline = useOffline();
  const channels = useChannels();
  const connectors = useConnectors();
  const channel = channels.data?.find((one) => one.id === event.channelId);
  const glyph = manifestsOf(connectors.data ?? []).get(channel?.connector ?? '')?.glyph ?? '';
  const restores = event.state === 'ignored';
  return (
    <li className="rounded-xl border border-line bg-surface p-4 shadow-soft">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <ChannelGlyph glyph={glyph} size={28} />
        <div className="min-w-48 flex-1">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <bdi className="font-bold">{channel?.name ?? t.inbound.unknownChannel}</bdi>
            <time
              dateTime={event.receivedAt}
              title={fmt.both(event.receivedAt)}
              className="text-xs text-ink-faint"
            >
              {fmt.when(event.receivedAt, now)}
            </time>
          </p>
          <span className="sr-only">{t.inbound.reason}: </span>
          <Reason
            cause={{ code: event.code ?? null, message: event.reason }}
            otherwise={
              event.state === 'failed'
                ? w.reasons.failedHere
                : event.state === 'parked'
                  ? w.reasons.parked
                  : w.reasons.ignored
            }
            className="mt-0.5 text-sm"
          />
        </div>
        <Button
          size="sm"
          icon={
            restores ? (
              <Undo2 size={14} aria-hidden className="mirror" />
            ) : (
              <RotateCcw size={14} aria-hidden />
            )
          }
          isPending={busy}
          isDisabled={offline}
          onPress={onReplay}
        >
          {restores ? t.inbound.restore : t.inbound.replay}
        </Button>
      </div>
      {event.excerpt ? (
        <pre className="ltr mt-3 rounded-md bg-sunken px-3 py-2 text-start font-mono text-xs break-all whitespace-pre-wrap">
          <span className="sr-only">{t.inbound.excerpt}: </span>
          {event.excerpt}
        </pre>
      ) : (
        <p className="mt-3 text-xs text-ink-faint">{t.inbound.removed}</p>
      )}
      <p className="mt-2 flex flex-wrap gap-1.5">
        {event.attempts > 0 && <Chip>{t.inbound.attempts(event.attempts)}</Chip>}
        <Chip>{fmt.bytes(event.bytes)}</Chip>
      </p>
    </li>
  );
}
