import type { PostDoc, PostWords } from './post.model.ts';

/** What one event says of a post. What is absent was not said. */
export interface PostWord {
  channelId: string;
  /** When it was said, as text that compares (messages/order.ts). */
  order: string;
  words: Partial<PostWords>;
  publishedAt: Date | null;
  deletedAt: Date | null;
}

const gone: Pick<PostDoc, keyof PostWords | 'orders' | 'fetched'> & { author: PostWords['author'] } = {
  author: null,
  text: '',
  url: null,
  pictures: [],
  orders: {},
  fetched: [],
};

/**
 * A post after one more word. Whatever order words arrive in, the end is the same: of each thing the newest word holds, of two at the same
 * moment the one whose text is greater; the earliest time of publication and of deletion holds; what was deleted says nothing more.
 * @returns null when it changes nothing
 */
export function heard(post: PostDoc, word: PostWord): PostDoc | null {
  const next: PostDoc = { ...post, orders: { ...post.orders } };
  if (!post.channelIds.includes(word.channelId))
    next.channelIds = [...post.channelIds, word.channelId].sort();
  next.at = earlier(post.at, word.publishedAt);
  next.deletedAt = earlier(post.deletedAt, word.deletedAt);
  for (const name of ['author', 'text', 'url', 'pictures'] as const) take(next, name, word);
  // Whose it was stays: it is how what hangs on it is understood.
  if (next.deletedAt) Object.assign(next, gone, { author: next.author, orders: authorOrder(next) });
  return JSON.stringify(next) === JSON.stringify(post) ? null : next;
}

function take<K extends keyof PostWords>(next: PostDoc, name: K, { words, order }: PostWord): void {
  const said = words[name] as PostDoc[K] | undefined;
  if (said === undefined) return;
  const known = next.orders[name];
  const greater = () => canonical(said) > canonical(next[name]);
  if (known !== undefined && (order < known || (order === known && !greater()))) return;
  next[name] = said;
  next.orders[name] = order;
}

const authorOrder = ({ orders }: PostDoc): PostDoc['orders'] =>
  orders.author === undefined ? {} : { author: orders.author };

/** A raw event's own id does not make a word another one. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (name, inner) => (name === 'inboundId' ? undefined : inner)) ?? '';
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a <= b ? a : b;
}
