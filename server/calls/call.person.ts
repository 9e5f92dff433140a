import { AppError } from '../../shared/errors.ts';
import { parsePhone } from '../../shared/text/phone.ts';
import { customerOf } from '../conversations/conversation.active.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { customerTokens } from '../customers/customer.name.ts';
import { factsDue } from '../customers/facts.due.ts';
import { addIdentity, identityId } from '../customers/identity.ts';
import type { Tx } from '../messages/commit.ts';
import { invalid } from '../messages/outgoing.ts';

export interface Party {
  customer: CustomerDoc;
  /** Null: a customer without a number. */
  identity: IdentityDoc | null;
  number: string;
  /** Whose it is when links are taken back. */
  home: string;
}

/** Who is at the other end of a call that an agent logs: the customer they look at, or whoever has that number, or somebody new. */
export async function partyOf(
  tx: Tx,
  options: { customerId?: string; number?: string; cid: string; byUserId: string; now: Date },
): Promise<Party> {
  const number = options.number?.trim() ? phoneOf(options.number) : null;
  if (options.customerId) return customerParty(tx, { customerId: options.customerId, number });
  if (!number) throw invalid('number', 'Say whose call it is: a customer, or a telephone number.');
  const known = await tx.models.identities
    .findById(identityId(number), null, { session: tx.session })
    .lean<IdentityDoc>();
  const identity = known ?? (await stranger(tx, { ...options, number }));
  return {
    identity,
    customer: await customerOf(tx, identity.customerId),
    number: number.value,
    home: identity.homeCustomerId,
  };
}

interface Phone {
  kind: 'mobile' | 'phone';
  value: string;
}

function phoneOf(text: string): Phone {
  const number = parsePhone(text);
  if (!number)
    throw invalid(
      'number',
      'That is no telephone number: write it like 09121234567, 02188776655 or +44 7400 123456.',
    );
  return { kind: number.mobile ? 'mobile' : 'phone', value: number.e164 };
}

/** Their own number where the agent gave it; else the one they were last met by. */
async function customerParty(tx: Tx, of: { customerId: string; number: Phone | null }): Promise<Party> {
  const { models, session } = tx;
  const customer = await models.customers
    .findOne({ members: of.customerId })
    .session(session)
    .lean<CustomerDoc>();
  if (!customer) throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
  const numbers = await models.identities
    .find({ customerId: customer._id, kind: { $in: ['mobile', 'phone'] } }, null, { session })
    .sort({ lastSeenAt: -1 })
    .lean<IdentityDoc[]>();
  const given = of.number;
  const identity = given ? numbers.find((one) => one._id === identityId(given)) : numbers[0];
  return {
    customer,
    identity: identity ?? null,
    number: given?.value ?? identity?.value ?? '',
    home: identity?.homeCustomerId ?? customer._id,
  };
}

/** On the agent's word. */
async function stranger(
  tx: Tx,
  options: { number: Phone; cid: string; byUserId: string; now: Date },
): Promise<IdentityDoc> {
  const { cid, now } = options;
  const address = { ...options.number, display: options.number.value };
  const customer: CustomerDoc = {
    _id: cid,
    name: address.display,
    nameSource: 'address',
    nameFrom: identityId(address),
    active: { main: null },
    version: 1,
    mergedInto: null,
    members: [cid],
    tokens: customerTokens(address.display, [address]),
    createdAt: now,
  };
  await tx.models.customers.insertMany([customer], { session: tx.session });
  await factsDue(tx, cid);
  return addIdentity(tx, {
    identity: address,
    customer,
    home: cid,
    proof: 'agent',
    source: { by: 'user', id: options.byUserId },
    now,
  });
}
