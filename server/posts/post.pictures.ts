import { createHash } from 'node:crypto';
import { ConnectorError } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorContext, connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import type { FileDoc } from '../files/file.model.ts';
import type { InboundDoc } from '../inbound/inbound.model.ts';
import { rawEventOf } from '../inbound/inbound.payload.ts';
import type { PostDoc, PostPicture } from './post.model.ts';
import { readablePost } from './post.service.ts';

const maxBytes = 10 * 1024 * 1024;
const callMs = 30_000;
const noPicture = () => new AppError({ code: 'notFound', message: 'There is no such picture.' });

/** Fetches of this server under way: a picture that many look at is asked for once. */
const underWay = new WeakMap<Context, Map<string, Promise<string>>>();

/** Fetches pictures as soon as their post is heard of: a provider's links to them expire. @returns ends the waking */
export function startPostPictures(ctx: Context): () => Promise<void> {
  const running = new Set<Promise<void>>();
  const off = ctx.bus.on('post.changed', ({ postId }) => {
    const one = fetchPictures(ctx, postId)
      .catch((error) => ctx.log.warn({ err: error, postId }, 'a post’s picture was not fetched'))
      .finally(() => running.delete(one));
    running.add(one);
  });
  return async () => {
    off();
    await Promise.all(running);
  };
}

async function fetchPictures(ctx: Context, postId: string): Promise<void> {
  const post = await ctx.models.posts.findById(postId).lean<PostDoc>().exec();
  for (const picture of post?.pictures ?? [])
    if (post && !known(post, picture)) await fetched(ctx, post, picture);
}

/**
 * One picture of a post, fetched now if it was not before.
 * @throws AppError notFound; unavailable when the provider does not give it
 */
export async function postPicture(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; index: number },
): Promise<FileDoc> {
  const post = await readablePost(ctx, viewer, options.id);
  const picture = post.pictures[options.index];
  if (!picture) throw noPicture();
  const kept = known(post, picture);
  if (kept?.error) throw noPicture();
  const fileId = kept?.fileId ?? (await fetched(ctx, post, picture));
  const file = await ctx.models.files.findById(fileId).lean<FileDoc>().exec();
  if (!file) throw noPicture();
  return file;
}

const keyOf = ({ ref }: PostPicture) => createHash('sha256').update(JSON.stringify(ref)).digest('base64url');
const known = (post: PostDoc, picture: PostPicture) =>
  post.fetched.find((one) => one.key === keyOf(picture)) ?? null;

function fetched(ctx: Context, post: PostDoc, picture: PostPicture): Promise<string> {
  const own = underWay.get(ctx) ?? new Map<string, Promise<string>>();
  underWay.set(ctx, own);
  const id = `${post._id} ${keyOf(picture)}`;
  const running = own.get(id) ?? fetchOne(ctx, post, picture).finally(() => own.delete(id));
  own.set(id, running);
  return running;
}

async function fetchOne(ctx: Context, post: PostDoc, picture: PostPicture): Promise<string> {
  const key = keyOf(picture);
  const channel = await ctx.models.channels
    .findOne({ _id: { $in: post.channelIds }, state: 'connected' })
    .lean<ChannelDoc>()
    .exec();
  const connector = channel && connectorOf(ctx, channel);
  if (!channel || !connector?.download) throw noPicture();
  try {
    const { body } = await connector.download(picture.ref, {
      ...connectorContext(ctx, channel),
      signal: AbortSignal.timeout(callMs),
      event: async () => {
        const event = await ctx.models.inbound.findById(picture.inboundId).lean<InboundDoc>().exec();
        if (!event) throw noPicture();
        return rawEventOf(ctx, event);
      },
    });
    const file = await ctx.files.put(body, {
      name: picture.name,
      maxBytes,
      authorId: null,
      conversationId: null,
    });
    if (!file.type.startsWith('image/')) {
      await ctx.files.remove(file._id);
      return await given(ctx, post, { key, fileId: null, error: 'It is no picture.' });
    }
    return await given(ctx, post, { key, fileId: file._id, error: null });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.class === 'permanent') return given(ctx, post, { key, fileId: null, error: error.message });
    throw new AppError(
      { code: 'unavailable', message: 'The provider does not give this picture now.' },
      error,
    );
  }
}

/** Kept unless another server was first, or the post says nothing any more. @returns the file that holds */
async function given(ctx: Context, post: PostDoc, one: PostDoc['fetched'][number]): Promise<string> {
  const { matchedCount } = await ctx.models.posts.updateOne(
    { _id: post._id, deletedAt: null, 'fetched.key': { $ne: one.key } },
    { $addToSet: { fetched: one } },
  );
  if (!matchedCount && one.fileId) await ctx.files.remove(one.fileId);
  const now = await ctx.models.posts
    .findById(post._id, { fetched: 1 })
    .lean<Pick<PostDoc, 'fetched'>>()
    .exec();
  const fileId = now?.fetched.find((other) => other.key === one.key)?.fileId;
  if (!fileId) throw noPicture();
  return fileId;
}
