import type { ConnectorContext, InboundEvent, InboundPost } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { graph } from '../meta/client.ts';
import { hashOf } from '../meta/envelope.ts';
import { scopeOf, senderOf } from '../meta/face.ts';
import { ask, type ChangeSeeker } from '../meta/found.ts';
import { id, type Json, moment, object, text } from '../meta/json.ts';
import { ignored } from '../meta/messaging.ts';
import { commentEvent } from '../meta/public.ts';
import type { Cut } from '../meta/split.ts';
import { oneLine, webAddress } from '../meta/words.ts';
import { face } from './config.ts';
import { askWhoSpoke, whoSpoke } from './person.ts';

const commentFields = /^(live_)?comments$/;

/** A comment is told once, and never again when it is edited or deleted: Instagram has no word for that. */
export function keyOfChange(change: Json, time: number | null): string {
  const value = object(change.value);
  const field = text(change.field) ?? '';
  // A comment on a broadcast may come under both names.
  const comment = id(value?.id);
  if (commentFields.test(field) && comment) return `comment/${comment}`;
  const named = id(value?.comment_id) ?? id(value?.media_id);
  if (field === 'mentions' && named) return `mention/${named}`;
  return `change/${hashOf({ change, time })}`;
}

/** What happens in public around the account (Meta: Instagram Platform, webhooks: `comments`, `live_comments`, `mentions`). */
export function changeEvents(account: string, cut: Cut): InboundEvent[] {
  const field = text(cut.item.field) ?? '';
  const value = object(cut.item.value);
  if (value && commentFields.test(field)) return [commentOf(account, cut, value)];
  if (value && field === 'mentions') return mentionOf(account, cut, value);
  return [ignored(`A change of the account’s “${oneLine(field, 40)}”, not a message.`)];
}

function commentOf(account: string, cut: Cut, value: Json): InboundEvent {
  const comment = id(value.id);
  const media = id(object(value.media)?.id);
  const from = object(value.from);
  const author = id(from?.id);
  if (!comment || !media)
    throw new Error('A comment from Instagram does not say which it is, or under which post.');
  if (!author) throw new Error(`Comment ${comment} from Instagram does not say who wrote it.`);
  // Its own comments Instagram marks with the id under which the account would write to itself.
  const own = author === account || from?.self_ig_scoped_id !== undefined;
  return commentEvent(face, account, {
    comment: {
      id: comment,
      author: own ? { id: account } : { ...whoSpoke(cut.known, text(from?.username)), id: author },
      post: postOf(account, { media, found: object(cut.known?.post), ours: true }),
      parent: id(value.parent_id),
      text: text(value.text) || '📎',
      at: moment(cut.time),
      attachments: [],
      url: webAddress(object(cut.known?.post)?.permalink),
    },
    known: cut.known,
  });
}

/** Instagram says only where we were named; the words and their author were fetched when it came. */
function mentionOf(account: string, cut: Cut, value: Json): InboundEvent[] {
  const comment = id(value.comment_id);
  const media = id(value.media_id) ?? id(object(object(cut.known?.mention)?.media)?.id);
  // What was caught up with brought its words along.
  const found = object(value.media) ?? object(cut.known?.mention);
  if (!found || !media)
    throw new Error(
      'Instagram said only that the account was named in a post or comment; its words could not be fetched.',
    );
  const under = comment ? object(found.media) : found;
  if (comment && object(under?.owner))
    return [ignored('A mention under a post of our own: it came as a comment.')];
  const post = postOf(account, { media, found: under, ours: object(under?.owner) !== null });
  const username = text(found.username);
  const externalId = comment ?? media;
  const words = (comment ? text(found.text) : text(found.caption)) || '📎';
  const said = {
    text: words,
    at: moment(found.timestamp) ?? moment(cut.time),
    attachments: [],
    threadKey: `post:${media}`,
    post,
    ...(post.url ? { url: post.url } : {}),
  };
  const scope = scopeOf(face, account);
  if (!username || !/^[\w.]{1,64}$/.test(username)) {
    // Nobody can be answered whose name is not told: a hit for whoever listens.
    const author = senderOf(face, account, { id: `c${externalId}`, name: 'Instagram' });
    return [{ type: 'mention', kind: comment ? 'comment' : 'post', externalId, scope, author, ...said }];
  }
  return [
    {
      type: 'message',
      externalIds: [externalId],
      scope,
      direction: 'in',
      // Of whoever names us from elsewhere only the user name is told.
      sender: senderOf(face, account, { ...whoSpoke(cut.known, username), id: `@${username}` }),
      providerOrder: externalId,
      visibility: 'public',
      ...said,
    },
  ];
}

function postOf(
  account: string,
  about: { media: string; found: Json | null; ours: boolean },
): InboundPost & { scope: string } {
  const { media, found, ours } = about;
  const url = webAddress(found?.permalink);
  const username = text(found?.username);
  const at = moment(found?.timestamp);
  const caption = text(found?.caption);
  const film = found?.media_type === 'VIDEO';
  const picture = webAddress(film ? found?.thumbnail_url : found?.media_url);
  return {
    externalId: media,
    scope: scopeOf(face, account),
    ...(url ? { url } : {}),
    ...(username ? { author: { handle: `@${oneLine(username, 64)}`, ours } } : {}),
    ...(caption === null ? {} : { text: caption }),
    ...(at ? { at } : {}),
    ...(picture ? { pictures: [{ ref: { url: picture }, name: 'post.jpg', type: 'image/jpeg' }] } : {}),
  };
}

const mediaFields = 'id,caption,permalink,media_type,media_url,thumbnail_url,timestamp,username';

/** The post of a comment, who wrote it, whom our own comment answers, the words of a mention, and how far its author reaches. */
export const seek: ChangeSeeker = async (account, change, context): Promise<Record<string, Json>> => {
  const field = text(change.field) ?? '';
  const value = object(change.value);
  if (!value) return {};
  if (field === 'mentions') {
    const told = object(value.media);
    const mention = told ?? (await mentioned(account, value, context));
    // Under a post of our own it came as a comment.
    const ours = object((object(mention.media) ?? mention).owner) !== null;
    const who = { id: null, username: text(mention.username) };
    const spoke = ours ? {} : await askWhoSpoke(account, who, context);
    return told ? spoke : { mention, ...spoke };
  }
  if (!commentFields.test(field)) return {};
  const media = id(object(value.media)?.id);
  const parent = id(value.parent_id);
  const from = object(value.from);
  const own = id(from?.id) === account || from?.self_ig_scoped_id !== undefined;
  const who = { id: id(from?.id), username: text(from?.username) };
  const [post, spoke] = await Promise.all([
    media ? ask(context, { path: `/${media}`, fields: mediaFields }) : null,
    own ? {} : askWhoSpoke(account, who, context),
  ]);
  const above = own && parent ? await ask(context, { path: `/${parent}`, fields: 'from,username' }) : null;
  const answered = object(above?.from);
  const known: Record<string, Json> = { ...spoke };
  if (post) known.post = post;
  if (answered) known.answered = answered;
  return known;
};

/** @throws ConnectorError: without its words a mention is nothing, so it is asked for again */
async function mentioned(
  account: string,
  value: Json,
  context: ConnectorContext & { signal: AbortSignal },
): Promise<Json> {
  const comment = id(value.comment_id);
  const media = id(value.media_id);
  const under = 'id,caption,permalink,media_type,media_url,timestamp,username,owner';
  if (!comment && !media)
    throw new ConnectorError({
      class: 'permanent',
      code: 'noMention',
      message: 'Instagram said that the account was named, and not where.',
    });
  if (!comment)
    return question(context, { account, edge: 'mentioned_media', fields: `.media_id(${media}){${under}}` });
  const edge = 'mentioned_comment';
  const words = `id,text,timestamp,media{${under}}`;
  try {
    return await question(context, { account, edge, fields: `.comment_id(${comment}){${words},username}` });
  } catch (error) {
    // The author's name is not among the fields that are documented.
    if (!(error instanceof ConnectorError) || !error.code.startsWith('100')) throw error;
    return question(context, { account, edge, fields: `.comment_id(${comment}){${words}}` });
  }
}

async function question(
  context: ConnectorContext & { signal: AbortSignal },
  about: { account: string; edge: string; fields: string },
): Promise<Json> {
  const { account, edge, fields } = about;
  const { body } = await graph(context, {
    path: `/${account}`,
    query: { fields: `${edge}${fields}` },
    signal: context.signal,
  });
  const found = object(body[edge]);
  if (found) return found;
  throw new ConnectorError({
    class: 'retryable',
    code: 'badAnswer',
    message: 'Instagram did not say what was written where the account was named.',
  });
}
