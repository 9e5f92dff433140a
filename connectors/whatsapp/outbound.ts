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
import { graph } from '../meta/client.ts';
import { id, list, messageId } from '../meta/json.ts';
import { blobOf, refused } from '../meta/send.ts';
import { accountRef, isPhone, isScopedId, limits, maxCaption, maxFile, maxText, scopeOf } from './config.ts';
import { rules } from './errors.ts';
import { componentsOf } from './templates.ts';

/** A template is one call; a short text goes under the first file that can bear one, a longer one before all of them. */
export function pieces(message: OutboundMessage): Piece[] {
  if (message.template)
    return [{ kind: 'template', text: message.template.shown, template: message.template }];
  for (const file of message.files)
    if (file.bytes > maxFile)
      throw refused('tooLarge', `“${file.name}” is over 100 MB, more than WhatsApp takes.`);
  const words = message.text.trim();
  const [first, ...rest] = message.files;
  if (!first) {
    if (!words) throw refused('empty', 'A message needs some text or a file.');
    return splitText(words, maxText).map((part) => ({ kind: 'text', text: part }));
  }
  const fits = words.length <= maxCaption && familyOf(first) !== 'audio';
  const before: Piece[] =
    fits || !words ? [] : splitText(words, maxText).map((part) => ({ kind: 'text', text: part }));
  return [
    ...before,
    { kind: 'file', text: fits ? words : '', file: first },
    ...rest.map((file): Piece => ({ kind: 'file', text: '', file })),
  ];
}

type Family = 'image' | 'audio' | 'video' | 'document';

/** (Meta: Media, Supported Media Types) What WhatsApp would not show goes as a document, which it never refuses. */
function familyOf({ type, bytes }: OutboundFile): Family {
  if (/^image\/(jpeg|png)$/.test(type) && bytes <= limits.image) return 'image';
  if (/^audio\/(aac|amr|mpeg|mp4|ogg)$/.test(type) && bytes <= limits.audio) return 'audio';
  if (/^video\/(mp4|3gpp)$/.test(type) && bytes <= limits.video) return 'video';
  return 'document';
}

/** (Meta: WhatsApp Cloud API, Send Messages) */
export async function send(request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  const { piece, inReplyTo, signal } = request;
  const number = accountRef(context.settings);
  const to = recipientOf(request.to);
  const content = await contentOf(piece, request, context);
  const { body } = await graph(context, {
    method: 'POST',
    path: `/${number}/messages`,
    json: {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...to,
      ...content,
      ...(inReplyTo ? { context: { message_id: inReplyTo } } : {}),
    },
    effect: true,
    signal,
    rules,
  });
  const externalId = messageId(list(body.messages)[0]?.id);
  if (externalId) return { externalIds: [externalId], scope: scopeOf(number) };
  throw new ConnectorError({
    class: 'unknown',
    code: 'badAnswer',
    message: 'WhatsApp said yes without naming the message: it may have taken it or not.',
  });
}

function recipientOf({ kind, value }: OutboundMessage['to']): { to: string } | { recipient: string } {
  if (kind === 'whatsappUser' && isPhone(value)) return { to: value };
  if (kind === 'whatsappUser' && isScopedId(value)) return { recipient: value };
  throw refused('badAddress', `WhatsApp writes to WhatsApp users; ${kind} ${value} is none.`);
}

async function contentOf(
  piece: Piece,
  { signal }: SendRequest,
  context: ConnectorContext,
): Promise<Record<string, unknown>> {
  if (piece.kind === 'template') {
    if (!piece.template) throw refused('noTemplate', 'This part of the message names no template.');
    const { name, language } = piece.template;
    const components = await componentsOf(piece.template, context, signal);
    return {
      type: 'template',
      template: { name, language: { code: language }, ...(components.length > 0 ? { components } : {}) },
    };
  }
  if (piece.kind === 'text') return { type: 'text', text: { body: piece.text, preview_url: false } };
  const { file } = piece;
  if (!file) throw refused('noFile', 'This part of the message names no file.');
  const family = familyOf(file);
  return {
    type: family,
    [family]: {
      id: await uploaded(file, context, signal),
      ...(piece.text && family !== 'audio' ? { caption: piece.text } : {}),
      ...(family === 'document' ? { filename: file.name } : {}),
    },
  };
}

/** A file goes up first and is then sent by its id: an upload that fails has sent nothing, however late. */
async function uploaded(file: OutboundFile, context: ConnectorContext, signal: AbortSignal): Promise<string> {
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('type', file.type);
  form.set('file', await blobOf(file, context), file.name);
  const { body } = await graph(context, {
    method: 'POST',
    path: `/${accountRef(context.settings)}/media`,
    form,
    signal,
    rules,
  });
  const mediaId = id(body.id);
  if (mediaId) return mediaId;
  throw new ConnectorError({
    class: 'retryable',
    code: 'badAnswer',
    message: 'WhatsApp took the file without giving it an id; nothing was sent.',
  });
}
