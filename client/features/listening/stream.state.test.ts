import { describe, expect, it } from 'vitest';
import type { Hit } from '../../../shared/listening.ts';
import { continued, refreshed, replaced, streamOf, withAgain, without } from './stream.state.ts';

const hit = (n: number, more: Partial<Hit> = {}): Hit => ({
  id: `h${n}`,
  source: 'mention',
  channelId: 'c',
  connector: 'x',
  author: { id: 'a', connector: 'x', handle: 'a', name: 'a', url: null, reach: null, customerId: null },
  text: `text ${n}`,
  at: new Date(Date.UTC(2026, 10, 22, 0, n)).toISOString(),
  url: null,
  postId: null,
  conversationId: null,
  searchIds: ['s'],
  hashtags: [],
  sentiment: null,
  state: 'new',
  deletedAt: null,
  ...more,
});
const ids = (some: readonly Hit[]) => some.map(({ id }) => id);
const first = streamOf({ hits: [hit(5), hit(4), hit(3)], next: 'after 3' });

describe('the stream', () => {
  it('keeps what is new apart until it is asked for', () => {
    const next = refreshed(first, { hits: [hit(7), hit(6), hit(5), hit(4)], next: 'after 4' });
    expect(ids(next.hits)).toEqual(['h5', 'h4', 'h3']);
    expect(ids(next.fresh)).toEqual(['h7', 'h6']);
    expect(next.next).toBe('after 3');
  });

  it('shows what changed of what it shows, where it stands', () => {
    const next = refreshed(first, { hits: [hit(5), hit(4, { state: 'done' }), hit(3)], next: null });
    expect(next.hits.map(({ state }) => state)).toEqual(['new', 'done', 'new']);
  });

  it('loses what no longer belongs to it, and only as far as was asked', () => {
    const next = refreshed(first, { hits: [hit(5)], next: 'after 5' });
    expect(ids(next.hits)).toEqual(['h5', 'h4', 'h3']);
    expect(ids(refreshed(first, { hits: [hit(5), hit(3)], next: 'after 3' }).hits)).toEqual(['h5', 'h3']);
    expect(ids(refreshed(first, { hits: [], next: null }).hits)).toEqual([]);
  });

  it('does not take a page below for something new', () => {
    const next = refreshed(first, { hits: [hit(5), hit(4), hit(3), hit(2), hit(1)], next: null });
    expect(ids(next.fresh)).toEqual([]);
  });

  it('keeps apart what was said late, in between', () => {
    const next = refreshed(first, { hits: [hit(5), hit(4.5), hit(4), hit(3)], next: 'after 3' });
    expect(ids(next.hits)).toEqual(['h5', 'h4', 'h3']);
    expect(ids(next.fresh)).toEqual(['h4.5']);
  });

  it('shows at once what comes where nothing was', () => {
    const empty = streamOf({ hits: [], next: null });
    expect(refreshed(empty, { hits: [hit(1)], next: 'after 1' })).toEqual({
      hits: [hit(1)],
      next: 'after 1',
      fresh: [],
    });
  });

  it('goes on by itself with what is found below its end', () => {
    const whole = streamOf({ hits: [hit(5), hit(4)], next: null });
    const next = refreshed(whole, { hits: [hit(6), hit(5), hit(4), hit(2)], next: 'after 2' });
    expect(ids(next.hits)).toEqual(['h5', 'h4', 'h2']);
    expect(ids(next.fresh)).toEqual(['h6']);
    expect(next.next).toBe('after 2');
  });

  it('goes on without showing anything twice', () => {
    const next = continued(first, { hits: [hit(3), hit(2), hit(1)], next: null });
    expect(ids(next.hits)).toEqual(['h5', 'h4', 'h3', 'h2', 'h1']);
    expect(next.next).toBeNull();
  });

  it('puts back what was taken away in its place', () => {
    const gone = without(first, 'h4');
    expect(ids(gone.hits)).toEqual(['h5', 'h3']);
    expect(ids(withAgain(gone, hit(4)).hits)).toEqual(['h5', 'h4', 'h3']);
    expect(ids(withAgain(gone, hit(2)).hits)).toEqual(['h5', 'h3', 'h2']);
    expect(replaced(first, hit(4, { text: 'new' })).hits[1]?.text).toBe('new');
  });
});
