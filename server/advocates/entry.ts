import type { Sentiment } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import type { MessageDoc, PartDoc } from '../messages/message.model.ts';

/** Something said by anybody, as a message of ours or as a mention: what is asked of either here. */
export interface Entry {
  source: 'message' | 'mention';
  id: string;
  /** Part ids by which others say that they answer it. */
  parts: string[];
  /** The part that it answers; null: none, or nobody says. */
  answers: string | null;
  /** The identity; null where nobody is known. */
  authorId: string | null;
  ours: boolean;
  public: boolean;
  /** …and everybody can read it: not in a group to which one is invited. */
  aloud: boolean;
  channelId: string | null;
  conversationId: string | null;
  postId: string | null;
  url: string | null;
  text: string;
  sentiment: Sentiment | null;
  at: Date;
  deleted: boolean;
}

const messageFields = {
  kind: 1,
  direction: 1,
  channelId: 1,
  identityId: 1,
  conversationId: 1,
  visibility: 1,
  postId: 1,
  closed: 1,
  url: 1,
  text: 1,
  sentiment: 1,
  at: 1,
  deletedAt: 1,
  answers: 1,
  version: 1,
} as const;
export type MessageFrom = Pick<MessageDoc, '_id' | (keyof typeof messageFields & keyof MessageDoc)> & {
  answers?: string | null;
};
export { messageFields };

export function entryOfMessage(message: MessageFrom, parts: readonly string[] = []): Entry {
  return {
    source: 'message',
    id: message._id,
    parts: [...parts],
    answers: message.answers ?? null,
    authorId: message.identityId,
    ours: message.direction !== 'in',
    public: message.visibility === 'public',
    aloud: message.visibility === 'public' && !message.closed,
    channelId: message.channelId,
    conversationId: message.conversationId,
    postId: message.postId ?? null,
    url: message.url ?? null,
    text: message.text,
    sentiment: message.sentiment ?? null,
    at: message.at,
    deleted: message.deletedAt !== null || message.kind !== 'message',
  };
}

export function entryOfMention(mention: MentionDoc): Entry {
  return {
    source: 'mention',
    id: mention._id,
    parts: [mention._id],
    answers: (mention as { answers?: string | null }).answers ?? null,
    authorId: mention.authorId,
    ours: false,
    public: true,
    aloud: !mention.closed,
    channelId: mention.channelId,
    conversationId: null,
    postId: mention.postId,
    url: mention.url,
    text: mention.text,
    sentiment: mention.sentiment,
    at: mention.at,
    // As a message it is heard there.
    deleted: mention.deletedAt !== null || mention.messageId !== null,
  };
}

/** What these part ids stand for: messages, or mentions that are none yet. */
export async function entriesOfParts(
  ctx: Pick<Context, 'models'>,
  partIds: readonly string[],
): Promise<Map<string, Entry>> {
  const ids = [...new Set(partIds)];
  if (!ids.length) return new Map();
  const [parts, mentions] = await Promise.all([
    ctx.models.parts
      .find({ _id: { $in: ids } }, { messageId: 1 })
      .lean<Pick<PartDoc, '_id' | 'messageId'>[]>()
      .exec(),
    ctx.models.mentions
      .find({ _id: { $in: ids } })
      .lean<MentionDoc[]>()
      .exec(),
  ]);
  const known = parts.filter((part) => part.messageId !== null);
  const messages = await entriesOfMessages(
    ctx,
    known.flatMap(({ messageId }) => (messageId ? [messageId] : [])),
  );
  const found = new Map(mentions.map((mention) => [mention._id, entryOfMention(mention)]));
  for (const part of known) {
    const message = messages.find((one) => one.id === part.messageId);
    if (message) found.set(part._id, message);
  }
  return found;
}

/** With the parts that others name when they answer. */
export async function entriesOfMessages(
  ctx: Pick<Context, 'models'>,
  messageIds: readonly string[],
): Promise<Entry[]> {
  if (!messageIds.length) return [];
  const messages = await ctx.models.messages
    .find({ _id: { $in: [...messageIds] } }, messageFields)
    .lean<MessageFrom[]>()
    .exec();
  return withParts(ctx, messages);
}

export async function withParts(
  ctx: Pick<Context, 'models'>,
  messages: readonly MessageFrom[],
): Promise<Entry[]> {
  const inPublic = messages.filter((message) => message.visibility === 'public').map(({ _id }) => _id);
  const parts = inPublic.length
    ? await ctx.models.parts
        .find({ messageId: { $in: inPublic } }, { messageId: 1 })
        .lean<Pick<PartDoc, '_id' | 'messageId'>[]>()
        .exec()
    : [];
  return messages.map((message) =>
    entryOfMessage(
      message,
      parts.filter((part) => part.messageId === message._id).map((part) => part._id),
    ),
  );
}

/** More answers to one thing than this are not looked at. */
const mostAnswers = 200;

/** What people said in answer to this one, ours apart. */
export async function answersTo(ctx: Pick<Context, 'models'>, entry: Entry): Promise<Entry[]> {
  if (!entry.postId || !entry.parts.length) return [];
  const asked = { postId: entry.postId, answers: { $in: entry.parts } };
  const [messages, mentions] = await Promise.all([
    ctx.models.messages
      .find(asked as never, messageFields)
      .limit(mostAnswers)
      .lean<MessageFrom[]>()
      .exec(),
    ctx.models.mentions
      .find(asked as never)
      .limit(mostAnswers)
      .lean<MentionDoc[]>()
      .exec(),
  ]);
  return [...messages.map((one) => entryOfMessage(one)), ...mentions.map(entryOfMention)].filter(
    (one) => !one.deleted && !one.ours,
  );
}
