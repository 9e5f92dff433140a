import { expect, it } from 'vitest';
import { paragraphsOf, piecesOf, tokensOf } from './words.ts';

const text = 'ارسال عالی بود\nولی بسته‌بندی بد 🙁';
const at = (word: string, weight: number) => {
  const from = text.indexOf(word);
  return { at: [from, from + word.length] as [number, number], weight };
};

it('cuts a text at the words that counted and loses nothing of it', () => {
  const pieces = piecesOf(text, [at('🙁', -2), at('عالی', 3), at('بد', -1)]);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces.filter(({ weight }) => weight !== 0).map((piece) => [piece.text, piece.weight])).toEqual([
    ['عالی', 3],
    ['بد', -1],
    ['🙁', -2],
  ]);
});

it('takes no range that leaves the text or lies over another', () => {
  const pieces = piecesOf('good', [
    { at: [0, 3], weight: 1 },
    { at: [2, 4], weight: 2 },
    { at: [3, 9], weight: 3 },
    { at: [4, 4], weight: 4 },
  ]);
  expect(pieces.map(({ text: piece, weight }) => [piece, weight])).toEqual([
    ['goo', 1],
    ['d', 0],
  ]);
});

it('gives each paragraph its own pieces, also where a word spans two', () => {
  const from = text.indexOf('بود');
  const paragraphs = paragraphsOf(text, [{ at: [from, text.indexOf('ولی') + 3], weight: 1 }]);
  expect(paragraphs.map((pieces) => pieces.map((piece) => piece.text).join(''))).toEqual(text.split('\n'));
  expect(
    paragraphs.map((pieces) => pieces.filter(({ weight }) => weight > 0).map((piece) => piece.text)),
  ).toEqual([['بود'], ['ولی']]);
});

it('keeps handles and links whole for what isolates them, also where a word that counted lies within or across one', () => {
  const said = 'سلام\n@shop_fa عالی بود';
  const of = (word: string, weight: number) => {
    const from = said.indexOf(word);
    return { at: [from, from + word.length] as [number, number], weight };
  };
  const read = (words: Parameters<typeof paragraphsOf>[1]) =>
    tokensOf(paragraphsOf(said, words)[1] ?? []).map(({ kind, pieces }) => [
      kind,
      ...pieces.map((piece) => [piece.text, piece.weight]),
    ]);
  expect(read([of('عالی', 2)])).toEqual([
    ['mention', ['@shop_fa', 0]],
    ['text', [' ', 0], ['عالی', 2], [' بود', 0]],
  ]);
  expect(read([of('shop', 1), of('fa عالی', 3)])).toEqual([
    ['mention', ['@', 0], ['shop', 1], ['_', 0], ['fa', 3]],
    ['text', [' عالی', 3], [' بود', 0]],
  ]);
  expect(tokensOf([])).toEqual([]);
});
