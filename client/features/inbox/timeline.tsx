import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Message } from '../../../shared/message.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { ArrowDown, ArrowUp, MessagesSquare } from '../../components/icons.ts';
import { announce } from '../../components/live-region.tsx';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
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
import { errorIdOf, errorText } from '../error-text.ts';
import { EventLine } from './event-line.tsx';
import { MessageBubble } from './message-bubble.tsx';
import { OutboxBubble } from './outbox-bubble.tsx';
import { useReading } from './reading.ts';
import { estimatedHeight, type TimelineItem, timelineItems } from './timeline-items.ts';
import { useInboxUi } from './ui.ts';

export interface TimelineProps {
  header: Conversation;
  /** A place to show, from a jump in the customer's history. */
  target: Place | null;
  onTargetShown: () => void;
}

const none: readonly Message[] = [];
const older = 900;
const newer = 600;
const nearEnd = 60;
/** How far the day at the top reaches down, in px. */
const chip = 40;

/** One customer's whole stream, anchored to its end. */
export function CustomerTimeline({ header, target, onTargetShown }: TimelineProps) {
  const t = useT();
  const { sync } = useWorkspace();
  const timeline = useTimeline(header.customerId);
  const loading = useLoading('timeline');
  if (!timeline && loading.state === 'failed')
    return (
      <ErrorState
        title={t.timeline.loadFailed}
        text={errorText(t, loading.error)}
        errorId={errorIdOf(loading.error)}
        onRetry={() => void sync.open(header.id)}
      />
    );
  if (!timeline)
    return (
      <Delayed>
        <TimelineSkeleton />
      </Delayed>
    );
  return <Stream key={header.customerId} header={header} target={target} onTargetShown={onTargetShown} />;
}

function TimelineSkeleton() {
  const t = useT();
  const widths = ['w-1/2', 'w-2/5', 'w-3/5', 'w-1/3', 'w-1/2'];
  return (
    <div role="status" className="flex h-full flex-col justify-end gap-4 overflow-hidden p-5">
      <span className="sr-only">{t.common.loading}</span>
      {widths.map((width, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes never change places
        <Skeleton key={at} className={cx('h-14 rounded-xl', width, at % 2 === 1 && 'self-end')} />
      ))}
    </div>
  );
}

function Stream({ header, target, onTargetShown }: TimelineProps) {
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

  const onQuote = useCallback(
    (message: Message) => {
      const { quoting } = useInboxUi.getState();
      set({ mode: 'reply', quoting: { ...quoting, [message.conversationId]: message.id } });
      document.getElementById('composer-text')?.focus();
    },
    [set],
  );

  const rows = virtual.getVirtualItems();
  const topItem = rows.find(({ end }) => end > top + 24);
  const day = dayAbove(items, topItem?.index ?? 0);
  // A line that passes under the chip says a date itself: two would lie over each other.
  const lined = rows.some(({ index, start, end }) => start < top + chip && end > top && isLine(items[index]));
  if (items.length === 0)
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
        onWheel={() => byHand()}
        onTouchMove={() => byHand()}
        // On the scroll bar, which is dragged for a while.
        onPointerDown={(event) => event.target === event.currentTarget && byHand(10_000)}
        // Here the arrows scroll; elsewhere on the page they go through the conversations.
        onKeyDown={(event) => {
          byHand();
          if (event.target === event.currentTarget && /^Arrow(Up|Down)$/.test(event.key) && !event.altKey)
            event.stopPropagation();
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
                  onQuote={onQuote}
                  onJump={onJump}
                />
              </div>
            );
          })}
        </div>
      </section>
      {olderState.state === 'failed' && (
        <div className="absolute inset-x-0 top-2 flex justify-center">
          <Button size="sm" onPress={() => void sync.loadOlder()}>
            {t.timeline.loadOlderFailed} · {t.common.retry}
          </Button>
        </div>
      )}
      <div className="pointer-events-none absolute inset-x-0 bottom-3 flex flex-col items-center gap-2">
        {reading.late.length > 0 && (
          <Button
            size="sm"
            icon={<ArrowUp size={14} aria-hidden />}
            className="pointer-events-auto rounded-full bg-warn-soft text-warn-ink"
            aria-label={t.timeline.jumpToLate}
            onPress={() => {
              const first = reading.late[0];
              if (first) onJump(first.id);
              reading.seeLate();
            }}
          >
            {t.timeline.late(reading.late.length)}
          </Button>
        )}
        {(!atEnd || timeline?.after) && (
          <Button
            size="sm"
            icon={<ArrowDown size={14} aria-hidden />}
            className="pointer-events-auto rounded-full shadow-float"
            onPress={() => void toLatest()}
          >
            {reading.below > 0 ? t.timeline.newBelow(reading.below) : t.timeline.jumpToLatest}
          </Button>
        )}
        {typing && atEnd && (
          <span className="self-start ps-5 text-2xs text-ink-faint">{t.presence.customerTyping}</span>
        )}
      </div>
    </div>
  );
}

/** Whether an item is what was looked for; of a conversation, the line over its beginning. */
function isAt(item: TimelineItem, place: Place): boolean {
  switch (item.kind) {
    case 'conversation':
      return place.kind === 'conversation' && item.conversationId === place.id;
    case 'message':
      return item.messages.some(({ id }) => id === place.id);
    case 'events':
      return item.events.some(({ id }) => id === place.id);
    case 'outbox':
      return item.key === place.id;
    default:
      return false;
  }
}

function isLine(item: TimelineItem | undefined): boolean {
  return item !== undefined && ['beginning', 'day', 'conversation', 'new'].includes(item.kind);
}

function dayAbove(items: readonly TimelineItem[], from: number): string | null {
  for (let at = from; at >= 0; at -= 1) {
    const item = items[at];
    if (item?.kind === 'day') return item.at;
  }
  return null;
}

interface RowProps {
  item: TimelineItem;
  open: Conversation;
  name: string;
  byId: ReadonlyMap<string, Message>;
  showChannel: boolean;
  onQuote: (message: Message) => void;
  onJump: (messageId: string) => void;
}

function Row({ item, open, name, byId, showChannel, onQuote, onJump }: RowProps) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow();
  switch (item.kind) {
    case 'beginning':
      return <p className="py-4 text-center text-2xs text-ink-faint">{t.timeline.beginning}</p>;
    case 'day':
      return (
        <p className="flex justify-center py-2">
          <span className="rounded-full bg-sunken px-3 py-0.5 text-2xs text-ink-muted">
            {fmt.day(item.at, now)}
          </span>
        </p>
      );
    case 'conversation':
      return (
        <div className="flex items-center gap-3 px-4 py-2 text-2xs text-ink-faint">
          <span aria-hidden className="h-px flex-1 bg-line" />
          <span className={item.conversationId === open.id ? 'font-semibold text-accent-ink' : ''}>
            {t.timeline.conversationLine(fmt.date(item.at, now))}
          </span>
          <span aria-hidden className="h-px flex-1 bg-line" />
        </div>
      );
    case 'new':
      return (
        <div className="flex items-center gap-3 px-4 py-2 text-2xs font-semibold text-danger-ink">
          <span aria-hidden className="h-px flex-1 bg-danger/50" />
          {t.timeline.newMessages}
          <span aria-hidden className="h-px flex-1 bg-danger/50" />
        </div>
      );
    case 'events':
      return <EventLine events={item.events} />;
    case 'outbox':
      return <OutboxBubble item={item.item} first={item.first} />;
    case 'message': {
      const [message] = item.messages;
      return (
        <MessageBubble
          messages={item.messages}
          first={item.first}
          last={item.last}
          customerName={name}
          customerId={open.customerId}
          quoted={message?.inReplyTo ? (byId.get(message.inReplyTo) ?? null) : undefined}
          showChannel={showChannel}
          onQuote={message?.conversationId === open.id && message.kind === 'message' ? onQuote : null}
          onJump={onJump}
        />
      );
    }
  }
}
