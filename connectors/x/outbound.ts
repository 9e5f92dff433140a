import { splitText } from '../../shared/text/split.ts';
import { splitWeighted } from '../../shared/text/weighted.ts';
import {
  type ConnectorContext,
  ConnectorError,
  type OutboundFile,
  type OutboundMessage,
  type Piece,
  type SendRequest,
  type SendResult,
} from '../connector.ts';
import { call, upload } from './client.ts';
import {
  accountRef,
  fileTypes,
  maxAnimation,
  maxDirect,
  maxPicture,
  maxPost,
  picturesOfPost,
  scopeOfDirect,
  scopeOfPosts,
} from './config.ts';
import { badAnswer } from './errors.ts';
import { id, object, text } from './json.ts';

/** A post takes four pictures, a direct message one file; a longer text goes before what is left of them. */
export function pieces(message: OutboundMessage): Piece[] {
  for (const file of message.files) checkFile(file);
  const said = message.text.trim();
  const open = message.visibility === 'public';
  const texts = open ? splitWeighted(said, maxPost) : splitText(said, maxDirect);
  const groups = open ? groupsOf(message.files) : message.files.map((file) => [file]);
  if (texts.length === 0 && groups.length === 0)
    throw refused('empty', 'A message needs some text or a file.');
  // The last part of the text stands over the first file.
  const last = groups.length > 0 ? (texts.pop() ?? '') : null;
  return [
    ...texts.map((part): Piece => ({ kind: 'text', text: part })),
    ...groups.map(
      ([first, ...rest], index): Piece => ({
        kind: 'file',
        text: index === 0 ? (last ?? '') : '',
        ...(first ? { file: first } : {}),
        ...(rest.length > 0 ? { files: rest } : {}),
      }),
    ),
  ];
}

const isPicture = (file: OutboundFile): boolean => /^image\/(jpeg|png|webp)$/.test(file.type);

/** Pictures that follow one another share a post. */
function groupsOf(files: readonly OutboundFile[]): OutboundFile[][] {
  const groups: OutboundFile[][] = [];
  for (const file of files) {
    const open = groups.at(-1);
    const joins = open && open.length < picturesOfPost && isPicture(file) && open.every(isPicture);
    if (joins) open.push(file);
    else groups.push([file]);
  }
  return groups;
}

function checkFile(file: OutboundFile): void {
  if (!fileTypes.includes(file.type)) {
    throw refused(
      'badType',
      `X takes pictures (JPEG, PNG, WebP), GIF and MP4; “${file.name}” is ${file.type}.`,
    );
  }
  const most = isPicture(file) ? maxPicture : file.type === 'image/gif' ? maxAnimation : null;
  if (most !== null && file.bytes > most)
    throw refused(
      'tooLarge',
      `“${file.name}” is over ${most / 1024 / 1024} MB, more than X takes of its kind.`,
    );
}

export async function send(request: SendRequest, context: ConnectorContext): Promise<SendResult> {
  const to = userOf(request.to);
  const open = request.visibility === 'public';
  // Found out before anything is uploaded.
  const answers = open ? answeredBy(request) : null;
  const media = await uploaded(request, context, open ? 'tweet' : 'dm');
  return answers ? post(request, context, { answers, media }) : direct(request, context, { to, media });
}

async function direct(
  { piece, signal }: SendRequest,
  context: ConnectorContext,
  { to, media }: { to: string; media: string[] },
): Promise<SendResult> {
  const body = {
    ...(piece.text ? { text: piece.text } : {}),
    ...(media.length > 0 ? { attachments: media.map((media_id) => ({ media_id })) } : {}),
  };
  const options = { effect: true, signal };
  const { data } = await call(
    context,
    (v2) => v2.post('dm_conversations/with/:id/messages', body, { params: { id: to }, fullResponse: true }),
    options,
  );
  const sent = id(object(data.data)?.dm_event_id);
  if (!sent) throw badAnswer(options);
  return { externalIds: [sent], scope: scopeOfDirect(accountRef(context.settings)) };
}

async function post(
  { piece, signal }: SendRequest,
  context: ConnectorContext,
  { answers, media }: { answers: string; media: string[] },
): Promise<SendResult> {
  const body = {
    ...(piece.text ? { text: piece.text } : {}),
    reply: { in_reply_to_tweet_id: answers },
    ...(media.length > 0 ? { media: { media_ids: media } } : {}),
  };
  const options = { effect: true, signal };
  const { data } = await call(context, (v2) => v2.post('tweets', body, { fullResponse: true }), options);
  const sent = id(object(data.data)?.id);
  if (!sent) throw badAnswer(options);
  return { externalIds: [sent], scope: scopeOfPosts(accountRef(context.settings)) };
}

/** What a public answer stands beneath: the message it answers, else the post of its thread. */
function answeredBy({ inReplyTo, threadKey }: SendRequest): string {
  const answered = id(inReplyTo) ?? id(threadKey.replace(/^post:/, ''));
  if (answered) return answered;
  throw refused('noPost', 'A public answer needs a post that it answers, and this one names none.');
}

async function uploaded(
  { piece, signal }: SendRequest,
  context: ConnectorContext,
  way: 'dm' | 'tweet',
): Promise<string[]> {
  if (piece.kind === 'file' && !piece.file)
    throw refused('noFile', 'This part of the message names no file.');
  const ids: string[] = [];
  for (const file of [...(piece.file ? [piece.file] : []), ...(piece.files ?? [])]) {
    checkFile(file);
    const body = await readWhole(file, context);
    const kind = isPicture(file) ? 'image' : file.type === 'image/gif' ? 'gif' : 'video';
    ids.push(await upload(context, { body, type: file.type, category: `${way}_${kind}` }, signal));
  }
  return ids;
}

async function readWhole(file: OutboundFile, context: ConnectorContext): Promise<Buffer> {
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

function userOf(to: OutboundMessage['to']): string {
  if (to.kind === 'xUser' && id(to.value)) return to.value;
  throw refused('badAddress', `On X one writes to its users; ${to.kind} ${text(to.value)} is none.`);
}

function refused(code: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code, message });
}
