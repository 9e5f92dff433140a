import { type Missed, type PublicPass, postPages, postsBackMs, postsPerPage } from '../meta/catch-up.ts';
import { id, type Json, list, moment, object, objectId, text } from '../meta/json.ts';

/**
 * What was said around a page while its webhooks were not heard: posts of visitors, comments under any post of the last 90 days, and posts that
 * name the page (Meta: Graph API, `/{page}/feed`, `/{object}/comments`, `/{page}/tagged`). Of a post whose newest comment and last change
 * are known nothing more is asked.
 */
export async function readFeed(pass: PublicPass): Promise<Record<string, number>> {
  const { account, from, now, pages, bring } = pass;
  const posts = pages(
    `/${account}/feed`,
    {
      fields:
        'id,from,message,created_time,updated_time,permalink_url,full_picture,comments.filter(stream).order(reverse_chronological).limit(1){id,created_time}',
      limit: String(postsPerPage),
    },
    postPages,
  );
  const known = new Set<string>();
  for await (const page of posts) {
    for (const post of page.toReversed()) {
      const postId = objectId(post.id);
      if (!postId) continue;
      known.add(postId);
      await bring(visitorsPost(pass, { post, postId }));
      const newest = timeOf(list(object(post.comments)?.data)[0]?.created_time);
      if (Math.max(newest, timeOf(post.updated_time)) >= from) await readComments(pass, { post, postId });
    }
    if (timeOf(page.at(-1)?.created_time) < now - postsBackMs) break;
  }
  await readTagged(pass, known);
  return {};
}

async function readComments(pass: PublicPass, about: { post: Json; postId: string }): Promise<void> {
  const { post, postId } = about;
  const missed: Missed[] = [];
  const comments = pass.pages(`/${postId}/comments`, {
    filter: 'stream',
    order: 'reverse_chronological',
    fields: 'id,from,message,created_time,parent{id},attachment{type,media}',
    limit: '50',
  });
  for await (const page of comments) {
    const fresh = page.filter((comment) => timeOf(comment.created_time) >= pass.from);
    for (const comment of fresh) {
      const commentId = objectId(comment.id);
      const at = moment(comment.created_time);
      if (!commentId || !at) continue;
      if (!id(object(comment.from)?.id)) {
        pass.unsigned();
        continue;
      }
      const value = {
        item: 'comment',
        verb: 'add',
        from: comment.from,
        post_id: postId,
        comment_id: commentId,
        parent_id: objectId(object(comment.parent)?.id) ?? postId,
        created_time: seconds(at),
        message: text(comment.message) ?? '',
        ...pictureOf(comment),
        post: { id: postId, permalink_url: post.permalink_url },
      };
      missed.push({ at, change: { field: 'feed', value } });
    }
    if (fresh.length < page.length) break;
  }
  await pass.bring(missed);
}

/** Of our own posts nothing is to be told. */
function visitorsPost(pass: PublicPass, about: { post: Json; postId: string }): Missed[] {
  const { post, postId } = about;
  const at = moment(post.created_time);
  if (!at || at.getTime() < pass.from) return [];
  const author = id(object(post.from)?.id);
  if (!author) pass.unsigned();
  if (!author || author === pass.account) return [];
  const photo = text(post.full_picture);
  const value = {
    item: photo ? 'photo' : 'post',
    verb: 'add',
    from: post.from,
    post_id: postId,
    created_time: seconds(at),
    message: text(post.message) ?? '',
    ...(photo ? { link: photo } : {}),
    permalink_url: post.permalink_url,
  };
  return [{ at, change: { field: 'feed', value } }];
}

async function readTagged(pass: PublicPass, known: ReadonlySet<string>): Promise<void> {
  const fields = 'id,from,message,created_time,permalink_url';
  const missed: Missed[] = [];
  for await (const page of pass.pages(
    `/${pass.account}/tagged`,
    { fields, limit: String(postsPerPage) },
    postPages,
  )) {
    for (const post of page) {
      const postId = objectId(post.id);
      const at = moment(post.created_time);
      if (!postId || !at || at.getTime() < pass.from || known.has(postId)) continue;
      const from = object(post.from);
      if (from?.id === pass.account) continue;
      if (!id(from?.id)) {
        pass.unsigned();
        continue;
      }
      const value = {
        item: 'post',
        verb: 'add',
        post_id: postId,
        sender_id: from?.id,
        sender_name: from?.name,
        message: text(post.message) ?? '',
        created_time: seconds(at),
        permalink_url: post.permalink_url,
      };
      missed.push({ at, change: { field: 'mention', value } });
    }
    if (timeOf(page.at(-1)?.created_time) < pass.from) break;
  }
  await pass.bring(missed);
}

function pictureOf(comment: Json): Record<string, unknown> {
  const attachment = object(comment.attachment);
  const source = text(object(object(attachment?.media)?.image)?.src);
  return source && /photo|sticker/.test(text(attachment?.type) ?? '') ? { photo: source } : {};
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
/** Unix milliseconds; 0 when it is no time. */
const timeOf = (value: unknown): number => moment(value)?.getTime() ?? 0;
