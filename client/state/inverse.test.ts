import { describe, expect, it } from 'vitest';
import { ModelServer } from '../../test/model-server.ts';
import { inverseOf } from './inverse.ts';

function header(change: object = {}) {
  const server = new ModelServer();
  const conversation = server.conversations.get(server.begin(server.addCustomer()));
  if (!conversation) throw new Error('The model has lost its conversation.');
  return { ...conversation, ...change };
}

describe('the way back from a deed', () => {
  it('names who looked after it before, and their team', () => {
    expect(inverseOf(header({ assigneeId: 'sara' }), { deed: 'assign', assigneeId: null })).toEqual({
      deed: 'assign',
      assigneeId: 'sara',
    });
    expect(inverseOf(header(), { deed: 'team', teamId: 'ours' })).toEqual({ deed: 'team', teamId: null });
  });

  it('takes back only the tags that really changed', () => {
    const before = header({ tagIds: ['a', 'b'] });
    expect(inverseOf(before, { deed: 'tag', add: ['a', 'c'], remove: ['b', 'd'] })).toEqual({
      deed: 'tag',
      add: ['b'],
      remove: ['c'],
    });
    expect(inverseOf(before, { deed: 'tag', add: ['a'], remove: [] })).toBeNull();
  });

  it('goes back to sleep until the same time', () => {
    const until = '2026-12-01T05:30:00.000Z';
    const before = header({ status: 'snoozed', snoozedUntil: until });
    expect(inverseOf(before, { deed: 'reopen' })).toEqual({ deed: 'snooze', until });
    // A resolved one cannot be put to sleep: the server knows what it was.
    expect(inverseOf(before, { deed: 'resolve' })).toEqual({ deed: 'reopen', asBefore: true });
    expect(inverseOf(header(), { deed: 'resolve' })).toEqual({ deed: 'reopen', asBefore: true });
  });
});
