import { describe, expect, it } from 'vitest';
import { commands } from '../../lib/commands.ts';
import { addStep, give, issueOf, keysOf } from './capture.ts';

const ring = { commands, remapped: {} };

describe('pressed keys', () => {
  it('are a sequence when two single ones follow one another', () => {
    expect(addStep('', 'g', false)).toBe('g');
    expect(addStep('g', 'n', true)).toBe('g n');
    expect(addStep('g n', 'x', true)).toBe('x');
  });

  it('begin anew after a pause or a combination', () => {
    expect(addStep('g', 'n', false)).toBe('n');
    expect(addStep('g', 'Mod+k', true)).toBe('Mod+k');
  });
});

describe('keys for a command', () => {
  it('may be free ones', () => {
    expect(issueOf('Alt+Shift+y', 'conversation.note', ring)).toBeNull();
    expect(issueOf('n', 'conversation.note', ring)).toBeNull();
  });

  it('are told to be another’s, also where one begins the other', () => {
    expect(issueOf('r', 'conversation.note', ring)).toEqual({ kind: 'conflict', with: 'conversation.reply' });
    expect(issueOf('g', 'conversation.note', ring)?.kind).toBe('conflict');
    expect(issueOf('r x', 'conversation.note', ring)?.kind).toBe('conflict');
  });

  it('may not be the browser’s, nor a letter for what works while writing', () => {
    expect(issueOf('Mod+w', 'conversation.note', ring)).toEqual({ kind: 'reserved' });
    expect(issueOf('y', 'composer.send', ring)).toEqual({ kind: 'needsModifier' });
  });

  it('are taken from whoever had them', () => {
    const remapped = give('r', 'conversation.note', ring);
    expect(remapped['conversation.note']).toEqual(['r']);
    expect(keysOf('conversation.reply', { commands, remapped })).toEqual([]);
    expect(issueOf('r', 'conversation.note', { commands, remapped })).toBeNull();
  });

  it('leave another command its other keys', () => {
    const remapped = give('j', 'conversation.note', ring);
    expect(remapped['list.next']).toEqual(commands['list.next'].keys.filter((keys) => keys !== 'j'));
  });
});
