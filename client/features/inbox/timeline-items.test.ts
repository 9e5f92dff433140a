import { expect, it } from 'vitest';
import type { Message } from '../../../shared/message.ts';
import { ModelServer } from '../../../test/model-server.ts';
import { timelineItems } from './timeline-items.ts';

function stream(count: number): Message[] {
  const server = new ModelServer();
  const customer = server.addCustomer();
  const conversation = server.begin(customer);
  for (let n = 1; n < count; n += 1) server.receive(conversation, 0);
  return server.stream(customer);
}

const itemsOf = (messages: readonly Message[], complete: boolean) =>
  timelineItems({ messages, outbox: [], dayKey: (at) => at.slice(0, 10), complete, newFrom: null });

it('what stands at the top of an unfinished window is still there when older messages come above it', () => {
  const all = stream(40);
  for (let from = 1; from < 40; from += 1) {
    const [top] = itemsOf(all.slice(from), false);
    const keys = itemsOf(all.slice(Math.max(0, from - 10)), from <= 10).map((item) => item.key);
    expect(keys).toContain(top?.key);
    expect(keys.indexOf(top?.key ?? '')).toBeGreaterThan(0);
  }
});

it('a finished history begins by saying so, with its first day', () => {
  expect(itemsOf(stream(3), true).map((item) => item.kind)).toEqual([
    'beginning',
    'day',
    'conversation',
    'message',
    'message',
    'message',
  ]);
});

it('a run of public messages begins with its post, once', () => {
  const plain = stream(7);
  const under = (postId: string | null) => ({
    postId,
    visibility: postId ? ('public' as const) : ('private' as const),
  });
  const posts = [null, 'p', 'p', 'p', 'q', null, 'p'];
  const messages = plain.map((message, at) => ({
    ...message,
    ...under(posts[at] ?? null),
    ...(at === 2 && { kind: 'note' as const, ...under(null) }),
  }));
  const shown = itemsOf(messages, true).flatMap((item) => (item.kind === 'message' ? [item.postId] : []));
  expect(shown).toEqual([null, 'p', null, null, 'q', null, 'p']);
});
