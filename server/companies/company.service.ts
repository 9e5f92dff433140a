import { may, type Viewer } from '../../shared/access.ts';
import type { Company, CompanyCreate, CompanyPage, CompanyUpdate } from '../../shared/company.ts';
import { AppError } from '../../shared/errors.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { Context } from '../context.ts';
import { visibleFacts } from '../customers/customer.visible.ts';
import { orderOfName } from '../customers/name.order.ts';
import { nameId, takeName } from '../db/name.ts';
import { invalid } from '../http/validate.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { literal } from '../segments/segment.query.ts';
import { mayNot } from '../users/user.create.ts';
import type { CompanyDoc } from './company.model.ts';

function presentCompany(company: CompanyDoc): Company {
  return {
    id: company._id,
    name: company.name,
    nationalId: company.nationalId,
    domains: [...company.domains],
    note: company.note,
    archived: company.archived,
    createdAt: company.createdAt.toISOString(),
  };
}

export interface CompaniesAsked {
  /** The beginning of the name, in any spelling; or a whole domain. '' for all. */
  q: string;
  /** Null: both. */
  archived: boolean | null;
  after: string | null;
  limit: number;
}

/** By name. @throws AppError forbidden; invalid, of a cursor that is none */
export async function namedCompanies(
  ctx: Context,
  viewer: Viewer,
  options: CompaniesAsked,
): Promise<{ companies: Company[]; next: string | null }> {
  if (!may(viewer, 'customer.read')) throw mayNot('see companies');
  const { archived } = options;
  const found = await ctx.models.companies
    .find({ ...(archived !== null && { archived }), ...named(options.q), ...beyond(options.after) })
    .sort({ nameKey: 1, _id: 1 })
    .limit(options.limit + 1)
    .lean<CompanyDoc[]>()
    .exec();
  const page = found.slice(0, options.limit);
  const last = page.at(-1);
  return {
    companies: page.map(presentCompany),
    next: found.length > page.length && last ? cursorOf(last) : null,
  };
}

/** `namedCompanies`, with how many of their people the viewer may see. */
export async function listCompanies(
  ctx: Context,
  viewer: Viewer,
  options: CompaniesAsked,
): Promise<CompanyPage> {
  const { companies, next } = await namedCompanies(ctx, viewer, options);
  const people = await peopleOf(ctx, viewer, companies);
  return { companies: companies.map((one) => ({ ...one, people: people.get(one.id) ?? 0 })), next };
}

/** @throws AppError forbidden, notFound */
export async function getCompany(ctx: Context, viewer: Viewer, id: string): Promise<Company> {
  if (!may(viewer, 'customer.read')) throw mayNot('see companies');
  const company = await ctx.models.companies.findById(id).lean<CompanyDoc>().exec();
  if (!company) throw noCompany();
  return presentCompany(company);
}

/** @throws AppError forbidden; invalid: a name or a national identifier that another company has */
export async function createCompany(ctx: Context, viewer: Viewer, form: CompanyCreate): Promise<Company> {
  if (!may(viewer, 'customer.write')) throw mayNot('make companies');
  const company: CompanyDoc = {
    ...form,
    _id: ctx.uuid(),
    domains: [...new Set(form.domains)],
    nameKey: orderOfName(form.name),
    archived: false,
    createdAt: ctx.now(),
  };
  await commit(ctx, async (tx) => {
    await takeNames(tx, company);
    await tx.models.companies.insertMany([company], { session: tx.session });
  });
  ctx.bus.emit('lists.changed', { list: 'companies', userId: null });
  return presentCompany(company);
}

/** @throws AppError forbidden, notFound; invalid, with the field */
export async function updateCompany(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: CompanyUpdate },
): Promise<Company> {
  if (!may(viewer, 'customer.write')) throw mayNot('change companies');
  const { change } = options;
  const company = await commit(ctx, async (tx) => {
    const { session } = tx;
    const before = await tx.models.companies.findById(options.id, null, { session }).lean<CompanyDoc>();
    if (!before) throw noCompany();
    const set = {
      ...change,
      ...(change.domains && { domains: [...new Set(change.domains)] }),
      ...(change.name !== undefined && { nameKey: orderOfName(change.name) }),
    };
    const after = { ...before, ...set } as CompanyDoc;
    await takeNames(tx, after, before);
    await tx.models.companies.updateOne({ _id: before._id }, { $set: set }, { session });
    return after;
  });
  ctx.bus.emit('lists.changed', { list: 'companies', userId: null });
  return presentCompany(company);
}

/** A name and a national identifier stand for one company. */
async function takeNames(tx: Tx, company: CompanyDoc, before?: CompanyDoc): Promise<void> {
  const take = (kind: string, name: string, former?: string) =>
    takeName(tx, { kind, name, of: company._id, ...(former ? { before: former } : {}) });
  if (!(await take('company', company.name, before?.name)))
    throw taken('name', 'There is a company of this name already.');
  const { nationalId } = company;
  if (nationalId && !(await take('companyId', nationalId, before?.nationalId)))
    throw taken('nationalId', 'Another company has this national identifier.');
  if (!nationalId && before?.nationalId)
    await tx.models.names.deleteMany(
      { of: company._id, _id: nameId('companyId', before.nationalId) },
      { session: tx.session },
    );
}

function taken(field: string, message: string): AppError {
  return new AppError({ code: 'invalid', reason: 'duplicateName', message, fields: { [field]: message } });
}

async function peopleOf(
  ctx: Context,
  viewer: Viewer,
  companies: readonly Pick<Company, 'id'>[],
): Promise<Map<string, number>> {
  const counted = await Promise.all(
    companies.map(
      async ({ id }) =>
        [
          id,
          await ctx.models.facts
            .countDocuments({ 'profile.companyIds': id, ...visibleFacts(viewer) }, { limit: 1_000 })
            .exec(),
        ] as const,
    ),
  );
  return new Map(counted);
}

function named(q: string): Record<string, unknown> {
  const text = normalise(q);
  if (!text) return {};
  return { $or: [{ nameKey: { $regex: `^${literal(orderOfName(text))}` } }, { domains: text }] };
}

function cursorOf(company: CompanyDoc): string {
  return Buffer.from(JSON.stringify([company.nameKey, company._id])).toString('base64url');
}

function beyond(cursor: string | null): Record<string, unknown> {
  if (cursor === null) return {};
  try {
    const [nameKey, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof nameKey === 'string' && typeof id === 'string')
      return { $and: [{ $or: [{ nameKey: { $gt: nameKey } }, { nameKey, _id: { $gt: id } }] }] };
  } catch {
    // Said below.
  }
  throw invalid({ after: 'This is no cursor of this list.' });
}

function noCompany(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such company.' });
}
