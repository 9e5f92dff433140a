import type * as z from 'zod/mini';
import { canUseChannel, type Viewer } from '../../shared/access.ts';
import type { SavedSearchCreate, SearchPreview } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import type { AuthorDoc } from './author.ts';
import { mustListen } from './hit.query.ts';
import { type HeardMessage, heardFields, isHeard } from './listen.source.ts';
import { canBeFound, compileSearch, readText } from './matcher.ts';
import type { MentionDoc } from './mention.model.ts';

const weekMs = 7 * 24 * 3_600_000;
/** So many of either kind are looked at, the newest. */
const mostRead = 2_000;
const mostShown = 5;
const longestText = 300;

/** What was said, and whether that is as much as is looked at. */
interface Read {
  said: Said[];
  full: boolean;
}

interface Said {
  id: string;
  channelId: string;
  handle: string;
  text: string;
  at: Date;
}

/**
 * What a search would find, before it is saved: of the newest things said in the last seven days. Terms without a word in them find
 * nothing here.
 * @throws AppError forbidden
 */
export async function previewSearch(
  ctx: Pick<Context, 'models' | 'now'>,
  viewer: Viewer,
  form: z.output<typeof SavedSearchCreate>,
): Promise<SearchPreview> {
  mustListen(viewer, 'listening.manage', 'save searches');
  const since = new Date(ctx.now().getTime() - weekMs);
  const [mentions, messages] = await Promise.all([mentionsSince(ctx, since), messagesSince(ctx, since)]);
  const said = [...mentions.said, ...messages.said];
  const matcher = compileSearch({
    ...form,
    terms: form.terms.filter((term) => canBeFound(term, form.kind)),
    exclude: form.exclude.filter((term) => canBeFound(term, 'keyword')),
  });
  const found = said
    .filter(
      ({ channelId, handle, text }) =>
        canUseChannel(viewer, channelId) && matcher.matches({ channelId, handle, text: readText(text) }),
    )
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  return {
    count: found.length,
    more: mentions.full || messages.full,
    found: found.slice(0, mostShown).map(({ id, channelId, handle, text, at }) => ({
      id,
      channelId,
      author: handle,
      text: text.slice(0, longestText),
      at: at.toISOString(),
    })),
  };
}

async function mentionsSince(ctx: Pick<Context, 'models'>, since: Date): Promise<Read> {
  const mentions = await ctx.models.mentions
    .find(
      // What became a message is counted as one.
      { at: { $gte: since }, messageId: null, deletedAt: null },
      { channelId: 1, authorId: 1, text: 1, at: 1, sender: 1 },
    )
    .sort({ at: -1, _id: -1 })
    .limit(mostRead)
    .lean<MentionDoc[]>();
  const handles = await handlesOf(
    ctx,
    mentions.map(({ authorId }) => authorId),
  );
  const said = mentions.map(({ _id, channelId, authorId, text, at, sender }) => ({
    id: _id,
    channelId,
    handle: handles.get(authorId) || sender.display,
    text,
    at,
  }));
  return { said, full: mentions.length === mostRead };
}

async function messagesSince(ctx: Pick<Context, 'models'>, since: Date): Promise<Read> {
  const messages = await ctx.models.messages
    .find({ direction: 'in', at: { $gte: since } }, heardFields)
    .sort({ at: -1, _id: -1 })
    .limit(mostRead)
    .lean<HeardMessage[]>();
  const heard = messages.filter((message) => isHeard(message) && !message.deletedAt);
  const authorIds = heard.map(({ identityId }) => identityId ?? '');
  const [handles, identities] = await Promise.all([
    handlesOf(ctx, authorIds),
    ctx.models.identities
      .find({ _id: { $in: [...new Set(authorIds)] } }, { display: 1 })
      .lean<Pick<IdentityDoc, '_id' | 'display'>[]>(),
  ]);
  const displays = new Map(identities.map(({ _id, display }) => [_id, display]));
  const said = heard.map(({ _id, channelId, identityId, letter, text, at }) => ({
    id: _id,
    channelId: channelId ?? '',
    handle: handles.get(identityId ?? '') || displays.get(identityId ?? '') || '',
    text: letter?.subject ? `${letter.subject}\n${text}` : text,
    at,
  }));
  return { said, full: messages.length === mostRead };
}

async function handlesOf(ctx: Pick<Context, 'models'>, ids: readonly string[]): Promise<Map<string, string>> {
  const authors = await ctx.models.authors
    .find({ _id: { $in: [...new Set(ids)] } }, { handle: 1 })
    .lean<Pick<AuthorDoc, '_id' | 'handle'>[]>();
  return new Map(authors.map(({ _id, handle }) => [_id, handle]));
}
