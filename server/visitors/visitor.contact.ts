import type { IdentityKind } from '../../shared/customer.ts';
import type { VisitorContact } from '../../shared/visitor.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { cleanName, customerTokens } from '../customers/customer.name.ts';
import { mostTokens } from '../customers/customer.tokens.ts';
import { editedByChannel } from '../customers/edit.write.ts';
import { factsDue } from '../customers/facts.due.ts';
import { addIdentity, identityId } from '../customers/identity.ts';
import { key } from '../db/key.ts';
import { invalid } from '../http/validate.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import { canonical } from './address.ts';
import type { VisitorDoc } from './visitor.model.ts';

/** Of either kind, for one visitor: people mistype, and robots leave thousands. */
const mostLeft = 10;

/**
 * Where a visitor may be answered when they have gone. They merely say so: it suggests who they are and proves nothing.
 * @throws AppError invalid, `email` or `mobile`
 */
export async function leaveContact(ctx: Context, visitor: VisitorDoc, form: VisitorContact): Promise<void> {
  const email = canonical(ctx, 'emailAddress', form.email);
  const mobile = canonical(ctx, 'mobile', form.mobile);
  const wrong = {
    ...(form.email && !email ? { email: 'This is no e-mail address.' } : {}),
    ...(form.mobile && !mobile ? { mobile: 'This is no mobile number.' } : {}),
    ...(email && (await tooManyLeft(ctx, visitor, { kind: 'leftAddress', value: email }))
      ? { email: `At most ${mostLeft} addresses can be left.` }
      : {}),
    ...(mobile && (await tooManyLeft(ctx, visitor, { kind: 'leftMobile', value: mobile }))
      ? { mobile: `At most ${mostLeft} numbers can be left.` }
      : {}),
  };
  if (Object.keys(wrong).length) throw invalid(wrong);
  const contact = { name: cleanName(form.name), email: email ?? '', mobile: mobile ?? '' };
  await ctx.models.visitors
    .updateOne({ _id: visitor._id }, { $set: { contact, contactDue: true, noFollowUp: false } })
    .exec();
  await settleContact(ctx, { ...visitor, contact, contactDue: true });
}

async function tooManyLeft(
  ctx: Context,
  visitor: VisitorDoc,
  { kind, value }: { kind: 'leftAddress' | 'leftMobile'; value: string },
): Promise<boolean> {
  const all = leftIdentity(visitor, kind, '');
  const left = await ctx.models.identities
    .find({ _id: { $gte: all, $lt: `${all}\uffff` } }, { _id: 1 })
    .limit(mostLeft)
    .lean<Pick<IdentityDoc, '_id'>[]>()
    .exec();
  return left.length >= mostLeft && !left.some(({ _id }) => _id === leftIdentity(visitor, kind, value));
}

/** What a left address is known by: its visitor's alone. */
export function leftIdentity(
  visitor: Pick<VisitorDoc, 'site' | 'visitorId'>,
  kind: 'leftAddress' | 'leftMobile',
  address: string,
): string {
  return identityId({ kind, value: leftValue(visitor, address) });
}

const leftValue = ({ site, visitorId }: Pick<VisitorDoc, 'site' | 'visitorId'>, address: string) =>
  `${site}:${visitorId}:${address}`;

/** Makes what they left their customer's, once there is one; done twice, it is done once. */
export async function settleContact(ctx: Context, visitor: VisitorDoc): Promise<void> {
  if (!visitor.contactDue) return;
  const settled = await commit(ctx, (tx) => settleWithin(tx, visitor));
  if (!settled) return;
  const { name, email, mobile } = visitor.contact;
  await ctx.models.visitors
    .updateOne(
      { _id: visitor._id, 'contact.name': name, 'contact.email': email, 'contact.mobile': mobile },
      { $set: { contactDue: false } },
    )
    .exec();
}

async function settleWithin(tx: Tx, visitor: VisitorDoc): Promise<boolean> {
  const { session, models } = tx;
  const { email, mobile, name } = visitor.contact;
  const identity = await models.identities
    .findById(visitor.identityId, null, { session })
    .lean<IdentityDoc>();
  if (!identity) return false;
  const said = [
    ...(email ? [{ kind: 'emailAddress' as const, left: 'leftAddress' as const, value: email }] : []),
    ...(mobile ? [{ kind: 'mobile' as const, left: 'leftMobile' as const, value: mobile }] : []),
  ];
  let customer = await customerOf(tx, identity);
  for (const { kind, left, value } of said) {
    if (await owns(tx, customer, identityId({ kind, value }))) continue;
    if (!(await owns(tx, customer, leftIdentity(visitor, left, value)))) {
      await addIdentity(tx, {
        identity: { kind: left, value: leftValue(visitor, value), display: value, address: value },
        customer,
        home: identity.homeCustomerId,
        proof: 'transport',
        source: { by: 'channel', id: identity.channelIds[0] ?? visitor.site },
        now: tx.ctx.now(),
      });
      customer = await customerOf(tx, identity);
    }
    await claim(tx, { said: { customerId: identity.homeCustomerId, kind, value }, factsOf: customer._id });
  }
  await nameCustomer(tx, customer, { name, from: identity });
  return true;
}

async function customerOf(tx: Tx, identity: IdentityDoc): Promise<CustomerDoc> {
  const customer = await tx.models.customers
    .findById(identity.customerId, null, { session: tx.session })
    .lean<CustomerDoc>();
  if (!customer) throw new Error(`Identity ${identity._id} belongs to a customer who does not exist.`);
  return customer;
}

async function owns(tx: Tx, customer: CustomerDoc, id: string): Promise<boolean> {
  return Boolean(
    await tx.models.identities.exists({ _id: id, customerId: customer._id }).session(tx.session),
  );
}

/** @param factsOf the survivor, through whom the claim is read */
async function claim(
  tx: Tx,
  { said, factsOf }: { said: { customerId: string; kind: IdentityKind; value: string }; factsOf: string },
): Promise<void> {
  const written = await tx.models.claims.updateOne(
    { _id: key(said.customerId, said.kind, said.value) },
    { $setOnInsert: { ...said, source: 'webchat', at: tx.ctx.now() } },
    { session: tx.session, upsert: true },
  );
  if (written.upsertedCount) await factsDue(tx, factsOf);
}

/** A name where there was only a number; an agent's word stays. */
async function nameCustomer(
  tx: Tx,
  customer: CustomerDoc,
  { name, from }: { name: string; from: IdentityDoc },
): Promise<void> {
  if (!name || customer.nameSource !== 'address') return;
  const tokens = [...new Set([...customer.tokens, ...customerTokens(name, [])])].slice(0, mostTokens);
  const written = await tx.models.customers.updateOne(
    { _id: customer._id, version: customer.version },
    { $set: { name, nameSource: 'channel', nameFrom: from._id, tokens }, $inc: { version: 1 } },
    { session: tx.session },
  );
  if (!written.matchedCount) throw new Again(`customer ${customer._id} changed`);
  await editedByChannel(tx, { customerId: customer._id, field: 'name', before: customer.name, after: name });
  await factsDue(tx, customer._id);
  tx.emit('customer.changed', { customerId: customer._id });
}
