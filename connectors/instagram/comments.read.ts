import {
  type Missed,
  nextOf,
  type PublicPass,
  postPages,
  postsBackMs,
  postsPerPage,
} from '../meta/catch-up.ts';
import { id, integer, type Json, list, moment, object, text } from '../meta/json.ts';

const commentFields = 'id,text,timestamp,username,from,parent_id,user';
/** Pages of comments that are gone through for answers beneath old ones. */
const deep = 4;

/**
 * What was said around an account while its webhooks were not heard: comments under its media of the last 90 days, and media in which it is
 * tagged (Meta: Instagram Platform, `/{ig-user}/media`, `/{ig-media}/comments`, `/{ig-user}/tags`). Comments come the newest first and
 * without the answers beneath them; the count has those too, so a post is asked for when its newest comment is new or its count is another.
 */
export async function readMedia(pass: PublicPass): Promise<Record<string, number>> {
  const { account, from, now, pages } = pass;
  const counts: Record<string, number> = {};
  const media = pages(
    `/${account}/media`,
    { fields: 'id,timestamp,comments_count,comments.limit(1){timestamp}', limit: String(postsPerPage) },
    postPages,
  );
  for await (const page of media) {
    for (const post of page.toReversed()) {
      const mediaId = id(post.id);
      if (!mediaId) continue;
      const count = integer(post.comments_count) ?? 0;
      counts[mediaId] = count;
      const grown = pass.seen[mediaId] !== undefined && pass.seen[mediaId] !== count;
      const newest = timeOf(list(object(post.comments)?.data)[0]?.timestamp);
      if (grown || newest >= from) await readComments(pass, { mediaId, grown });
    }
    if (timeOf(page.at(-1)?.timestamp) < now - postsBackMs) break;
  }
  await readTags(pass);
  return counts;
}

async function readComments(pass: PublicPass, about: { mediaId: string; grown: boolean }): Promise<void> {
  const { mediaId, grown } = about;
  const missed: Missed[] = [];
  let read = 0;
  for await (const page of pass.pages(`/${mediaId}/comments`, {
    fields: `${commentFields},replies.limit(50){${commentFields}}`,
    limit: '50',
  })) {
    for (const comment of page) {
      const above = id(comment.id);
      missed.push(...missedOf(pass, { comment, mediaId, above: null }));
      for (const reply of await repliesOf(pass, comment))
        missed.push(...missedOf(pass, { comment: reply, mediaId, above }));
    }
    read += 1;
    if (timeOf(page.at(-1)?.timestamp) < pass.from && (!grown || read >= deep)) break;
  }
  await pass.bring(missed);
}

async function repliesOf(pass: PublicPass, comment: Json): Promise<Json[]> {
  const replies = object(comment.replies);
  const above = id(comment.id);
  if (!replies || !above || !nextOf(replies)) return list(replies?.data);
  const all: Json[] = [];
  for await (const page of pass.pages(`/${above}/replies`, { fields: commentFields, limit: '50' }))
    all.push(...page);
  return all;
}

function missedOf(
  pass: PublicPass,
  about: { comment: Json; mediaId: string; above: string | null },
): Missed[] {
  const { comment, mediaId, above } = about;
  const commentId = id(comment.id);
  const at = moment(comment.timestamp);
  if (!commentId || !at || at.getTime() < pass.from) return [];
  // Whose comment it is, is told in `user` only of the account's own.
  const own = object(comment.user) !== null;
  const author = own ? pass.account : id(object(comment.from)?.id);
  if (!author) {
    pass.unsigned();
    return [];
  }
  const parent = id(comment.parent_id) ?? above;
  const value = {
    id: commentId,
    from: { id: author, username: object(comment.from)?.username ?? comment.username },
    media: { id: mediaId },
    text: text(comment.text) ?? '',
    ...(parent ? { parent_id: parent } : {}),
  };
  return [{ at, change: { field: 'comments', value } }];
}

async function readTags(pass: PublicPass): Promise<void> {
  const missed: Missed[] = [];
  const fields = 'id,caption,permalink,media_type,media_url,timestamp,username';
  for await (const page of pass.pages(
    `/${pass.account}/tags`,
    { fields, limit: String(postsPerPage) },
    postPages,
  )) {
    for (const media of page) {
      const mediaId = id(media.id);
      const at = moment(media.timestamp);
      if (!mediaId || !at || at.getTime() < pass.from) continue;
      // With its words: of a photo in which it is only tagged, Instagram does not tell them as of a mention.
      missed.push({ at, change: { field: 'mentions', value: { media_id: mediaId, media } } });
    }
    if (timeOf(page.at(-1)?.timestamp) < pass.from) break;
  }
  await pass.bring(missed);
}

/** Unix milliseconds; 0 when it is no time. */
const timeOf = (value: unknown): number => moment(value)?.getTime() ?? 0;
