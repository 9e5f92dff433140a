import { describe, expect, it } from 'vitest';
import { type BoardAddress, readAddress, writeAddress } from './filter.ts';

const plain: BoardAddress = {
  view: 'board',
  who: null,
  days: 30,
  kind: null,
  channelId: null,
  product: null,
  segmentId: null,
  q: '',
  sort: 'order',
};

describe('the address of the board', () => {
  it('is bare where nothing is chosen', () => {
    expect(writeAddress(plain)).toBe('');
    expect(readAddress('')).toEqual(plain);
  });

  it('comes back as it was said', () => {
    const said: BoardAddress = {
      view: 'table',
      who: 'C-1',
      days: 90,
      kind: 'helper',
      channelId: 'ch1',
      product: 'کتری برقی & چای‌ساز',
      segmentId: 's1',
      q: 'سارا',
      sort: 'falling',
    };
    expect(readAddress(writeAddress(said))).toEqual(said);
  });

  it('begins a table with the highest score: it has no places of its own', () => {
    expect(readAddress('?view=table').sort).toBe('score');
    expect(readAddress('?view=table&sort=order').sort).toBe('score');
  });

  it('passes over what it does not know', () => {
    expect(readAddress('?kind=hero&sort=loudest&days=5&view=cloud')).toEqual(plain);
  });
});
