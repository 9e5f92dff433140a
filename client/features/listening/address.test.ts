import { describe, expect, it } from 'vitest';
import { addressOf, askOf, filterIn, filtersOf, noFilter } from './address.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const hour = { from: '2026-11-22T09:00:00.000Z', to: '2026-11-22T10:00:00.000Z' };

describe('the filters of listening in an address', () => {
  it('come back as they were', () => {
    const filter = {
      ...noFilter,
      search: 's1',
      label: 'negative',
      state: 'notUs',
      hashtag: 'بلک_فرایدی',
    } as const;
    const address = addressOf('/listening', filter);
    expect(filterIn(address.split('?')[1] ?? '')).toEqual(filter);
    expect(filtersOf(filter)).toBe(4);
  });

  it('leave the address alone when there are none', () => {
    expect(addressOf('/listening', noFilter)).toBe('/listening');
    expect(filterIn('')).toEqual(noFilter);
  });

  it('are none where they are no filters', () => {
    expect(filterIn('label=great&source=letter&state=open&range=century&from=yesterday&to=x')).toEqual(
      noFilter,
    );
    expect(filterIn(`from=${hour.to}&to=${hour.from}`)).toEqual(noFilter);
  });

  it('take an hour in place of a range, and count it once', () => {
    const filter = filterIn(new URLSearchParams({ ...hour, range: 'week' }).toString());
    expect(filter).toEqual({ ...noFilter, ...hour });
    expect(filtersOf(filter)).toBe(1);
    expect(askOf(filter, { now, usual: 'week' })).toEqual(hour);
  });
});

describe('what the server is asked', () => {
  it('is of the usual range where none is chosen', () => {
    expect(askOf(noFilter, { now, usual: 'all' })).toEqual({});
    expect(askOf(noFilter, { now, usual: 'week' })).toEqual({ from: '2026-11-15T12:00:00.000Z' });
    expect(askOf({ ...noFilter, range: 'all' }, { now, usual: 'week' })).toEqual({});
  });

  it('has the names of the contract', () => {
    const filter = {
      ...noFilter,
      search: 's',
      channel: 'c',
      author: 'a',
      hashtag: 'h',
      source: 'comment',
    } as const;
    expect(askOf(filter, { now, usual: 'all' })).toEqual({
      searchId: 's',
      channelId: 'c',
      authorId: 'a',
      hashtag: 'h',
      source: 'comment',
    });
  });
});
