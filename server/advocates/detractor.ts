import { isSure } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { key } from '../db/key.ts';
import type { AuthorDoc } from '../listening/author.ts';
import { bringAsked } from '../listening/mention.bring.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import { commit, type NewMessage } from '../messages/commit.ts';
import { followed } from '../messages/intake.place.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { DetractorDoc } from './advocate.model.ts';
import { advocateSettings } from './advocate.settings.ts';
import type { Entry } from './entry.ts';
import { dayOf } from './score.ts';

/** What is older is history that is read in, and no alarm. */
const freshMs = 2 * 86_400_000;

/**
 * A negative word in public, by somebody whom many follow, is the support team's: it becomes a conversation where it is none, which is
 * urgent and theirs, whoever is there to be told. Once an author and day, on any number of servers; what raised nothing does not count.
 * Interrupted it is owed again: as a mention that was not brought yet, or as the message that came of it.
 */
export async function alertDetractors(ctx: Context, entries: readonly Entry[]): Promise<void> {
  const now = ctx.now();
  const against = entries.filter(
    (entry) =>
      entry.aloud &&
      !entry.ours &&
      !entry.deleted &&
      entry.channelId !== null &&
      entry.sentiment?.label === 'negative' &&
      isSure(entry.sentiment) &&
      now.getTime() - entry.at.getTime() < freshMs,
  );
  if (!against.length) return;
  const settings = await advocateSettings(ctx);
  const authors = await ctx.models.authors
    .find({ _id: { $in: against.flatMap(({ authorId }) => (authorId ? [authorId] : [])) } })
    .lean<AuthorDoc[]>()
    .exec();
  // Of what is heard together the newest: what was said before comes along with it.
  for (const entry of against.sort((a, b) => b.at.getTime() - a.at.getTime())) {
    const author = authors.find(({ _id }) => _id === entry.authorId);
    if (!author || author.reach === null || author.reach < settings.detractorReach) continue;
    await alertOnce(ctx, { entry, author, teamId: settings.supportTeamId });
  }
}

async function alertOnce(
  ctx: Context,
  of: { entry: Entry; author: AuthorDoc; teamId: string | null },
): Promise<void> {
  const { entry, author, teamId } = of;
  const _id = key(author._id, dayOf(entry.at));
  const raised = { _id, conversationId: { $ne: null } };
  if (await ctx.models.detractors.exists(raised).exec()) return;
  const into = entry.conversationId ?? (await broughtInto(ctx, entry));
  if (into === null) return;
  const ids = { line: ctx.uuid(), team: ctx.uuid() };
  const told = await commit(ctx, async (tx) => {
    const { session, models } = tx;
    if (await models.detractors.exists(raised).session(session)) return false;
    const conversation = await followed(tx, into);
    if (!conversation || conversation.status === 'spam') return false;
    const detractor: Omit<DetractorDoc, '_id'> = {
      authorId: author._id,
      source: entry.source,
      sourceId: entry.id,
      channelId: entry.channelId ?? '',
      conversationId: conversation._id,
      reach: author.reach ?? 0,
      at: ctx.now(),
    };
    await models.detractors.updateOne({ _id }, { $set: detractor }, { session, upsert: true });
    const team =
      teamId !== null &&
      teamId !== conversation.teamId &&
      (await models.teams.exists({ _id: teamId, archived: false }).session(session))
        ? teamId
        : null;
    const lines = linesOf(conversation, { detractor, team, ids });
    if (!lines.length) return true;
    await tx.raise(conversation, {
      set: { priority: 'urgent', ...(team && { teamId: team }) },
      messages: lines.length,
    });
    await tx.insert(lines);
    return true;
  });
  if (told) ctx.bus.emit('detractor.spoke', { id: _id });
}

/** What was said to others becomes a conversation. @returns null when its author has taken it back, or is not listened to */
async function broughtInto(ctx: Context, { id, authorId }: Entry): Promise<string | null> {
  const { mentions, messages, identities } = ctx.models;
  const mention = await mentions.findById(id).lean<MentionDoc>().exec();
  if (!mention || (await identities.exists({ _id: authorId ?? '', blocked: true } as never).exec()))
    return null;
  if (!mention.messageId) await bringAsked(ctx, mention, null);
  const after = await mentions.findById(id, { messageId: 1 }).lean<Pick<MentionDoc, 'messageId'>>().exec();
  const message =
    after?.messageId &&
    (await messages
      .findById(after.messageId, { conversationId: 1 })
      .lean<Pick<MessageDoc, 'conversationId'>>()
      .exec());
  return message ? message.conversationId : null;
}

/** What is said of it in the conversation: how far its author reaches is why. */
function linesOf(
  conversation: ConversationDoc,
  of: {
    detractor: Pick<DetractorDoc, 'reach' | 'at'>;
    team: string | null;
    ids: { line: string; team: string };
  },
): NewMessage[] {
  const { reach, at } = of.detractor;
  const line = { conversationId: conversation._id, at, authorId: null };
  const urgent = { from: conversation.priority, to: 'urgent', reach };
  const teamed = { from: conversation.teamId, to: of.team, reach };
  return [
    ...(conversation.priority === 'urgent'
      ? []
      : [eventLine({ ...line, id: of.ids.line, type: 'prioritised' as const, data: urgent })]),
    ...(of.team === null
      ? []
      : [eventLine({ ...line, id: of.ids.team, type: 'teamed' as const, data: teamed })]),
  ];
}
