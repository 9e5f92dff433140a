import type { InboundEvent, InboundPost } from './connector.ts';
import type { ScenarioEnd } from './scenarios.ts';

type Of<T extends InboundEvent['type']> = Extract<InboundEvent, { type: T }>;
type Mention = NonNullable<ScenarioEnd['mentions']>[number];
type Posts = NonNullable<ScenarioEnd['posts']>;

const key = (scope: string | undefined, externalId: string): string => `${scope ?? ''} ${externalId}`;

/**
 * What a scenario's events come to in public: of each post the newest word of each thing, and nothing of what was deleted; mentions that
 * did not turn out to be messages.
 */
export function publicEnd(
  events: readonly InboundEvent[],
  messages: ReadonlySet<string>,
): Pick<ScenarioEnd, 'posts' | 'mentions'> {
  const posts = postsOf(events);
  const mentions = mentionsOf(events, messages);
  return { ...(posts.length ? { posts } : {}), ...(mentions.length ? { mentions } : {}) };
}

/** A comment beneath a post that turns out to be ours is a message to us, whichever of them is heard of first. */
export function withCommentsToUs(events: readonly InboundEvent[]): InboundEvent[] {
  const words = events.flatMap(wordOf);
  const isOurs = ({ post }: Of<'mention'>) =>
    post !== undefined &&
    newest(
      words.filter(({ id }) => id === key(post.scope, post.externalId)),
      ({ author }) => author && { handle: author.handle, name: author.name ?? '', ours: author.ours },
    )?.ours === true;
  return events.map((event): InboundEvent => {
    if (event.type !== 'mention' || event.kind !== 'comment' || !isOurs(event)) return event;
    const { type: _type, kind: _kind, author: sender, externalId, ...said } = event;
    return {
      type: 'message',
      externalIds: [externalId],
      direction: 'in',
      sender,
      providerOrder: '',
      visibility: 'public',
      ...said,
    };
  });
}

interface Word {
  id: string;
  post: InboundPost;
  order: string;
  deleted: boolean;
}

function postsOf(events: readonly InboundEvent[]): Posts {
  const words = events.flatMap(wordOf);
  const ids = [...new Set(words.map((word) => word.id))];
  const posts = ids.flatMap((id): Posts => {
    const own = words.filter((word) => word.id === id);
    const [first] = own;
    if (!first) return [];
    const author = newest(
      own,
      ({ author }) => author && { handle: author.handle, name: author.name ?? '', ours: author.ours },
    );
    const deleted = own.some((word) => word.deleted);
    return [
      {
        externalId: first.post.externalId,
        text: deleted ? '' : (newest(own, ({ text }) => text) ?? ''),
        ...(author?.handle ? { author: author.handle } : {}),
        ...(author?.ours ? { ours: true as const } : {}),
        ...(deleted ? { deleted: true as const } : {}),
      },
    ];
  });
  return posts.sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
}

function wordOf(event: InboundEvent): Word[] {
  if (event.type !== 'message' && event.type !== 'mention' && event.type !== 'post') return [];
  const { post, at } = event;
  if (!post) return [];
  // What a comment says of its post is as good as any other comment's of the same minute.
  const minute = at && new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  const said = event.type === 'post' ? at : minute;
  return [
    {
      id: key(post.scope, post.externalId),
      post,
      order: said?.toISOString() ?? '',
      deleted: event.type === 'post' && event.deleted === true,
    },
  ];
}

/** Of two words at the same moment the greater. */
function newest<T>(words: readonly Word[], of: (post: InboundPost) => T | undefined): T | undefined {
  const rank = (word: Word, value: T) => `${word.order}\n${JSON.stringify(value)}`;
  let found: { rank: string; value: T } | null = null;
  for (const word of words) {
    const value = of(word.post);
    if (value === undefined) continue;
    const own = rank(word, value);
    if (!found || own > found.rank) found = { rank: own, value };
  }
  return found?.value;
}

function mentionsOf(events: readonly InboundEvent[], messages: ReadonlySet<string>): Mention[] {
  const found = new Map<string, Mention>();
  for (const event of events) {
    if (event.type !== 'mention') continue;
    const { externalId, scope, author, text, at, post } = event;
    const id = key(scope, externalId);
    if (messages.has(id)) continue;
    found.set(id, {
      externalId,
      author: `${author.kind}:${author.value}`,
      text,
      at: at?.toISOString() ?? found.get(id)?.at ?? null,
      ...(post ? { post: post.externalId } : {}),
    });
  }
  const ranked = (edit: Of<'edit'>) => `${edit.at?.toISOString() ?? ''} ${edit.order}`;
  const edits = events.filter((event): event is Of<'edit'> => event.type === 'edit');
  for (const edit of edits.sort((a, b) => (ranked(a) < ranked(b) ? -1 : 1))) {
    const mention = found.get(key(edit.scope, edit.externalId));
    if (mention) Object.assign(mention, { text: edit.text, edited: true });
  }
  for (const event of events) {
    const mention = event.type === 'delete' && found.get(key(event.scope, event.externalId));
    if (!mention) continue;
    Object.assign(mention, { text: '', deleted: true });
    delete mention.edited;
  }
  const place = (mention: Mention) => `${mention.at ?? ''} ${mention.externalId}`;
  return [...found.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}
