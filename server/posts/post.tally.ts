import type { Context } from '../context.ts';
import { postsThemselves } from './post.itself.ts';

/** What is known here under a post: how many entries, by how many people, and when the last was. */
export interface Tally {
  entries: number;
  people: number;
  lastAt: Date | null;
}

interface Row {
  _id: { postId: string; by: string | null; ours?: string };
  count: number;
  lastAt: Date;
}

/** Counted when it is asked for: kept with the post, every comment would write what all of them share. */
export async function tallyOf(
  ctx: Pick<Context, 'models'>,
  postIds: readonly string[],
): Promise<(postId: string) => Tally> {
  const $in = [...postIds];
  const _id = { $nin: await postsThemselves(ctx, postIds) };
  const sums = { count: { $sum: 1 }, lastAt: { $max: '$at' } };
  const [said, mentioned] = await Promise.all([
    ctx.models.messages
      .aggregate<Row>([
        { $match: { postId: { $in }, _id, kind: 'message' } },
        { $group: { _id: { postId: '$postId', by: '$identityId', ours: '$direction' }, ...sums } },
      ])
      .exec(),
    ctx.models.mentions
      .aggregate<Row>([
        { $match: { postId: { $in }, _id, messageId: null } },
        { $group: { _id: { postId: '$postId', by: '$authorId' }, ...sums } },
      ])
      .exec(),
  ]);
  const rows = [...said, ...mentioned];
  return (postId) => {
    const own = rows.filter((row) => row._id.postId === postId);
    const people = new Set(own.map(({ _id }) => (_id.ours === 'out' ? '' : _id.by)));
    const times = own.map((row) => row.lastAt.getTime());
    return {
      entries: own.reduce((sum, row) => sum + row.count, 0),
      people: people.size,
      lastAt: times.length ? new Date(Math.max(...times)) : null,
    };
  };
}
