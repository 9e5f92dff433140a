import { canUseChannel, may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Post } from '../../shared/post.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import type { PostDoc } from './post.model.ts';
import { presentPost } from './post.presenter.ts';
import { tallyOf } from './post.tally.ts';

const mostCards = 50;

/**
 * Whoever may use one of a post's channels may read it: it is public.
 * @throws AppError notFound, also when it exists on a channel that is not theirs
 */
export async function readablePost(ctx: Context, viewer: Viewer, id: string): Promise<PostDoc> {
  const post = mayRead(viewer) ? await ctx.models.posts.findById(id).lean<PostDoc>().exec() : null;
  if (!post || !uses(viewer, post))
    throw new AppError({ code: 'notFound', message: 'There is no such post.' });
  return post;
}

/** Posts by their ids, for cards: those that are not there, or not this viewer's, are left out. */
export async function listPosts(ctx: Context, viewer: Viewer, ids: readonly string[]): Promise<Post[]> {
  if (ids.length > mostCards) throw invalid({ ids: `At most ${mostCards} posts are given at once.` });
  if (!mayRead(viewer)) return [];
  const found = await ctx.models.posts
    .find({ _id: { $in: [...ids] } })
    .lean<PostDoc[]>()
    .exec();
  const posts = found.filter((post) => uses(viewer, post));
  const tally = await tallyOf(
    ctx,
    posts.map((post) => post._id),
  );
  return posts.map((post) => presentPost(post, { viewer, tally: tally(post._id) }));
}

const uses = (viewer: Viewer, post: PostDoc) => post.channelIds.some((id) => canUseChannel(viewer, id));

const mayRead = (viewer: Viewer) => may(viewer, 'conversation.read') || may(viewer, 'listening.read');
