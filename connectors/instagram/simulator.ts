import {
  type Deed,
  type MetaOptions,
  type MetaSimulator,
  type Platform,
  recordComment,
  startAccount,
  type World,
} from '../meta/simulator.account.ts';
import { type GraphAnswered, type GraphRequest, type GraphRoute, no, ok } from '../meta/simulator.graph.ts';
import type { SimulatedComment, SimulatedPost } from '../meta/simulator.posts.ts';
import { iso, paged, pageOf } from '../meta/simulator.send.ts';

const username = 'example.shop';
const page = '104000000000002';

/** A professional Instagram account, linked to a page: its messages, its posts, who comments and who names it. */
export function startSimulator(options: MetaOptions = {}): Promise<MetaSimulator> {
  const account = options.account ?? '17841400000000001';
  const platform: Platform = {
    object: 'instagram',
    messenger: false,
    account,
    page,
    settings: { instagramId: account, pageId: page },
    tooLong: (text) => Buffer.byteLength(text) > 1000,
    routes: (world) => [
      {
        name: 'comments',
        method: 'POST',
        path: /^\/(\d+)\/(replies|comments|mentions)$/,
        sends: true,
        handle: (request) => commented(world(), request),
      },
      ...readRoutes(world, account),
    ],
    deeds,
    told: (world, id, query) => told(world, id, query),
    profile: ({ name, username, followers, wroteBefore, lastWroteAt }) =>
      wroteBefore || lastWroteAt ? { name, username, follower_count: followers } : null,
    peer: (n) => String(1_700_000_000_000_000 + n),
  };
  return startAccount(platform, options);
}

function told(world: World, id: string, query: URLSearchParams): Record<string, unknown> | null {
  const { wall, talk } = world;
  const { account } = talk.options;
  const fields = query.get('fields') ?? '';
  if (id === account && fields.startsWith('business_discovery')) return discovered(world, fields);
  if (id === account) return { id, username, name: 'فروشگاه نمونه', ...mentionIn(world, fields) };
  const post = wall.posts.get(id);
  if (post) return mediaOf(world, post);
  const comment = wall.comments.get(id);
  if (!comment) return null;
  const name = nameOf(world, comment.author);
  return {
    id,
    text: comment.text,
    timestamp: iso(comment.at),
    username: name,
    from: { id: comment.author, username: name },
  };
}

/** What is said around the account, as it can be read afterwards. */
function readRoutes(world: () => World, account: string): GraphRoute[] {
  const present = (comment: SimulatedComment): Record<string, unknown> => ({
    ...told(world(), comment.id, new URLSearchParams()),
    ...(comment.author === account ? { user: { id: account } } : {}),
    ...(comment.parent ? { parent_id: comment.parent } : {}),
  });
  const top = (media: string) =>
    world()
      .wall.under(media)
      .filter(({ parent }) => parent === null);
  const beneath = (comment: SimulatedComment) =>
    world()
      .wall.under(comment.post)
      .filter(({ parent }) => parent === comment.id)
      .reverse();
  return [
    {
      name: 'media',
      method: 'GET',
      path: new RegExp(`^/${account}/media$`),
      handle: ({ query }) =>
        paged(world().wall.standing('own'), query, (post) => ({
          ...mediaOf(world(), post),
          comments_count: world().wall.under(post.id).length,
          comments: pageOf(top(post.id), { limit: 1, after: 0 }, ({ id, at }) => ({
            id,
            timestamp: iso(at),
          })),
        })),
    },
    {
      name: 'commentsOf',
      method: 'GET',
      path: /^\/(\d+)\/comments$/,
      // Answers stand beneath their comments alone.
      handle: ({ match, query }) =>
        paged(top(match[1] ?? ''), query, (comment) => {
          const replies = beneath(comment);
          return {
            ...present(comment),
            ...(replies.length > 0 ? { replies: pageOf(replies, { limit: 50, after: 0 }, present) } : {}),
          };
        }),
    },
    {
      name: 'repliesOf',
      method: 'GET',
      path: /^\/(\d+)\/replies$/,
      handle: ({ match, query }) => {
        const comment = world().wall.comments.get(match[1] ?? '');
        return paged(comment ? beneath(comment) : [], query, present);
      },
    },
    {
      name: 'tags',
      method: 'GET',
      path: new RegExp(`^/${account}/tags$`),
      handle: ({ query }) => paged(world().wall.standing('tagged'), query, (post) => mediaOf(world(), post)),
    },
  ];
}

/** Of professional accounts anybody may know before how many they speak. */
function discovered({ talk }: World, fields: string): Record<string, unknown> | null {
  const wanted = /^business_discovery\.username\(([\w.]+)\)\{followers_count\}$/.exec(fields)?.[1];
  const found = [...talk.people.values()].find((person) => person.professional && person.username === wanted);
  if (!found) return null;
  return { id: talk.options.account, business_discovery: { id: found.id, followers_count: found.followers } };
}

/** What the account may read of where it was named. */
function mentionIn(world: World, fields: string): Record<string, unknown> {
  const { wall } = world;
  const comment = wall.comments.get(/mentioned_comment\.comment_id\((\d+)\)/.exec(fields)?.[1] ?? '');
  const post = wall.posts.get(/mentioned_media\.media_id\((\d+)\)/.exec(fields)?.[1] ?? '');
  if (post) return { mentioned_media: mediaOf(world, post) };
  const under = wall.posts.get(comment?.post ?? '');
  if (!comment || !under) return {};
  const { id, text, at, author } = comment;
  return {
    mentioned_comment: {
      id,
      text,
      timestamp: iso(at),
      username: nameOf(world, author),
      media: mediaOf(world, under),
    },
  };
}

function mediaOf(world: World, post: SimulatedPost): Record<string, unknown> {
  const { account } = world.talk.options;
  return {
    id: post.id,
    caption: post.text,
    permalink: `https://www.instagram.com/p/${Number(post.id).toString(36)}/`,
    media_type: 'IMAGE',
    timestamp: iso(post.at),
    username: nameOf(world, post.author),
    ...(post.author === account ? { owner: { id: account } } : {}),
  };
}

function nameOf({ talk }: World, author: string): string {
  return author === talk.options.account ? username : (talk.people.get(author)?.username ?? 'somebody');
}

/** Our side comments: beneath a comment, under a post, or where the account was named. */
function commented(world: World, { match, fields }: GraphRequest): GraphAnswered {
  const { wall, talk } = world;
  const { account } = talk.options;
  const [, id = '', edge = ''] = match;
  const above = edge === 'mentions' ? String(fields.comment_id ?? fields.media_id ?? '') : id;
  const parent = edge === 'comments' ? undefined : wall.comments.get(above);
  const post = wall.posts.get(parent?.post ?? above);
  const text = String(fields.message ?? '');
  if (!post || (edge === 'replies' && !parent))
    return no(400, {
      code: 100,
      subcode: 33,
      message: 'Unsupported post request. The object does not exist.',
      type: 'GraphMethodException',
    });
  if (!text || text.length > 300) return no(400, { code: 100, message: '(#100) Invalid parameter: message' });
  const comment = wall.comment(account, { post: post.id, parent: parent?.id ?? null, text });
  recordComment(world, comment, { direction: 'toCustomer', peer: parent?.author ?? post.author });
  if (post.author === account) tellComment(world, comment);
  return ok({ id: comment.id });
}

function tellComment(world: World, comment: SimulatedComment, field = 'comments'): void {
  const own = comment.author === world.talk.options.account;
  world.change(field, {
    id: comment.id,
    from: {
      id: comment.author,
      username: nameOf(world, comment.author),
      ...(own ? { self_ig_scoped_id: '17840000000000001' } : {}),
    },
    media: { id: comment.post, media_product_type: 'FEED' },
    text: comment.text,
    ...(comment.parent ? { parent_id: comment.parent } : {}),
  });
}

const deeds: Record<string, Deed> = {
  /** A comment under the account's newest post, or under `post`, or beneath `parent`; `live`: on a broadcast. */
  public: (world, person, action) => {
    const parent = action.parent ? commentOf(world, action.parent) : undefined;
    const post = parent?.post ?? (action.post ? String(action.post) : world.wall.newest().id);
    const comment = world.wall.comment(person.id, {
      post,
      parent: parent?.id ?? null,
      text: String(action.text),
    });
    recordComment(world, comment, { direction: 'fromCustomer', peer: person.id });
    tellComment(world, comment, action.live ? 'live_comments' : 'comments');
  },
  /** Our own comment, written in Instagram's app. */
  ownComment: (world, _person, action) => {
    const parent = commentOf(world, action.parent);
    const { account } = world.talk.options;
    tellComment(
      world,
      world.wall.comment(account, { post: parent.post, parent: parent.id, text: String(action.text) }),
    );
  },
  /** The account posts: Instagram tells nobody. */
  ownPost: (world, _person, action) => {
    world.wall.post(world.talk.options.account, String(action.text));
  },
  /** Somebody names the account in a post of theirs, or in a comment (`comment`) under somebody's. */
  mention: (world, person, action) => {
    const post = world.wall.post(
      action.comment ? '1799999999999999' : person.id,
      action.comment ? 'A post' : String(action.text),
      action.comment ? 'elsewhere' : 'tagged',
    );
    if (!action.comment) return world.change('mentions', { media_id: post.id });
    const comment = world.wall.comment(person.id, { post: post.id, parent: null, text: String(action.text) });
    world.change('mentions', { media_id: post.id, comment_id: comment.id });
  },
  storyMention: (world, person) => {
    const id = world.graph.media.put({ name: 'story.png', type: 'image/png', body: picture });
    const attachments = [{ type: 'story_mention', payload: { url: world.graph.media.link(id) } }];
    world.talk.writes(person, { text: '', extra: { attachments } });
  },
  storyReply: (world, person, action) => {
    const id = world.graph.media.put({ name: 'story.png', type: 'image/png', body: picture });
    const story = { id: '18000000000000001', url: world.graph.media.link(id) };
    world.talk.writes(person, { text: String(action.text), extra: { reply_to: { story } } });
  },
};

function commentOf({ wall }: World, id: unknown): SimulatedComment {
  const comment = wall.comments.get(String(id));
  if (!comment) throw new Error(`There is no comment ${String(id)}.`);
  return comment;
}

/** A whole PNG of one pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
