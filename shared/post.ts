import * as z from 'zod/mini';
import { Sentiment } from './sentiment.ts';

/** A public post, with all that hangs on it: whoever wrote there, customer or not. `id`: key(channel's account scope, external id). */
export const Post = z.object({
  id: z.string(),
  channelId: z.string(),
  connector: z.string(),
  author: z.object({
    handle: z.string(),
    name: z.string(),
    /** Our own account wrote it. */ ours: z.boolean(),
  }),
  text: z.string(),
  /** At the provider; null where it has no address of its own (a group). */
  url: z.nullable(z.string()),
  /** ISO; null while only its comments are known. */
  at: z.nullable(z.string()),
  pictures: z.array(z.object({ name: z.string(), type: z.string(), url: z.string() })),
  deletedAt: z.nullable(z.string()),
  /** Entries that are known here, and the people who wrote them. */
  entries: z.number(),
  people: z.number(),
  lastAt: z.string(),
});
export type Post = z.infer<typeof Post>;

/** One thing said under a post. A message of a conversation, or a mention of somebody who is no customer. */
export const PostEntry = z.object({
  /** The message's or the mention's id. */
  id: z.string(),
  kind: z.enum(['message', 'mention']),
  /** Null: there is none, or it is none the viewer may see; what was said in public is shown all the same. */
  conversationId: z.nullable(z.string()),
  customerId: z.nullable(z.string()),
  author: z.object({ id: z.string(), handle: z.string(), name: z.string(), ours: z.boolean() }),
  text: z.string(),
  at: z.string(),
  /** The entry it answers; null for the post itself. */
  inReplyTo: z.nullable(z.string()),
  url: z.nullable(z.string()),
  deletedAt: z.nullable(z.string()),
  sentiment: z.nullable(Sentiment),
});
export type PostEntry = z.infer<typeof PostEntry>;

/** GET /api/posts/:id: the newest entries, oldest first. */
export interface PostThread {
  post: Post;
  entries: PostEntry[];
  /** Pass as `?before=`; null at the beginning. */
  before: string | null;
}

/**
 * Until when something may be said freely to somebody on a channel with a window; GET /api/conversations/:id/windows, one for each
 * identity and channel of the customer's where a window applies.
 */
export interface MessageWindow {
  channelId: string;
  identityId: string;
  /** When the customer last wrote privately; null: never, so only a template may be sent. */
  openedAt: string | null;
  /** ISO; free text may leave before. Null: it is closed and never was open. */
  closesAt: string | null;
  /** A person may still answer until then, where the provider has a tag for it. */
  taggedUntil: string | null;
  /** Templates may be sent at any time. */
  templates: boolean;
}

/** A message that the provider has approved beforehand. */
export const MessageTemplate = z.object({
  /** The provider's own name and language of it. */
  name: z.string(),
  language: z.string(),
  category: z.string(),
  /** With `{{1}}` where a value goes. */
  header: z.string(),
  body: z.string(),
  footer: z.string(),
  /** How many values it wants, header's first. */
  values: z.number(),
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;

/** In a reply: the template in place of a text, with its values in order. */
export const TemplateUse = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(512)),
  language: z.string().check(z.minLength(2), z.maxLength(20)),
  values: z.array(z.string().check(z.maxLength(1024))).check(z.maxLength(20)),
});
export type TemplateUse = z.infer<typeof TemplateUse>;
