import { splitBytes } from '../../shared/text/bytes.ts';
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
import { objectId } from '../meta/json.ts';
import { placeOf, refused, sendPrivate, sentAs } from '../meta/send.ts';
import { face, instagramId, maxComment, maxPicture, maxTextBytes, maxUpload } from './config.ts';

/** A text first, then its files, each a message of its own. Comments are words alone. */
export function pieces(message: OutboundMessage): Piece[] {
  const text = message.text.trim();
  const inPublic = message.visibility === 'public';
  if (inPublic && message.files.length > 0)
    throw refused('noFiles', 'A comment on Instagram is words alone: send the file in private.');
  for (const file of message.files) checkFile(file);
  if (!text && message.files.length === 0) throw refused('empty', 'A message needs some text or a file.');
  const parts = inPublic ? splitText(text, maxComment) : splitBytes(text, maxTextBytes);
  return [
    ...parts.map((part): Piece => ({ kind: 'text', text: part })),
    ...message.files.map((file): Piece => ({ kind: 'file', text: '', file })),
  ];
}

function checkFile(file: OutboundFile): void {
  const picture = file.type.startsWith('image/');
  if (picture && !/^image\/(png|jpeg|gif)$/.test(file.type))
    throw refused('badType', `“${file.name}”: of pictures Instagram takes PNG, JPEG and GIF.`);
  if (!picture && !/^(audio|video)\//.test(file.type))
    throw refused('badType', `“${file.name}”: Instagram takes pictures, sound and films only.`);
  const most = picture ? maxPicture : maxUpload;
  if (file.bytes > most)
    throw refused('tooLarge', `“${file.name}” is over ${picture ? 8 : 25} MB, more than Instagram takes.`);
}

/** Of people who only named us elsewhere no more than the user name is known: they can be answered where they did. */
const byNameAlone = /^\d{5,25}:@[\w.]{1,64}$/;

export async function send(request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  if (request.visibility !== 'public') return sendPrivate(face, request, context);
  const { piece, signal, to } = request;
  const account = instagramId(context.settings);
  if (to.kind !== face.kind || !to.value.startsWith(`${account}:`))
    throw refused('badAddress', `Instagram answers people who wrote there; ${to.kind} ${to.value} is none.`);
  const { comment, post } = placeOf(request);
  const named = byNameAlone.test(to.value);
  const query: Record<string, string> = named
    ? { media_id: post, message: piece.text, ...(comment ? { comment_id: comment } : {}) }
    : { message: piece.text };
  const path = named ? `/${account}/mentions` : comment ? `/${comment}/replies` : `/${post}/comments`;
  const form = new FormData();
  for (const [name, value] of Object.entries(query)) form.set(name, value);
  const { body } = await graph(context, { method: 'POST', path, form, effect: true, signal });
  return sentAs(face, context, objectId(body.id));
}
