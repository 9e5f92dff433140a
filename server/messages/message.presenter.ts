import type { Call } from '../../shared/call.ts';
import type { Message, TimelineEntry, Tombstone } from '../../shared/message.ts';
import type { AttachmentDoc, CallDoc, MessageDoc, TombstoneDoc } from './message.model.ts';

/** A message as the team sees it: nothing of providers' ids, fetch references or attempts' secrets. */
export function presentMessage(message: MessageDoc): Message {
  const { delivery, event } = message;
  const deleted = message.deletedAt !== null && message.deletedAt !== undefined;
  return {
    id: message._id,
    conversationId: message.conversationId,
    kind: message.kind,
    direction: message.direction,
    seq: message.seq,
    version: message.version,
    at: message.at.toISOString(),
    providerOrder: message.providerOrder,
    late: message.late,
    channelId: message.channelId ?? null,
    identityId: message.identityId ?? null,
    threadKey: message.threadKey ?? null,
    inReplyTo: message.inReplyTo ?? null,
    visibility: message.visibility,
    postId: message.postId ?? null,
    url: deleted ? null : (message.url ?? null),
    sentiment: deleted ? null : (message.sentiment ?? null),
    call: message.call ? presentCall(message.call) : null,
    template: deleted ? null : (message.template ?? null),
    authorId: message.authorId ?? null,
    letter: deleted ? null : (message.letter ?? null),
    hasWhole: !deleted && (message.hasWhole ?? false),
    // An opaque id: whoever may not see that conversation is told that there is none.
    relatedId: message.relatedId ?? null,
    alsoChannelIds: [...(message.alsoChannelIds ?? [])],
    automatic: message.automatic ?? false,
    mentions: [...(message.mentions ?? [])],
    sentElsewhere: message.sentElsewhere,
    text: deleted ? '' : message.text,
    editedAt: message.editedAt?.toISOString() ?? null,
    deletedAt: message.deletedAt?.toISOString() ?? null,
    groupKey: message.groupKey ?? null,
    // A call's recording has a way of its own.
    attachments: deleted || message.call ? [] : message.attachments.map(presentAttachment),
    reactions: message.reactions.flatMap((reaction) =>
      reaction.emoji.map((emoji) => ({ by: reaction.by, emoji })),
    ),
    delivery: delivery
      ? {
          state: delivery.state,
          attempt: delivery.attempt,
          error: delivery.error
            ? {
                class: delivery.error.class,
                code: delivery.error.code,
                message: delivery.error.message,
              }
            : null,
          nextAt: iso(delivery.nextAt),
          needsConfirm: delivery.needsConfirm,
          warning: delivery.pieces.find((piece) => piece.warning)?.warning ?? null,
          pieces: delivery.pieces.map((piece) => ({ state: piece.state })),
        }
      : null,
    event: event ? { type: event.type, data: event.data } : null,
    imported: message.imported,
  };
}

function presentAttachment(attachment: AttachmentDoc): Message['attachments'][number] {
  return {
    // What a browser asks for is the file; until there is one, the attachment's own id tells it from its neighbours.
    id: attachment.fileId ?? attachment.id,
    name: attachment.name,
    type: attachment.type,
    bytes: attachment.bytes ?? null,
    width: attachment.width ?? null,
    height: attachment.height ?? null,
    duration: attachment.duration ?? null,
    state: attachment.state,
    error: attachment.error ?? null,
    inline: attachment.inline ?? false,
    danger: attachment.danger ?? null,
  };
}

export function presentTombstone(tombstone: TombstoneDoc): Tombstone {
  return {
    id: tombstone.messageId,
    conversationId: tombstone.conversationId,
    version: tombstone.version,
    movedTo: tombstone.movedTo,
  };
}

export function presentEntry(entry: MessageDoc | TombstoneDoc): TimelineEntry {
  return 'movedTo' in entry ? presentTombstone(entry) : presentMessage(entry);
}

/** Dates inside a Mixed field come back from the driver as Dates, and from a document just built as it was built. */
const iso = (date: Date | string | null | undefined) => (date ? new Date(date).toISOString() : null);

function presentCall({ heard: _heard, ...call }: CallDoc): Call {
  return {
    ...call,
    startedAt: new Date(call.startedAt).toISOString(),
    answeredAt: iso(call.answeredAt),
    endedAt: iso(call.endedAt),
  };
}
