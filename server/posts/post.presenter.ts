import type { Viewer } from '../../shared/access.ts';
import { canUseChannel } from '../../shared/access.ts';
import type { Post } from '../../shared/post.ts';
import type { PostDoc } from './post.model.ts';
import type { Tally } from './post.tally.ts';

/** A post as a viewer of one of its channels sees it. */
export function presentPost(post: PostDoc, options: { viewer: Viewer; tally: Tally }): Post {
  const { viewer, tally } = options;
  const id = encodeURIComponent(post._id);
  return {
    id: post._id,
    channelId: post.channelIds.find((one) => canUseChannel(viewer, one)) ?? '',
    connector: post.connector,
    author: post.author ?? { handle: '', name: '', ours: false },
    text: post.text,
    url: post.url,
    at: iso(post.at),
    pictures: post.pictures.map(({ name, type }, index) => ({
      name,
      type,
      url: `/api/posts/${id}/pictures/${index}`,
    })),
    deletedAt: iso(post.deletedAt),
    entries: tally.entries,
    people: tally.people,
    lastAt: (tally.lastAt ?? post.at ?? new Date(0)).toISOString(),
  };
}

const iso = (date: Date | null) => date?.toISOString() ?? null;
