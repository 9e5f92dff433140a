import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Message } from '../../../shared/message.ts';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { MessagesSquare } from '../../components/icons.ts';
import { announce } from '../../components/live-region.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import {
  useCustomerSummary,
  useLoading,
  useOutbox,
  usePresence,
  useStore,
  useTimeline,
  useWorkspace,
} from '../../state/hooks.tsx';
import type { Place } from '../../state/sync.stream.ts';
import { quoteMessage } from './quote-message.ts';
import { useReading } from './reading.ts';
import { severalThreads } from './splits.ts';
import { Pills } from './timeline.pills.tsx';
import { Row } from './timeline.row.tsx';
import type { TimelineProps } from './timeline.tsx';
import { dayAbove, estimatedHeight, isAt, isLine, timelineItems } from './timeline-items.ts';
import { useInboxUi } from './ui.ts';
import { useMessageKeys } from './use-message-keys.ts';

const none: readonly Message[] = [];
const older = 900;
const newer = 600;
const nearEnd = 60;
/** How far the day at the top reaches down, in px. */
const chip = 40;

/** The stream of one customer, from its first message to what is being sent. */
export function Stream({ header, target, onTargetShown }: TimelineProps) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  const { sync } = useWorkspace();
  const set = useInboxUi((ui) => ui.set);
  const timeline = useTimeline(header.customerId);
  const customer = useCustomerSummary(header.customerId);
  const headers = useStore((state) => state.headers);
  const outbox = useOutbox();
  const typing = usePresence(header.id)?.customerTyping ?? false;
  const olderState = useLoading('older');
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [flashed, setFlashed] = useState<Place | null>(null);
  const [top, setTop] = useState(0);

  const messages = timeline?.messages ?? none;
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages]);
  const waiting = useMemo(
    () =>
      outbox.filter(
        (item) => !byId.has(item.id) && headers.get(item.conversationId)?.customerId === header.customerId,
      ),
    [outbox, byId, headers, header.customerId],
  );
  const reading = useReading({ header, messages, atEnd: atEnd && !timeline?.ceiling });
  const items = useMemo(
    () =>
      timelineItems({
        messages,
        outbox: timeline?.ceiling ? [] : waiting,
        dayKey: (at) => fmt.dayKey(at),
        complete: timeline?.before === null,
        newFrom: reading.newFrom,
      }),
    [messages, waiting, fmt, timeline?.before, timeline?.ceiling, reading.newFrom],
  );
  const threaded = useMemo(() => severalThreads(messages), [messages]);
  const channels = useMemo(
    () => new Set(messages.map(({ channelId }) => channelId).filter(Boolean)),
    [messages],
  );

  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (at) => estimatedHeight(items[at]),
    getItemKey: (at) => items[at]?.key ?? at,
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearEnd,
    paddingStart: 12,
    paddingEnd: 16,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the stream begins at its end, once
  useLayoutEffect(() => {
    if (!target) virtual.scrollToEnd();
  }, []);

  const [jump, setJump] = useState<Place | null>(null);
  const goTo = useCallback(
    async (place: Place) => {
      // The keyboard goes along: the arrows scroll from there.
      box.current?.focus({ preventScroll: true });
      if (await sync.loadAround(place)) setJump(place);
      else showToast({ text: t.timeline.loadFailed, tone: 'error' });
    },
    [sync, t],
  );
  const onJump = useCallback((id: string) => void goTo({ kind: 'message', id }), [goTo]);
  useEffect(() => {
    if (!target) return;
    void goTo(target);
    onTargetShown();
  }, [target, goTo, onTargetShown]);
  useLayoutEffect(() => {
    const at = jump ? items.findIndex((item) => isAt(item, jump)) : -1;
    if (!jump || at < 0) return;
    virtual.scrollToIndex(at, { align: jump.kind === 'message' ? 'center' : 'start' });
    setAtEnd(false);
    setFlashed(jump);
    setJump(null);
  }, [jump, items, virtual]);
  useEffect(() => {
    if (!flashed) return;
    const timer = setTimeout(() => setFlashed(null), 1_600);
    return () => clearTimeout(timer);
  }, [flashed]);

  // Many messages in one frame outrun the list's own following, and rows grow when they are measured: who stood at the end, and did
  // not leave it, stays there.
  // Only a hand takes somebody away from the end, never what the list or a measured row does.
  const hand = useRef(0);
  const byHand = (ms = 1_000) => {
    hand.current = performance.now() + ms;
  };
  const end = items.at(-1)?.key;
  const height = virtual.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new end or other heights, and whether the last look was at the old one
  useLayoutEffect(() => {
    const element = box.current;
    if (element && atEnd && !jump && !timeline?.ceiling && performance.now() > hand.current)
      element.scrollTop = element.scrollHeight;
  }, [end, height]);

  // The composer below grows: who stands at the end goes on standing there.
  const empty = items.length === 0;
  const stands = useRef(atEnd);
  stands.current = atEnd && !jump && !timeline?.ceiling;
  // biome-ignore lint/correctness/useExhaustiveDependencies: there is nothing to watch until there is a message
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      if (stands.current) element.scrollTop = element.scrollHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [empty]);

  const toLatest = useCallback(async () => {
    await sync.loadLatest();
    virtual.scrollToEnd();
  }, [sync, virtual]);
  useHotkey('conversation.latest', () => void toLatest());

  // The person's own message is always shown.
  const lastOwn = waiting.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message of one's own, nothing else
  useEffect(() => {
    if (lastOwn) void toLatest();
  }, [lastOwn]);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (fromEnd <= nearEnd) setAtEnd(true);
    else if (performance.now() < hand.current) setAtEnd(false);
    setTop(element.scrollTop);
    if (element.scrollTop < older && timeline?.before && olderState.state !== 'failed') void sync.loadOlder();
    if (fromEnd < newer && timeline?.after) void sync.loadNewer();
  };
  // A short first page may not fill the pane: nobody can scroll to ask for more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever there are more items
  useEffect(() => onScroll(), [items.length, olderState.state]);

  const newest = messages.at(-1);
  const heard = useRef(newest?.id);
  useEffect(() => {
    if (!newest || heard.current === newest.id) return;
    heard.current = newest.id;
    if (newest.direction === 'in' && Date.now() - Date.parse(newest.at) < 120_000)
      announce(t.timeline.newInbound(customer?.name ?? '', newest.text));
  }, [newest, customer?.name, t]);

  const onThread = useCallback(
    (postId: string, messageId: string | null) => set({ thread: { postId, messageId } }),
    [set],
  );
  const holds = useMessageKeys({ box, items, virtual, onStep: () => byHand() });

  const rows = virtual.getVirtualItems();
  const topItem = rows.find(({ end }) => end > top + 24);
  const day = dayAbove(items, topItem?.index ?? 0);
  // A line that passes under the chip says a date itself: two would lie over each other.
  const lined = rows.some(({ index, start, end }) => start < top + chip && end > top && isLine(items[index]));
  if (empty)
    return (
      <EmptyState
        icon={<MessagesSquare size={24} />}
        title={t.timeline.emptyTitle}
        text={t.timeline.emptyText}
      />
    );
  return (
    <div className="relative h-full">
      {day && top > 48 && !lined && (
        <div aria-hidden className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
          <span className="rounded-full border border-line bg-raised px-3 py-0.5 text-2xs text-ink-muted shadow-soft">
            {fmt.day(day, now)}
          </span>
        </div>
      )}
      <section
        ref={box}
        id="timeline"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        tabIndex={0}
        aria-label={t.inbox.timeline}
        onScroll={onScroll}
        onFocus={holds}
        onBlur={holds}
        onWheel={() => byHand()}
        onTouchMove={() => byHand()}
        // On the scroll bar, which is dragged for a while.
        onPointerDown={(event) => event.target === event.currentTarget && byHand(10_000)}
        // Here the arrows scroll; elsewhere on the page they go through the conversations.
        onKeyDown={(event) => {
          byHand();
          const own =
            event.target === event.currentTarget ||
            (event.target instanceof Element && event.target.matches('[data-message]'));
          if (own && /^Arrow(Up|Down)$/.test(event.key) && !event.altKey) event.stopPropagation();
        }}
        className="flex h-full flex-col overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none] [contain:strict] focus-visible:outline-offset-[-2px]"
      >
        {/* A short stream stands at the bottom, beside the composer. */}
        <div className="relative mt-auto w-full shrink-0" style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, key, start }) => {
            const item = items[index];
            if (!item) return null;
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className={cx(
                  'absolute inset-x-0 top-0 transition-colors duration-700',
                  flashed && isAt(item, flashed) && 'bg-accent-soft',
                )}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Row
                  item={item}
                  open={header}
                  name={customer?.name ?? ''}
                  byId={byId}
                  showChannel={channels.size > 1}
                  threaded={threaded}
                  onQuote={quoteMessage}
                  onJump={onJump}
                  onThread={onThread}
                />
              </div>
            );
          })}
        </div>
      </section>
      <Pills
        older={olderState.state === 'failed' ? () => void sync.loadOlder() : null}
        late={reading.late.length}
        onLate={() => {
          const first = reading.late[0];
          if (first) onJump(first.id);
          reading.seeLate();
        }}
        latest={!atEnd || timeline?.after ? () => void toLatest() : null}
        below={reading.below}
        typing={typing && atEnd}
      />
    </div>
  );
}
