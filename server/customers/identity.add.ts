import { may, type Viewer } from '../../shared/access.ts';
import type { Customer, IdentitySource, ProofKind, StatedKind } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import { type ReadIdentity, readIdentity } from '../../shared/text/identity.ts';
import type { Context } from '../context.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { homeOf } from './customer.home.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { presentCustomerSummary } from './customer.presenter.ts';
import { getCustomer, readableCustomer } from './customer.service.ts';
import { addIdentity, identityId } from './identity.ts';
import { existing } from './profile.change.ts';

/** Of one customer: more are no person's. */
const mostIdentities = 100;

type Good = Extract<ReadIdentity, { ok: true }>;

/** Whose word it is that this identity is the customer's. */
export interface Statement {
  proof: Extract<ProofKind, 'agent' | 'import' | 'api'>;
  source: IdentitySource;
  reason: string;
}

/**
 * As it is kept.
 * @param field the form's field it came from
 * @throws AppError invalid, with a sentence that says what would be right and, in `data.suggestion`, what was probably meant
 */
export function mustBeIdentity(kind: StatedKind, value: string, field = 'value'): Good {
  const read = readIdentity(kind, value);
  if (read.ok) return read;
  throw new AppError({
    code: 'invalid',
    message: read.message,
    fields: { [field]: read.message },
    data: { suggestion: read.suggestion },
  });
}

/** An agent says that this is the customer's too, and why. @throws AppError forbidden, notFound, invalid, 409 identityOwned */
export async function addIdentityByAgent(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; kind: StatedKind; value: string; reason: string },
): Promise<Customer> {
  if (!may(viewer, 'customer.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not add identities.' });
  const { _id } = await readableCustomer(ctx, viewer, options.customerId);
  const identity = mustBeIdentity(options.kind, options.value);
  await stateIdentity(ctx, viewer, {
    customerId: options.customerId,
    identity,
    says: { proof: 'agent', source: { by: 'user', id: viewer.id }, reason: options.reason },
  });
  return getCustomer(ctx, viewer, _id);
}

/**
 * Makes a stated identity the customer's. It recognises whoever writes from there from now on, and is unverified until somebody does.
 * The same again changes nothing.
 * @param options.customerId of whom it is said: of one merged into another it stays theirs when that is taken back
 * @throws AppError 409 identityOwned, with the customer who has it if the viewer may see them
 */
export async function stateIdentity(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; identity: Good; says: Statement },
): Promise<void> {
  const ownerId = await commit(ctx, (tx) => stateWithin(tx, options));
  if (ownerId) throw await identityOwned(ctx, viewer, { ownerId, identity: options.identity });
}

/**
 * @param options.customerId as with `stateIdentity`
 * @returns the id of another customer who has it; then nothing was written
 */
export async function stateWithin(
  tx: Tx,
  options: { customerId: string; identity: Good; says: Statement },
): Promise<string | null> {
  const { identity, says } = options;
  const { session, models } = tx;
  const customer = await existing(tx, options.customerId);
  const known = await models.identities.findById(identityId(identity), null, { session }).lean<IdentityDoc>();
  if (known) return known.customerId === customer._id ? null : known.customerId;
  const has = await models.identities.countDocuments({ customerId: customer._id }).session(session);
  if (has >= mostIdentities)
    throw new AppError({
      code: 'invalid',
      message: `A customer has at most ${mostIdentities} identities. Remove one that is not needed any more.`,
    });
  const home = homeOf(customer, { cid: options.customerId });
  await addIdentity(tx, { identity, customer, home, now: tx.ctx.now(), ...says });
  return null;
}

/** The suggestion to merge, with whom; without a name for one whom this viewer may not see. */
export async function identityOwned(
  ctx: Context,
  viewer: Viewer,
  options: { ownerId: string; identity: Pick<Good, 'display'> },
): Promise<AppError> {
  const owner = await readableCustomer(ctx, viewer, options.ownerId).catch((error) => {
    if (error instanceof AppError && error.code === 'notFound') return null;
    throw error;
  });
  return new AppError({
    code: 'conflict',
    reason: 'identityOwned',
    message: owner
      ? `${options.identity.display} belongs to ${nameOf(owner)}. If the two are one person, merge them.`
      : `${options.identity.display} belongs to a customer whom you may not see. Ask an administrator to look at the two.`,
    data: { customer: owner && presentCustomerSummary(owner) },
  });
}

const nameOf = (customer: CustomerDoc) => `${customer.name} (${customer._id})`;
