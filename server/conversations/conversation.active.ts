import { AppError } from '../../shared/errors.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { factsDue } from '../customers/facts.due.ts';
import { Again, type Tx } from '../messages/commit.ts';
import type { ConversationDoc } from './conversation.model.ts';

/** The customer as this commit sees them. @throws Again when they were linked into another */
export async function customerOf(tx: Tx, customerId: string): Promise<CustomerDoc> {
  const customer = await tx.models.customers
    .findById(customerId, null, { session: tx.session })
    .lean<CustomerDoc>();
  if (!customer) throw new Error(`Customer ${customerId} does not exist.`);
  if (customer.mergedInto) throw new Again(`customer ${customerId} was linked into ${customer.mergedInto}`);
  return customer;
}

/** Written with the old value in the filter: whatever else makes a conversation active or ends that conflicts with it. */
export async function setActive(
  tx: Tx,
  customer: Pick<CustomerDoc, '_id' | 'active'>,
  conversationId: string | null,
): Promise<void> {
  const written = await tx.models.customers.updateOne(
    { _id: customer._id, mergedInto: null, 'active.main': customer.active.main },
    { $set: { 'active.main': conversationId }, $inc: { version: 1 } },
    { session: tx.session },
  );
  if (!written.matchedCount) throw new Again(`customer ${customer._id} has another active conversation`);
  await factsDue(tx, customer._id);
  tx.emit('customer.changed', { customerId: customer._id });
}

/**
 * A thread still comes to this conversation: it lives beside its customer's main one. Written, so that a message which ends the route at
 * the same moment conflicts with whoever counts on it.
 */
export async function keepRoute(tx: Tx, conversationId: string): Promise<boolean> {
  const kept = await tx.models.routes.updateMany(
    { conversationId },
    { $inc: { touched: 1 } },
    { session: tx.session },
  );
  return kept.matchedCount > 0;
}

/**
 * @param options.becomes false: it is resolved again in the same commit, so it only must not pass another active one
 * @throws AppError 409 when the customer has another active conversation
 */
export async function mayActivate(
  tx: Tx,
  conversation: Pick<ConversationDoc, '_id' | 'customerId'>,
  options: { becomes: boolean },
): Promise<void> {
  if (await keepRoute(tx, conversation._id)) return;
  const customer = await customerOf(tx, conversation.customerId);
  const active = customer.active.main;
  if (active && active !== conversation._id) throw anotherActive(active);
  if (!active && options.becomes) await setActive(tx, customer, conversation._id);
}

/** A split-off thread is not its customer's active conversation: then there is nothing to end. */
export async function deactivate(
  tx: Tx,
  conversation: Pick<ConversationDoc, '_id' | 'customerId'>,
): Promise<void> {
  const customer = await customerOf(tx, conversation.customerId);
  if (customer.active.main === conversation._id) await setActive(tx, customer, null);
}

export function anotherActive(conversationId: string): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'anotherActive',
    message: 'This customer has another active conversation.',
    data: { conversationId },
  });
}
