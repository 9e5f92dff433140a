import type { InboundAttachment, InboundEvent, InboundPost } from '../connector.ts';
import { hashOf } from '../meta/envelope.ts';
import { scopeOf, senderOf } from '../meta/face.ts';
import { id, type Json, moment, object, objectId, text } from '../meta/json.ts';
import { ignored, reactionEmoji } from '../meta/messaging.ts';
import { type Comment, commentEvent } from '../meta/public.ts';
import type { Cut } from '../meta/split.ts';
import { oneLine, webAddress } from '../meta/words.ts';
import { face } from './config.ts';

/** Of a change that has no id of its own: what it is about, what happened to it, and when where that can happen again. */
export function keyOfChange(change: Json, time: number | null): string {
  const value = object(change.value);
  const field = text(change.field) ?? '';
  const item = text(value?.item) ?? '';
  const verb = text(value?.verb) ?? '';
  const about = objectId(value?.comment_id) ?? objectId(value?.post_id);
  if (!about || !item) return `change/${hashOf({ change, time })}`;
  if (item === 'reaction' || item === 'like' || /^edit/.test(verb) || /hide$/.test(verb))
    return `${field}/${item}/${about}/${verb}/${hashOf({ value, time })}`;
  return `${field}/${item}/${about}/${verb}`;
}

/** What happens in public on a page: comments, posts of visitors and of our own, reactions (Meta: Webhooks for Pages, `feed` and `mention`). */
export function changeEvents(account: string, cut: Cut): InboundEvent[] {
  const field = text(cut.item.field);
  const value = object(cut.item.value);
  if (!value || (field !== 'feed' && field !== 'mention'))
    return [ignored(`A change of the page’s “${oneLine(field ?? '', 40)}”, not a message.`)];
  const item = text(value.item) ?? '';
  const verb = text(value.verb) ?? 'add';
  if (/^(un)?(hide|block)$/.test(verb)) return [ignored(`A ${item} was hidden or shown again.`)];
  const about: About = { account, value, cut };
  if (item === 'comment') return commentEvents(about, verb);
  if (item === 'reaction' || item === 'like') return [reactionOf(about, verb)];
  if (/^(post|status|photo|video|share|link|note|reel|album|event|offer)$/.test(item))
    return postEvents(about, verb);
  return [ignored(`A change on the page (${oneLine(item, 40) || 'unnamed'}), not a message.`)];
}

interface About {
  account: string;
  value: Json;
  cut: Cut;
}

function commentEvents(about: About, verb: string): InboundEvent[] {
  const { account, value, cut } = about;
  const externalId = objectId(value.comment_id);
  const postId = objectId(value.post_id);
  if (!externalId) throw new Error('A comment from Facebook has no id.');
  const scope = scopeOf(face, account);
  if (verb === 'remove' || verb === 'delete')
    return [{ type: 'delete', externalId, scope, at: moment(cut.time) ?? moment(value.created_time) }];
  const words = text(value.message) ?? '';
  if (verb !== 'add') {
    const order = hashOf(words);
    return [{ type: 'edit', externalId, scope, text: words, at: moment(cut.time), order }];
  }
  const author = authorOf(value);
  if (!author) throw new Error(`Comment ${externalId} from Facebook does not say who wrote it.`);
  if (!postId) throw new Error(`Comment ${externalId} from Facebook does not say under which post it is.`);
  const parent = objectId(value.parent_id);
  const post = postOf(about, postId);
  const comment: Comment = {
    id: externalId,
    author,
    post,
    parent: parent === postId ? null : parent,
    text: words,
    at: moment(value.created_time),
    attachments: picturesOf(value, `comment-${externalId}`),
    url: commentUrl(post.url, externalId),
  };
  if (!comment.text && comment.attachments.length === 0) comment.text = '📎';
  return [commentEvent(face, account, { comment, known: cut.known })];
}

/** Somebody's own post to our page, or one that names us, is a word to us and hangs on itself; a post of ours is only that. */
function postEvents(about: About, verb: string): InboundEvent[] {
  const { account, value, cut } = about;
  const postId = objectId(value.post_id);
  if (!postId) throw new Error('A post from Facebook has no id.');
  const scope = scopeOf(face, account);
  const author = authorOf(value);
  const ours = author?.id === account;
  const at = moment(cut.time);
  if (verb === 'remove' || verb === 'delete') {
    const gone: InboundEvent = { type: 'post', post: { externalId: postId, scope }, at, deleted: true };
    return ours ? [gone] : [gone, { type: 'delete', externalId: postId, scope, at }];
  }
  const words = text(value.message) ?? '';
  const post: InboundPost & { scope: string } = {
    ...postOf(about, postId),
    text: words,
    ...(author
      ? { author: { handle: author.name || author.id, ...(author.name ? { name: author.name } : {}), ours } }
      : {}),
    ...(verb === 'add' && moment(value.created_time) ? { at: moment(value.created_time) as Date } : {}),
    pictures: picturesOf(value, `post-${postId}`),
  };
  const told: InboundEvent = { type: 'post', post, at };
  if (ours) return [told];
  if (verb !== 'add')
    return [told, { type: 'edit', externalId: postId, scope, text: words, at, order: hashOf(words) }];
  if (!author) throw new Error(`Post ${postId} from Facebook does not say who wrote it.`);
  const attachments = picturesOf(value, `post-${postId}`);
  return [
    {
      type: 'message',
      externalIds: [postId],
      scope,
      direction: 'in',
      sender: senderOf(face, account, author),
      threadKey: `post:${postId}`,
      at: moment(value.created_time),
      providerOrder: postId,
      text: words || (attachments.length > 0 ? '' : '📎'),
      attachments,
      visibility: 'public',
      post,
      ...(post.url ? { url: post.url } : {}),
    },
  ];
}

function reactionOf(about: About, verb: string): InboundEvent {
  const { account, value, cut } = about;
  const externalId = objectId(value.comment_id);
  const author = authorOf(value);
  if (!externalId || !author || author.id === account)
    return ignored('A reaction to a post, or of our own account.');
  return {
    type: 'reaction',
    externalId,
    scope: scopeOf(face, account),
    sender: senderOf(face, account, author),
    emoji: verb === 'remove' ? [] : [reactionEmoji(value.reaction_type ?? value.item, null)],
    at: moment(value.created_time) ?? moment(cut.time),
    order: verb,
  };
}

function authorOf(value: Json): { id: string; name: string } | null {
  const from = object(value.from);
  const author = id(from?.id) ?? id(value.sender_id);
  return author
    ? { id: author, name: oneLine(text(from?.name) ?? text(value.sender_name) ?? '', 120) }
    : null;
}

/** As much of the post as the event says, and what was found out besides. */
function postOf({ account, value, cut }: About, postId: string): InboundPost & { scope: string } {
  const told = object(value.post);
  const found = object(cut.known?.post);
  const url =
    webAddress(told?.permalink_url) ?? webAddress(found?.permalink_url) ?? webAddress(value.permalink_url);
  const by = object(found?.from);
  const author = id(by?.id);
  const name = oneLine(text(by?.name) ?? '', 120);
  const words = text(found?.message);
  const at = moment(found?.created_time);
  const picture = webAddress(found?.full_picture);
  return {
    externalId: postId,
    scope: scopeOf(face, account),
    ...(url ? { url } : {}),
    ...(author
      ? { author: { handle: name || author, ...(name ? { name } : {}), ours: author === account } }
      : {}),
    ...(words === null ? {} : { text: words }),
    ...(at ? { at } : {}),
    ...(picture ? { pictures: [fileOf(picture, 'photo.jpg', 'image/jpeg')] } : {}),
  };
}

function commentUrl(post: string | undefined, comment: string): string {
  const number = comment.split('_').at(-1) ?? comment;
  if (!post) return `https://www.facebook.com/${comment}`;
  const url = new URL(post);
  url.searchParams.set('comment_id', number);
  return url.href;
}

function picturesOf(value: Json, name: string): InboundAttachment[] {
  const photos = [
    value.photo,
    ...(Array.isArray(value.photos) ? value.photos : []),
    isPhoto(value) ? value.link : null,
  ];
  const pictures = [...new Set(photos.flatMap((url) => webAddress(url) ?? []))].map((url) =>
    fileOf(url, `${name}.jpg`, 'image/jpeg'),
  );
  const video = webAddress(value.video) ?? (value.item === 'video' ? webAddress(value.link) : null);
  return [...pictures, ...(video ? [fileOf(video, `${name}.mp4`, 'video/mp4')] : [])].slice(0, 20);
}

const isPhoto = (value: Json): boolean => value.item === 'photo';

function fileOf(url: string, name: string, type: string): InboundAttachment {
  return { ref: { url }, name, type };
}

/** For `complete`: which post and which comment would say more. */
export function unknownIn(account: string, change: Json): { post: string | null; answered: string | null } {
  const value = object(change.value);
  if (value?.item !== 'comment' || (value.verb ?? 'add') !== 'add') return { post: null, answered: null };
  const post = objectId(value.post_id);
  const parent = objectId(value.parent_id);
  const own = authorOf(value)?.id === account;
  return { post, answered: own && parent && parent !== post ? parent : null };
}
