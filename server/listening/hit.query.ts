import type { QueryFilter } from 'mongoose';
import { canUseChannel, may, type Permission, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { ListenAsk } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import { mayNot } from '../users/user.create.ts';
import { hashtagsOf } from './hashtags.ts';
import { anySearch, type HitDoc } from './hit.model.ts';

const dayMs = 24 * 3_600_000;
const usualDays = 7;
const longestDays = 190;

export interface Range {
  from: Date;
  to: Date;
}

/** @throws AppError forbidden */
export function mustListen(viewer: Viewer, permission: Permission, what: string): void {
  if (!may(viewer, permission)) throw mayNot(what);
}

/**
 * The time that is asked for; the last seven days unless told.
 * @throws AppError invalid when it ends before it begins, or is longer than 190 days
 */
export function rangeOf(ctx: Pick<Context, 'now'>, ask: Pick<ListenAsk, 'from' | 'to'>): Range {
  const to = ask.to ? new Date(ask.to) : ctx.now();
  const from = ask.from ? new Date(ask.from) : new Date(to.getTime() - usualDays * dayMs);
  if (from >= to) throw invalid({ from: 'Must be before “to”' });
  if (to.getTime() - from.getTime() > longestDays * dayMs)
    throw invalid({ from: `At most ${longestDays} days can be asked for at once` });
  return { from, to };
}

/** Channels that the answer is of: those the viewer may use, or the one that is asked for. */
export function channelsOf(viewer: Viewer, channelId: string | undefined): 'all' | string[] {
  if (channelId === undefined) return viewer.channelIds === 'all' ? 'all' : [...viewer.channelIds];
  if (!canUseChannel(viewer, channelId))
    throw new AppError({ code: 'notFound', message: 'There is no such channel.' });
  return [channelId];
}

/** Everything that is asked but the time, as a query over hits that its index begins. */
export function hitsQuery(viewer: Viewer, ask: ListenAsk): QueryFilter<HitDoc> {
  const channels = channelsOf(viewer, ask.channelId);
  return {
    searchId: ask.searchId ?? anySearch,
    matched: true,
    ...(channels === 'all' ? {} : { channelId: { $in: channels } }),
    // Where nothing is said of how it feels it is counted as neutral.
    ...(ask.label && { label: ask.label === 'neutral' ? { $in: ['neutral', null] } : ask.label }),
    ...(ask.source && { source: ask.source }),
    state: ask.state ?? { $ne: 'notUs' },
    ...(ask.hashtag && { hashtags: asListed(ask.hashtag) }),
    ...(ask.authorId && { authorId: ask.authorId }),
  } as QueryFilter<HitDoc>;
}

/** With or without its #, with spaces or half-spaces. */
function asListed(tag: string): string {
  const bare = tag
    .trim()
    .replace(/^[#＃]/, '')
    .replace(/\s+/g, '_');
  return hashtagsOf(`#${bare}`)[0] ?? bare;
}

export function noHit(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such hit.' });
}
