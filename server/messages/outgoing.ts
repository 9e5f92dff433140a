import {
  ConnectorError,
  type OutboundFile,
  type OutboundLetter,
  type OutboundMessage,
  type OutboundTemplate,
  type Piece,
} from '../../connectors/connector.ts';
import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { type Capabilities, isNameOnly } from '../../shared/connector.ts';
import { AppError, type ErrorReason } from '../../shared/errors.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { channelSettings, connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { reached } from '../customers/identity.ts';
import type { FileDoc } from '../files/file.model.ts';
import type { Tx } from './commit.ts';
import type { AttachmentDoc } from './message.model.ts';

/** @throws AppError forbidden when the channel is not the viewer's */
export function mustUseChannel(viewer: Viewer, channelId: string): void {
  if (!canUseChannel(viewer, channelId))
    throw new AppError({ code: 'forbidden', message: 'This channel is not one of yours.' });
}

/** @throws AppError 409 while nothing may be queued on it */
export async function connectedChannel(tx: Tx, channelId: string): Promise<ChannelDoc> {
  const channel = await tx.models.channels
    .findById(channelId, null, { session: tx.session })
    .lean<ChannelDoc>();
  if (!channel) throw badTarget('There is no such channel.');
  if (channel.state !== 'connected')
    throw new AppError({
      code: 'conflict',
      reason: 'channelUnavailable',
      message:
        channel.state === 'paused'
          ? `The channel “${channel.name}” is paused: nothing leaves on it until an administrator resumes it.`
          : `The channel “${channel.name}” is archived: choose another one.`,
    });
  return channel;
}

/**
 * Can this channel write to this identity? To any of its kinds where an agent may write first; else to those it has met. Whoever is known
 * by a name alone is answered in public and not written to.
 * @throws AppError 422 badTarget
 */
export function mustReach(
  ctx: Context,
  channel: ChannelDoc,
  identity: IdentityDoc,
  { inPublic = false }: { inPublic?: boolean } = {},
): void {
  const { capabilities } = connectorOf(ctx, channel).manifest;
  const { kinds, canStart } = capabilities;
  const to = reached(identity);
  if (!inPublic && kinds.includes(to.kind) && isNameOnly(capabilities, to))
    throw badTarget(
      `Only the user name of ${identity.display} is known on “${channel.name}”: answer in public what they said there.`,
    );
  if (!kinds.includes(to.kind))
    throw badTarget(`The channel “${channel.name}” cannot write to ${identity.display}.`);
  if (canStart === 'known' && !identity.channelIds.includes(channel._id))
    throw badTarget(`${identity.display} has not written to “${channel.name}”, which cannot write first.`);
}

export function badTarget(message: string, reason: ErrorReason = 'badTarget'): AppError {
  return new AppError({ code: 'invalid', reason, message });
}

/**
 * The thread that a conversation's first message to somebody belongs to. Where channels keep threads apart it is the conversation's own:
 * two cases of one customer are two threads.
 */
export function firstThread(
  ctx: Context,
  of: { channel: ChannelDoc; identity: IdentityDoc; conversationId: string },
): string {
  const connector = connectorOf(ctx, of.channel);
  const usual = connector.threadFor(reached(of.identity), channelSettings(ctx, of.channel));
  return connector.manifest.capabilities.threading === 'thread' ? `${usual}:${of.conversationId}` : usual;
}

/**
 * The files of a message, uploaded before by its author and not yet in another conversation.
 * @throws AppError invalid
 */
export async function ownFiles(
  tx: Tx,
  options: { viewer: Viewer; conversationId: string; fileIds: readonly string[] },
): Promise<FileDoc[]> {
  const { viewer, conversationId, fileIds } = options;
  if (!fileIds.length) return [];
  const ids = [...new Set(fileIds)];
  const found = await tx.models.files
    .find({ _id: { $in: ids }, authorId: viewer.id }, null, { session: tx.session })
    .lean<FileDoc[]>();
  return ids.map((id) => {
    const file = found.find((one) => one._id === id);
    if (!file || (file.conversationId && file.conversationId !== conversationId))
      throw invalid('fileIds', 'One of the files is not there, or not yours to send here.');
    return file;
  });
}

/** From now on whoever may read the conversation may read its files. */
export async function bindFiles(
  tx: Tx,
  options: { files: FileDoc[]; conversationId: string },
): Promise<void> {
  const ids = options.files.map((file) => file._id);
  if (!ids.length) return;
  await tx.models.files.updateMany(
    { _id: { $in: ids } },
    { $set: { conversationId: options.conversationId } },
    { session: tx.session },
  );
}

export function attachmentOf(file: FileDoc): AttachmentDoc {
  const { _id, name, type, bytes, width, height, danger } = file;
  return {
    id: _id,
    name,
    type,
    bytes,
    width,
    height,
    duration: null,
    state: 'ready',
    error: null,
    inline: false,
    danger: danger ?? null,
    contentId: null,
    ref: null,
    inboundId: null,
    fileId: _id,
  };
}

/**
 * The calls this message needs, within what the channel can carry.
 * @throws AppError invalid, with the field that is too much
 */
export function piecesFor(
  ctx: Context,
  options: {
    channel: ChannelDoc;
    identity: IdentityDoc;
    text: string;
    threadKey: string;
    files: FileDoc[];
    letter?: OutboundLetter | undefined;
    /** Said before all: where it stands, and how long it may be, differ from what is said to one. */
    inPublic?: boolean;
    template?: OutboundTemplate | undefined;
  },
): Piece[] {
  const { channel, identity, text, threadKey, files, letter, inPublic, template } = options;
  const connector = connectorOf(ctx, channel);
  mustCarry(connector.manifest.capabilities.attachments, files);
  const message: OutboundMessage = {
    text,
    files: files.map(({ _id, name, type, bytes }): OutboundFile => ({ id: _id, name, type, bytes })),
    to: reached(identity),
    threadKey,
    ...(letter ? { letter } : {}),
    ...(inPublic ? { visibility: 'public' as const } : {}),
    ...(template ? { template } : {}),
  };
  try {
    const pieces = connector.pieces(message, channelSettings(ctx, channel));
    if (pieces.length) return pieces;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    throw invalid(template ? 'template.values' : files.length ? 'fileIds' : 'text', error.message);
  }
  throw invalid('text', 'There is nothing in this message to send.');
}

function mustCarry(can: Capabilities['attachments'], files: FileDoc[]): void {
  if (!files.length) return;
  if (!can) throw invalid('fileIds', 'This channel cannot carry files.');
  if (files.length > can.perMessage)
    throw invalid('fileIds', `This channel carries at most ${can.perMessage} files in one message.`);
  for (const file of files) {
    if (file.bytes > can.maxBytes)
      throw invalid(
        'fileIds',
        `“${file.name}” is larger than the ${can.maxBytes} bytes this channel carries.`,
      );
    if (can.types.length && !can.types.some((type) => fits(file.type, type)))
      throw invalid('fileIds', `This channel does not carry files like “${file.name}” (${file.type}).`);
  }
}

/** `image/*` is a family, anything else a type. */
const fits = (type: string, allowed: string) =>
  allowed.endsWith('/*') ? type.startsWith(allowed.slice(0, -1)) : type === allowed;

export function invalid(field: string, message: string): AppError {
  return new AppError({ code: 'invalid', message, fields: { [field]: message } });
}
