import type { QueryFilter } from 'mongoose';
import { may, type Viewer } from '../../shared/access.ts';
import type {
  MissingField,
  QualityIgnore,
  QualityProblem,
  QualityRows,
  QualitySettings,
} from '../../shared/quality.ts';
import type { Context } from '../context.ts';
import { contactsOf } from '../customers/customer.list.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { visibleFacts } from '../customers/customer.visible.ts';
import { everybodyDue, factsDueNow } from '../customers/facts.due.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { key } from '../db/key.ts';
import { mayNot } from '../users/user.create.ts';
import { qualitySettings } from './quality.sources.ts';

type Row = Pick<FactsDoc, '_id' | 'name' | 'notes' | 'completeness' | 'activity'>;

/** Which rows of a list: those after a CID, or the first ones. */
interface Window {
  after: string | null;
  limit: number;
}

/** One window of the customers with a problem, of those the viewer sees, by CID. @throws AppError forbidden */
export async function problemRows(
  ctx: Context,
  viewer: Viewer,
  options: Window & { problem: QualityProblem },
): Promise<QualityRows> {
  if (!may(viewer, 'quality.read')) throw mayNot('see the quality of data');
  return rowsOf(ctx, viewer, { ...options, which: { problems: options.problem } });
}

/** One window of the customers who lack a field that completeness counts. @throws AppError forbidden */
export async function missingRows(
  ctx: Context,
  viewer: Viewer,
  options: Window & { field: MissingField },
): Promise<QualityRows> {
  if (!may(viewer, 'quality.read')) throw mayNot('see the quality of data');
  return rowsOf(ctx, viewer, { ...options, which: { 'completeness.missing': options.field } });
}

async function rowsOf(
  ctx: Context,
  viewer: Viewer,
  options: Window & { which: QueryFilter<FactsDoc> },
): Promise<QualityRows> {
  const { which, after, limit } = options;
  const found = await ctx.models.facts
    .find(
      { ...which, ...(after === null ? {} : { _id: { $gt: after } }), ...visibleFacts(viewer) },
      { name: 1, notes: 1, completeness: 1, activity: 1 },
    )
    .sort({ _id: 1 })
    .limit(limit + 1)
    .lean<Row[]>()
    .exec();
  const page = found.slice(0, limit);
  const contacts = await contactsOf(
    ctx,
    page.map((facts) => facts._id),
  );
  return {
    rows: page.map((facts) => ({
      customerId: facts._id,
      name: facts.name,
      notes: facts.notes,
      completeness: facts.completeness.score,
      lastInboundAt: facts.activity.lastInboundAt?.toISOString() ?? null,
      lastAt: facts.activity.lastAt.toISOString(),
      contact: contacts.get(facts._id)?.[0] ?? null,
    })),
    next: found.length > page.length ? (page.at(-1)?._id ?? null) : null,
  };
}

/**
 * Of this customer it is no problem, as long as the same stands there; what is stale counts as confirmed today. Or it is one again.
 * @throws AppError forbidden, notFound
 */
export async function ignoreProblem(
  ctx: Context,
  viewer: Viewer,
  options: QualityIgnore & { customerId: string; problem: QualityProblem },
): Promise<void> {
  if (!may(viewer, 'customer.write')) throw mayNot('decide on the data of customers');
  const { problem, ignored, field } = options;
  const customer = await readableCustomer(ctx, viewer, options.customerId);
  if (ignored) await remember(ctx, viewer, { customer, problem, field });
  else
    await ctx.models.ignored
      .deleteMany({ customerId: { $in: customer.members }, problem, ...(field !== undefined && { field }) })
      .exec();
  await factsDueNow(ctx, [customer._id]);
}

/** Custom fields become stale each in its own time, and are confirmed each by itself. */
async function remember(
  ctx: Context,
  viewer: Viewer,
  said: { customer: Pick<CustomerDoc, '_id'>; problem: QualityProblem; field: string | undefined },
): Promise<void> {
  const { customer, problem, field } = said;
  const facts = await ctx.models.facts
    .findById(customer._id, { notes: 1 })
    .lean<Pick<FactsDoc, 'notes'>>()
    .exec();
  const notes = facts?.notes.filter(
    (note) => note.problem === problem && (field === undefined || note.field === field),
  );
  const parts =
    problem === 'staleField'
      ? (notes ?? []).map((note) => ({ id: [note.field], field: note.field, values: [note.value] }))
      : [{ id: [], values: (notes ?? []).map((note) => note.value) }];
  for (const { id, ...part } of parts)
    await ctx.models.ignored
      .updateOne(
        { _id: key(customer._id, problem, ...id) },
        { $set: { ...part, customerId: customer._id, problem, at: ctx.now(), byUserId: viewer.id } },
        { upsert: true },
      )
      .exec();
}

/** How completeness is weighed and when data is stale. @throws AppError forbidden */
export function readQualitySettings(ctx: Context, viewer: Viewer): Promise<QualitySettings> {
  if (!may(viewer, 'quality.read')) throw mayNot('see the quality of data');
  return qualitySettings(ctx);
}

/** Everybody's facts are derived anew after it, in the background. @throws AppError forbidden */
export async function changeQualitySettings(
  ctx: Context,
  viewer: Viewer,
  settings: QualitySettings,
): Promise<QualitySettings> {
  if (!may(viewer, 'field.manage')) throw mayNot('decide what makes a record complete');
  await ctx.models.qualitySettings
    .updateOne({ _id: 'settings' }, { $set: settings }, { upsert: true })
    .exec();
  await everybodyDue(ctx);
  ctx.bus.emit('lists.changed', { list: 'quality', userId: null });
  return qualitySettings(ctx);
}

const staleAtOnce = 500;

/** Makes those due of whom something became stale since. */
export async function sweepStale(ctx: Context): Promise<void> {
  const stale = await ctx.models.facts
    .find({ staleAt: { $gt: new Date(0), $lte: ctx.now() } }, { _id: 1 })
    .limit(staleAtOnce)
    .lean<Pick<FactsDoc, '_id'>[]>()
    .exec();
  await factsDueNow(
    ctx,
    stale.map((facts) => facts._id),
  );
}
