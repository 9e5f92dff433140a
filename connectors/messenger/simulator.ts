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

const pageName = 'فروشگاه نمونه';

/** A Facebook page: its inbox, its posts and what is said under them, as the Graph API and its webhooks have them. */
export function startSimulator(options: MetaOptions = {}): Promise<MetaSimulator> {
  const account = options.account ?? '104000000000001';
  const platform: Platform = {
    object: 'page',
    messenger: true,
    account,
    page: account,
    settings: { pageId: account },
    tooLong: (text) => text.length > 2000,
    routes: (world) => [
      {
        name: 'comments',
        method: 'POST',
        path: /^\/(\d+(?:_\d+)?)\/comments$/,
        sends: true,
        handle: (request) => commented(world(), request),
      },
      ...readRoutes(world, account),
    ],
    deeds,
    told: (world, id) => told(world, id, account),
    profile: ({ name }) => ({ name }),
    // Beyond 32 bits, as real ones are.
    peer: (n) => String(7_100_000_000_000_000 + n),
  };
  return startAccount(platform, options);
}

function told({ wall }: World, id: string, account: string): Record<string, unknown> | null {
  if (id === account) return { id, name: pageName };
  const post = wall.posts.get(id);
  if (post && !post.deleted)
    return {
      id,
      message: post.text,
      permalink_url: linkOf(post.id),
      created_time: iso(post.at),
      from: fromOf(post.author, account),
    };
  const comment = wall.comments.get(id);
  return comment
    ? { id, message: comment.text, created_time: iso(comment.at), from: fromOf(comment.author, account) }
    : null;
}

/** What is said around the page, as it can be read afterwards. */
function readRoutes(world: () => World, account: string): GraphRoute[] {
  const presentPost = (post: SimulatedPost) => ({
    ...told(world(), post.id, account),
    from: signed(world(), post.author),
  });
  const presentComment = (comment: SimulatedComment) => ({
    ...told(world(), comment.id, account),
    from: signed(world(), comment.author),
    ...(comment.parent ? { parent: { id: comment.parent } } : {}),
  });
  return [
    {
      name: 'feed',
      method: 'GET',
      path: new RegExp(`^/${account}/feed$`),
      handle: ({ query }) =>
        paged(world().wall.standing('own'), query, (post) => {
          const comments = world().wall.under(post.id);
          return {
            ...presentPost(post),
            updated_time: iso(comments[0]?.at ?? post.at),
            comments: pageOf(comments, { limit: 1, after: 0 }, ({ id, at }) => ({
              id,
              created_time: iso(at),
            })),
          };
        }),
    },
    {
      name: 'tagged',
      method: 'GET',
      path: new RegExp(`^/${account}/tagged$`),
      handle: ({ query }) => paged(world().wall.standing('tagged'), query, presentPost),
    },
    {
      name: 'commentsOf',
      method: 'GET',
      path: /^\/(\d+(?:_\d+)?)\/comments$/,
      // Without the filter only those under the post itself are told, the oldest first.
      handle: ({ match, query }) => {
        const all = world().wall.under(match[1] ?? '');
        const shown = query.get('filter') === 'stream' ? all : all.filter(({ parent }) => parent === null);
        return paged(
          query.get('order') === 'reverse_chronological' ? shown : shown.reverse(),
          query,
          presentComment,
        );
      },
    },
  ];
}

function signed({ talk }: World, author: string): Record<string, unknown> {
  const { account } = talk.options;
  return { id: author, name: author === account ? pageName : talk.people.get(author)?.name };
}

const linkOf = (post: string): string => `https://www.facebook.com/${post.replace('_', '/posts/')}`;

function fromOf(author: string, account: string): Record<string, unknown> {
  return author === account ? { id: author, name: pageName } : { id: author };
}

/** Our side comments: under a post, or beneath a comment. */
function commented(world: World, { match, fields, uploads }: GraphRequest): GraphAnswered {
  const { wall, talk } = world;
  const { account } = talk.options;
  const above = match[1] ?? '';
  const parent = wall.comments.get(above);
  const post = wall.posts.get(parent?.post ?? above);
  const text = String(fields.message ?? '');
  if (!post || post.deleted)
    return no(400, {
      code: 100,
      subcode: 33,
      message: 'Unsupported post request. The object does not exist.',
      type: 'GraphMethodException',
    });
  if (!text && !uploads.source)
    return no(400, { code: 1356026, message: '(#1356026) A comment needs text or a picture.' });
  const comment = wall.comment(account, { post: post.id, parent: parent?.id ?? null, text });
  recordComment(world, comment, { direction: 'toCustomer', peer: parent?.author ?? post.author });
  tellComment(world, comment, 'add');
  return ok({ id: comment.id });
}

function tellComment(world: World, comment: SimulatedComment, verb: 'add' | 'edited' | 'remove'): void {
  const { wall, talk, change } = world;
  const name = comment.author === talk.options.account ? pageName : talk.people.get(comment.author)?.name;
  const post = wall.posts.get(comment.post) as SimulatedPost;
  change('feed', {
    item: 'comment',
    verb,
    from: { id: comment.author, name },
    post_id: comment.post,
    comment_id: comment.id,
    parent_id: comment.parent ?? comment.post,
    created_time: Math.floor(comment.at.getTime() / 1000),
    ...(verb === 'remove'
      ? {}
      : {
          message: comment.text,
          post: {
            id: post.id,
            permalink_url: linkOf(post.id),
            status_type: 'mobile_status_update',
            is_published: true,
          },
        }),
  });
}

function tellPost({ talk, change }: World, post: SimulatedPost, verb: 'add' | 'edited' | 'remove'): void {
  const { account } = talk.options;
  const name = post.author === account ? pageName : talk.people.get(post.author)?.name;
  change('feed', {
    item: post.author === account ? 'status' : 'post',
    verb,
    from: { id: post.author, name },
    post_id: post.id,
    created_time: Math.floor(post.at.getTime() / 1000),
    ...(verb === 'remove' ? {} : { message: post.text, published: 1 }),
  });
}

const deeds: Record<string, Deed> = {
  /** A comment under the page's newest post, or under `post`, or beneath `parent`. */
  public: (world, person, action) => {
    const parent = action.parent ? world.wall.comments.get(String(action.parent)) : undefined;
    const post = parent?.post ?? (action.post ? String(action.post) : world.wall.newest().id);
    const comment = world.wall.comment(person.id, {
      post,
      parent: parent?.id ?? null,
      text: String(action.text),
    });
    recordComment(world, comment, { direction: 'fromCustomer', peer: person.id });
    tellComment(world, comment, 'add');
  },
  editComment: (world, _person, action) => {
    const comment = commentOf(world, action.externalId);
    comment.text = String(action.text);
    tellComment(world, comment, 'edited');
  },
  deleteComment: (world, _person, action) => {
    const comment = commentOf(world, action.externalId);
    comment.deleted = true;
    tellComment(world, comment, 'remove');
  },
  /** Our own comment, written at Facebook. */
  ownComment: (world, _person, action) => {
    const parent = commentOf(world, action.parent);
    const { account } = world.talk.options;
    const comment = world.wall.comment(account, {
      post: parent.post,
      parent: parent.id,
      text: String(action.text),
    });
    tellComment(world, comment, 'add');
  },
  ownPost: (world, _person, action) =>
    tellPost(world, world.wall.post(world.talk.options.account, String(action.text)), 'add'),
  visitorPost: (world, person, action) =>
    tellPost(world, world.wall.post(person.id, String(action.text)), 'add'),
  deletePost: (world, _person, action) => {
    const post = world.wall.posts.get(String(action.externalId));
    if (!post) throw new Error('There is no such post.');
    post.deleted = true;
    tellPost(world, post, 'remove');
  },
  /** Somebody names the page in a post of their own. */
  mention: (world, person, action) => {
    const post = world.wall.post(person.id, String(action.text), 'tagged');
    world.change('mention', {
      item: 'post',
      verb: 'add',
      post_id: post.id,
      sender_id: person.id,
      sender_name: person.name,
      message: post.text,
      created_time: Math.floor(post.at.getTime() / 1000),
    });
  },
  like: (world, person, action) =>
    world.change('feed', {
      item: 'reaction',
      verb: action.back ? 'remove' : 'add',
      reaction_type: String(action.reaction ?? 'love'),
      from: { id: person.id, name: person.name },
      post_id: commentOf(world, action.externalId).post,
      comment_id: String(action.externalId),
      created_time: Math.floor(world.graph.now().getTime() / 1000),
    }),
};

function commentOf({ wall }: World, id: unknown): SimulatedComment {
  const comment = wall.comments.get(String(id));
  if (!comment) throw new Error(`There is no comment ${String(id)}.`);
  return comment;
}
