import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { FoundRecord } from '../../shared/search.ts';
import { findInAll, marksIn, type Query } from '../../shared/text/find.ts';
import type { Context } from '../context.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { presentCustomerSummary } from '../customers/customer.presenter.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import type { RecordDoc } from '../records/record.model.ts';
import type { Place } from './search.candidates.ts';
import { placeAfter } from './search.cursor.ts';
import { recordTexts } from './search.index.ts';
import { kindMark } from './search.keys.ts';
import { planOf } from './search.plan.ts';
import { walk } from './search.walk.ts';

/**
 * Purchases and services by their number, title, items and note, newest first, of customers whom the viewer can see.
 * @throws AppError forbidden; invalid for a cursor that is none
 */
export async function searchRecords(
  ctx: Context,
  viewer: Viewer,
  options: { query: Query; limit: number; after: string | null },
): Promise<{ found: FoundRecord[]; next: string | null }> {
  if (!may(viewer, 'customer.read'))
    throw new AppError({ code: 'forbidden', message: 'You may not read customers.' });
  const after = placeAfter(options.after);
  const { query, limit } = options;
  if (!query.units.length) return { found: [], next: null };
  return walk(ctx, {
    plan: [[[{ key: kindMark('record') }]], ...planOf(query)],
    after,
    limit,
    look: (places) => look(ctx, viewer, { query, places }),
  });
}

async function look(
  ctx: Context,
  viewer: Viewer,
  { query, places }: { query: Query; places: readonly Place[] },
): Promise<(FoundRecord | null)[]> {
  const numbers = places.map(({ n }) => n);
  const records = await ctx.models.records.find({ searchNo: { $in: numbers, $gt: 0 } }).lean<RecordDoc[]>();
  const matches = records.filter((record) => findInAll(query, recordTexts(record)));
  const owners = await ownersOf(ctx, viewer, [...new Set(matches.map(({ customerId }) => customerId))]);
  const found = new Map<number, FoundRecord>();
  for (const record of matches) {
    const customer = owners.get(record.customerId);
    if (customer) found.set(record.searchNo ?? 0, present(record, customer, query));
  }
  return numbers.map((no) => found.get(no) ?? null);
}

/** Those whom the viewer can see, as they are now, by the ids that records hang on. */
async function ownersOf(ctx: Context, viewer: Viewer, ids: string[]): Promise<Map<string, CustomerDoc>> {
  const owners = new Map<string, CustomerDoc>();
  await Promise.all(
    ids.map(async (id) => {
      const customer = await survivorOf(ctx.models.customers, id);
      if (customer) owners.set(id, customer);
    }),
  );
  if (viewer.channelIds === 'all') return owners;
  const customerId = { $in: [...owners.values()].map(({ _id }) => _id) };
  const [visible, any] = await Promise.all([
    ctx.models.conversations.find({ customerId, ...visibleTo(viewer) }, { customerId: 1 }).lean(),
    ctx.models.conversations.find({ customerId }, { customerId: 1 }).lean(),
  ]);
  const seen = new Set(visible.map((one) => one.customerId));
  const hidden = new Set(any.map((one) => one.customerId).filter((id) => !seen.has(id)));
  for (const [id, customer] of owners) if (hidden.has(customer._id)) owners.delete(id);
  return owners;
}

function present(record: RecordDoc, customer: CustomerDoc, query: Query): FoundRecord {
  const marked = (text: string) => ({ text, highlights: marksIn(query, text) });
  return {
    id: record._id,
    kind: record.kind,
    externalId: marked(record.externalId ?? ''),
    title: marked(record.title),
    at: record.at.toISOString(),
    amount: record.amount,
    currency: record.currency,
    customer: presentCustomerSummary(customer),
  };
}
