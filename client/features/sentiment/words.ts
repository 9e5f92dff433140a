import type { Sentiment } from '../../../shared/sentiment.ts';
import { type TokenKind, tokenize } from '../../lib/bidi.ts';

/** A piece of a text: what counted for something in it, and what did not. */
export interface Piece {
  text: string;
  /** Where it begins. */
  at: number;
  /** Above 0 it spoke for positive, below for negative; 0: it did not count. */
  weight: number;
}

/** A text cut at the words that counted. Ranges that leave the text or lie over an earlier one are no ranges. */
export function piecesOf(text: string, words: Sentiment['words']): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  const plain = (to: number) => {
    if (to > done) pieces.push({ text: text.slice(done, to), at: done, weight: 0 });
  };
  for (const {
    at: [from, to],
    weight,
  } of [...words].sort((a, b) => a.at[0] - b.at[0])) {
    if (from < done || to <= from || to > text.length) continue;
    plain(from);
    pieces.push({ text: text.slice(from, to), at: from, weight });
    done = to;
  }
  plain(text.length);
  return pieces;
}

/** The same for each paragraph by itself, since each has its own direction. */
export function paragraphsOf(text: string, words: Sentiment['words']): Piece[][] {
  const paragraphs: Piece[][] = [[]];
  for (const piece of piecesOf(text, words)) {
    let { at } = piece;
    for (const [nth, line] of piece.text.split('\n').entries()) {
      if (nth > 0) paragraphs.push([]);
      if (line !== '') paragraphs.at(-1)?.push({ ...piece, text: line, at });
      at += line.length + 1;
    }
  }
  return paragraphs;
}

/** The pieces of one paragraph by the tokens that they stand in: what is no word of a language is isolated when shown. */
export function tokensOf(paragraph: readonly Piece[]): { at: number; kind: TokenKind; pieces: Piece[] }[] {
  let end = paragraph[0]?.at ?? 0;
  return tokenize(paragraph.map(({ text }) => text).join('')).map(({ kind, text }) => {
    const at = end;
    end += text.length;
    return { at, kind, pieces: within(paragraph, at, end) };
  });
}

function within(paragraph: readonly Piece[], from: number, to: number): Piece[] {
  return paragraph.flatMap((piece) => {
    const at = Math.max(piece.at, from);
    const text = piece.text.slice(at - piece.at, to - piece.at);
    return text && at < to ? [{ ...piece, at, text }] : [];
  });
}
