import { canonicalAddress, canonicalDomain } from '../../shared/text/email.ts';
import { withoutBidiControls } from '../../shared/text/normalise.ts';
import type { LetterAddress } from '../connector.ts';
import { withoutComments } from './fields.ts';
import { decodeWords } from './words.ts';

export { canonicalAddress, canonicalDomain };

const maxAddresses = 500;

/**
 * The mailboxes of an address field, groups opened, in order. `address` is canonical, or the bare text in lower case when it is none.
 * @param value latin1, unfolded; encoded words are decoded after the structure is read, so that they cannot forge it.
 */
export function addressesIn(value: string, charset: string | null = null): LetterAddress[] {
  return entriesIn(value)
    .slice(0, maxAddresses)
    .flatMap((entry) => {
      const found = mailboxOf(entry, charset);
      return found ? [found] : [];
    });
}

/** Entries cut at commas, semicolons and group names; commas in quotes, comments, brackets and encoded words do not count. */
function entriesIn(value: string): string[] {
  const entries: string[] = [];
  let entry = '';
  // What is never closed is searched for once, or a long field of quotes would take its length squared.
  const unclosed = new Set<string>();
  const enclosed = (at: number): number => {
    const open = value[at] ?? '';
    if (unclosed.has(open)) return at + 1;
    const end = closeOf(value, at);
    if (end === null) unclosed.add(open);
    return end ?? at + 1;
  };
  for (let at = 0; at < value.length; ) {
    const end = enclosed(at);
    const token = value.slice(at, end);
    if (token === ',' || token === ';') {
      entries.push(entry);
      entry = '';
    } else if (token === ':') entry = '';
    else entry += token;
    at = end;
  }
  return [...entries, entry];
}

/** Where what opens here ends; the next character when nothing opens; null when it is never closed. */
function closeOf(value: string, at: number): number | null {
  if (value[at] === '"') {
    for (let end = at + 1; end < value.length; end += 1) {
      if (value[end] === '\\') end += 1;
      else if (value[end] === '"') return end + 1;
    }
    return null;
  }
  if (value[at] === '<') {
    const end = value.indexOf('>', at);
    return end < 0 ? null : end + 1;
  }
  if (value[at] === '(') {
    let depth = 0;
    for (let end = at; end < value.length; end += 1) {
      if (value[end] === '(') depth += 1;
      if (value[end] === ')') depth -= 1;
      if (depth === 0) return end + 1;
    }
    return null;
  }
  if (!value.startsWith('=?', at)) return at + 1;
  const word = /^=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=/.exec(value.slice(at, at + 1000));
  return word ? at + word[0].length : at + 1;
}

function mailboxOf(entry: string, charset: string | null): LetterAddress | null {
  const bracket = /<([^<>]*)>[^<>]*$/.exec(entry);
  const comment = /\(([^()]*)\)/.exec(entry);
  const written = (bracket ? (bracket[1] ?? '') : withoutComments(entry)).trim();
  if (!bracket && !written.includes('@')) return null;
  const before = bracket ? entry.slice(0, bracket.index) : '';
  const name = nameOf(before.trim() === '' ? (comment?.[1] ?? '') : before, charset);
  const plain = decodeWords(written.replace(/^"(.*)"$/, '$1'), charset);
  if (written === '' && name === '') return null;
  const address = canonicalAddress(plain) ?? bareText(plain).toLowerCase();
  // A name that is an address itself is either this one again or the pretence of another.
  return { name: canonicalAddress(name) === null ? name : '', address };
}

/** A display name without its quotes and without characters that reorder or hide what stands beside it. */
export function nameOf(written: string, charset: string | null = null): string {
  const unquoted = written
    .slice(0, 2000)
    .replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1'));
  return bareText(decodeWords(unquoted, charset))
    .replace(/^'(.*)'$/, '$1')
    .trim()
    .slice(0, 120);
}

function bareText(text: string): string {
  return withoutBidiControls(text)
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .slice(0, 320);
}
