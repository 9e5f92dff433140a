import { may, type Viewer } from '../../shared/access.ts';
import type { Customer, CustomerSummary } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { CompanyDoc } from '../companies/company.model.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import { gather } from '../db/gather.ts';
import { key } from '../db/key.ts';
import type { ConsentDoc } from './consent.model.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from './customer.model.ts';
import { presentCustomer, presentCustomerSummary } from './customer.presenter.ts';
import { survivorOf } from './customer.survivor.ts';
import type { FactsDoc } from './facts.model.ts';

/** More of a history than this the panel does not list; the timeline has it all. */
const mostConversations = 200;

/**
 * An agent sees a customer when they see one of the conversations; one without any is everybody's.
 * @throws AppError notFound, also for a customer none of whose conversations this viewer may see
 */
export async function readableCustomer(ctx: Context, viewer: Viewer, id: string): Promise<CustomerDoc> {
  if (!may(viewer, 'customer.read'))
    throw new AppError({ code: 'forbidden', message: 'You may not read customers.' });
  const customer = await survivorOf(ctx.models.customers, id);
  if (!customer || !(await seesCustomer(ctx, viewer, customer._id))) throw noCustomer();
  return customer;
}

/** The same rule for the id of a survivor. */
export async function seesCustomer(ctx: Context, viewer: Viewer, id: string): Promise<boolean> {
  if (viewer.channelIds === 'all') return true;
  const theirs = { customerId: id };
  if (await ctx.models.conversations.exists({ ...theirs, ...visibleTo(viewer) }).exec()) return true;
  // Nobody has spoken with them yet: somebody imported, made by hand or by a program.
  return !(await ctx.models.conversations.exists(theirs).exec());
}

/** As lists and events show it; of a conversation whose customer was just linked away, still that one. */
export async function customerSummary(ctx: Pick<Context, 'models'>, id: string): Promise<CustomerSummary> {
  const customer = await summarised(ctx, id);
  if (!customer) throw noCustomer();
  return presentCustomerSummary(customer);
}

type Named = Parameters<typeof presentCustomerSummary>[0];

const summarised = gather<Pick<Context, 'models'>, string, Named | null>(async ({ models }, ids) => {
  const customers = await models.customers
    .find({ _id: { $in: ids } }, { name: 1, version: 1, mergedInto: 1 })
    .lean<Named[]>();
  const byId = new Map(customers.map((customer) => [customer._id, customer]));
  return ids.map((id) => byId.get(id) ?? null);
});

export async function getCustomer(ctx: Context, viewer: Viewer, id: string): Promise<Customer> {
  const customer = await readableCustomer(ctx, viewer, id);
  const identityKey = (claim: ClaimDoc) => key(claim.kind, claim.value);
  const companyIds = customer.profile?.companyIds ?? [];
  const [identities, claims, conversations, consents, facts, companies] = await Promise.all([
    ctx.models.identities
      .find({ customerId: customer._id })
      .sort({ lastSeenAt: -1 })
      .lean<IdentityDoc[]>()
      .exec(),
    // Claims keep the id they were born with: they are read through the survivor's members.
    ctx.models.claims
      .find({ customerId: { $in: customer.members }, dismissed: null })
      .lean<ClaimDoc[]>()
      .exec(),
    ctx.models.conversations
      .find({ customerId: customer._id, ...visibleTo(viewer) })
      .sort({ lastAt: -1 })
      .limit(mostConversations)
      .lean<ConversationDoc[]>()
      .exec(),
    ctx.models.consents
      .find({ customerId: { $in: customer.members } })
      .lean<ConsentDoc[]>()
      .exec(),
    ctx.models.facts.findById(customer._id).lean<FactsDoc>().exec(),
    companyIds.length
      ? ctx.models.companies
          .find({ _id: { $in: companyIds } }, { name: 1 })
          .lean<Pick<CompanyDoc, '_id' | 'name'>[]>()
          .exec()
      : [],
  ]);
  const owners = claims.length
    ? await ctx.models.identities
        .find({ _id: { $in: claims.map(identityKey) } }, { customerId: 1 })
        .lean<Pick<IdentityDoc, '_id' | 'customerId'>[]>()
        .exec()
    : [];
  return presentCustomer(customer, {
    identities,
    claims,
    conversations,
    consents,
    facts,
    companies,
    identityKey,
    owners: new Map(owners.map((identity) => [identity._id, identity.customerId])),
  });
}

function noCustomer(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such customer.' });
}
