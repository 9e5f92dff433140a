import type { InboundMention } from '../../connectors/connector.ts';
import { identityId } from '../customers/identity.ts';
import type { Tx } from '../messages/commit.ts';
import { clamped } from '../messages/intake.find.ts';
import { type Arrival, done, type Step } from '../messages/intake.step.ts';
import { cleanText } from '../messages/intake.text.ts';
import type { PartDoc } from '../messages/message.model.ts';
import { findParts, partId, release, scopeOf } from '../messages/parts.ts';
import { postIdOf } from '../posts/post.id.ts';
import { webAddress } from '../posts/post.intake.ts';
import { meetAuthor } from './author.ts';
import { sentimentOfMention } from './mention.feeling.ts';
import type { MentionDoc } from './mention.model.ts';
import { owedToAdvocates, owedToListening } from './mention.owed.ts';

/**
 * What was said about us and not to us becomes a mention of its author: no customer, no conversation. It commutes as messages do: an
 * insert by the provider's id, edits by the newest, a delete that a late original cannot revive; and one that is, or becomes, a message
 * as well is both, whichever comes first.
 */
export function takeMention(arrival: Arrival, event: InboundMention): Step {
  const scope = scopeOf(arrival.channel._id, event.scope);
  const _id = partId(scope, event.externalId);
  const { receivedAt } = arrival.inbound;
  const saidAt = clamped(event.at, receivedAt);
  return async (tx) => {
    const at = saidAt ?? receivedAt;
    await meetAuthor(tx, { sender: event.author, connector: arrival.channel.connector, at });
    const { session } = tx;
    const known = await tx.models.mentions.findById(_id, null, { session }).lean<MentionDoc>();
    if (known) {
      if (known.atEstimated && saidAt) await change(tx, known, { at: saidAt, atEstimated: false });
      return done;
    }
    const part = await touchPart(tx, _id);
    const deletedAt = part?.deletedAt ?? null;
    const text = deletedAt ? '' : cleanText(event.text);
    const mention: MentionDoc = {
      _id,
      scope,
      externalId: event.externalId,
      channelId: arrival.channel._id,
      connector: arrival.channel.connector,
      kind: event.kind,
      authorId: identityId(event.author),
      sender: event.author,
      text,
      at,
      atEstimated: !saidAt,
      receivedAt,
      inboundId: arrival.inbound._id,
      url: event.url ? webAddress(event.url) : null,
      postId: event.post ? postIdOf(arrival.channel._id, event.post) : null,
      post: event.post
        ? {
            externalId: event.post.externalId,
            ...(event.post.scope !== undefined && { scope: event.post.scope }),
          }
        : null,
      inReplyTo: event.inReplyTo ?? null,
      answers: event.inReplyTo ? partId(scope, event.inReplyTo) : null,
      ...(event.post?.closed && { closed: true as const }),
      attachments: deletedAt ? [] : event.attachments,
      threadKey: event.threadKey,
      sentiment: deletedAt ? null : await sentimentOfMention(tx.ctx, text),
      state: part?.messageId ? 'converted' : 'new',
      messageId: part?.messageId ?? null,
      bringing: null,
      broughtBy: null,
      editedAt: null,
      editOrder: null,
      deletedAt,
      version: 1,
      todo: [owedToListening, owedToAdvocates],
    };
    await tx.models.mentions.insertMany([mention], { session, lean: true });
    if (part?.waiting.length) await letGo(tx, part);
    if (mention.postId) tx.emit('post.changed', { postId: mention.postId });
    tx.emit('mention.changed', { mentionId: _id });
    return done;
  };
}

/** Also written when it says nothing new: an event that begins to wait for this id conflicts with it. */
async function touchPart(tx: Tx, _id: string): Promise<PartDoc | undefined> {
  const nothing = { messageId: null, piece: null, attempt: null, state: null, waiting: [], deletedAt: null };
  await tx.models.parts.updateOne(
    { _id },
    { $inc: { touched: 1 }, $setOnInsert: nothing },
    { session: tx.session, upsert: true },
  );
  return (await findParts(tx, [_id]))[0];
}

async function letGo(tx: Tx, part: PartDoc): Promise<void> {
  await tx.models.parts.updateOne({ _id: part._id }, { $set: { waiting: [] } }, { session: tx.session });
  await release(tx, part.waiting);
}

/** The one way in which a mention changes: its version rises, and saved searches look at it again. */
export async function change(
  tx: Tx,
  mention: Pick<MentionDoc, '_id' | 'postId'>,
  set: Partial<MentionDoc>,
  options: { heard?: boolean } = {},
): Promise<void> {
  await tx.models.mentions.updateOne(
    { _id: mention._id },
    {
      $set: set,
      $inc: { version: 1 },
      $addToSet: {
        todo: options.heard === false ? owedToAdvocates : { $each: [owedToListening, owedToAdvocates] },
      },
    },
    { session: tx.session },
  );
  if (mention.postId) tx.emit('post.changed', { postId: mention.postId });
  tx.emit('mention.changed', { mentionId: mention._id });
}
