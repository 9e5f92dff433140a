import { splitText } from '../../shared/text/split.ts';
import type {
  ConnectorContext,
  OutboundFile,
  OutboundMessage,
  Piece,
  SendRequest,
  SendResult,
} from '../connector.ts';
import { graph } from '../meta/client.ts';
import { recipientOf } from '../meta/face.ts';
import { objectId } from '../meta/json.ts';
import { blobOf, placeOf, refused, sendPrivate, sentAs } from '../meta/send.ts';
import { face, maxComment, maxText, maxUpload } from './config.ts';

/** A text first, then its files, each a message of its own; a comment has room for one picture beside its words. */
export function pieces(message: OutboundMessage): Piece[] {
  for (const file of message.files) checkFile(file, message.visibility === 'public');
  const text = message.text.trim();
  if (!text && message.files.length === 0) throw refused('empty', 'A message needs some text or a file.');
  if (message.visibility !== 'public')
    return [
      ...splitText(text, maxText).map((part): Piece => ({ kind: 'text', text: part })),
      ...message.files.map((file): Piece => ({ kind: 'file', text: '', file })),
    ];
  const parts = splitText(text, maxComment);
  const [first, ...rest] = message.files;
  const last = parts.length > 0 ? (parts.pop() ?? '') : '';
  return [
    ...parts.map((part): Piece => ({ kind: 'text', text: part })),
    first ? { kind: 'file', text: last, file: first } : { kind: 'text', text: last },
    ...rest.map((file): Piece => ({ kind: 'file', text: '', file })),
  ];
}

function checkFile(file: OutboundFile, inPublic: boolean): void {
  if (file.bytes > maxUpload)
    throw refused('tooLarge', `“${file.name}” is over 25 MB, more than Messenger takes.`);
  if (inPublic && !/^image\/(png|jpeg|gif|webp)$/.test(file.type))
    throw refused('badType', `“${file.name}” is no picture; a comment on Facebook takes nothing else.`);
}

export async function send(request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  if (request.visibility !== 'public') return sendPrivate(face, request, context);
  const { piece, signal } = request;
  recipientOf(face, context.settings, request.to);
  const { comment, post } = placeOf(request);
  const form = new FormData();
  if (piece.text) form.set('message', piece.text);
  if (piece.file) form.set('source', await blobOf(piece.file, context), piece.file.name);
  const { body } = await graph(context, {
    method: 'POST',
    path: `/${comment ?? post}/comments`,
    form,
    effect: true,
    signal,
  });
  return sentAs(face, context, objectId(body.id));
}
