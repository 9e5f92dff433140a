import EmailReplyParser from 'email-reply-parser';
import { attributionFollows, quoteBegins, withoutMarks } from './html.text.ts';
import {
  attributionLength,
  bare,
  dated,
  isForward,
  isLabelBlock,
  isMobileSignature,
  isQuoted,
  isQuotedTwice,
  isRule,
  isSeparator,
  isSignatureMark,
} from './quotes.forms.ts';

/** The new words of a mail: without the mail it answers, the signature, and what a phone adds. */

export interface Stripped {
  text: string;
  /** Some of it was another mail. */
  quoted: boolean;
}

/** Beyond it the other parser's patterns take too long; nobody writes that much above a quote. */
const maxForParser = 8_000;

/**
 * @param text plain, or made from HTML with the marks of html.text.ts.
 * @param forward the mail forwards another one: then that one is what it says.
 */
export function stripQuotes(text: string, { forward = false }: { forward?: boolean } = {}): Stripped {
  const whole = withoutMarks(text).trim();
  if (forward) return { text: whole, quoted: false };
  const lines = text.split('\n').map((line) => line.trimEnd());
  const found = blocksOf(lines);
  const other = found.headed ? null : byParser(found.blocks.length === 0 ? '' : lines.join('\n'));
  const own = assemble((other === null ? found : blocksOf(other.split('\n'))).blocks);
  // Only a quote, or only a signature: then that is what was sent.
  return own === '' ? { text: whole, quoted: false } : { text: own, quoted: other !== null || found.quoted };
}

interface Block {
  kind: 'text' | 'quote';
  lines: string[];
}

interface Found {
  /** The lines up to where the rest is another mail, as runs of own and of quoted ones. */
  blocks: Block[];
  quoted: boolean;
  /** A line said so, in a form that is known here. */
  headed: boolean;
}

function blocksOf(lines: readonly string[]): Found {
  const blocks: Block[] = [];
  const bares = lines.map(bare);
  let quoted = false;
  let headed = false;
  const add = (kind: Block['kind'], line: string): void => {
    const last = blocks.at(-1);
    // Blank lines between two quoted ones belong to the quote.
    if (last?.kind === kind) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isQuoted(line)) {
      add('quote', line);
      quoted = true;
      continue;
    }
    const next = startOf({ lines, bares, at });
    if (next.kind === 'forward') {
      headed = true;
      for (const rest of lines.slice(at)) add('text', withoutMarks(rest));
      break;
    }
    if (next.kind === 'rest') return { blocks: filled(blocks), quoted: true, headed: true };
    if (next.kind === 'attribution') {
      quoted = true;
      headed = true;
      at += next.lines - 1;
    } else add('text', line);
  }
  return { blocks: filled(blocks), quoted, headed };
}

const filled = (blocks: Block[]): Block[] => blocks.filter(({ lines }) => lines.some((line) => line !== ''));

type Start = { kind: 'none' | 'rest' | 'forward' } | { kind: 'attribution'; lines: number };

interface Place {
  lines: readonly string[];
  bares: readonly string[];
  at: number;
}

/** What begins at this line: another mail to its end, a forwarded one, or the sentence above a quote. */
function startOf({ lines, bares, at }: Place): Start {
  const line = lines[at] ?? '';
  const window = bares.slice(at, at + 12);
  const first = window[0] ?? '';
  if (line === quoteBegins || line === attributionFollows) {
    const ahead = window.slice(1).filter(Boolean);
    if (isForward(ahead[0] ?? '')) return { kind: 'forward' };
    if (line === quoteBegins) return { kind: 'rest' };
    const next = lines.slice(at + 1, at + 8).findIndex((other) => other.trim() === '' || isQuoted(other));
    const length = next < 0 ? 2 : next + 1;
    return afterAttribution(lines, at, Math.min(length, 6));
  }
  if (first === '') return { kind: 'none' };
  if (isForward(first)) return { kind: 'forward' };
  if (isSeparator(first)) return { kind: 'rest' };
  if (isRule(first)) {
    const below = window.slice(1);
    const block = below.slice(Math.max(0, below.findIndex(Boolean)));
    return isLabelBlock(block) ? { kind: 'rest' } : { kind: 'none' };
  }
  if (isLabelBlock(window)) return { kind: 'rest' };
  const length = attributionLength(window);
  return length === 0 ? { kind: 'none' } : afterAttribution(lines, at, length);
}

/** Quoted lines below are a quote of that length; anything else below is quoted without marks, to the end. */
function afterAttribution(lines: readonly string[], at: number, length: number): Start {
  const below = lines.slice(at + length, at + length + 6).find((line) => line.trim() !== '');
  return below !== undefined && isQuoted(below) ? { kind: 'attribution', lines: length } : { kind: 'rest' };
}

/** Own words alone; where they answer several quotes in turn, each quote stays above its answer. */
function assemble(blocks: readonly Block[]): string {
  const texts = blocks.map((block) => (block.kind === 'text' ? withoutSignature(block.lines) : ''));
  const answered = blocks.flatMap(({ kind }, n) => (kind === 'quote' && texts[n + 1] ? [n] : []));
  const parts = blocks.flatMap((block, n) => {
    if (block.kind === 'text') return texts[n] ? [texts[n]] : [];
    if (answered.length < 2 || !answered.includes(n)) return [];
    const shown = block.lines.filter((line) => !isQuotedTwice(line) && line.trim() !== '');
    return shown.length > 0 ? [shown.join('\n')] : [];
  });
  return parts
    .join(answered.length < 2 ? '\n\n' : '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function withoutSignature(lines: readonly string[]): string {
  const mark = lines.findIndex((line, n) => isSignatureMark(bare(line)) && lines.length - n <= 25);
  const own = mark < 0 ? [...lines] : lines.slice(0, mark);
  for (let last = bare(own.at(-1) ?? ''); own.length > 0; last = bare(own.at(-1) ?? '')) {
    if (last !== '' && !isMobileSignature(last) && !isRule(last)) break;
    own.pop();
  }
  return own
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}

/** The forms of other languages. What it calls a signature ("Regards, …") stays: somebody wrote it. */
function byParser(text: string): string | null {
  // Its patterns take a time that grows with the cube of the blank lines in a row.
  const given = text.replace(/\n{3,}/g, '\n\n');
  if (given.length > maxForParser) return null;
  const fragments = new EmailReplyParser().read(given).getFragments();
  const cut = fragments.findIndex((fragment) => fragment.isHidden() && fragment.isQuoted());
  // "On Monday he wrote:" is a sentence of anybody's, unless it says when.
  if (cut < 1 || !dated.test(bare(fragments[cut]?.getContent().slice(0, 400) ?? ''))) return null;
  const own = fragments
    .slice(0, cut)
    .map((fragment) => fragment.getContent())
    .join('\n')
    .trim();
  return own === '' ? null : own;
}
