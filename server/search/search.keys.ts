import { numberSign } from '../../shared/text/terms.ts';

/** What an entry is, and on which channels it is seen, are terms too. No word begins with this sign. */
const markSign = '@';
export const kindMark = (kind: 'message' | 'record'): string => `${markSign}kind:${kind}`;
export const channelMark = (channelId: string): string => `${markSign}channel:${channelId}`;

/** Words that begin with the same so many letters share a block: whoever asks for a beginning reads one block. */
const shared = 4;
/** Shorter beginnings have blocks of their own, which do not tell the words apart. */
const beginnings = [2, 3];

/** A block, and what in it: everything, the terms that begin so, or one term. */
export interface Lookup {
  key: string;
  exact?: string;
  prefix?: string;
}

/** Under which keys a term is kept, each with the name it has there. */
export function keysOf(term: string): [key: string, name: string][] {
  const first = term[0];
  if (first === numberSign || first === markSign) return [[term, '']];
  const keys: [string, string][] = [[`=${term.slice(0, shared)}`, term]];
  for (const length of beginnings) if (term.length >= length) keys.push([`^${term.slice(0, length)}`, '']);
  return keys;
}

export const exactly = (term: string): Lookup => {
  const [[key, name] = ['', '']] = keysOf(term);
  return name === '' ? { key } : { key, exact: name };
};

export function beginningWith(term: string): Lookup {
  if (beginnings.includes(term.length)) return { key: `^${term}` };
  return term.length < shared ? exactly(term) : { key: `=${term.slice(0, shared)}`, prefix: term };
}

export const blockId = (era: number, key: string): string => `${era.toString(16).padStart(8, '0')}:${key}`;
