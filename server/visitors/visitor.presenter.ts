import type { VisitorFile, VisitorMessage } from '../../shared/visitor.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import type { FileDoc } from '../files/file.model.ts';
import type { AttachmentDoc, MessageDoc } from '../messages/message.model.ts';
import type { UserDoc } from '../users/user.model.ts';
import { isShown } from './visitor.number.ts';

/** What must be known beside a message to show it to its visitor. */
export interface Shown {
  /** User id → name. */
  names: ReadonlyMap<string, string>;
  teamReadAt: Date | null;
}

/**
 * The one way in which anything of a conversation is told to a visitor: field by field, so that what is added to messages for the team
 * stays with the team.
 * @throws Error on what is not to be shown: whoever asks for that has a fault
 */
export function presentForVisitor(message: MessageDoc, { names, teamReadAt }: Shown): VisitorMessage {
  if (!isShown(message)) throw new Error(`Message ${message._id} is not a visitor's to see.`);
  const own = message.direction === 'in';
  const deleted = Boolean(message.deletedAt);
  return {
    id: own ? ownId(message) : message._id,
    seq: message.visitorSeq ?? 0,
    from: own ? 'visitor' : 'team',
    author: own || !message.authorId ? null : (names.get(message.authorId) ?? null),
    at: message.at.toISOString(),
    text: deleted ? '' : message.text,
    deleted,
    edited: !deleted && Boolean(message.editedAt),
    files: deleted ? [] : message.attachments.map(presentAttachment),
    state: own ? (teamReadAt && message.at <= teamReadAt ? 'read' : 'received') : null,
  };
}

/** The id their widget minted, without whose it is. */
function ownId(message: MessageDoc): string {
  const external = message.externalId ?? '';
  return external.slice(external.indexOf('/') + 1) || message._id;
}

function presentAttachment(attachment: AttachmentDoc): VisitorFile {
  const upload = typeof attachment.ref?.['fileId'] === 'string' ? attachment.ref['fileId'] : null;
  return {
    id: attachment.fileId ?? upload ?? attachment.id,
    name: attachment.name,
    type: attachment.type,
    bytes: attachment.bytes ?? null,
    width: attachment.width ?? null,
    height: attachment.height ?? null,
    // Their own upload is there to be asked for while it is still looked at.
    state: attachment.state === 'pending' && upload ? 'ready' : attachment.state,
    dangerous: Boolean(attachment.danger),
  };
}

export function presentUpload(file: FileDoc): VisitorFile {
  const { _id: id, name, type, bytes, width, height } = file;
  return { id, name, type, bytes, width, height, state: 'ready', dangerous: false };
}

/** These messages of one visitor, as they see them. */
export async function presentAllForVisitor(
  ctx: Context,
  identity: Pick<IdentityDoc, 'teamReadAt'> | null,
  messages: readonly MessageDoc[],
): Promise<VisitorMessage[]> {
  const shown: Shown = {
    names: await authorNames(
      ctx,
      messages.flatMap((message) =>
        message.direction === 'out' && message.authorId ? [message.authorId] : [],
      ),
    ),
    teamReadAt: identity?.teamReadAt ?? null,
  };
  return messages.map((message) => presentForVisitor(message, shown));
}

/** Names alone: nothing else of a colleague is a visitor's to know. */
export async function authorNames(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  if (!wanted.length) return new Map();
  const users = await ctx.models.users
    .find({ _id: { $in: wanted } }, { name: 1 })
    .lean<Pick<UserDoc, '_id' | 'name'>[]>()
    .exec();
  return new Map(users.map((user) => [user._id, user.name]));
}
