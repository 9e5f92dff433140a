import { InfiniteQueryObserver, QueryClient } from '@tanstack/query-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CustomerPage, CustomerRow } from '../../../shared/customer-list.ts';
import { ListFollower, type ListWindows, listRows } from './list.follow.ts';

const size = 100;
const queryKey = ['customers', 'list'];

describe('a list that is followed', () => {
  /** As the server has them, by when they were last heard of. */
  let people: { id: string; lastAt: number }[];
  let asked: (string | null)[];
  let client: QueryClient;
  let observer: InfiniteQueryObserver<CustomerPage, Error, ListWindows, typeof queryKey, string | null>;
  let follower: ListFollower;
  let leave: () => void;

  const ask = async (after: string | null): Promise<CustomerPage> => {
    asked.push(after);
    const rest = people.filter(({ lastAt }) => after === null || lastAt < Number(after));
    const some = rest.slice(0, size);
    await new Promise((done) => setTimeout(done, 60));
    return {
      customers: some.map(({ id }) => ({ id }) as CustomerRow),
      next: rest.length > size ? String(some.at(-1)?.lastAt) : null,
    } as CustomerPage;
  };
  /** Somebody wrote: they stand first. */
  const writes = (id: string, at: number) => {
    people = [{ id, lastAt: at }, ...people.filter((one) => one.id !== id)];
    follower.hear();
  };
  const rows = () =>
    listRows(client.getQueryData<ListWindows>(queryKey)?.pages ?? []).rows.map(({ id }) => id);

  beforeEach(async () => {
    vi.useFakeTimers();
    people = Array.from({ length: 1_000 }, (_, n) => ({ id: `p${n}`, lastAt: 1_000 - n }));
    asked = [];
    client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    observer = new InfiniteQueryObserver<CustomerPage, Error, ListWindows, typeof queryKey, string | null>(
      client,
      {
        queryKey,
        queryFn: ({ pageParam }) => ask(pageParam),
        initialPageParam: null as string | null,
        getNextPageParam: ({ next }) => next,
      },
    );
    leave = observer.subscribe(() => undefined);
    follower = new ListFollower({ client, queryKey, ask });
    await vi.advanceTimersByTimeAsync(100);
    for (let n = 1; n < 10; n += 1) {
      void observer.fetchNextPage();
      await vi.advanceTimersByTimeAsync(100);
    }
    asked = [];
  });
  afterEach(() => {
    follower.stop();
    leave();
    client.clear();
    vi.useRealTimers();
  });

  it('asks for the window in sight alone, and goes on showing what is new while events never end', async () => {
    for (let n = 0; n < 20; n += 1) {
      writes(`p${500 + n}`, 2_000 + n);
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(rows()[0]).not.toBe('p0');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(rows().slice(0, 2)).toEqual(['p519', 'p518']);
    expect(asked.every((after) => after === null)).toBe(true);
    expect(asked.length).toBeLessThanOrEqual(8);
  });

  it('asks for another window when it comes into sight, and leaves nobody out between the two', async () => {
    for (let n = 0; n < 5; n += 1) writes(`p${950 + n}`, 2_000 + n);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toEqual([null]);
    follower.sees(0, 1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toHaveLength(2);
    const first = rows();
    expect(new Set(first).size).toBe(first.length);
    expect(first.slice(0, 2 * size)).toEqual(people.slice(0, 2 * size).map(({ id }) => id));
    follower.sees(0, 9);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(rows()).toEqual(people.map(({ id }) => id));
  });

  it('waits for a window that is being read, and does not cancel it', async () => {
    people = [...people, ...Array.from({ length: 300 }, (_, n) => ({ id: `q${n}`, lastAt: -n }))];
    follower.sees(9, 9);
    follower.hear();
    await vi.advanceTimersByTimeAsync(1_000);
    void observer.fetchNextPage();
    writes('p3', 2_000);
    follower.sees(0, 0);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(rows()[0]).toBe('p3');
    expect(rows()).toContain('q99');
  });
});
