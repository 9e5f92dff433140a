import { randomBytes } from 'node:crypto';
import { conversationOf, idAt } from './ids.ts';

/** What there is on the simulated platform: people, posts, direct messages and files. */

export interface Someone {
  id: string;
  username: string;
  name: string;
  followers: number;
  /** Takes no direct messages of ours. */
  closed: boolean;
}

export interface StoredMedia {
  id: string;
  type: string;
  body: Buffer;
  url: string;
  /** Whose signature it wants; null: it is public. */
  for: string | null;
}

export interface Link {
  url: string;
  expanded_url: string;
  display_url: string;
}

export interface SimulatedPost {
  id: string;
  versions: string[];
  author: Someone;
  /** As its writer typed it. */
  said: string;
  at: Date;
  replyTo: SimulatedPost | null;
  root: SimulatedPost | null;
  quotes: SimulatedPost | null;
  repostOf: SimulatedPost | null;
  media: StoredMedia[];
  deleted: boolean;
}

export interface SimulatedDirect {
  id: string;
  sender: Someone;
  /** Null: a talk of several. */
  recipient: Someone | null;
  talk: string;
  said: string;
  at: Date;
  media: StoredMedia | null;
}

export class World {
  readonly people = new Map<string, Someone>();
  readonly posts = new Map<string, SimulatedPost>();
  readonly directs: SimulatedDirect[] = [];
  readonly media = new Map<string, StoredMedia>();
  private readonly links = new Map<string, string>();
  private last = 0n;

  constructor(
    readonly account: Someone,
    private readonly options: { now: () => Date; keep: number },
  ) {
    this.people.set(account.id, account);
  }

  /** Never twice, and ever upwards. */
  mint(): string {
    const least = BigInt(idAt(this.options.now()));
    this.last = least > this.last ? least : this.last + 1n;
    return String(this.last);
  }

  person(peer: string, change: { name?: string; username?: string; followers?: number } = {}): Someone {
    if (!/^\d{1,20}$/.test(peer)) throw new Error(`A peer on X is a user's number, not “${peer}”.`);
    let known = this.people.get(peer);
    if (!known) {
      const number = peer.slice(-8);
      known = {
        id: peer,
        username: `user_${number}`,
        name: `User ${Number(number)}`,
        followers: 12,
        closed: false,
      };
      this.people.set(peer, known);
    }
    if (change.name) known.name = change.name;
    if (change.username) known.username = change.username;
    if (change.followers !== undefined) known.followers = change.followers;
    return known;
  }

  post(
    author: Someone,
    said: string,
    to: Partial<Pick<SimulatedPost, 'replyTo' | 'quotes' | 'repostOf' | 'media'>> = {},
  ): SimulatedPost {
    const id = this.mint();
    const { replyTo = null, quotes = null, repostOf = null, media = [] } = to;
    const root = replyTo ? (replyTo.root ?? replyTo) : null;
    const at = this.options.now();
    const post: SimulatedPost = {
      id,
      versions: [id],
      author,
      said,
      at,
      replyTo,
      root,
      quotes,
      repostOf,
      media,
      deleted: false,
    };
    this.posts.set(id, post);
    forgetOldest(this.posts, this.options.keep);
    return post;
  }

  direct(
    sender: Someone,
    recipient: Someone | null,
    said: string,
    media: StoredMedia | null,
  ): SimulatedDirect {
    const talk = recipient ? conversationOf(sender.id, recipient.id) : this.mint();
    const direct = { id: this.mint(), sender, recipient, talk, said, at: this.options.now(), media };
    this.directs.push(direct);
    if (this.directs.length > this.options.keep) this.directs.shift();
    return direct;
  }

  /** The post of this version, or of one of its versions. */
  find(id: string): SimulatedPost | undefined {
    const direct = this.posts.get(id);
    if (direct && !direct.deleted) return direct;
    return [...this.posts.values()].find((post) => !post.deleted && post.versions.includes(id));
  }

  file(type: string, body: Buffer, whose: string | null): StoredMedia {
    const id = this.mint();
    const ending = type.split('/')[1]?.replace('jpeg', 'jpg').replace('quicktime', 'mov') ?? 'bin';
    const url = whose
      ? `https://ton.twitter.com/1.1/ton/data/dm/${id}/${id}/picture.${ending}`
      : type.startsWith('video/')
        ? `https://video.twimg.com/ext_tw_video/${id}/film.mp4`
        : `https://pbs.twimg.com/media/${id}.${ending}`;
    const stored = { id, type, body, url, for: whose };
    this.media.set(id, stored);
    forgetOldest(this.media, Math.min(2000, this.options.keep));
    return stored;
  }

  /** As X hands a text out: addresses shortened, three characters escaped, a picture's own link at the end. */
  handedOut(
    said: string,
    media: readonly StoredMedia[],
  ): { text: string; urls: Link[]; mediaLink: string | null } {
    const urls: Link[] = [];
    const shortened = said.replace(/https?:\/\/[^\s<>"]+/g, (long) => {
      const url = this.shortLink(long);
      urls.push({ url, expanded_url: long, display_url: long.replace(/^https?:\/\//, '').slice(0, 30) });
      return url;
    });
    const escaped = shortened.replace(
      /[&<>]/g,
      (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '',
    );
    const first = media[0];
    const mediaLink = first ? this.shortLink(first.url) : null;
    return { text: mediaLink ? `${escaped} ${mediaLink}`.trim() : escaped, urls, mediaLink };
  }

  private shortLink(long: string): string {
    const known = this.links.get(long);
    if (known) return known;
    const short = `https://t.co/${randomBytes(8).toString('hex').slice(0, 10)}`;
    this.links.set(long, short);
    forgetOldest(this.links, this.options.keep);
    return short;
  }

  /** Whom a text names. */
  named(said: string): Someone[] {
    const handles = new Set([...said.matchAll(/@(\w{1,15})/g)].map((match) => match[1]?.toLowerCase()));
    return [...this.people.values()].filter((person) => handles.has(person.username.toLowerCase()));
  }
}

function forgetOldest(map: Map<string, unknown>, keep: number): void {
  for (const old of map.keys()) {
    if (map.size <= keep) break;
    map.delete(old);
  }
}
