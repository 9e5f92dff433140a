import { type Connection, Schema } from 'mongoose';
import { options } from '../db/schema.ts';

/** What can be said of a post, each by itself: the newest word of each holds. */
export interface PostWords {
  author: { handle: string; name: string; ours: boolean } | null;
  text: string;
  url: string | null;
  pictures: PostPicture[];
}

export interface PostPicture {
  name: string;
  type: string;
  /** What the connector's `download` needs. */
  ref: Record<string, unknown>;
  /** Of the raw event it came in, for connectors whose events carry their files. */
  inboundId: string;
}

/** A public post. It is read by everybody who writes under it and written only when somebody says something new of it. */
export interface PostDoc extends PostWords {
  /** postIdOf: key(scope or channel, external id) */
  _id: string;
  connector: string;
  /** Channels of ours that something of it came through. */
  channelIds: string[];
  /** When it was published; null while only its comments are known. */
  at: Date | null;
  /** Nothing revives it, and nothing of what it said is kept. */
  deletedAt: Date | null;
  /** Order of the newest word, by what it is about. */
  orders: Partial<Record<keyof PostWords, string>>;
  /** Pictures that were fetched, by their place in `pictures`: a stored file, or the sentence why there is none. */
  fetched: { key: string; fileId: string | null; error: string | null }[];
  /** It turned out to be ours: comments that came before are still to become messages. Absent: none are. */
  unclaimed?: true;
}

const post = new Schema<PostDoc>(
  {
    _id: { type: String, required: true },
    connector: { type: String, required: true },
    channelIds: { type: [String], required: true },
    author: { type: Schema.Types.Mixed, default: null },
    text: { type: String, default: '' },
    url: { type: String, default: null },
    pictures: { type: [Schema.Types.Mixed], default: [] } as never,
    at: { type: Date, default: null },
    deletedAt: { type: Date, default: null },
    orders: { type: Schema.Types.Mixed, default: {} },
    fetched: { type: [Schema.Types.Mixed], default: [] } as never,
    unclaimed: { type: Boolean, default: undefined } as never,
  },
  options('posts'),
);

export const postModel = (db: Connection) => db.model<PostDoc>('Post', post);
