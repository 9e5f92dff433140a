import type { QueryFilter } from 'mongoose';
import type { Viewer } from '../../shared/access.ts';
import type { ConversationPage, ViewDigest } from '../../shared/conversation.ts';
import type { ViewFilter, ViewKey } from '../../shared/view.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { presentCustomerSummary } from '../customers/customer.presenter.ts';
import { key } from '../db/key.ts';
import { invalid } from '../http/validate.ts';
import { viewFilter } from '../views/view.access.ts';
import type { ConversationDoc, DraftDoc, ReadDoc } from './conversation.model.ts';
import { presentConversation } from './conversation.presenter.ts';
import { visibleOn } from './conversation.visible.ts';
import { both, countQuery, viewQuery } from './view.ts';

/** A view, or in its place a filter that nobody has saved; a channel narrows either. */
export interface Listing {
  view: ViewKey;
  channelId: string | null;
  filter?: ViewFilter | null;
}

const newestFirst = { lastAt: -1, _id: -1 } as const;

/** One keyset window of a view, newest first. */
export async function listConversations(
  ctx: Context,
  viewer: Viewer,
  options: Listing & { after: string | null; limit: number },
): Promise<ConversationPage> {
  const query = await queryOf(ctx, viewer, options);
  const found = await ctx.models.conversations
    .find({ ...query, ...(options.after === null ? {} : beyond(options.after)) })
    .sort(newestFirst)
    .limit(options.limit + 1)
    .lean<ConversationDoc[]>()
    .exec();
  const page = found.slice(0, options.limit);
  const ids = page.map((conversation) => conversation._id);
  const customerIds = [...new Set(page.map((conversation) => conversation.customerId))];
  const [customers, reads, drafts] = await Promise.all([
    ctx.models.customers
      .find({ _id: { $in: customerIds } })
      .lean<CustomerDoc[]>()
      .exec(),
    ctx.models.reads
      .find({ _id: { $in: ids.map((id) => key(viewer.id, id)) } })
      .lean<ReadDoc[]>()
      .exec(),
    ctx.models.drafts.find({ userId: viewer.id }, { conversationId: 1 }).lean<DraftDoc[]>().exec(),
  ]);
  const last = page.at(-1);
  return {
    view: options.view,
    conversations: page.map(presentConversation),
    customers: customers.map(presentCustomerSummary),
    reads: Object.fromEntries(reads.map((read) => [read.conversationId, read.seq])),
    drafts: [...new Set(drafts.map((draft) => draft.conversationId))].filter((id) => ids.includes(id)),
    next: found.length > page.length && last ? cursorOf(last) : null,
  };
}

/** What a window of a view must look like now: count, newest change, ids with versions. */
export async function viewDigest(
  ctx: Context,
  viewer: Viewer,
  options: Listing & { limit: number },
): Promise<ViewDigest> {
  const query = await queryOf(ctx, viewer, options);
  const [rows, count] = await Promise.all([
    ctx.models.conversations
      .find(query, { version: 1, lastAt: 1 })
      .sort(newestFirst)
      .limit(options.limit)
      .lean<Pick<ConversationDoc, '_id' | 'version' | 'lastAt'>[]>()
      .exec(),
    countQuery(ctx, query),
  ]);
  return {
    view: options.view,
    count,
    newestAt: rows[0]?.lastAt.toISOString() ?? null,
    versions: rows.map((row) => [row._id, row.version]),
  };
}

/** What the view asks for, of what this viewer may see. @throws AppError notFound: no such view or channel */
async function queryOf(
  ctx: Context,
  viewer: Viewer,
  options: Listing,
): Promise<QueryFilter<ConversationDoc>> {
  const visible = visibleOn(viewer, options.channelId);
  const filter = options.filter ?? (await viewFilter(ctx, viewer, options.view));
  return both(viewQuery(filter, viewer), visible);
}

function cursorOf(conversation: Pick<ConversationDoc, '_id' | 'lastAt'>): string {
  return Buffer.from(`${conversation.lastAt.getTime()}:${conversation._id}`).toString('base64url');
}

/** The rows after a cursor's. The plain bound lets the index skip what the exact condition then sorts out. */
function beyond(cursor: string): QueryFilter<ConversationDoc> {
  const [, ms, id] = /^(\d{1,16}):(.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const at = new Date(Number(ms));
  if (id === undefined || Number.isNaN(at.getTime()))
    throw invalid({ after: 'This is no cursor of this list.' });
  return { lastAt: { $lte: at }, $or: [{ lastAt: { $lt: at } }, { lastAt: at, _id: { $lt: id } }] };
}
