import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PostDoc } from './post.model.ts';
import { heard, type PostWord } from './post.words.ts';

const blank: PostDoc = {
  _id: 'x:1',
  connector: 'plain',
  channelIds: [],
  author: null,
  text: '',
  url: null,
  pictures: [],
  at: null,
  deletedAt: null,
  orders: {},
  fetched: [],
};
const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n));
const said = (n: number, words: PostWord['words'], more: Partial<PostWord> = {}): PostWord => ({
  channelId: 'a',
  order: minute(n).toISOString(),
  words,
  publishedAt: null,
  deletedAt: null,
  ...more,
});
const all = (words: readonly PostWord[]) => words.reduce((post, word) => heard(post, word) ?? post, blank);

it('keeps the newest word of each thing by itself', () => {
  const post = all([
    said(1, { text: 'first', url: 'https://a.example/1' }),
    said(3, { text: 'third' }),
    said(2, { text: 'second', author: { handle: 'shop', name: '', ours: true } }),
  ]);
  expect(post).toMatchObject({
    text: 'third',
    url: 'https://a.example/1',
    author: { handle: 'shop', ours: true },
  });
});

it('says nothing more once it was deleted, but whose it was', () => {
  const words = [
    said(1, { text: 'first', author: { handle: 'shop', name: '', ours: true } }),
    said(2, {}, { deletedAt: minute(2) }),
    said(5, { text: 'told late', pictures: [{ name: 'p', type: 'image/png', ref: {}, inboundId: 'i' }] }),
  ];
  expect(all(words)).toMatchObject({
    text: '',
    pictures: [],
    author: { handle: 'shop' },
    deletedAt: minute(2),
  });
});

it('is not written when a word says nothing new', () => {
  const word = said(1, { text: 'first' });
  expect(heard(all([word]), word)).toBeNull();
  expect(heard(all([word]), said(0, { text: 'older' }))).toBeNull();
});

it('ends alike whatever order words come in and however often', () => {
  const word = fc
    .record({
      n: fc.nat(4),
      channelId: fc.constantFrom('a', 'b'),
      text: fc.option(fc.constantFrom('one', 'two', 'three'), { nil: undefined }),
      url: fc.option(fc.constantFrom(null, 'https://a.example/'), { nil: undefined }),
      handle: fc.option(fc.constantFrom('shop', 'sara'), { nil: undefined }),
      publishedAt: fc.option(fc.nat(3).map(minute)),
      deletedAt: fc.option(fc.nat(3).map(minute), { freq: 5 }),
    })
    .map(({ n, channelId, text, url, handle, publishedAt, deletedAt }) =>
      said(
        n,
        {
          ...(text !== undefined && { text }),
          ...(url !== undefined && { url }),
          ...(handle !== undefined && { author: { handle, name: '', ours: false } }),
        },
        { channelId, publishedAt, deletedAt },
      ),
    );
  fc.assert(
    fc.property(
      fc
        .array(word, { minLength: 1, maxLength: 8 })
        .chain((words) =>
          fc.tuple(
            fc.constant(words),
            fc.shuffledSubarray([...words, ...words], { minLength: words.length * 2 }),
          ),
        ),
      ([words, again]) => {
        const canonical = ({ orders, ...post }: PostDoc) => ({
          ...post,
          orders: Object.fromEntries(Object.entries(orders).sort()),
        });
        expect(canonical(all(again))).toEqual(canonical(all(words)));
      },
    ),
    { numRuns: 500 },
  );
});
