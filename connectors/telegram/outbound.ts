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
import { accountRef, externalIdOf, maxCaption, maxPhoto, maxText, maxUpload, scopeOf } from './config.ts';

/** A short text goes under the first file; a longer one before all of them. */
export function pieces(message: OutboundMessage): Piece[] {
  for (const file of message.files) checkSize(file);
  const text = message.text.trim();
  const [first, ...rest] = message.files;
  if (!first) {
    if (!text)
      throw new ConnectorError({
        class: 'permanent',
        code: 'empty',
        message: 'A message needs some text or a file.',
      });
    return splitText(text, maxText).map((part) => ({ kind: 'text', text: part }));
  }
  const fits = text.length <= maxCaption;
  const before: Piece[] = fits ? [] : splitText(text, maxText).map((part) => ({ kind: 'text', text: part }));
  return [
    ...before,
    { kind: 'file', text: fits ? text : '', file: first },
    ...rest.map((file): Piece => ({ kind: 'file', text: '', file })),
  ];
}

function checkSize(file: OutboundFile): void {
  if (file.bytes <= maxUpload) return;
  throw new ConnectorError({
    class: 'permanent',
    code: 'tooLarge',
    message: `“${file.name}” is over 50 MB, more than a Telegram bot may send.`,
  });
}

export async function send(request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  const bot = accountRef(context.settings);
  const { method, payload } = await prepare(request, context);
  const post = (chat_id: string) =>
    call<{ message_id: number; chat: { id: number } }>(
      context,
      method,
      { chat_id, ...payload() },
      {
        effect: true,
        signal: request.signal,
      },
    );
  const sent = await post(chatOf(request.to)).catch((error: unknown) => {
    if (error instanceof ChatMigrated) return post(error.chatId);
    throw error;
  });
  if (!Number.isSafeInteger(sent?.message_id) || !Number.isSafeInteger(sent?.chat?.id)) {
    throw new ConnectorError({
      class: 'unknown',
      code: 'badAnswer',
      message: 'Telegram said yes without naming the message: it may have taken it or not.',
    });
  }
  return { externalIds: [externalIdOf(sent.chat.id, sent.message_id)], scope: scopeOf(bot) };
}

type Prepared = {
  method: 'sendMessage' | 'sendPhoto' | 'sendDocument';
  payload: () => Record<string, unknown>;
};

/** Plain text: nothing in it is markup. The file is read whole before the call, so that a file of ours that fails has sent nothing. */
async function prepare({ piece, inReplyTo }: SendRequest, context: ConnectorContext): Promise<Prepared> {
  const replyTo = Number(inReplyTo?.split(':')[1]);
  const quote = Number.isSafeInteger(replyTo)
    ? { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }
    : {};
  if (piece.kind === 'text')
    return { method: 'sendMessage', payload: () => ({ text: piece.text, ...quote }) };
  const { file } = piece;
  if (!file)
    throw new ConnectorError({
      class: 'permanent',
      code: 'noFile',
      message: 'This part of the message names no file.',
    });
  const source = await readWhole(file, context);
  const photo = /^image\/(jpeg|png|webp)$/.test(file.type) && source.byteLength <= maxPhoto;
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

async function readWhole(file: OutboundFile, context: ConnectorContext): Promise<Buffer> {
  checkSize(file);
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

function chatOf(to: OutboundMessage['to']): string {
  if (to.kind === 'telegramUser' && /^\d{1,16}$/.test(to.value)) return to.value;
  throw new ConnectorError({
    class: 'permanent',
    code: 'badAddress',
    message: `A bot writes to Telegram users; ${to.kind} ${to.value} is none.`,
  });
}
