import { may, type Viewer } from '../../shared/access.ts';
import { isVerified } from '../../shared/customer.ts';
import type { ContactPoint, CustomerPage, CustomerRow, CustomerSort } from '../../shared/customer-list.ts';
import type { SegmentRule } from '../../shared/segment.ts';
import type { CompanyDoc } from '../companies/company.model.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import { both } from '../segments/segment.count.ts';
import type { FactsQuery } from '../segments/segment.query.ts';
import { queryOfRule } from '../segments/segment.rule.ts';
import { ruleOfSegment } from '../segments/segment.service.ts';
import { mayNot } from '../users/user.create.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { presentIdentity } from './customer.presenter.ts';
import { visibleFacts } from './customer.visible.ts';
import type { FactsDoc } from './facts.model.ts';
import { profileOf } from './facts.profile.ts';

const contactsShown = 3;

/** What each order goes by, and which way. */
const orders: Readonly<
  Record<CustomerSort, { path: string; way: 1 | -1; of: (facts: FactsDoc) => unknown }>
> = {
  name: { path: 'nameKey', way: 1, of: (facts) => facts.nameKey },
  lastAt: { path: 'activity.lastAt', way: -1, of: (facts) => facts.activity.lastAt.getTime() },
  spent: { path: 'values.spent', way: -1, of: (facts) => facts.values.spent },
  completeness: { path: 'completeness.score', way: 1, of: (facts) => facts.completeness.score },
  createdAt: { path: 'createdAt', way: -1, of: (facts) => facts.createdAt.getTime() },
};

/**
 * One keyset window of the customers a viewer may see: of a segment, of a rule that nobody has saved, of both, or all.
 * @throws AppError forbidden; notFound: no such segment; invalid: a rule or cursor that is none
 */
export async function listCustomers(
  ctx: Context,
  viewer: Viewer,
  options: {
    segmentId: string | null;
    filter: SegmentRule | null;
    sort: CustomerSort;
    after: string | null;
    limit: number;
  },
): Promise<CustomerPage> {
  if (!may(viewer, 'customer.read')) throw mayNot('read customers');
  const order = orders[options.sort];
  const query = both(
    options.segmentId === null
      ? {}
      : await queryOfRule(ctx, await ruleOfSegment(ctx, viewer, options.segmentId)),
    options.filter === null ? {} : await queryOfRule(ctx, options.filter, 'filter'),
    visibleFacts(viewer),
    options.after === null ? {} : beyond(options.after, options.sort),
  );
  const found = await ctx.models.facts
    // Names of what was bought can be many, and rows show none.
    .find(query, { bought: 0, services: 0 })
    .sort({ [order.path]: order.way, _id: order.way })
    .limit(options.limit + 1)
    .lean<FactsDoc[]>()
    .exec();
  const page = found.slice(0, options.limit);
  const last = page.at(-1);
  return {
    customers: await rowsOf(ctx, page),
    next: found.length > page.length && last ? cursorOf(order.of(last), last._id) : null,
  };
}

/** Facts as rows, with what people read in its own words. */
export async function rowsOf(
  ctx: Pick<Context, 'models'>,
  page: readonly FactsDoc[],
): Promise<CustomerRow[]> {
  const ids = page.map((facts) => facts._id);
  const companyIds = [...new Set(page.flatMap((facts) => facts.profile.companyIds))];
  const [customers, contacts, companies] = await Promise.all([
    ctx.models.customers
      .find({ _id: { $in: ids } }, { name: 1, profile: 1 })
      .lean<Pick<CustomerDoc, '_id' | 'name' | 'profile'>[]>()
      .exec(),
    contactsOf(ctx, ids),
    companyIds.length
      ? ctx.models.companies
          .find({ _id: { $in: companyIds } }, { name: 1 })
          .lean<Pick<CompanyDoc, '_id' | 'name'>[]>()
          .exec()
      : [],
  ]);
  const byId = new Map(customers.map((customer) => [customer._id, customer]));
  return page.map((facts) => {
    const customer = byId.get(facts._id);
    const { city, language, tagIds } = profileOf(customer ?? {});
    return {
      id: facts._id,
      name: customer?.name ?? facts.name,
      contacts: contacts.get(facts._id) ?? [],
      city,
      language,
      tagIds,
      companies: companies
        .filter((company) => facts.profile.companyIds.includes(company._id))
        .map((company) => ({ id: company._id, name: company.name })),
      spent: facts.values.spent,
      purchases: facts.values.purchases,
      lastAt: facts.activity.lastAt.toISOString(),
      lastInboundAt: facts.activity.lastInboundAt?.toISOString() ?? null,
      conversations: facts.activity.conversations,
      completeness: facts.completeness.score,
      problems: [...facts.problems],
      createdAt: facts.createdAt.toISOString(),
    };
  });
}

/** What a list shows of how each of these customers can be reached, the best first. */
export async function contactsOf(
  ctx: Pick<Context, 'models'>,
  customerIds: readonly string[],
): Promise<Map<string, ContactPoint[]>> {
  const identities = await ctx.models.identities
    .find({ customerId: { $in: [...customerIds] } })
    .lean<IdentityDoc[]>()
    .exec();
  return new Map(
    customerIds.map((id) => [id, shownOf(identities.filter(({ customerId }) => customerId === id))]),
  );
}

/** Those that the person wrote from last first; what is merely stated or left comes after. */
function shownOf(identities: readonly IdentityDoc[]): ContactPoint[] {
  return [...identities]
    .sort(
      (a, b) =>
        Number(isVerified(b)) - Number(isVerified(a)) || b.lastSeenAt.getTime() - a.lastSeenAt.getTime(),
    )
    .slice(0, contactsShown)
    .map((identity) => {
      const { kind, display, verified } = presentIdentity(identity);
      return { kind, display, verified };
    });
}

function cursorOf(value: unknown, id: string): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

/** The rows after a cursor's. The plain bound lets the index skip what the exact condition then sorts out. */
function beyond(cursor: string, sort: CustomerSort): FactsQuery {
  const { path, way } = orders[sort];
  const [said, id] = readCursor(cursor);
  const isMoment = sort === 'lastAt' || sort === 'createdAt';
  const value = isMoment && typeof said === 'number' ? new Date(said) : said;
  const fits =
    typeof said === (sort === 'name' ? 'string' : 'number') &&
    !(value instanceof Date && Number.isNaN(value.getTime()));
  if (!fits || typeof id !== 'string') throw invalid({ after: 'This is no cursor of this list.' });
  const [past, upTo] = way === 1 ? ['$gt', '$gte'] : ['$lt', '$lte'];
  return {
    [path]: { [upTo]: value },
    $or: [{ [path]: { [past]: value } }, { [path]: value, _id: { [past]: id } }],
  } as FactsQuery;
}

function readCursor(cursor: string): unknown[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}
