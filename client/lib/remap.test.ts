import { describe, expect, it } from 'vitest';
import { conflictsOf, keysFrom, remappedFrom } from './remap.ts';

describe('keys that a person chose', () => {
  it('are kept as alternatives, switched off when empty, and forgotten with their command', () => {
    const keys = [
      { action: 'list.next', keys: 'ArrowDown' },
      { action: 'list.next', keys: 'n' },
      { action: 'general.undo', keys: '' },
      { action: 'gone.away', keys: 'q' },
    ];
    const remapped = remappedFrom(keys);
    expect(remapped).toEqual({ 'list.next': ['ArrowDown', 'n'], 'general.undo': [] });
    expect(keysFrom(remapped)).toEqual(keys.slice(0, 3));
  });

  it('are stored only where they differ from the table', () => {
    expect(keysFrom({ 'list.next': ['j', 'ArrowDown'] })).toEqual([]);
  });

  it('are told apart: no two commands of the table share a key', () => {
    expect(conflictsOf({})).toEqual([]);
    expect(conflictsOf({ 'general.undo': ['j'] })).toEqual([
      { combo: 'j', action: 'list.next', other: 'general.undo' },
    ]);
    // «g» alone would never let «g i» begin.
    expect(conflictsOf({ 'general.undo': ['g'] }).map(({ action }) => action)).toContain('go.inbox');
  });
});
