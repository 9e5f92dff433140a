import type { NewMessage, Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { recounted } from './conversation.recount.ts';
import { moveWhatHangs, readsOf, setReads, undeliveredOf } from './conversation.thread.ts';

/** Messages on their way from one conversation to another, in their order. */
export interface Moving {
  from: string;
  to: string;
  messages: readonly MessageDoc[];
}

/** What becomes of a conversation beside what moves. */
export interface Change {
  conversation: ConversationDoc;
  set: Partial<ConversationDoc>;
  lines: NewMessage[];
}

export type Begun = Omit<ConversationDoc, 'version' | 'seq' | 'messageCount'>;

/**
 * Raises conversations, begins others and moves messages among them, any of which may give and take; what hangs on the messages goes
 * along, and every header that gave or took is told by what is there then.
 *
 * @param options.changes every conversation that is to be written, those that give or take among them, each once
 * @param options.recount further conversations whose header is told by what is there
 * @param options.amend more of a header once it is recounted; `moved`: messages came into it or left it
 */
export async function rearrange(
  tx: Tx,
  options: {
    changes: readonly Change[];
    begun: readonly { conversation: Begun; lines: NewMessage[] }[];
    moving: readonly Moving[];
    recount?: ReadonlySet<string>;
    amend?: (
      conversation: ConversationDoc,
      facts: { moved: boolean; arrived: readonly MessageDoc[] },
    ) => Partial<ConversationDoc>;
  },
): Promise<void> {
  const { changes, begun, moving, amend } = options;
  const into = (id: string) => moving.filter(({ to }) => to === id).flatMap(({ messages }) => messages);
  const outOf = (id: string) => moving.filter(({ from }) => from === id).flatMap(({ messages }) => messages);
  const ends = new Set(moving.flatMap(({ from, to }) => [from, to]));
  const reads = new Map<string, Awaited<ReturnType<typeof readsOf>>>();
  for (const id of ends) reads.set(id, await readsOf(tx, id));

  const written = new Map<string, ConversationDoc>();
  const base = new Map<string, Pick<ConversationDoc, 'seq' | 'lastInboundSeq'>>();
  for (const { conversation, set, lines } of changes) {
    const [came, left] = [into(conversation._id), outOf(conversation._id)];
    const undelivered = undeliveredOf(came) - undeliveredOf(left);
    const after = await tx.raise(conversation, {
      set,
      messages: came.length + lines.length,
      leaving: left.length,
      ...(undelivered && { inc: { undelivered } }),
    });
    base.set(conversation._id, conversation);
    written.set(conversation._id, after);
  }
  for (const { conversation, lines } of begun) {
    const came = into(conversation._id);
    const after = await tx.begin(
      { ...conversation, undelivered: undeliveredOf(came) },
      came.length + lines.length,
    );
    base.set(conversation._id, { seq: 0, lastInboundSeq: 0 });
    written.set(conversation._id, after);
  }

  for (const { from, to, messages } of moving) await tx.move(messages, from, to);
  await tx.insert([...changes, ...begun].flatMap(({ lines }) => lines));
  for (const { to, messages } of moving) await moveWhatHangs(tx, messages, to);
  for (const id of new Set(moving.map(({ to }) => to))) {
    const before = base.get(id);
    if (before) await setReads(tx, id, readsAfter({ id, before, moving, reads }));
  }

  for (const [id, conversation] of written) {
    const moved = ends.has(id);
    const channelIds = new Set([
      ...conversation.channelIds,
      ...into(id).flatMap((message) => message.channelId ?? []),
    ]);
    const counted =
      moved || options.recount?.has(id)
        ? await recounted(tx, { ...conversation, channelIds: [...channelIds] })
        : {};
    const more = amend?.({ ...conversation, ...counted }, { moved, arrived: into(id) }) ?? {};
    const set = { ...counted, ...more };
    if (Object.keys(set).length) await tx.amend(id, set);
  }
}

/**
 * Whoever had read all of where messages come to, has read there as many of them as they had read where they were: up to the first that
 * is new to them.
 */
function readsAfter(of: {
  id: string;
  before: Pick<ConversationDoc, 'seq' | 'lastInboundSeq'>;
  moving: readonly Moving[];
  reads: ReadonlyMap<string, readonly { userId: string; seq: number }[]>;
}): { userId: string; seq: number }[] {
  const { id, before, moving, reads } = of;
  const came = moving.filter(({ to }) => to === id);
  const readBy = (userId: string, where: string) =>
    reads.get(where)?.find((read) => read.userId === userId)?.seq ?? 0;
  const people = new Set(
    [id, ...came.map(({ from }) => from)]
      .flatMap((where) => reads.get(where) ?? [])
      .map((read) => read.userId),
  );
  const all = came.flatMap(({ from, messages }) => messages.map((message) => ({ from, message })));
  return [...people].flatMap((userId) => {
    const had = readBy(userId, id);
    if (had < before.lastInboundSeq) return [];
    const unread = all.findIndex(
      ({ from, message }) => message.direction === 'in' && message.seq > readBy(userId, from),
    );
    const seq = before.seq + (unread < 0 ? all.length : unread);
    return seq > had ? [{ userId, seq }] : [];
  });
}
