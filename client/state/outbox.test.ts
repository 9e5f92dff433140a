import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { Message, MessageCreate } from '../../shared/message.ts';
import { NetworkError } from '../api/http.ts';
import { memoryDatabase } from './database.ts';
import { Outbox } from './outbox.ts';

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const create = (n: number): MessageCreate => ({
  id: id(n),
  kind: 'message',
  text: `message ${n}`,
  fileIds: [],
  lastSeenSeq: 3,
});
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(answer: (conversationId: string, body: MessageCreate) => Promise<Message>) {
  const database = memoryDatabase();
  const sent: string[] = [];
  const moved: string[] = [];
  const options = {
    calls: {
      createMessage: (conversationId: string, body: MessageCreate) => {
        sent.push(`${conversationId} ${body.id.at(-1)}${body.sendAnyway ? ' anyway' : ''}`);
        return answer(conversationId, body);
      },
      conversation: async () => ({ header: { seq: 9 } }) as never,
    },
    database,
    before: async () => undefined,
    after: () => undefined,
    accepted: async () => undefined,
    moved: (_item: unknown, to: string) => void moved.push(to),
  };
  const outbox = new Outbox(options);
  const add = (n: number, conversationId = 'a') =>
    outbox.add({ conversationId, attachments: [], create: create(n) });
  return { outbox, database, sent, moved, add, options };
}

describe('the outbox', () => {
  it('sends in order within a conversation, one after another, and forgets what the server has', async () => {
    const waiting: (() => void)[] = [];
    const { outbox, database, sent, add } = setUp(
      () => new Promise((resolve) => waiting.push(() => resolve({ conversationId: 'a' } as Message))),
    );
    add(1);
    add(2);
    add(3, 'b');
    await settle();
    expect(sent).toEqual(['a 1', 'b 3']);
    waiting[0]?.();
    await settle();
    expect(sent).toEqual(['a 1', 'b 3', 'a 2']);
    for (const each of waiting) each();
    await settle();
    waiting[2]?.();
    await settle();
    expect(outbox.items()).toEqual([]);
    expect(await database.outbox()).toEqual([]);
    outbox.stop();
  });

  it('keeps a message through a lost connection and a reload, under the same id', async () => {
    let online = false;
    const { outbox, sent, add, options } = setUp(async () => {
      if (!online) throw new NetworkError(false);
      return { conversationId: 'a' } as Message;
    });
    add(1);
    add(2);
    await settle();
    expect(sent).toEqual(['a 1']);
    expect(outbox.items().map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    outbox.stop();

    online = true;
    const reloaded = new Outbox(options);
    await reloaded.restore();
    for (let n = 0; n < 5; n += 1) await settle();
    expect(sent).toEqual(['a 1', 'a 1', 'a 2']);
    expect(reloaded.items()).toEqual([]);
    reloaded.stop();
  });

  it('stops at a reply of a colleague, holds what follows, and sends when the agent says so', async () => {
    const { outbox, sent, add } = setUp(async (_id, body) => {
      if (!body.sendAnyway && body.id === id(1))
        throw new AppError({ code: 'conflict', reason: 'colleagueReplied', message: 'A colleague replied.' });
      return { conversationId: 'a' } as Message;
    });
    add(1);
    add(2);
    await settle();
    expect(outbox.items().map(({ state }) => state)).toEqual(['blocked', 'waiting']);
    outbox.retry(id(1), { sendAnyway: true });
    for (let n = 0; n < 5; n += 1) await settle();
    expect(sent).toEqual(['a 1', 'a 1 anyway', 'a 2']);
    outbox.stop();
  });

  it('follows a conversation that goes on in another', async () => {
    const { outbox, sent, moved, add } = setUp(async (conversationId) => {
      if (conversationId === 'a')
        throw new AppError({
          code: 'conflict',
          reason: 'continued',
          message: 'It goes on elsewhere.',
          data: { successorId: 'b' },
        });
      return { conversationId } as Message;
    });
    add(1);
    for (let n = 0; n < 5; n += 1) await settle();
    expect(sent).toEqual(['a 1', 'b 1']);
    expect(moved).toEqual(['b']);
    expect(outbox.items()).toEqual([]);
    outbox.stop();
  });

  it('shows a refused message and gives its text back', async () => {
    const { outbox, add } = setUp(async () => {
      throw new AppError({ code: 'invalid', reason: 'badTarget', message: 'No such target.' });
    });
    add(1);
    await settle();
    expect(outbox.items()[0]).toMatchObject({ state: 'refused', error: { reason: 'badTarget' } });
    expect(outbox.discard(id(1))?.create.text).toBe('message 1');
    expect(outbox.items()).toEqual([]);
    outbox.stop();
  });
});
