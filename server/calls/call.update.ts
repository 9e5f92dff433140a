import { canSee, may, type Viewer } from '../../shared/access.ts';
import type { CallUpdate } from '../../shared/call.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { commit } from '../messages/commit.ts';
import type { CallDoc, MessageDoc } from '../messages/message.model.ts';
import { changeCall } from './call.change.ts';
import { endOf } from './call.log.ts';
import { spoken } from './call.merge.ts';

/**
 * An agent says how a call ended, or what was said in it. How a call went that the telephone system told of is the system's to say;
 * a note may stand beside any.
 *
 * @throws AppError notFound; 409 stateChanged where it is not the agents' to say
 */
export async function updateCall(
  ctx: Context,
  viewer: Viewer,
  { id, change }: { id: string; change: CallUpdate },
): Promise<MessageDoc> {
  if (!may(viewer, 'conversation.write'))
    throw new AppError({ code: 'forbidden', message: 'Your role does not allow this.' });
  const lineId = ctx.uuid();
  return commit(ctx, async (tx) => {
    const { models, session } = tx;
    const message = await models.messages
      .findOne({ _id: id, kind: 'call' }, null, { session })
      .lean<MessageDoc>();
    const conversation =
      message &&
      (await models.conversations
        .findById(message.conversationId, null, { session })
        .lean<ConversationDoc>());
    if (!message?.call || !conversation || !canSee(viewer, conversation))
      throw new AppError({ code: 'notFound', message: 'There is no such call.' });
    const says = change.ended || change.disposition !== undefined || change.talked !== undefined;
    if (says && !message.call.logged)
      throw new AppError({
        code: 'conflict',
        reason: 'stateChanged',
        message: 'How this call went is told by the telephone system; only a note can be written here.',
      });
    const now = ctx.now();
    const text = change.note ?? message.text;
    const call = says ? afterWord(message.call, change, now) : message.call;
    // Said again: nothing is new.
    if (text === message.text && JSON.stringify(call) === JSON.stringify(message.call)) return message;
    return changeCall(tx, {
      message,
      conversation,
      change: {
        call,
        at: message.at,
        text,
        attachments: message.attachments,
        // A note still being written as the call goes on is no edit of anything, except against the system's own.
        editedAt: text !== message.text && !message.call.logged ? now : null,
      },
      lineId,
    });
  });
}

function afterWord(call: CallDoc, change: CallUpdate, now: Date): CallDoc {
  const ended = call.state === 'ended' || change.ended === true;
  const disposition = ended ? (change.disposition ?? call.disposition ?? 'answered') : null;
  const said = change.talked ?? call.talked;
  const answeredAt = !ended || disposition === 'answered' ? (call.answeredAt ?? call.startedAt) : null;
  const endedAt = ended ? (call.endedAt ?? endOf({ startedAt: call.startedAt, talked: said, now })) : null;
  return {
    ...call,
    state: ended ? 'ended' : call.state,
    disposition,
    answeredAt,
    endedAt,
    talked: said ?? spoken({ disposition, answeredAt, endedAt }),
  };
}
