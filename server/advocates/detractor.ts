import type { Context } from '../context.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { key } from '../db/key.ts';
import type { AuthorDoc } from '../listening/author.ts';
import { commit } from '../messages/commit.ts';
import type { DetractorDoc } from './advocate.model.ts';
import { advocateSettings } from './advocate.settings.ts';
import type { Entry } from './entry.ts';
import { leastConfidence } from './heard.ts';
import { dayOf } from './score.ts';

/** What is older is history that is read in, and no alarm. */
const freshMs = 2 * 86_400_000;

/**
 * A negative word in public, by somebody whom many follow, is the support team's: its conversation becomes urgent and theirs; of a
 * mention, which has no conversation, whoever listens is told. Once an author and day, on any number of servers.
 */
export async function alertDetractors(ctx: Context, entries: readonly Entry[]): Promise<void> {
  const now = ctx.now();
  const against = entries.filter(
    (entry) =>
      entry.public &&
      !entry.ours &&
      !entry.deleted &&
      entry.channelId !== null &&
      entry.sentiment?.label === 'negative' &&
      (entry.sentiment.by === 'agent' || entry.sentiment.confidence >= leastConfidence) &&
      now.getTime() - entry.at.getTime() < freshMs,
  );
  if (!against.length) return;
  const settings = await advocateSettings(ctx);
  const authors = await ctx.models.authors
    .find({ _id: { $in: against.flatMap(({ authorId }) => (authorId ? [authorId] : [])) } })
    .lean<AuthorDoc[]>()
    .exec();
  for (const entry of against) {
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
  const detractor: DetractorDoc = {
    _id: key(author._id, dayOf(entry.at)),
    authorId: author._id,
    source: entry.source,
    sourceId: entry.id,
    channelId: entry.channelId ?? '',
    conversationId: entry.conversationId,
    reach: author.reach ?? 0,
    at: ctx.now(),
  };
  if (await ctx.models.detractors.exists({ _id: detractor._id }).exec()) return;
  const ids = { line: ctx.uuid(), team: ctx.uuid() };
  const told = await commit(ctx, async (tx) => {
    const { session, models } = tx;
    if (await models.detractors.exists({ _id: detractor._id }).session(session)) return false;
    await models.detractors.insertMany([detractor], { session });
    const conversation = entry.conversationId
      ? await models.conversations.findById(entry.conversationId, null, { session }).lean<ConversationDoc>()
      : null;
    if (!conversation || conversation.status === 'continued' || conversation.status === 'spam') return true;
    const team =
      teamId !== null &&
      teamId !== conversation.teamId &&
      (await models.teams.exists({ _id: teamId, archived: false }).session(session))
        ? teamId
        : null;
    const urgent = conversation.priority !== 'urgent';
    const line = { conversationId: conversation._id, at: ctx.now(), authorId: null };
    const lines = [
      ...(urgent
        ? [
            eventLine({
              ...line,
              id: ids.line,
              type: 'prioritised' as const,
              data: { from: conversation.priority, to: 'urgent', reach: detractor.reach },
            }),
          ]
        : []),
      ...(team
        ? [
            eventLine({
              ...line,
              id: ids.team,
              type: 'teamed' as const,
              data: { from: conversation.teamId, to: team, reach: detractor.reach },
            }),
          ]
        : []),
    ];
    if (!lines.length) return true;
    await tx.raise(conversation, {
      set: { ...(urgent && { priority: 'urgent' as const }), ...(team && { teamId: team }) },
      messages: lines.length,
    });
    await tx.insert(lines);
    return true;
  });
  if (told) ctx.bus.emit('detractor.spoke', { id: detractor._id });
}
