import { expect, it } from 'vitest';
import type { PostEntry } from '../../../shared/post.ts';
import { seeded, shuffled } from '../../../test/random.ts';
import { threadLines } from './thread-tree.ts';

const entry = (id: string, minute: number, inReplyTo: string | null = null): PostEntry => ({
  id,
  kind: 'message',
  conversationId: null,
  customerId: null,
  author: { id: `xUser:${id}`, handle: id, name: id, ours: false },
  text: id,
  at: new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString(),
  inReplyTo,
  url: null,
  deletedAt: null,
  sentiment: null,
});

const drawn = (entries: PostEntry[]) =>
  threadLines(entries).map(
    ({ entry: { id }, depth, answers }) => `${'-'.repeat(depth)}${id}${answers ? `>${answers.id}` : ''}`,
  );

it('puts each answer below what it answers, in the order of time', () => {
  expect(
    drawn([entry('d', 4, 'a'), entry('b', 2), entry('a', 1), entry('c', 3, 'a'), entry('e', 5, 'c')]),
  ).toEqual(['a', '-c', '--e', '-d>a', 'b']);
});

it('stands what answers something unknown, or itself, under the post', () => {
  expect(drawn([entry('a', 1, 'gone'), entry('b', 2, 'b')])).toEqual(['a', 'b']);
});

it('shows each once, circles too, in whatever order they come', () => {
  expect(drawn([entry('a', 1, 'b'), entry('b', 2, 'a')])).toEqual(['a', '-b']);
  const all = Array.from({ length: 40 }, (_, n) =>
    entry(String(n), n, n % 3 === 0 ? null : String((n * 7) % 41)),
  );
  const straight = drawn(all);
  expect(straight).toHaveLength(40);
  for (let seed = 1; seed <= 20; seed += 1) expect(drawn(shuffled(all, seeded(seed)))).toEqual(straight);
});
