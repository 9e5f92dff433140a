import { canSee, type Viewer } from '../../shared/access.ts';
import type { DeliveryState } from '../../shared/message.ts';
import type { PostEntry, PostThread } from '../../shared/post.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { invalid } from '../http/validate.ts';
import type { AuthorDoc } from '../listening/author.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import type { MessageDoc, PartDoc } from '../messages/message.model.ts';
import { postsThemselves } from './post.itself.ts';
import { presentPost } from './post.presenter.ts';
import { readablePost } from './post.service.ts';
import { tallyOf } from './post.tally.ts';

type Entry = { at: Date; _id: string } & ({ message: MessageDoc } | { mention: MentionDoc });

interface Place {
  at: Date;
  _id: string;
}

/**
 * Everything that is known to have been said under a post, whoever said it, the newest entries first found and given oldest first. Of a
 * conversation or customer the viewer may not see there is no word; what was said in public is shown all the same.
 */
export async function postThread(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; before: string | null; limit: number },
): Promise<PostThread> {
  const { limit } = options;
  const post = await readablePost(ctx, viewer, options.id);
  const before = options.before === null ? null : placeOf(options.before);
  const found = await entriesOf(ctx, { postId: post._id, before, limit: limit + 1 });
  const entries = found.slice(0, limit).reverse();
  const first = entries[0];
  const tally = await tallyOf(ctx, [post._id]);
  return {
    post: presentPost(post, { viewer, tally: tally(post._id) }),
    entries: await present(ctx, viewer, { postId: post._id, entries }),
    before: found.length > limit && first ? cursorOf(first) : null,
  };
}

async function entriesOf(
  ctx: Context,
  of: { postId: string; before: Place | null; limit: number },
): Promise<Entry[]> {
  const { postId, before, limit } = of;
  const beyond = before
    ? {
        at: { $lte: before.at },
        $or: [{ at: { $lt: before.at } }, { at: before.at, _id: { $lt: before._id } }],
      }
    : {};
  const itself = { _id: { $nin: await postsThemselves(ctx, [postId]) } };
  // What has not left yet is no word in public.
  const outside: (DeliveryState | null)[] = [null, 'sent', 'delivered', 'read'];
  const [messages, mentions] = await Promise.all([
    ctx.models.messages
      .find({
        $and: [itself, beyond],
        postId,
        kind: 'message',
        'delivery.state': { $in: outside },
      })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .lean<MessageDoc[]>()
      .exec(),
    ctx.models.mentions
      .find({ $and: [itself, beyond], postId, messageId: null })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .lean<MentionDoc[]>()
      .exec(),
  ]);
  const all: Entry[] = [
    ...messages.map((message) => ({ at: message.at, _id: message._id, message })),
    ...mentions.map((mention) => ({ at: mention.at, _id: mention._id, mention })),
  ];
  return all.sort(newestFirst).slice(0, limit);
}

function newestFirst(a: Entry, b: Entry): number {
  return b.at.getTime() - a.at.getTime() || (a._id < b._id ? 1 : -1);
}

async function present(
  ctx: Context,
  viewer: Viewer,
  of: { postId: string; entries: readonly Entry[] },
): Promise<PostEntry[]> {
  const messages = of.entries.flatMap((entry) => ('message' in entry ? [entry.message] : []));
  const authorIds = of.entries.flatMap((entry) =>
    'message' in entry ? (entry.message.identityId ?? []) : entry.mention.authorId,
  );
  const [seen, people, authors, answered] = await Promise.all([
    seenConversations(ctx, viewer, messages),
    identitiesOf(ctx, authorIds),
    authorsOf(ctx, authorIds),
    answeredBy(ctx, of),
  ]);
  return of.entries.map((entry): PostEntry => {
    if ('mention' in entry) return presentMention(entry.mention, { authors, answered });
    const { message } = entry;
    const conversation = seen.get(message.conversationId);
    const ours = message.direction === 'out';
    const id = message.identityId ?? '';
    const person = people.get(id);
    const author = authors.get(id);
    const deleted = Boolean(message.deletedAt);
    return {
      id: message._id,
      kind: 'message',
      conversationId: conversation?._id ?? null,
      customerId: conversation?.customerId ?? null,
      author: ours
        ? { id: '', handle: '', name: '', ours }
        : { id, handle: author?.handle || (person?.display ?? ''), name: author?.name ?? '', ours },
      text: deleted ? '' : message.text,
      at: message.at.toISOString(),
      inReplyTo: message.answers ? (answered.get(message.answers) ?? null) : message.inReplyTo,
      url: deleted ? null : (message.url ?? null),
      deletedAt: message.deletedAt?.toISOString() ?? null,
      sentiment: deleted ? null : (message.sentiment ?? null),
    };
  });
}

function presentMention(
  mention: MentionDoc,
  of: { authors: ReadonlyMap<string, AuthorDoc>; answered: ReadonlyMap<string, string> },
): PostEntry {
  const author = of.authors.get(mention.authorId);
  const deleted = Boolean(mention.deletedAt);
  return {
    id: mention._id,
    kind: 'mention',
    conversationId: null,
    customerId: null,
    author: {
      id: mention.authorId,
      handle: author?.handle || mention.sender.display,
      name: author?.name ?? '',
      ours: false,
    },
    text: deleted ? '' : mention.text,
    at: mention.at.toISOString(),
    inReplyTo: mention.answers ? (of.answered.get(mention.answers) ?? null) : null,
    url: deleted ? null : mention.url,
    deletedAt: mention.deletedAt?.toISOString() ?? null,
    sentiment: deleted ? null : mention.sentiment,
  };
}

async function seenConversations(
  ctx: Context,
  viewer: Viewer,
  messages: readonly MessageDoc[],
): Promise<ReadonlyMap<string, Pick<ConversationDoc, '_id' | 'customerId' | 'channelIds'>>> {
  const ids = [...new Set(messages.map((message) => message.conversationId))];
  const found = await ctx.models.conversations
    .find({ _id: { $in: ids } }, { customerId: 1, channelIds: 1 })
    .lean<Pick<ConversationDoc, '_id' | 'customerId' | 'channelIds'>[]>()
    .exec();
  return new Map(found.filter((one) => canSee(viewer, one)).map((one) => [one._id, one]));
}

async function identitiesOf(
  ctx: Context,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<IdentityDoc, 'display'>>> {
  const found = await ctx.models.identities
    .find({ _id: { $in: [...new Set(ids)] } }, { display: 1 })
    .lean<Pick<IdentityDoc, '_id' | 'display'>[]>()
    .exec();
  return new Map(found.map((one) => [one._id, one]));
}

async function authorsOf(ctx: Context, ids: readonly string[]): Promise<ReadonlyMap<string, AuthorDoc>> {
  const found = await ctx.models.authors
    .find({ _id: { $in: [...new Set(ids)] } })
    .lean<AuthorDoc[]>()
    .exec();
  return new Map(found.map((one) => [one._id, one]));
}

/** Part → the entry it is; the post's own is none of them: what answers the post answers nobody. */
async function answeredBy(
  ctx: Context,
  of: { postId: string; entries: readonly Entry[] },
): Promise<ReadonlyMap<string, string>> {
  const parts = of.entries.flatMap((entry) =>
    'message' in entry ? (entry.message.answers ?? []) : (entry.mention.answers ?? []),
  );
  const wanted = [...new Set(parts)].filter((part) => part !== of.postId);
  if (!wanted.length) return new Map();
  const [known, mentions] = await Promise.all([
    ctx.models.parts
      .find({ _id: { $in: wanted } }, { messageId: 1 })
      .lean<Pick<PartDoc, '_id' | 'messageId'>[]>()
      .exec(),
    ctx.models.mentions
      .find({ _id: { $in: wanted }, messageId: null }, { _id: 1 })
      .lean<Pick<MentionDoc, '_id'>[]>()
      .exec(),
  ]);
  return new Map([
    ...mentions.map(({ _id }) => [_id, _id] as const),
    ...known.flatMap(({ _id, messageId }) => (messageId ? [[_id, messageId] as const] : [])),
  ]);
}

function cursorOf({ at, _id }: Place): string {
  return Buffer.from(JSON.stringify([at.getTime(), _id])).toString('base64url');
}

function placeOf(cursor: string): Place {
  let parts: unknown = null;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    // Answered below, with everything else that is no cursor.
  }
  if (Array.isArray(parts)) {
    const [time, _id] = parts as unknown[];
    const at = new Date(typeof time === 'number' ? time : Number.NaN);
    if (!Number.isNaN(at.getTime()) && typeof _id === 'string') return { at, _id };
  }
  throw invalid({ before: 'This is no cursor of this thread.' });
}
