import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import type { ApiCustomer, ApiCustomerCreate, ApiCustomerQuery, ApiIdentity } from '../../shared/api.ts';
import { type IdentityKind, isVerified, type StatedKind, statedKinds } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { CustomerChange } from '../../shared/profile.ts';
import { type CustomerProfile, emptyProfile } from '../../shared/profile.ts';
import { mintCid } from '../../shared/text/cid.ts';
import { readIdentity } from '../../shared/text/identity.ts';
import type { Context } from '../context.ts';
import { createCustomerWithin } from '../customers/customer.create.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import type { Writer } from '../customers/edit.write.ts';
import {
  identityOwned,
  mustBeIdentity,
  type Statement,
  stateIdentity,
  stateWithin,
} from '../customers/identity.add.ts';
import { removeWithin } from '../customers/identity.remove.ts';
import { identityId, neverSeen } from '../customers/identity.ts';
import { changeProfile, type Editor } from '../customers/profile.change.ts';
import { key as keyOf } from '../db/key.ts';
import { commit, type Tx } from '../messages/commit.ts';
import type { ApiCall } from './api.endpoint.ts';
import type { ApiAnswerDoc, ApiKeyDoc } from './api-key.model.ts';

type Asking = Pick<ApiCall<unknown, unknown>, 'ctx' | 'key' | 'viewer'>;

/** A customer as a program of the organisation sees them: with the whole of every identity. */
function presentApiCustomer(customer: CustomerDoc, identities: readonly IdentityDoc[]): ApiCustomer {
  return {
    cid: customer._id,
    name: customer.name,
    members: [...customer.members],
    version: customer.version,
    createdAt: customer.createdAt.toISOString(),
    profile: { ...emptyProfile, ...(customer.profile as Partial<CustomerProfile> | undefined) },
    identities: identities.map(presentApiIdentity),
  };
}

function presentApiIdentity(identity: IdentityDoc): ApiIdentity {
  return {
    id: identity._id,
    kind: identity.kind,
    value: identity.address ?? identity.value,
    display: identity.display,
    proof: identity.proof,
    verified: isVerified(identity),
    provenAt: identity.provenAt.toISOString(),
    lastSeenAt: identity.lastSeenAt > neverSeen ? identity.lastSeenAt.toISOString() : null,
    source: identity.source ? { by: identity.source.by, id: identity.source.id } : null,
    unreachable: identity.unreachable,
    blocked: identity.blocked ?? false,
  };
}

async function shown(ctx: Context, customers: readonly CustomerDoc[]): Promise<ApiCustomer[]> {
  const identities = await ctx.models.identities
    .find({ customerId: { $in: customers.map(({ _id }) => _id) } })
    .sort({ _id: 1 })
    .lean<IdentityDoc[]>()
    .exec();
  return customers.map((customer) =>
    presentApiCustomer(
      customer,
      identities.filter((one) => one.customerId === customer._id),
    ),
  );
}

/** One customer; of one merged into another, that one. @throws AppError notFound */
export async function apiCustomer({ ctx, viewer }: Asking, cid: string): Promise<ApiCustomer> {
  const [customer] = await shown(ctx, [await readableCustomer(ctx, viewer, cid)]);
  if (!customer) throw new Error(`Customer ${cid} was read and is not there.`);
  return customer;
}

const statedKind = (kind: IdentityKind): kind is StatedKind => statedKinds.some((one) => one === kind);

/** Who has an identity, or a page of all, by CID. What is no identity at all is told so. */
export async function findApiCustomers(
  asking: Asking,
  query: z.output<typeof ApiCustomerQuery>,
): Promise<{ customers: ApiCustomer[]; next: string | null }> {
  const { ctx } = asking;
  if (query.kind && query.value) {
    const { kind, value } = query;
    // What is met on a channel has one spelling: the channel's own.
    const asked = statedKind(kind) ? mustBeIdentity(kind, value) : { kind, value };
    const identity = await ctx.models.identities.findById(identityId(asked)).lean<IdentityDoc>().exec();
    return { customers: identity ? [await apiCustomer(asking, identity.customerId)] : [], next: null };
  }
  const found = await ctx.models.customers
    .find({ mergedInto: null, ...(query.after ? { _id: { $gt: query.after } } : {}) })
    .sort({ _id: 1 })
    .limit(query.limit + 1)
    .lean<CustomerDoc[]>()
    .exec();
  const page = found.slice(0, query.limit);
  return {
    customers: await shown(ctx, page),
    next: found.length > page.length ? (page.at(-1)?._id ?? null) : null,
  };
}

/**
 * Somebody new, with identities that nobody has. Under an `Idempotency-Key` the same request again makes nobody: what it made is
 * remembered in the commit that makes it.
 * @throws AppError invalid, 409 identityOwned with who has it
 */
export async function createApiCustomer(
  asking: Asking & { idempotencyKey: string | null },
  form: ApiCustomerCreate,
): Promise<ApiCustomer> {
  const { ctx, key, viewer, idempotencyKey } = asking;
  const identities = form.identities.map(({ kind, value }, at) =>
    mustBeIdentity(kind, value, `identities.${at}.value`),
  );
  const cid = mintCid(ctx.random);
  const editor = editorOf(asking);
  const answerId = idempotencyKey === null ? null : keyOf(key._id, idempotencyKey);
  const request = createHash('sha256')
    .update(`POST /customers\n${JSON.stringify(form)}`)
    .digest('hex');
  const made = await commit(ctx, async (tx) => {
    const before = answerId && (await madeBefore(tx, { answerId, request }));
    if (before) return before;
    await createCustomerWithin(tx, { cid, name: form.name, change: form.profile, editor });
    for (const identity of identities) {
      const ownerId = await stateWithin(tx, { customerId: cid, identity, says: says(key) });
      if (ownerId) throw await identityOwned(ctx, viewer, { ownerId, identity });
    }
    if (answerId)
      await tx.models.apiAnswers.insertMany([{ _id: answerId, request, made: cid, at: ctx.now() }], {
        session: tx.session,
      });
    return cid;
  });
  return apiCustomer(asking, made);
}

async function madeBefore(tx: Tx, of: { answerId: string; request: string }): Promise<string | null> {
  const before = await tx.models.apiAnswers
    .findById(of.answerId, null, { session: tx.session })
    .lean<ApiAnswerDoc>();
  if (!before) return null;
  if (before.request === of.request) return before.made;
  throw new AppError({
    code: 'invalid',
    message:
      'This Idempotency-Key was used for another request. Each request that makes something needs its own.',
    fields: { 'Idempotency-Key': 'It was used for another request.' },
  });
}

/** @throws AppError notFound; invalid, with the fields */
export async function updateApiCustomer(
  asking: Asking,
  options: { cid: string; change: CustomerChange },
): Promise<ApiCustomer> {
  const { ctx, viewer } = asking;
  const { _id: customerId } = await readableCustomer(ctx, viewer, options.cid);
  const editor = editorOf(asking);
  await commit(ctx, (tx) => changeProfile(tx, { customerId, change: options.change, editor }));
  return apiCustomer(asking, customerId);
}

/** @throws AppError notFound, invalid, 409 identityOwned */
export async function addApiIdentity(
  asking: Asking,
  options: { cid: string; kind: StatedKind; value: string },
): Promise<ApiCustomer> {
  const { ctx, key, viewer } = asking;
  const { _id } = await readableCustomer(ctx, viewer, options.cid);
  const identity = mustBeIdentity(options.kind, options.value);
  await stateIdentity(ctx, viewer, { customerId: options.cid, identity, says: says(key) });
  return apiCustomer(asking, _id);
}

/** @throws AppError notFound, 409 identityInUse */
export async function removeApiIdentity(
  { ctx, viewer }: Asking,
  options: { cid: string; kind: StatedKind; value: string },
): Promise<void> {
  const { _id: customerId } = await readableCustomer(ctx, viewer, options.cid);
  const read = readIdentity(options.kind, options.value);
  if (!read.ok)
    throw new AppError({ code: 'notFound', message: `There is no such identity. ${read.message}` });
  const writer: Writer = { by: 'api', byUserId: null };
  await commit(ctx, (tx) => removeWithin(tx, { customerId, identityId: identityId(read), writer }));
}

function says(key: ApiKeyDoc): Statement {
  return { proof: 'api', source: { by: 'apiKey', id: key._id }, reason: '' };
}

function editorOf({ ctx }: Asking): Editor {
  return { by: 'api', byUserId: null, minted: ctx.uuid() };
}
