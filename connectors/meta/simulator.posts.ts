export type PostPlace = 'own' | 'tagged' | 'elsewhere';

export interface SimulatedPost {
  id: string;
  /** Of the account itself, or of a visitor's or somebody who names us. */
  author: string;
  text: string;
  at: Date;
  deleted: boolean;
  answeredPrivately: boolean;
  /** On our account’s own page, elsewhere and naming us, or elsewhere. */
  place: PostPlace;
}

export interface SimulatedComment {
  id: string;
  post: string;
  /** Null: under the post itself. */
  parent: string | null;
  author: string;
  text: string;
  at: Date;
  answeredPrivately: boolean;
  deleted: boolean;
}

/** What stands in public around an account. */
export class Wall {
  readonly posts = new Map<string, SimulatedPost>();
  readonly comments = new Map<string, SimulatedComment>();
  private next: number;

  constructor(
    private readonly options: {
      account: string;
      now: () => Date;
      /** Facebook's ids have two parts. */
      facebook: boolean;
    },
  ) {
    this.next = options.now().getTime() * 10;
  }

  post(author: string, text: string, place: PostPlace = 'own'): SimulatedPost {
    const { account, facebook, now } = this.options;
    const number = this.next++;
    const id = facebook ? `${account}_${number}` : String(number);
    const post: SimulatedPost = {
      id,
      author,
      text,
      at: now(),
      deleted: false,
      answeredPrivately: false,
      place,
    };
    this.posts.set(id, post);
    return post;
  }

  comment(author: string, about: { post: string; parent: string | null; text: string }): SimulatedComment {
    const number = this.next++;
    const id = this.options.facebook ? `${about.post.split('_').at(-1)}_${number}` : String(number);
    const comment: SimulatedComment = {
      id,
      author,
      at: this.options.now(),
      answeredPrivately: false,
      deleted: false,
      ...about,
    };
    this.comments.set(id, comment);
    return comment;
  }

  /** The account's newest post; one is written where there is none. */
  newest(): SimulatedPost {
    const own = [...this.posts.values()].filter(
      (post) => post.author === this.options.account && !post.deleted,
    );
    return own.at(-1) ?? this.post(this.options.account, 'کالای تازه رسید');
  }
  /** What still stands in one place, the newest first. */
  standing(place: PostPlace): SimulatedPost[] {
    return [...this.posts.values()].filter((post) => !post.deleted && post.place === place).reverse();
  }

  /** Comments under a post that still stand, the newest first. */
  under(post: string): SimulatedComment[] {
    return [...this.comments.values()]
      .filter((comment) => comment.post === post && !comment.deleted)
      .reverse();
  }
}
