import { randomBytes } from 'node:crypto';
import { connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import { blankMessage, eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { touchIdentities } from '../conversations/conversation.thread.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import type { FileDoc } from '../files/file.model.ts';
import { touchLane } from '../lanes/lane.touch.ts';
import { commit, type NewMessage, type Tx } from '../messages/commit.ts';
import { newDelivery } from '../messages/delivery.ts';
import { readyLetter } from '../messages/letter.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { attachmentOf, firstThread, piecesFor } from '../messages/outgoing.ts';
import { type FollowUpTarget, followUpTarget } from './follow-up.target.ts';
import { followUpWords } from './follow-up.words.ts';
import type { Site } from './site.ts';
import { settleContact } from './visitor.contact.ts';
import { shownTo } from './visitor.messages.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { authorNames } from './visitor.presenter.ts';

/** A second one goes out only when the visitor was back in between, or after this. */
const againMs = 24 * 3_600_000;
/** A long chain is a fault. */
const longestChain = 20;
const mostReplies = 20;

/**
 * The team answered, and the visitor has gone: what has not arrived leaves once more, all together, by the way that they left. One
 * commit, which the visitor's identity remembers: whoever is killed before it has done nothing, and after it nobody does it again.
 * @returns the message's id; null when there was nothing to do
 */
export async function followUp(ctx: Context, site: Site, found: VisitorDoc): Promise<string | null> {
  await settleContact(ctx, found);
  const stopUrl = await stopAddress(ctx, found);
  const ids = { message: ctx.uuid(), line: ctx.uuid() };
  return commit(ctx, async (tx) => {
    const { session, models } = tx;
    const now = ctx.now();
    const visitor = await models.visitors.findById(found._id, null, { session }).lean<VisitorDoc>();
    const identity = await models.identities
      .findById(found.identityId, null, { session })
      .lean<IdentityDoc>();
    if (!visitor || !identity || !isDue(visitor, identity, now)) return null;
    const replies = await unheard(tx, visitor, identity);
    const [oldest] = replies;
    const newest = replies.at(-1);
    if (!oldest || !newest || now.getTime() - oldest.at.getTime() < site.is.followUpAfter * 60_000)
      return null;
    const conversation = await liveOf(tx, newest.conversationId);
    if (!conversation || conversation.status === 'spam' || conversation.customerId !== identity.customerId)
      return null;
    const target = await followUpTarget(tx, visitor, identity.customerId);
    if (!target) return null;

    // Somebody who takes away what they left, at the same moment, conflicts with it.
    await touchIdentities(tx, {
      identityIds: [target.identity._id],
      customerId: identity.customerId,
    });
    await models.identities.updateOne(
      { _id: identity._id },
      { $set: { followedUpAt: now, followedUpSeq: identity.visitorSeq ?? 0 }, $inc: { touched: 1 } },
      { session },
    );
    const message = await compose(tx, {
      site,
      visitor,
      replies,
      conversation,
      target,
      stopUrl,
      id: ids.message,
    });
    const line = eventLine({
      id: ids.line,
      conversationId: conversation._id,
      at: now,
      type: 'followedUp',
      data: { messageId: ids.message, channelId: target.channel._id },
      authorId: null,
    });
    const messages = [message, line];
    await tx.raise(conversation, {
      set: headerAfter(conversation, messages, { firstSeq: conversation.seq + 1 }),
      messages: messages.length,
    });
    await tx.insert(messages);
    await touchLane(tx, { conversationId: conversation._id, channelId: target.channel._id });
    return ids.message;
  });
}

function isDue(visitor: VisitorDoc, identity: IdentityDoc, now: Date): boolean {
  if (visitor.onlineUntil > now || visitor.noFollowUp || identity.blocked) return false;
  const before = identity.followedUpAt;
  return !before || visitor.lastSeenAt > before || now.getTime() - before.getTime() >= againMs;
}

/** What people of the team wrote there, and neither a window of the visitor nor an earlier follow-up has brought them. */
function unheard(tx: Tx, visitor: VisitorDoc, identity: IdentityDoc): Promise<MessageDoc[]> {
  return tx.models.messages
    .find(
      {
        ...shownTo(visitor),
        $and: [{ visitorSeq: { $gt: identity.followedUpSeq ?? 0 } }],
        direction: 'out',
        'delivery.state': 'sent',
        authorId: { $ne: null },
        automatic: false,
        imported: false,
        deletedAt: null,
      },
      null,
      { session: tx.session },
    )
    .sort({ visitorSeq: 1 })
    .limit(mostReplies)
    .lean<MessageDoc[]>()
    .exec();
}

/** What is `continued` goes on in its successor. */
async function liveOf(tx: Tx, id: string): Promise<ConversationDoc | null> {
  let next: string | null = id;
  for (let step = 0; next && step < longestChain; step += 1) {
    const conversation: ConversationDoc | null = await tx.models.conversations
      .findById(next, null, { session: tx.session })
      .lean<ConversationDoc>();
    if (conversation?.status !== 'continued') return conversation;
    next = conversation.successorId;
  }
  return null;
}

async function compose(
  tx: Tx,
  about: {
    site: Site;
    visitor: VisitorDoc;
    replies: MessageDoc[];
    conversation: ConversationDoc;
    target: FollowUpTarget;
    stopUrl: string | null;
    id: string;
  },
): Promise<NewMessage> {
  const { site, visitor, replies, conversation, id } = about;
  const { channel, identity } = about.target;
  const { ctx } = tx;
  const connector = connectorOf(ctx, channel);
  const words = followUpWords[visitor.language];
  const { carried, left } = await filesOf(tx, replies, connector.manifest.capabilities.attachments);
  const names = await authorNames(
    ctx,
    replies.flatMap((reply) => reply.authorId ?? []),
  );
  const said = replies.flatMap((reply) => {
    const name = names.get(reply.authorId ?? '');
    return reply.text.trim() ? [name ? `${name}: ${reply.text.trim()}` : reply.text.trim()] : [];
  });
  const text = [
    words.opening(site.is.name || channel.name),
    ...said,
    ...left.map((file) => words.file(file.name)),
    words.closing,
    ...(about.stopUrl ? [words.stop(about.stopUrl)] : []),
  ].join('\n\n');
  const threadKey = firstThread(ctx, { channel, identity, conversationId: conversation._id });
  const letter = connector.manifest.capabilities.letters
    ? await readyLetter(tx, {
        conversation,
        channel,
        identity,
        threadKey,
        create: { text, letter: { subject: words.subject(site.is.name), cc: [], bcc: [] } },
      })
    : null;
  const pieces = piecesFor(ctx, {
    channel,
    identity,
    text,
    threadKey,
    files: carried,
    letter: letter?.outbound,
  });
  return {
    ...blankMessage({ id, conversationId: conversation._id, at: ctx.now() }),
    channelId: channel._id,
    identityId: identity._id,
    threadKey,
    direction: 'out',
    visibility: 'private',
    automatic: true,
    letter: letter?.shown ?? null,
    text,
    attachments: carried.map(attachmentOf),
    delivery: newDelivery(pieces, ctx.now()),
  };
}

/** Files that the channel carries go along; the rest is named. */
async function filesOf(
  tx: Tx,
  replies: readonly MessageDoc[],
  can: { maxBytes: number; types: string[]; perMessage: number } | null,
): Promise<{ carried: FileDoc[]; left: FileDoc[] }> {
  const ids = replies.flatMap((reply) => reply.attachments.flatMap(({ fileId }) => fileId ?? []));
  if (!ids.length) return { carried: [], left: [] };
  const files = await tx.models.files
    .find({ _id: { $in: ids } }, null, { session: tx.session })
    .sort({ createdAt: 1 })
    .lean<FileDoc[]>();
  const fits = (file: FileDoc) =>
    can !== null && !can.types.length && file.bytes <= can.maxBytes && !file.danger;
  const carried = files.filter(fits).slice(0, can?.perMessage ?? 0);
  return { carried, left: files.filter((file) => !carried.includes(file)) };
}

/** The same in every answer sent after one visitor; null where it would be a link that they cannot open. */
async function stopAddress(ctx: Context, visitor: VisitorDoc): Promise<string | null> {
  if (!ctx.linkUrl) return null;
  await ctx.models.visitors
    .updateOne(
      { _id: visitor._id, stopCode: '' },
      { $set: { stopCode: randomBytes(15).toString('base64url') } },
    )
    .exec();
  const { stopCode = '' } =
    (await ctx.models.visitors
      .findById(visitor._id, { stopCode: 1 })
      .lean<Pick<VisitorDoc, 'stopCode'>>()
      .exec()) ?? {};
  return `${ctx.linkUrl.replace(/\/+$/, '')}/chat/${visitor.site}/stop/${visitor.visitorId}.${stopCode}`;
}
