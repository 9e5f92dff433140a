import { canSee, may } from '../../shared/access.ts';
import type { Notice } from '../../shared/events.ts';
import type { NotifyEvent } from '../../shared/user.ts';
import type { DomainEvents } from '../bus.ts';
import { isMissed } from '../calls/call.merge.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { customerSummary } from '../customers/customer.service.ts';
import { key } from '../db/key.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { UserDoc } from '../users/user.model.ts';
import { viewerOf } from '../users/user.viewer.ts';
import { rooms, roomsOfChannels } from './rooms.ts';
import type { Io } from './server.ts';

type Changed = DomainEvents['conversation.changed'];

/** A row's worth of what was said. */
const textLength = 140;

/** Whom one message concerns besides those who look. */
interface Call {
  event: NotifyEvent;
  /** 'all': whoever sees the conversation. */
  userIds: string[] | 'all';
  message: MessageDoc;
}

/**
 * Tells people what wants their attention, once a message and person: their own rules decide how it is shown. From what commits announce,
 * so nothing is told that did not hold; and only to whoever may see the conversation.
 */
export function tellPeople({ ctx, io }: { ctx: Context; io: Io }): { close(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const off = ctx.bus.on('conversation.changed', (event) => {
    const calls = callsOf(event);
    if (!calls.length) return;
    running = running
      .then(() => tell(ctx, io, event, calls))
      .catch((error) => ctx.log.error({ err: error }, 'somebody was not told'));
  });
  return {
    async close() {
      off();
      await running;
    },
  };
}

/** What of one commit concerns whom. Of what was changed or moved, nothing does. */
function callsOf({ conversation, messages, inserted }: Changed): Call[] {
  const fresh = messages.filter(
    (message): message is MessageDoc =>
      !('movedTo' in message) && (inserted.includes(message._id) || justMissed(message)),
  );
  const comes = conversation.version === 1 || fresh.some((message) => message.event?.type === 'reopened');
  return fresh.flatMap((message): Call[] => {
    const { kind, event, authorId } = message;
    if (kind === 'note')
      return message.mentions.length
        ? [{ event: 'mentioned', userIds: others(message.mentions, authorId), message }]
        : [];
    if (event?.type === 'assigned') {
      const to = event.data['to'];
      return typeof to === 'string'
        ? [{ event: 'assignedToMe', userIds: others([to], authorId), message }]
        : [];
    }
    if (event?.type === 'teamed' && conversation.teamId && !conversation.assigneeId)
      return [{ event: 'teamNew', userIds: [], message }];
    if (kind === 'call' ? !isMissed(message.call) : kind !== 'message') return [];
    if (message.direction !== 'in' || message.imported) return [];
    if (conversation.assigneeId)
      return [{ event: 'mineReplied', userIds: [conversation.assigneeId], message }];
    if (!comes || conversation.status !== 'open') return [];
    return conversation.teamId
      ? [{ event: 'teamNew', userIds: [], message }]
      : [{ event: 'unassignedNew', userIds: 'all', message }];
  });
}

/** It rang before, and nobody answered. */
const justMissed = ({ call, version }: MessageDoc) => call?.heard?.missedAt === version;

const others = (userIds: readonly string[], authorId: string | null) =>
  userIds.filter((id) => id !== authorId);

async function tell(ctx: Context, io: Io, event: Changed, calls: Call[]): Promise<void> {
  const { conversation } = event;
  const customer = event.customer ?? (await customerSummary(ctx, conversation.customerId));
  for (const call of calls) {
    const notice: Notice = {
      id: key(call.message._id, call.event),
      event: call.event,
      conversationId: conversation._id,
      customerName: customer.name,
      text: call.message.deletedAt ? '' : call.message.text.replace(/\s+/g, ' ').trim().slice(0, textLength),
      byUserId: call.message.authorId,
      at: call.message.at.toISOString(),
    };
    if (call.userIds === 'all') {
      io.to(roomsOfChannels(conversation.channelIds)).emit('notify', notice);
      continue;
    }
    const people = await readersOf(ctx, conversation, call);
    for (const userId of people) io.to(rooms.user(userId)).emit('notify', notice);
  }
}

async function readersOf(ctx: Context, conversation: ConversationDoc, call: Call): Promise<string[]> {
  const who =
    call.event === 'teamNew' ? { teamIds: conversation.teamId } : { _id: { $in: call.userIds as string[] } };
  const users = await ctx.models.users
    .find({ ...who, active: true }, { role: 1, channelIds: 1, teamIds: 1 })
    .lean<Pick<UserDoc, '_id' | 'role' | 'channelIds' | 'teamIds'>[]>()
    .exec();
  return users
    .filter((user) => may(user, 'conversation.read') && canSee(viewerOf(user), conversation))
    .map((user) => user._id)
    .filter((id) => id !== call.message.authorId);
}
