import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Draft } from '../../shared/conversation.ts';
import { memoryDatabase } from './database.ts';
import { Drafts } from './drafts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One person's reply in one conversation, and a server that keeps one draft of it until a message strikes it off. */
function setUp() {
  const database = memoryDatabase();
  const server: { draft: Draft | null; door: Promise<void> } = { draft: null, door: Promise.resolve() };
  const drafts = new Drafts({
    database,
    calls: {
      saveDraft: async (draft) => {
        await server.door;
        server.draft = draft.text ? draft : null;
      },
      drafts: async () => (server.draft ? [server.draft] : []),
    },
  });
  return {
    drafts,
    server,
    kept: async () => (await database.drafts()).map(({ text }) => text),
    write: (text: string) => drafts.write({ conversationId: 'a', mode: 'reply', text, target: null, seq: 1 }),
    /** The deed of the server, and what it says of it. */
    strike: () => {
      server.draft = null;
      drafts.receive(null, 'a', 'reply');
    },
    text: () => drafts.of('a', 'reply')?.text,
  };
}

it('is saved here and on the server a moment after the last word', async () => {
  const { drafts, server, write, kept } = setUp();
  write('Hel');
  write('Hello');
  expect(drafts.status('a', 'reply')).toBe('saving');
  await vi.runAllTimersAsync();
  expect(server.draft?.text).toBe('Hello');
  expect(await kept()).toEqual(['Hello']);
  expect(drafts.status('a', 'reply')).toBe('saved');
});

it('that is begun while a message leaves is kept here, not struck off with it, and saved after it', async () => {
  const { drafts, server, write, strike, kept, text } = setUp();
  write('The first message');
  await vi.runAllTimersAsync();
  drafts.clear('a', 'reply', { sent: true });
  await drafts.hold('a', 'reply');
  write('The next one');
  await vi.runAllTimersAsync();
  expect(await kept()).toEqual(['The next one']);
  expect(server.draft?.text).toBe('The first message');
  expect(drafts.status('a', 'reply')).toBe('local');
  strike();
  expect(text()).toBe('The next one');
  drafts.release('a', 'reply');
  await vi.runAllTimersAsync();
  expect(server.draft?.text).toBe('The next one');
  expect(drafts.status('a', 'reply')).toBe('saved');
});

it('outlives a second message that leaves after the draft was saved', async () => {
  const { drafts, server, write, strike, text } = setUp();
  write('The third one');
  await vi.runAllTimersAsync();
  expect(server.draft?.text).toBe('The third one');
  await drafts.hold('a', 'reply');
  strike();
  expect(text()).toBe('The third one');
  drafts.release('a', 'reply');
  await vi.runAllTimersAsync();
  expect(server.draft?.text).toBe('The third one');
});

it('is waited for while it is being saved, so that it cannot come back after its message', async () => {
  const { drafts, server, write } = setUp();
  let letIn = () => {};
  server.door = new Promise((resolve) => {
    letIn = resolve;
  });
  write('Hello');
  await vi.runAllTimersAsync();
  let leaves = false;
  const held = drafts.hold('a', 'reply').then(() => {
    leaves = true;
  });
  await vi.runAllTimersAsync();
  expect(leaves).toBe(false);
  letIn();
  await held;
  expect(server.draft?.text).toBe('Hello');
});
