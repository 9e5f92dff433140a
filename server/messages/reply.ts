import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { MessageCreate } from '../../shared/message.ts';
import { connectorOf } from '../channels/runtime.ts';
import { mustBeWithin } from '../channels/window.ts';
import type { Context } from '../context.ts';
import { accessConversation, liveConversation, stateChanged } from '../conversations/conversation.access.ts';
import { deactivate, mayActivate } from '../conversations/conversation.active.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import { blankMessage, eventLine } from '../conversations/conversation.line.ts';
import { openHeader } from '../conversations/conversation.reopen.ts';
import { resolvedHeader } from '../conversations/conversation.resolve.ts';
import { touchLane } from '../lanes/lane.touch.ts';
import { writeBody } from './body.ts';
import { commit, type NewMessage, type Tx } from './commit.ts';
import { newDelivery } from './delivery.ts';
import { strikeDraft } from './draft.strike.ts';
import { knownMessage } from './known.ts';
import { readyLetter } from './letter.ts';
import type { MessageDoc } from './message.model.ts';
import { presentMessage } from './message.presenter.ts';
import { checkTarget } from './outgoing.target.ts';
import { attachmentOf, badTarget, bindFiles, mustUseChannel, ownFiles, piecesFor } from './outgoing.ts';
import { readyTemplate } from './reply.template.ts';

/**
 * A reply is written into its conversation and its lane; HTTP never waits for the provider. The same id again gives the stored
 * message again.
 *
 * @throws AppError 403 notTheAuthor, 422 otherConversation | badTarget, 409 continued | anotherActive | colleagueReplied |
 *   channelUnavailable | windowClosed, each with the data the client goes on with
 */
export async function reply(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; create: MessageCreate },
): Promise<MessageDoc> {
  const { conversationId, create } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  const { target } = create;
  if (!target) throw badTarget('A reply needs a target: a channel and an address of the customer.');
  mustUseChannel(viewer, target.channelId);
  const lineIds = { reopened: ctx.uuid(), handedOver: ctx.uuid(), resolved: ctx.uuid() };
  const template = await readyTemplate(ctx, create);

  return commit(ctx, async (tx) => {
    const known = await knownMessage(tx, viewer, { id: create.id, conversationId });
    if (known) return known;
    const conversation = await liveConversation(tx, conversationId);
    if (conversation.status === 'spam') throw stateChanged(conversation);
    const checked = await checkTarget(tx, { conversation, target });
    const { channel, identity, threadKey, postId, handsOver } = checked;
    const inPublic = target.visibility === 'public';
    // What is passed on to others answers nobody: it opens nothing, and no colleague's reply stands in its way.
    const forwards = create.letter?.forward !== undefined;
    const reopens = conversation.status === 'resolved' && !forwards;
    if (reopens) await mayActivate(tx, conversation, { becomes: !create.thenResolve });
    const colleagues = await colleagueReply(tx, viewer, { conversationId, since: create.lastSeenSeq });
    if (colleagues && !create.sendAnyway && !forwards)
      throw new AppError({
        code: 'conflict',
        reason: 'colleagueReplied',
        message: 'A colleague has replied since: read it before you send.',
        data: { message: presentMessage(colleagues) },
      });

    const now = ctx.now();
    // A template has no window, and what answers a public word in private has the provider's own.
    if (!template && !inPublic && !handsOver)
      mustBeWithin(connectorOf(ctx, channel).manifest.capabilities, { identity, channel, now });
    const files = await ownFiles(tx, { viewer, conversationId, fileIds: create.fileIds });
    const letter = await readyLetter(tx, { conversation, channel, identity, threadKey, create });
    const carried = [...files, ...(letter?.files ?? [])];
    const pieces = piecesFor(ctx, {
      channel,
      identity,
      text: template?.shown ?? letter?.text ?? create.text,
      threadKey,
      files: carried,
      letter: letter?.outbound,
      inPublic,
      template: template ?? undefined,
    });
    const message: NewMessage = {
      ...blankMessage({ id: create.id, conversationId, at: now }),
      direction: 'out',
      channelId: target.channelId,
      identityId: target.identityId,
      threadKey,
      inReplyTo: target.inReplyTo ?? null,
      visibility: inPublic ? 'public' : 'private',
      ...(postId && { postId }),
      ...(template && { template: create.template }),
      authorId: viewer.id,
      letter: letter?.shown ?? null,
      hasWhole: Boolean(letter?.whole),
      sentAnyway: colleagues !== null && !forwards,
      text: template?.shown ?? create.text,
      attachments: carried.map(attachmentOf),
      delivery: newDelivery(pieces, now),
    };
    const line = { conversationId, at: now, authorId: viewer.id };
    const messages = [
      ...(reopens
        ? [eventLine({ ...line, id: lineIds.reopened, type: 'reopened', data: { by: 'reply' } })]
        : []),
      ...(handsOver && !(await wasHandedOver(tx, { conversationId, messageId: handsOver._id }))
        ? [
            eventLine({
              ...line,
              id: lineIds.handedOver,
              type: 'handedOver',
              data: { messageId: handsOver._id, postId: handsOver.postId ?? null },
            }),
          ]
        : []),
      message,
      ...(create.thenResolve ? [eventLine({ ...line, id: lineIds.resolved, type: 'resolved' })] : []),
    ];

    if (create.thenResolve && !reopens) await deactivate(tx, conversation);
    await tx.raise(conversation, {
      set: {
        ...headerAfter(conversation, messages, { firstSeq: conversation.seq + 1 }),
        ...(reopens ? openHeader : {}),
        ...(create.thenResolve ? resolvedHeader(now) : {}),
      },
      messages: messages.length,
    });
    const written = await tx.insert(messages);
    if (letter?.whole) await writeBody(tx, create.id, { ...letter.whole, fileId: null });
    await touchLane(tx, { conversationId, channelId: target.channelId });
    await strikeDraft(tx, { userId: viewer.id, conversationId, mode: 'reply' });
    await bindFiles(tx, { files, conversationId });
    return written.find((one) => one._id === create.id) as MessageDoc;
  });
}

/** The line stands above the first private word about it. */
async function wasHandedOver(tx: Tx, of: { conversationId: string; messageId: string }): Promise<boolean> {
  const line = await tx.models.messages
    .exists({
      conversationId: of.conversationId,
      kind: 'event',
      'event.type': 'handedOver',
      'event.data.messageId': of.messageId,
    })
    .session(tx.session);
  return line !== null;
}

/** The newest reply by somebody else's hand since then: here, or in the provider's own app. Automatic messages have no hand. */
async function colleagueReply(
  tx: Tx,
  viewer: Viewer,
  options: { conversationId: string; since: number },
): Promise<MessageDoc | null> {
  return tx.models.messages
    .findOne(
      {
        conversationId: options.conversationId,
        seq: { $gt: options.since },
        kind: 'message',
        direction: 'out',
        imported: false,
        'letter.forward': { $ne: true },
        $or: [{ sentElsewhere: true }, { authorId: { $nin: [null, viewer.id] } }],
      },
      null,
      { session: tx.session },
    )
    .sort({ seq: -1 })
    .lean<MessageDoc>();
}
