import { InfiniteQueryObserver, QueryClient } from '@tanstack/query-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConversationChanged } from '../../../../shared/events.ts';
import type { HistoryPage } from '../../../../shared/history.ts';
import type { Message } from '../../../../shared/message.ts';
import { type Edge, HistoryFollower, type Windows } from './follow.ts';

const start = Date.parse('2026-03-01T00:00:00Z');
const hour = 3_600_000;
const size = 50;
const mostWindows = 8;
const many = 1_000;

const said = (id: string, at: number, text = id) =>
  ({ id, at: new Date(at).toISOString(), text, kind: 'message' }) as Message;

/** A history as the server would answer it, and every question that was asked. */
class Kept {
  messages: Message[] = [];
  readonly asked: { edge: Edge; aborted: boolean }[] = [];
  /** How long an answer takes, in ms. */
  takes = 40;

  say(id: string, at: number, text = id): Message {
    const message = said(id, at, text);
    this.messages = [...this.messages.filter((one) => one.id !== id), message];
    this.messages.sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id));
    return message;
  }

  async ask(edge: Edge, signal?: AbortSignal): Promise<HistoryPage> {
    const question = { edge, aborted: false };
    this.asked.push(question);
    const page = this.#page(edge);
    await new Promise((done) => setTimeout(done, this.takes));
    question.aborted = signal?.aborted === true;
    return page;
  }

  #page(edge: Edge): HistoryPage {
    const at = (id: string) => this.messages.findIndex((one) => one.id === id);
    const [from, to] =
      'after' in edge
        ? [Math.max(0, at(edge.after) - size), at(edge.after)]
        : 'before' in edge
          ? [at(edge.before) + 1, at(edge.before) + 1 + size]
          : [0, size];
    const some = this.messages.slice(from, to);
    const newer = some.findIndex((one) => Date.parse(one.at) <= Date.parse(some[0]?.at ?? one.at) - 60_000);
    return {
      customerId: 'one',
      entries: some.map((message) => ({ kind: 'message', id: message.id, at: message.at, message })),
      headers: [],
      before: to < this.messages.length ? (some.at(-1)?.id ?? null) : null,
      after: from > 0 ? (some[0]?.id ?? null) : null,
      settled: newer < 0 ? null : { cursor: some[newer]?.id ?? '', newer },
    };
  }
}

const commit = (...messages: ConversationChanged['messages']): ConversationChanged =>
  ({ messages, reset: false }) as unknown as ConversationChanged;
const shown = (windows: Windows | undefined) =>
  windows?.pages.flatMap(({ entries }) => entries.map((one) => ('message' in one ? one.message.text : '')));

describe('a history that is followed', () => {
  const queryKey = ['history', 'one'];
  let kept: Kept;
  let client: QueryClient;
  let observer: InfiniteQueryObserver<HistoryPage, Error, Windows, typeof queryKey, Edge>;
  let follower: HistoryFollower;
  let leave: () => void;

  beforeEach(async () => {
    vi.useFakeTimers({ now: start });
    kept = new Kept();
    for (let n = many - 1; n >= 0; n -= 1)
      kept.messages.push(said(`m${n + 1_000}`, start - (many - n) * hour));
    client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    observer = new InfiniteQueryObserver<HistoryPage, Error, Windows, typeof queryKey, Edge>(client, {
      queryKey,
      queryFn: ({ pageParam, signal }) => kept.ask(pageParam, signal),
      initialPageParam: {} as Edge,
      getNextPageParam: ({ before }) => (before ? { before } : undefined),
      getPreviousPageParam: ({ after }) => (after ? { after } : undefined),
    });
    leave = observer.subscribe(() => undefined);
    follower = new HistoryFollower({ client, queryKey, ask: (edge) => kept.ask(edge), wanted: () => true });
    await vi.advanceTimersByTimeAsync(100);
    for (let n = 1; n < mostWindows; n += 1) {
      void observer.fetchNextPage();
      await vi.advanceTimersByTimeAsync(100);
    }
    kept.asked.length = 0;
  });
  afterEach(() => {
    follower.stop();
    leave();
    client.clear();
    vi.useRealTimers();
  });

  const windows = () => client.getQueryData<Windows>(queryKey);

  it('shows ten new messages with few questions, however much is loaded', async () => {
    const before = shown(windows()) ?? [];
    expect(before).toHaveLength(mostWindows * size);
    for (let n = 0; n < 10; n += 1) {
      follower.hear(commit(kept.say(`new${n}`, start + n * 2_000)));
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shown(windows())).toEqual([...Array.from({ length: 10 }, (_, n) => `new${9 - n}`), ...before]);
    expect(kept.asked.length).toBeGreaterThan(0);
    expect(kept.asked.length).toBeLessThanOrEqual(4);
  });

  it('shows new ones while they never stop coming, and where an answer takes longer than they do', async () => {
    kept.takes = 700;
    for (let n = 0; n < 30; n += 1) {
      follower.hear(commit(kept.say(`new${String(n).padStart(2, '0')}`, start + n * 1_000)));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(shown(windows())?.[0]).toMatch(/^new/);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(shown(windows())?.[0]).toBe('new29');
    expect(kept.asked.length).toBeLessThanOrEqual(5);
  });

  it('changes what is shown already without a question', async () => {
    const old = kept.messages[120];
    follower.hear(commit(kept.say(old?.id ?? '', Date.parse(old?.at ?? ''), 'edited')));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shown(windows())?.[120]).toBe('edited');
    expect(kept.asked).toEqual([]);
  });

  it('puts what a provider told late in its place, with one question; what is long ago, with those of the windows', async () => {
    follower.hear(commit(kept.say('new', start)));
    await vi.advanceTimersByTimeAsync(1_000);
    follower.hear(commit(kept.say('late', start - 5_000)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kept.asked).toHaveLength(2);
    expect(shown(windows())?.slice(0, 3)).toEqual(['new', 'late', 'm1999']);
    follower.hear(commit(kept.say('forgotten', start - 50.5 * hour)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(shown(windows())?.indexOf('forgotten')).toBe(52);
    expect(kept.asked).toHaveLength(2 + mostWindows);
  });

  it('does not ask for what lies beyond what is loaded', async () => {
    follower.hear(commit(kept.say('ancient', start - 900.5 * hour)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kept.asked).toEqual([]);
  });

  it('reads the windows about the reader again when anything may be other than before', async () => {
    for (let n = 0; n < 4; n += 1) {
      void observer.fetchNextPage();
      await vi.advanceTimersByTimeAsync(100);
    }
    const before = shown(windows());
    kept.asked.length = 0;
    follower.sees(10);
    follower.hear(null);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept.asked).toHaveLength(mostWindows);
    expect(shown(windows())).toEqual(before?.slice(4 * size));
    // The newest window is not among them: what is new waits above.
    follower.hear(commit(kept.say('new', start)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kept.asked).toHaveLength(mostWindows);
    expect(observer.getCurrentResult().hasPreviousPage).toBe(true);
  });

  it('cancels nothing that is under way, and loses nothing that came meanwhile', async () => {
    kept.takes = 900;
    follower.hear(commit(kept.say('first', start)));
    await vi.advanceTimersByTimeAsync(400);
    void observer.fetchNextPage();
    follower.hear(null);
    follower.hear(commit(kept.say('second', start + 1_000)));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(kept.asked.every(({ aborted }) => !aborted)).toBe(true);
    expect(shown(windows())?.slice(0, 3)).toEqual(['second', 'first', 'm1999']);
  });
});
