import type { InboundMention } from '../../connectors/connector.ts';
import { channelById } from '../channels/channel.find.ts';
import { connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { takeMention } from '../listening/mention.intake.ts';
import { messageFrom } from '../listening/mention.message.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import type { Tx } from '../messages/commit.ts';
import { type MessageSteps, messageSteps } from '../messages/intake.message.ts';
import type { Arrival, Outcome, Step } from '../messages/intake.step.ts';
import { partId, scopeOf, waitFor } from '../messages/parts.ts';
import { postIdOf } from './post.id.ts';

/**
 * A comment beneath a post of ours is said to us, whomever it answers: as soon as both are known it is a message. Which of them comes last
 * does not matter, because each is looked for by the other after its own commit: by the comment here, by the post in `claimStep`.
 */
export function mentionStep(ctx: Context, arrival: Arrival, event: InboundMention): Step {
  const take = takeMention(arrival, event);
  const { post } = event;
  if (event.kind !== 'comment' || !post || post.author?.ours === false) return take;
  const postId = postIdOf(arrival.channel._id, post);
  const _id = partId(scopeOf(arrival.channel._id, event.scope), event.externalId);
  const own = ownStep(ctx, _id);
  return async (tx) => {
    const { session } = tx;
    const known = await tx.models.mentions.exists({ _id }).session(session);
    const taken = await take(tx);
    if (!known) return { ...taken, again: true };
    const ours = await tx.models.posts.exists({ _id: postId, 'author.ours': true }).session(session);
    if (ours) await own(tx);
    return taken;
  };
}

/** Whose the post is was not known until now: comments that came before are messages from now on, a commit each. */
export function claimStep(ctx: Context, postId: string): Step {
  return async (tx) => {
    const beneath = await tx.models.mentions
      .find({ postId, kind: 'comment', messageId: null }, { _id: 1 }, { session: tx.session })
      .sort({ _id: 1 })
      .lean<Pick<MentionDoc, '_id'>[]>();
    const claimed: Step = async ({ models, session }) => {
      await models.posts.updateOne({ _id: postId }, { $unset: { unclaimed: 1 } }, { session });
      return quiet;
    };
    return { ...quiet, follows: [...beneath.map(({ _id }) => ownStep(ctx, _id)), claimed] };
  };
}

/** What becomes of the event itself is for its own step to say. */
const quiet: Outcome = { state: 'ignored' };

/** The mention as a message, the way any message comes in; of somebody who is blocked it stays what it is. */
function ownStep(ctx: Context, mentionId: string): Step {
  let made: Promise<MessageSteps> | null = null;
  return async (tx) => {
    const mention = await tx.models.mentions
      .findById(mentionId, null, { session: tx.session })
      .lean<MentionDoc>();
    const arrival = mention && (await arrivalOf(tx, mention));
    if (!mention || !arrival) return quiet;
    // Its ids are minted once for all runs.
    made ??= messageSteps(ctx, arrival, messageFrom(mention));
    for (const step of (await made).steps) {
      const { waitsFor = [] } = await step(tx);
      for (const part of waitsFor) await waitFor(tx, part, mention.inboundId);
    }
    return quiet;
  };
}

async function arrivalOf(tx: Tx, mention: MentionDoc): Promise<Arrival | null> {
  const channel = await channelById(tx.ctx, mention.channelId);
  if (!channel) return null;
  const { inboundId: _id, receivedAt } = mention;
  return {
    inbound: { _id, receivedAt, parkedAt: null, history: false, restored: false },
    fence: 0,
    channel,
    connector: connectorOf(tx.ctx, channel),
  };
}
