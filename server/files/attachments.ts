import { ConnectorError, type RawEvent } from '../../connectors/connector.ts';
import { AppError } from '../../shared/errors.ts';
import { recordingState } from '../calls/call.recording.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorContext, connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { previewAfterChange } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { InboundDoc } from '../inbound/inbound.model.ts';
import { rawEventOf } from '../inbound/inbound.payload.ts';
import { scrub } from '../log.ts';
import { commit } from '../messages/commit.ts';
import type { AttachmentDoc, MessageDoc } from '../messages/message.model.ts';
import type { FileDoc } from './file.model.ts';

/** The largest file that a customer may send us. */
const maxBytes = 50 * 1024 * 1024;
const callMs = 60_000;
const everyMs = 5_000;
/** What was only just stored is woken, not swept. */
const sweepAfterMs = 30_000;
const batch = 200;
const maxAttempts = 8;
const firstWaitMs = 5_000;
const longestWaitMs = 10 * 60_000;

export interface AttachmentOptions {
  concurrency?: number;
  everyMs?: number;
  /** Of one download. */
  callMs?: number;
  maxBytes?: number;
}

/**
 * Fetches the media of inbound messages, apart from their intake: woken by the commit that brings them, and swept. A file is kept
 * only when it is whole and within the size; what may do harm is marked. @returns ends it; a download under way is dropped and begun again later
 */
export function startAttachments(ctx: Context, options: AttachmentOptions = {}): () => Promise<void> {
  const stop = new AbortController();
  const pauses = new Map<string, { attempts: number; until: number }>();
  const fetchOne = async (messageId: string) => {
    const pause = pauses.get(messageId);
    if (stop.signal.aborted || (pause && pause.until > ctx.now().getTime())) return;
    const attempts = (pause?.attempts ?? 0) + 1;
    const again = await fetchAttachments(ctx, messageId, {
      ...options,
      signal: stop.signal,
      last: attempts >= maxAttempts,
    });
    if (again === null || stop.signal.aborted) {
      pauses.delete(messageId);
      return;
    }
    const waitMs = Math.max(again, Math.min(longestWaitMs, firstWaitMs * 2 ** (attempts - 1)));
    pauses.set(messageId, { attempts, until: ctx.now().getTime() + waitMs });
    ctx.queue.wake('attachment', messageId, { delayMs: waitMs + 5 });
  };
  ctx.queue.work('attachment', options.concurrency ?? 2, fetchOne);
  const off = ctx.bus.on('conversation.changed', ({ messages }) => {
    for (const message of messages)
      if ('attachments' in message && message.attachments.some(isPending))
        ctx.queue.wake('attachment', message._id);
  });

  let sweeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sweeping.then(() =>
      sweepAttachments(ctx).catch((error) => ctx.log.warn({ err: error }, 'attachment sweep failed')),
    );
  }, options.everyMs ?? everyMs);
  timer.unref();
  return async () => {
    off();
    clearInterval(timer);
    stop.abort();
    await sweeping;
  };
}

/** Wakes what is still to be fetched: a server may have gone with it. */
export async function sweepAttachments(ctx: Context): Promise<void> {
  const before = new Date(ctx.now().getTime() - sweepAfterMs);
  const messages = await ctx.models.messages
    .find({ 'attachments.state': 'pending', receivedAt: { $lt: before } }, { _id: 1 })
    .sort({ receivedAt: 1 })
    .limit(batch)
    .lean<Pick<MessageDoc, '_id'>[]>();
  for (const { _id } of messages) ctx.queue.wake('attachment', _id);
}

const isPending = (attachment: Pick<AttachmentDoc, 'state'>) => attachment.state === 'pending';

type Fetched = { file: FileDoc } | { failed: string } | { again: number };

/**
 * Everything pending of one message.
 * @param options.last this attempt's faults are final
 * @returns null when nothing is left to fetch; else after how many milliseconds, at the least, to try again
 */
export async function fetchAttachments(
  ctx: Context,
  messageId: string,
  options: AttachmentOptions & { signal?: AbortSignal; last?: boolean } = {},
): Promise<number | null> {
  const message = await ctx.models.messages.findById(messageId).lean<MessageDoc>();
  let again: number | null = null;
  for (const attachment of message?.attachments.filter(isPending) ?? []) {
    if (!message) break;
    const fetched = await fetchOne(ctx, { message, attachment, options });
    if ('again' in fetched && !options.last) again = Math.max(again ?? 0, fetched.again);
    else
      await settle(ctx, {
        message,
        attachmentId: attachment.id,
        fetched:
          'again' in fetched ? { failed: 'The provider could not be reached for this file.' } : fetched,
      });
  }
  return again;
}

async function fetchOne(
  ctx: Context,
  about: {
    message: MessageDoc;
    attachment: AttachmentDoc;
    options: AttachmentOptions & { signal?: AbortSignal };
  },
): Promise<Fetched> {
  const { message, attachment, options } = about;
  const signals = [
    AbortSignal.timeout(options.callMs ?? callMs),
    ...(options.signal ? [options.signal] : []),
  ];
  const signal = AbortSignal.any(signals);
  try {
    const channel = await ctx.models.channels.findById(message.channelId).lean<ChannelDoc>();
    const connector = channel && connectorOf(ctx, channel);
    if (!channel || !connector?.download || !attachment.ref)
      return { failed: 'This channel cannot fetch files.' };
    const { body } = await connector.download(attachment.ref, {
      ...connectorContext(ctx, channel),
      signal,
      event: () => eventOf(ctx, attachment),
    });
    const file = await ctx.files.put(until(body, signal), {
      name: attachment.name,
      maxBytes: options.maxBytes ?? maxBytes,
      authorId: null,
      conversationId: message.conversationId,
    });
    return { file };
  } catch (error) {
    return faultOf(ctx, { error, message, attachment });
  }
}

/** @throws ConnectorError permanent when the event or its bytes are gone */
async function eventOf(ctx: Context, attachment: AttachmentDoc): Promise<RawEvent> {
  const doc = attachment.inboundId
    ? await ctx.models.inbound.findById(attachment.inboundId).lean<InboundDoc>()
    : null;
  if (doc?.payload || doc?.fileId) return rawEventOf(ctx, doc);
  throw new ConnectorError({
    class: 'permanent',
    code: 'eventGone',
    message: 'The message it came in was removed meanwhile: raw messages are kept for thirty days.',
  });
}

function faultOf(
  ctx: Context,
  about: { error: unknown; message: MessageDoc; attachment: AttachmentDoc },
): Fetched {
  const { error } = about;
  ctx.log.warn(
    { err: error, message: about.message._id, attachment: about.attachment.id },
    'a file was not fetched',
  );
  if (error instanceof AppError && error.code === 'tooLarge') return { failed: error.message };
  if (error instanceof ConnectorError && error.class === 'permanent') return { failed: scrub(error.message) };
  if (error instanceof ConnectorError && error.retryAt)
    return { again: Math.max(0, error.retryAt.getTime() - ctx.now().getTime()) };
  return { again: 0 };
}

/** The bytes as they come, but no longer than until the signal: a source that hangs holds nobody. */
async function* until(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const source = body[Symbol.asyncIterator]();
  const aborted = new Promise<never>((_, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
  });
  aborted.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await Promise.race([source.next(), aborted]);
      if (done) return;
      yield value;
    }
  } finally {
    // Not awaited: a source that hangs would hang here too.
    source.return?.()?.catch(() => undefined);
  }
}

/** Says what became of it, unless the message was deleted or another node was first: then the file is nobody's. */
async function settle(
  ctx: Context,
  about: { message: MessageDoc; attachmentId: string; fetched: { file: FileDoc } | { failed: string } },
): Promise<void> {
  const { message, attachmentId, fetched } = about;
  const written = await commit(ctx, async (tx) => {
    const { session } = tx;
    const now = await tx.models.messages.findById(message._id, null, { session }).lean<MessageDoc>();
    const conversation =
      now &&
      (await tx.models.conversations.findById(now.conversationId, null, { session }).lean<ConversationDoc>());
    if (!now || !conversation || now.deletedAt) return false;
    if (!now.attachments.some((one) => one.id === attachmentId && isPending(one))) return false;
    const attachments = now.attachments.map((one) => (one.id === attachmentId ? after(one, fetched) : one));
    await tx.raise(conversation, { set: previewAfterChange(conversation, { ...now, attachments }) });
    const call = now.call && { ...now.call, recording: recordingState(attachments) };
    await tx.change(now, { set: { attachments, ...(call && { call }) } });
    // The message moved while its file was being fetched: whoever may read it there may read the file.
    if ('file' in fetched && fetched.file.conversationId !== now.conversationId)
      await tx.models.files.updateOne(
        { _id: fetched.file._id },
        { $set: { conversationId: now.conversationId } },
        { session },
      );
    return true;
  });
  if (!written && 'file' in fetched) await ctx.files.remove(fetched.file._id);
}

function after(attachment: AttachmentDoc, fetched: { file: FileDoc } | { failed: string }): AttachmentDoc {
  if ('failed' in fetched) return { ...attachment, state: 'failed', error: fetched.failed.slice(0, 300) };
  const { file } = fetched;
  return {
    ...attachment,
    // What can be asked for is the file.
    id: file._id,
    fileId: file._id,
    type: file.type,
    bytes: file.bytes,
    width: file.width ?? attachment.width,
    height: file.height ?? attachment.height,
    danger: file.danger ?? null,
    state: 'ready',
    error: null,
  };
}
