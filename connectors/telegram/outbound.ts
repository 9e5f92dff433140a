import { splitText } from '../../shared/text/split.ts';
import {
  type ConnectorContext,
  ConnectorError,
  type OutboundFile,
  type OutboundMessage,
  type Piece,
  type SendRequest,
  type SendResult,
} from '../connector.ts';
import { ChatMigrated, call } from './client.ts';
import { accountRef, externalIdOf, type Face, scopeOf } from './face.ts';
import { placeIn } from './group.ts';

/** A short text goes under the first file; a longer one before all of them. */
export function pieces(face: Face, message: OutboundMessage): Piece[] {
  for (const file of message.files) checkSize(face, file);
  const text = message.text.trim();
  const [first, ...rest] = message.files;
  if (!first) {
    if (!text)
      throw new ConnectorError({
        class: 'permanent',
        code: 'empty',
        message: 'A message needs some text or a file.',
      });
    return splitText(text, face.maxText).map((part) => ({ kind: 'text', text: part }));
  }
  const fits = text.length <= face.maxCaption;
  const before: Piece[] = fits
    ? []
    : splitText(text, face.maxText).map((part) => ({ kind: 'text', text: part }));
  return [
    ...before,
    { kind: 'file', text: fits ? text : '', file: first },
    ...rest.map((file): Piece => ({ kind: 'file', text: '', file })),
  ];
}

function checkSize(face: Face, file: OutboundFile): void {
  if (file.bytes <= face.maxUpload) return;
  throw new ConnectorError({
    class: 'permanent',
    code: 'tooLarge',
    message: `“${file.name}” is over ${face.maxUpload / 1024 / 1024} MB, more than a ${face.name} bot may send.`,
  });
}

export async function send(face: Face, request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  const bot = accountRef(context.settings);
  const to = whereTo(face, request);
  const { method, payload } = await prepare(face, request, context);
  const post = (chat_id: string) =>
    call<{ message_id: number; chat: { id: number } }>(face, context, {
      method,
      payload: { chat_id, ...to.beside, ...payload() },
      effect: true,
      signal: request.signal,
    });
  const sent = await post(to.chat).catch((error: unknown) => {
    if (error instanceof ChatMigrated) return post(error.chatId);
    throw request.visibility === 'public' ? ofTheGroup(face, error) : error;
  });
  if (!Number.isSafeInteger(sent?.message_id) || !Number.isSafeInteger(sent?.chat?.id)) {
    throw new ConnectorError({
      class: 'unknown',
      code: 'badAnswer',
      message: `${face.name} said yes without naming the message: it may have taken it or not.`,
    });
  }
  return { externalIds: [externalIdOf(sent.chat.id, sent.message_id)], scope: scopeOf(face, bot) };
}

interface Where {
  chat: string;
  beside: Record<string, number>;
}

/** In public into the group, in private to the person. */
function whereTo(face: Face, { visibility, threadKey, to }: SendRequest): Where {
  if (visibility !== 'public') return { chat: chatOf(face, to), beside: {} };
  const place = placeIn(threadKey);
  if (place) {
    return {
      chat: String(place.chat),
      beside: place.topic === null ? {} : { message_thread_id: place.topic },
    };
  }
  throw new ConnectorError({
    class: 'permanent',
    code: 'noGroup',
    message: `A public answer on ${face.name} goes into a group, and this thread is of none.`,
  });
}

/** That the bot was put out of a group says nothing of whom it wrote to. */
function ofTheGroup(face: Face, error: unknown): unknown {
  if (!(error instanceof ConnectorError) || !error.unreachable) return error;
  return new ConnectorError({
    class: 'permanent',
    code: error.code,
    message: `${error.message} The bot is in this group no more, or may not write in it: ask an administrator of the group on ${face.name}.`,
  });
}

type Prepared = {
  method: 'sendMessage' | 'sendPhoto' | 'sendDocument';
  payload: () => Record<string, unknown>;
};

/** Plain text: no markup is asked for. The file is read whole before the call, so that a file of ours that fails has sent nothing. */
async function prepare(face: Face, request: SendRequest, context: ConnectorContext): Promise<Prepared> {
  const { piece } = request;
  const quote = quoteOf(face, request);
  if (piece.kind === 'text')
    return { method: 'sendMessage', payload: () => ({ text: piece.text, ...quote }) };
  const { file } = piece;
  if (!file)
    throw new ConnectorError({
      class: 'permanent',
      code: 'noFile',
      message: 'This part of the message names no file.',
    });
  const source = await readWhole(face, file, context);
  const photo = /^image\/(jpeg|png|webp)$/.test(file.type) && source.byteLength <= face.maxPhoto;
  const caption = piece.text ? { caption: piece.text } : {};
  // In a form every field is text: structured ones travel as JSON.
  const form = Object.fromEntries(
    Object.entries(quote).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  const media = { source, filename: file.name };
  return photo
    ? { method: 'sendPhoto', payload: () => ({ photo: media, ...caption, ...form }) }
    : { method: 'sendDocument', payload: () => ({ document: media, ...caption, ...form }) };
}

/** Only what was said in the same chat can be quoted: a hand-over from a group quotes nothing. */
function quoteOf(face: Face, { inReplyTo, visibility, threadKey, to }: SendRequest): Record<string, unknown> {
  const [chat, message] = inReplyTo?.split(':') ?? [];
  const here = visibility === 'public' ? String(placeIn(threadKey)?.chat) : to.value;
  const id = Number(message);
  if (chat !== here || !Number.isSafeInteger(id)) return {};
  return face.quotesBy === 'reply_to_message_id'
    ? { reply_to_message_id: id }
    : { reply_parameters: { message_id: id, allow_sending_without_reply: true } };
}

async function readWhole(face: Face, file: OutboundFile, context: ConnectorContext): Promise<Buffer> {
  checkSize(face, file);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of context.openFile(file.id)) chunks.push(chunk);
  } catch (cause) {
    throw new ConnectorError({
      class: 'retryable',
      code: 'file',
      message: `The stored file “${file.name}” could not be read; nothing was sent.`,
      cause,
    });
  }
  return Buffer.concat(chunks);
}

function chatOf(face: Face, to: OutboundMessage['to']): string {
  if (to.kind === face.kind && /^\d{1,16}$/.test(to.value)) return to.value;
  throw new ConnectorError({
    class: 'permanent',
    code: 'badAddress',
    message: `A bot writes to ${face.name} users; ${to.kind} ${to.value} is none.`,
  });
}
