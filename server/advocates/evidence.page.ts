import { canUseChannel, may, type Viewer } from '../../shared/access.ts';
import type { Criticism, Evidence, EvidencePage, ScorePart } from '../../shared/advocate.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { survivorsOf } from '../customers/customer.survivor.ts';
import { visibleOf } from '../customers/customer.visible.ts';
import { invalid } from '../http/validate.ts';
import type { AuthorDoc } from '../listening/author.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { type AdvocateDoc, type EvidenceDoc, wordParts } from './advocate.model.ts';
import { countedPurchases } from './advocate.sources.ts';
import { purchaseWeight } from './score.ts';

interface Of {
  customer: Pick<CustomerDoc, '_id' | 'members'>;
  /** Null: nothing was derived of them yet. */
  doc: AdvocateDoc | null;
}

/**
 * One window of what a part, or all that was said, rests on, newest first. Each one's points are its share of what its part comes to: they
 * add up to the part.
 */
export async function evidencePage(
  ctx: Context,
  viewer: Viewer,
  of: Of & { part: ScorePart | null; after: string | null; limit: number },
): Promise<EvidencePage> {
  const { part } = of;
  if (part === 'reach') return { evidence: await reachOf(ctx, of), next: null };
  if (part === 'recency') return { evidence: await newestOf(ctx, viewer, of), next: null };
  if (part === 'purchases' || part === 'referrals') return recordsOf(ctx, viewer, { ...of, part });
  const words = part === null ? wordParts.filter((one) => one !== 'criticism') : [part];
  const found = await wordsOf(ctx, { ...of, words });
  const page = found.slice(0, of.limit);
  return {
    evidence: page.map((one) => presentWord(viewer, one, of.doc)),
    next: found.length > page.length ? cursorOf(page.at(-1)) : null,
  };
}

/** The newest words against us. */
export async function criticismOf(ctx: Context, viewer: Viewer, of: Of): Promise<Criticism[]> {
  const found = await wordsOf(ctx, { ...of, words: ['criticism'], after: null, limit: 9 });
  return found.map((one) => {
    const { part: _part, points: _points, ...rest } = presentWord(viewer, one, null);
    return rest;
  });
}

async function wordsOf(
  ctx: Context,
  of: Of & { words: readonly string[]; after: string | null; limit: number },
): Promise<EvidenceDoc[]> {
  const spam = await ctx.models.conversations
    .find({ customerId: of.customer._id, status: 'spam' }, { _id: 1 })
    .lean<{ _id: string }[]>()
    .exec();
  return ctx.models.evidence
    .find({
      customerId: { $in: of.customer.members },
      part: { $in: of.words },
      // As in the score: what was put away counts for nothing.
      ...(spam.length && { conversationId: { $nin: spam.map(({ _id }) => _id) } }),
      ...(of.after === null ? {} : beyond(of.after)),
    } as never)
    .sort({ at: -1, _id: -1 })
    .limit(of.limit + 1)
    .lean<EvidenceDoc[]>()
    .exec();
}

/** What everybody can read may be read by all who may read; what was said to us, or in a closed group, by those who may use its channel. */
function presentWord(viewer: Viewer, one: EvidenceDoc, doc: AdvocateDoc | null): Evidence {
  const seen = one.public || canUseChannel(viewer, one.channelId);
  const part = one.part === 'criticism' ? 'praise' : one.part;
  return {
    part,
    source: one.source,
    id: one.sourceId,
    conversationId: canUseChannel(viewer, one.channelId) ? one.conversationId : null,
    postId: one.postId,
    url: one.url,
    customerId: null,
    at: one.at.toISOString(),
    excerpt: seen ? one.excerpt : '',
    points: shareOf(doc, part, one.weight),
  };
}

function shareOf(doc: AdvocateDoc | null, part: ScorePart, weight: number): number {
  const sum = doc?.sums[part] ?? 0;
  return sum > 0 ? Math.round(((doc?.parts[part] ?? 0) * weight * 100) / sum) / 100 : 0;
}

async function recordsOf(
  ctx: Context,
  viewer: Viewer,
  of: Of & { part: 'purchases' | 'referrals'; after: string | null; limit: number },
): Promise<EvidencePage> {
  const { members } = of.customer;
  const codes =
    of.part === 'referrals'
      ? await ctx.models.referralCodes
          .find({ customerId: { $in: members } }, { _id: 1 })
          .lean<{ _id: string }[]>()
          .exec()
      : [];
  const whose =
    of.part === 'purchases'
      ? { customerId: { $in: members } }
      : { referralCode: { $in: codes.map(({ _id }) => _id), $gt: '' }, customerId: { $nin: members } };
  const found = await ctx.models.records
    .find({ ...whose, ...countedPurchases, ...(of.after === null ? {} : beyond(of.after)) } as never)
    .sort({ at: -1, _id: -1 })
    .limit(of.limit + 1)
    .lean<RecordDoc[]>()
    .exec();
  const page = found.slice(0, of.limit);
  const owners = await survivorsOf(
    ctx,
    page.map(({ customerId }) => customerId),
  );
  const seen = may(viewer, 'customer.read') ? await visibleOf(ctx, viewer, owners.values()) : new Set();
  const opened = (customerId: string) => {
    const owner = owners.get(customerId) ?? '';
    return seen.has(owner) ? owner : null;
  };
  return {
    evidence: page.map((record) => ({
      part: of.part,
      source: of.part === 'purchases' ? ('record' as const) : ('referral' as const),
      id: record._id,
      conversationId: null,
      postId: null,
      url: null,
      customerId: opened(record.customerId),
      at: record.at.toISOString(),
      // What somebody else bought is told in their history, to whoever may open it.
      excerpt: of.part === 'purchases' ? record.title : (record.referralCode ?? ''),
      points: shareOf(of.doc, of.part, purchaseWeight(record)),
    })),
    next: found.length > page.length ? cursorOf(page.at(-1)) : null,
  };
}

async function reachOf(ctx: Context, of: Of): Promise<Evidence[]> {
  const authors = await ctx.models.authors
    .find({ _id: { $in: of.doc?.authorIds ?? [] } })
    .lean<AuthorDoc[]>()
    .exec();
  return authors
    .filter((author) => author.reach !== null)
    .map((author) => ({
      part: 'reach' as const,
      source: 'author' as const,
      id: author._id,
      conversationId: null,
      postId: null,
      url: author.url,
      customerId: null,
      at: author.reachAt.toISOString(),
      excerpt: author.handle,
      points: shareOf(of.doc, 'reach', author.reach ?? 0),
    }));
}

/** What they did last carries all of it. */
async function newestOf(ctx: Context, viewer: Viewer, of: Of): Promise<Evidence[]> {
  const one = { after: null, limit: 1 };
  const pages = await Promise.all([
    evidencePage(ctx, viewer, { ...of, ...one, part: null }),
    recordsOf(ctx, viewer, { ...of, ...one, part: 'purchases' }),
    recordsOf(ctx, viewer, { ...of, ...one, part: 'referrals' }),
  ]);
  const [newest] = pages
    .flatMap(({ evidence }) => evidence)
    .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
  return newest ? [{ ...newest, part: 'recency', points: of.doc?.parts.recency ?? 0 }] : [];
}

const cursorOf = (one: { at: Date; _id: string } | undefined) =>
  one ? Buffer.from(`${one.at.getTime()}:${one._id}`).toString('base64url') : null;

function beyond(cursor: string): Record<string, unknown> {
  const [, ms, id] = /^(\d{1,16}):(.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const at = new Date(Number(ms));
  if (id === undefined || Number.isNaN(at.getTime()))
    throw invalid({ after: 'This is no cursor of this list.' });
  return { at: { $lte: at }, $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }] };
}
