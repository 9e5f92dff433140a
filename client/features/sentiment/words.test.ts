import { expect, it } from 'vitest';
import { paragraphsOf, piecesOf } from './words.ts';

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
