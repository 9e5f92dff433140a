import { canUseChannel, type Viewer } from '../../shared/access.ts';
import type { Author, Hit } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { canSeeFacts } from '../customers/customer.visible.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { key } from '../db/key.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { AuthorDoc } from './author.ts';
import { anySearch, type HitDoc } from './hit.model.ts';
import { messageIdOf } from './listen.source.ts';
import type { MentionDoc } from './mention.model.ts';

type Said = Pick<
  MessageDoc,
  '_id' | 'conversationId' | 'text' | 'url' | 'sentiment' | 'postId' | 'deletedAt' | 'identityId'
>;

/** Hits as this viewer sees them, in the same order; what is no longer there is left out. */
export async function presentHits(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  rows: readonly HitDoc[],
): Promise<Hit[]> {
  if (!rows.length) return [];
  const { mentions, messages, conversations, hits } = ctx.models;
  const mentionIds = rows.flatMap(({ sourceId }) => (messageIdOf(sourceId) === null ? [sourceId] : []));
  const found = await mentions.find({ _id: { $in: mentionIds } }).lean<MentionDoc[]>();
  const mentionOf = new Map(found.map((one) => [one._id, one]));
  const messageIds = [
    ...rows.flatMap(({ sourceId }) => messageIdOf(sourceId) ?? []),
    ...found.flatMap(({ messageId }) => messageId ?? []),
  ];
  const said = await messages
    .find(
      { _id: { $in: messageIds } },
      { conversationId: 1, text: 1, url: 1, sentiment: 1, postId: 1, deletedAt: 1, identityId: 1 },
    )
    .lean<Said[]>();
  const messageOf = new Map(said.map((one) => [one._id, one]));
  const [seen, whole, authorOf] = await Promise.all([
    conversations
      .find(
        { _id: { $in: [...new Set(said.map((one) => one.conversationId))] }, ...visibleTo(viewer) },
        { _id: 1 },
      )
      .lean<Pick<ConversationDoc, '_id'>[]>(),
    hits
      .find(
        { _id: { $in: rows.map(({ sourceId }) => key(anySearch, sourceId)) } },
        { sourceId: 1, searchIds: 1 },
      )
      .lean<Pick<HitDoc, 'sourceId' | 'searchIds'>[]>(),
    authorsOf(ctx, viewer, rows),
  ]);
  const visible = new Set(seen.map(({ _id }) => _id));
  const searchIds = new Map(whole.map((one) => [one.sourceId, one.searchIds]));
  return rows.flatMap((row): Hit[] => {
    const mention = mentionOf.get(row.sourceId);
    const message = messageOf.get(messageIdOf(row.sourceId) ?? mention?.messageId ?? '');
    const thing = mention ?? message;
    const author = authorOf.get(row.authorId);
    if (!thing || !author) return [];
    const conversationId = message && visible.has(message.conversationId) ? message.conversationId : null;
    return [
      {
        id: row.sourceId,
        source: row.source,
        channelId: row.channelId,
        connector: row.connector,
        author,
        text: thing.text,
        at: row.at.toISOString(),
        url: thing.url ?? null,
        postId: row.postId,
        conversationId,
        searchIds: searchIds.get(row.sourceId) ?? row.searchIds,
        hashtags: row.hashtags,
        sentiment: thing.sentiment ?? null,
        state: row.state,
        ...(row.verdict === 'learnt' && { taught: { words: row.because } }),
        deletedAt: thing.deletedAt?.toISOString() ?? null,
      },
    ];
  });
}

/** Who spoke, each with the customer they are, where this viewer may see them. */
export async function authorsOf(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  spoken: readonly { authorId: string; connector: string }[],
): Promise<Map<string, Author>> {
  const ids = [...new Set(spoken.map(({ authorId }) => authorId))];
  const [authors, identities] = await Promise.all([
    ctx.models.authors.find({ _id: { $in: ids } }).lean<AuthorDoc[]>(),
    ctx.models.identities
      .find({ _id: { $in: ids } }, { customerId: 1, display: 1, value: 1 })
      .lean<Pick<IdentityDoc, '_id' | 'customerId' | 'display'>[]>(),
  ]);
  const customerIds = [...new Set(identities.map(({ customerId }) => customerId))];
  const [facts, customers] = await Promise.all([
    ctx.models.facts.find({ _id: { $in: customerIds } }, { activity: 1 }).lean<FactsDoc[]>(),
    ctx.models.customers
      .find({ _id: { $in: customerIds } }, { name: 1 })
      .lean<{ _id: string; name: string }[]>(),
  ]);
  const seen = new Set(facts.filter((one) => canSeeFacts(viewer, one)).map(({ _id }) => _id));
  const nameOf = new Map(customers.map(({ _id, name }) => [_id, name]));
  const known = new Map(authors.map((one) => [one._id, one]));
  const identityOf = new Map(identities.map((one) => [one._id, one]));
  return new Map(
    spoken.map(({ authorId, connector }): [string, Author] => {
      const author = known.get(authorId);
      const identity = identityOf.get(authorId);
      const customerId = identity && seen.has(identity.customerId) ? identity.customerId : null;
      const handle = author?.handle || identity?.display || authorId;
      return [
        authorId,
        {
          id: authorId,
          connector: author?.connector ?? connector,
          handle,
          name: author?.name || (customerId && nameOf.get(customerId)) || handle,
          url: author?.url ?? null,
          reach: author?.reach ?? null,
          customerId,
        },
      ];
    }),
  );
}

/** The row of a hit in this viewer's eyes; null when it is none of theirs. */
export async function visibleHit(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  sourceId: string,
): Promise<HitDoc | null> {
  const row = await ctx.models.hits.findById(key(anySearch, sourceId)).lean<HitDoc>().exec();
  return row && canUseChannel(viewer, row.channelId) ? row : null;
}
