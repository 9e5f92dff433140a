import { concerns } from './simulator.api.ts';
import type { Webhooks } from './simulator.push.ts';
import type { SimulatedDirect, SimulatedPost, Someone, StoredMedia, World } from './simulator.world.ts';

export type Action = { do: string; peer: string; [key: string]: unknown };

export interface Upload {
  name: string;
  type: string;
  body: Uint8Array;
}

/** What people do on the platform, and what of it our account is told. */
export class Deeds {
  constructor(
    private readonly options: {
      world: World;
      webhooks: Webhooks;
      now: () => Date;
      onDirect: (direct: SimulatedDirect) => void;
      onPost: (post: SimulatedPost) => void;
    },
  ) {}

  writes(from: Someone, to: Someone | null, said: string, file?: Upload): SimulatedDirect {
    const { world } = this.options;
    const media = file ? world.file(file.type, Buffer.from(file.body), world.account.id) : null;
    const direct = world.direct(from, to, said, media);
    this.options.onDirect(direct);
    return direct;
  }

  act(action: Action): void {
    const { world } = this.options;
    const deed = this.deeds[action.do];
    if (!deed)
      throw new Error(
        `A user of X does not know '${action.do}'; only ${Object.keys(this.deeds).join(', ')}.`,
      );
    const person = world.person(action.peer, {
      ...(typeof action.name === 'string' ? { name: action.name } : {}),
      ...(typeof action.username === 'string' ? { username: action.username } : {}),
      ...(typeof action.followers === 'number' ? { followers: action.followers } : {}),
    });
    deed(person, action);
  }

  private readonly deeds: Record<string, (person: Someone, action: Action) => void> = {
    /** Names our account, or answers `replyTo`: one of our posts, or anybody's. */
    public: (person, action) => {
      const { world } = this.options;
      const replyTo = this.wanted(action.replyTo);
      const handle = `@${world.account.username}`;
      const said = String(action.text);
      const names = said.toLowerCase().includes(handle.toLowerCase());
      this.posted(person, replyTo || names ? said : `${handle} ${said}`, {
        replyTo,
        media: this.picture(action),
      });
    },
    /** Says something to nobody in particular: only a search finds it. */
    mention: (person, action) => {
      this.posted(person, String(action.text), {
        replyTo: this.wanted(action.replyTo),
        media: this.picture(action),
      });
    },
    quote: (person, action) => this.posted(person, String(action.text), { quotes: this.wanted(action.of) }),
    repost: (person, action) => this.posted(person, '', { repostOf: this.wanted(action.of) }),
    /** Every version of a post has an id of its own. */
    edit: (_person, action) => {
      const post = this.wanted(action.externalId);
      if (!post) throw new Error('Which post is edited? Give its externalId.');
      post.said = String(action.text);
      post.versions.push(this.options.world.mint());
      this.told(post);
    },
    delete: (_person, action) => {
      const post = this.wanted(action.externalId);
      if (!post) throw new Error('Which post is deleted? Give its externalId.');
      post.deleted = true;
      this.options.webhooks.deletion(post, this.options.now());
    },
    /** Has read all that we sent. */
    read: (person) => {
      const { world, webhooks, now } = this.options;
      const last = world.directs.filter(({ recipient }) => recipient === person).at(-1);
      if (last) webhooks.read(person, last, now());
    },
    typing: (person) => this.options.webhooks.typing(person, this.options.now()),
    /** Our account writes from X's own app: privately, or as an answer to `replyTo`. */
    echo: (person, action) => {
      const { account } = this.options.world;
      const replyTo = this.wanted(action.replyTo);
      if (replyTo) this.posted(account, String(action.text), { replyTo });
      else this.writes(account, person, String(action.text));
    },
    ownPost: (_person, action) => {
      this.posted(this.options.world.account, String(action.text), { media: this.picture(action) });
    },
    /** A talk of several, which our account is in. */
    group: (person, action) => {
      this.writes(person, null, String(action.text));
    },
    /** Says who they are: X tells nobody. */
    profile: () => undefined,
    block: (person) => {
      person.closed = true;
    },
    unblock: (person) => {
      person.closed = false;
    },
  };

  private posted(
    author: Someone,
    said: string,
    to: Partial<Pick<SimulatedPost, 'replyTo' | 'quotes' | 'repostOf' | 'media'>>,
  ): void {
    const post = this.options.world.post(author, said, to);
    this.options.onPost(post);
    this.told(post);
  }

  /** X tells an account of what it wrote, what names or answers it, and what quotes or repeats its posts. */
  private told(post: SimulatedPost): void {
    const { world, webhooks } = this.options;
    const { account } = world;
    const about = [post.quotes, post.repostOf].some((other) => other?.author.id === account.id);
    if (post.author.id === account.id || about || concerns(post, world)) webhooks.post(post);
  }

  private wanted(id: unknown): SimulatedPost | null {
    if (typeof id !== 'string') return null;
    const post = this.options.world.find(id);
    if (!post) throw new Error(`There is no post ${id}.`);
    return post;
  }

  private picture({ picture }: Action): StoredMedia[] {
    if (picture === undefined) return [];
    const body = picture instanceof Uint8Array ? Buffer.from(picture) : onePixel;
    return [this.options.world.file('image/png', body, null)];
  }
}

/** A whole PNG of one pixel. */
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
