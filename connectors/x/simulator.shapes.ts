import type { SimulatedDirect, SimulatedPost, Someone, StoredMedia, World } from './simulator.world.ts';

/** The same things as the two families of X's API tell them. Of v2 with all fields and expansions that a caller may ask for. */

type Shape = Record<string, unknown>;

export function oldUser(user: Someone): Shape {
  return {
    id: user.id,
    id_str: user.id,
    name: user.name,
    screen_name: user.username,
    followers_count: user.followers,
    created_timestamp: '1500000000000',
    protected: false,
    verified: false,
  };
}

export function user(one: Someone): Shape {
  return {
    id: one.id,
    name: one.name,
    username: one.username,
    public_metrics: { followers_count: one.followers, following_count: 3, tweet_count: 9, listed_count: 0 },
  };
}

/* ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────── */

export function newPost(post: SimulatedPost, world: World): Shape {
  const said = repeated(post);
  const { text, urls, mediaLink } = world.handedOut(said, post.media);
  const named = world.named(said);
  const references = [
    ...(post.replyTo ? [{ type: 'replied_to', id: latest(post.replyTo) }] : []),
    ...(post.quotes ? [{ type: 'quoted', id: latest(post.quotes) }] : []),
    ...(post.repostOf ? [{ type: 'retweeted', id: latest(post.repostOf) }] : []),
  ];
  const links = [
    ...urls.map((link, index) => ({ start: index, end: index + 23, ...link })),
    ...(mediaLink && post.media[0]
      ? [
          {
            start: 0,
            end: 23,
            url: mediaLink,
            expanded_url: `https://x.com/i/status/${post.id}/photo/1`,
            media_key: keyOf(post.media[0]),
          },
        ]
      : []),
  ];
  return {
    id: latest(post),
    text,
    author_id: post.author.id,
    created_at: new Date(Math.floor(post.at.getTime() / 1000) * 1000).toISOString(),
    conversation_id: (post.root ?? post).id,
    ...(post.replyTo ? { in_reply_to_user_id: post.replyTo.author.id } : {}),
    ...(references.length > 0 ? { referenced_tweets: references } : {}),
    edit_history_tweet_ids: post.versions,
    lang: 'fa',
    entities: {
      ...(links.length > 0 ? { urls: links } : {}),
      ...(named.length > 0
        ? {
            mentions: named.map(({ id, username }) => ({ start: 0, end: username.length + 1, username, id })),
          }
        : {}),
    },
    ...(post.media.length > 0 ? { attachments: { media_keys: post.media.map(keyOf) } } : {}),
  };
}

export const latest = (post: SimulatedPost): string => post.versions.at(-1) ?? post.id;

const repeated = (post: SimulatedPost): string =>
  post.repostOf ? `RT @${post.repostOf.author.username}: ${post.repostOf.said}` : withNames(post);

/** An answer begins with whom it answers, whether it was typed or not. */
function withNames({ said, replyTo }: SimulatedPost): string {
  const handle = replyTo && `@${replyTo.author.username}`;
  return handle && !said.toLowerCase().includes(handle.toLowerCase()) ? `${handle} ${said}` : said;
}

export function includesOf(posts: readonly SimulatedPost[], world: World): Shape {
  const related = unique(
    posts.flatMap((post) => [post.replyTo, post.quotes, post.repostOf].filter((one) => one !== null)),
  ).filter((post) => !post.deleted);
  const all = [...posts, ...related];
  const people = unique(
    all.flatMap((post) => [
      post.author,
      ...(post.replyTo ? [post.replyTo.author] : []),
      ...world.named(repeated(post)),
    ]),
  );
  const media = unique(all.flatMap((post) => post.media));
  return {
    users: people.map(user),
    ...(related.length > 0 ? { tweets: related.map((post) => newPost(post, world)) } : {}),
    ...(media.length > 0 ? { media: media.map(mediaShape) } : {}),
  };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

const keyOf = (media: StoredMedia): string => `${media.type.startsWith('video/') ? 7 : 3}_${media.id}`;

export function mediaShape(media: StoredMedia): Shape {
  const head = { media_key: keyOf(media), width: 1, height: 1 };
  if (!media.type.startsWith('video/')) return { ...head, type: 'photo', url: media.url };
  return {
    ...head,
    type: 'video',
    duration_ms: 1000,
    preview_image_url: `https://pbs.twimg.com/media/${media.id}.jpg`,
    variants: [
      {
        content_type: 'application/x-mpegURL',
        url: `https://video.twimg.com/ext_tw_video/${media.id}/list.m3u8`,
      },
      { bit_rate: 256_000, content_type: 'video/mp4', url: media.url },
    ],
  };
}

/** v1.1, as the Account Activity API pushes it. */
export function oldPost(post: SimulatedPost, world: World): Shape {
  const said = repeated(post);
  const { text, urls, mediaLink } = world.handedOut(said, post.media);
  const entities = {
    hashtags: [],
    symbols: [],
    urls: urls.map((link) => ({ ...link, indices: [0, 23] })),
    user_mentions: world
      .named(said)
      .map(({ id, username, name }) => ({ id, id_str: id, screen_name: username, name, indices: [0, 1] })),
    ...(mediaLink ? { media: post.media.slice(0, 1).map((media) => oldMedia(media, mediaLink)) } : {}),
  };
  const long = text.length > 140;
  return {
    created_at: oldDate(post.at),
    id_str: latest(post),
    text: long ? `${text.slice(0, 139)}…` : text,
    truncated: long,
    user: oldUser(post.author),
    entities: long ? { ...entities, urls: [] } : entities,
    ...(long ? { extended_tweet: { full_text: text, entities } } : {}),
    ...(mediaLink
      ? { extended_entities: { media: post.media.map((media) => oldMedia(media, mediaLink)) } }
      : {}),
    in_reply_to_status_id_str: post.replyTo ? latest(post.replyTo) : null,
    in_reply_to_user_id_str: post.replyTo?.author.id ?? null,
    in_reply_to_screen_name: post.replyTo?.author.username ?? null,
    ...(post.quotes
      ? {
          is_quote_status: true,
          quoted_status_id_str: latest(post.quotes),
          quoted_status: oldPost(post.quotes, world),
        }
      : {}),
    ...(post.repostOf ? { retweeted_status: oldPost(post.repostOf, world) } : {}),
    ...(post.versions.length > 1
      ? { edit_history: { initial_tweet_id: post.id, edit_tweet_ids: post.versions } }
      : {}),
    timestamp_ms: String(post.at.getTime()),
  };
}

function oldMedia(media: StoredMedia, link: string): Shape {
  const film = media.type.startsWith('video/');
  return {
    id: media.id,
    id_str: media.id,
    media_url_https: film ? `https://pbs.twimg.com/media/${media.id}.jpg` : media.url,
    url: link,
    display_url: 'pic.x.com/…',
    type: film ? 'video' : 'photo',
    sizes: { large: { w: 1, h: 1, resize: 'fit' } },
    ...(film
      ? {
          video_info: {
            duration_millis: 1000,
            variants: [{ bitrate: 256_000, content_type: 'video/mp4', url: media.url }],
          },
        }
      : {}),
  };
}

/** `Thu Mar 01 00:00:00 +0000 2018` */
function oldDate(at: Date): string {
  const [day = '', date = '', month = '', year = '', time = ''] = at
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${date} ${time} +0000 ${year}`;
}

/* ── direct messages ──────────────────────────────────────────────────────────────────────────────────────────── */

export function newDirect(direct: SimulatedDirect, world: World): Shape {
  const { text, urls } = world.handedOut(direct.said, direct.media ? [direct.media] : []);
  return {
    id: direct.id,
    event_type: 'MessageCreate',
    text,
    created_at: direct.at.toISOString(),
    dm_conversation_id: direct.talk,
    sender_id: direct.sender.id,
    ...(urls.length > 0 ? { entities: { urls } } : {}),
    ...(direct.media ? { attachments: { media_keys: [keyOf(direct.media)] } } : {}),
  };
}

export function includesOfDirects(directs: readonly SimulatedDirect[]): Shape {
  const people = unique(directs.flatMap((one) => [one.sender, ...(one.recipient ? [one.recipient] : [])]));
  const media = unique(directs.flatMap((one) => one.media ?? []));
  return { users: people.map(user), ...(media.length > 0 ? { media: media.map(mediaShape) } : {}) };
}

export function pushedDirect(direct: SimulatedDirect, world: World): Shape {
  const { text, urls, mediaLink } = world.handedOut(direct.said, direct.media ? [direct.media] : []);
  return {
    type: 'message_create',
    id: direct.id,
    created_timestamp: String(direct.at.getTime()),
    message_create: {
      target: { recipient_id: direct.recipient?.id ?? '' },
      sender_id: direct.sender.id,
      message_data: {
        text,
        entities: {
          hashtags: [],
          symbols: [],
          user_mentions: [],
          urls: urls.map((link) => ({ ...link, indices: [0, 23] })),
        },
        ...(direct.media && mediaLink
          ? { attachment: { type: 'media', media: oldMedia(direct.media, mediaLink) } }
          : {}),
      },
    },
  };
}
