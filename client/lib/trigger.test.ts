import { describe, expect, it } from 'vitest';
import { mentionedIn, triggerAt } from './trigger.ts';

const at = (text: string) => triggerAt(text, text.length, ['/', '@']);

describe('a list asked for while writing', () => {
  it('begins with a sign at the beginning of a word', () => {
    expect(at('/سل')).toEqual({ sign: '/', query: 'سل', from: 0 });
    expect(at('سلام /ref')).toEqual({ sign: '/', query: 'ref', from: 5 });
    expect(at('see «@نگ')).toEqual({ sign: '@', query: 'نگ', from: 5 });
  });

  it('is none in a date, an address, a link or a fraction', () => {
    for (const text of ['1405/09/01', 'a@b', 'https://example.com/a', 'and/or', 'سلام / خداحافظ'])
      expect(at(text)).toBeNull();
  });

  it('lets a name have two words, and a canned reply one', () => {
    expect(at('@نگار مو')?.query).toBe('نگار مو');
    expect(at('/سلام دوست')).toBeNull();
  });

  it('looks at the cursor, not at the end', () => {
    expect(triggerAt('/refund please', 4, ['/'])).toEqual({ sign: '/', query: 'ref', from: 0 });
  });
});

describe('who a note names', () => {
  const people = [
    { id: '1', name: 'نگار' },
    { id: '2', name: 'نگار موسوی' },
    { id: '3', name: 'Sara (sales)' },
    { id: '4', name: 'نگار' },
  ];

  it('takes the longest name, and whole names only', () => {
    expect(mentionedIn('سلام @نگار موسوی، ببین', people)).toEqual(['2']);
    expect(mentionedIn('@نگارین نه', people)).toEqual([]);
    expect(mentionedIn('ask @Sara (sales) please', people)).toEqual(['3']);
  });

  it('means the one who was picked among namesakes, else all of them', () => {
    expect(mentionedIn('@نگار', people)).toEqual(['1', '4']);
    expect(mentionedIn('@نگار', people, new Set(['4']))).toEqual(['4']);
  });
});
