import type { Sender } from '../../connectors/connector.ts';
import {
  type IdentityKind,
  type IdentitySource,
  isOthersWord,
  type ProofKind,
  reachedAs,
} from '../../shared/customer.ts';
import { key } from '../db/key.ts';
import { Again, type Tx } from '../messages/commit.ts';
import { orderKey } from '../messages/order.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { cleanName, customerTokens } from './customer.name.ts';
import { mostTokens } from './customer.tokens.ts';
import { editedByChannel, editedIdentity, writerOf } from './edit.write.ts';
import { factsDue } from './facts.due.ts';

/** An identity nobody has heard from yet. */
export const neverSeen = new Date(0);

export function identityId(of: { kind: string; value: string }): string {
  return key(of.kind, of.value);
}

/** What a channel writes to, in order to reach this identity. */
export function reached(identity: Pick<IdentityDoc, 'kind' | 'value' | 'address'>): {
  kind: IdentityKind;
  value: string;
} {
  return { kind: reachedAs(identity.kind), value: identity.address ?? identity.value };
}

export interface Met {
  identity: IdentityDoc;
  customer: CustomerDoc;
}

/**
 * Writes the identity first, so that two nodes that meet the same person at once conflict here and make one customer; then the
 * customer under it. Everything it keeps is newest-wins by the provider's time, whatever order messages come in.
 *
 * @param options.cid minted outside the deed: the customer's number if this is somebody new
 * @param options.at when they wrote; null for an identity that did not write itself (we wrote to it, it blocked us)
 */
export async function meetIdentity(
  tx: Tx,
  options: {
    sender: Sender;
    channelId: string;
    threadKey: string;
    cid: string;
    at: Date | null;
    /** What they wrote was for us alone: on a channel with a window it opens it. */
    inPrivate?: boolean;
    now: Date;
  },
): Promise<Met> {
  const { sender, channelId, threadKey, cid, at, now } = options;
  const { session } = tx;
  const _id = identityId(sender);
  const display = cleanName(sender.display) || sender.value;
  const word = at ? orderKey(at, '') : '';
  const provenAt = at && at < now ? at : now;
  const max = at
    ? { lastSeenAt: at, reachOrder: word, ...(options.inPrivate && { [`heard.${channelId}`]: at }) }
    : {};
  const blank: Omit<IdentityDoc, '_id' | 'touched'> = {
    kind: sender.kind,
    value: sender.value,
    address: null,
    display,
    customerId: cid,
    homeCustomerId: cid,
    proof: 'transport',
    provenAt,
    knownAt: now,
    source: { by: 'channel', id: channelId },
    lastSeenAt: neverSeen,
    unreachable: false,
    reachOrder: '',
    channelIds: [channelId],
    threadKey,
  };
  const onInsert = Object.fromEntries(Object.entries(blank).filter(([field]) => !(field in max)));
  const identity = await tx.models.identities
    .findOneAndUpdate(
      { _id },
      { $inc: { touched: 1 }, ...(at ? { $max: max } : {}), $setOnInsert: onInsert },
      { session, upsert: true, returnDocument: 'after' },
    )
    .lean<IdentityDoc>();
  if (!identity) throw new Again(`identity ${_id} is gone`);

  if (identity.touched === 1 && identity.customerId === cid)
    return {
      identity,
      customer: await firstCustomer(tx, { cid, sender, display, now }),
    };

  const newer = newerWords(identity, { at, display, channelId, threadKey, word, provenAt });
  if (Object.keys(newer).length) await tx.models.identities.updateOne({ _id }, { $set: newer }, { session });
  if (newer.proof)
    await editedIdentity(tx, {
      by: 'channel',
      byUserId: null,
      before: identity,
      after: { ...identity, ...newer },
    });
  const customer = await tx.models.customers
    .findById(identity.customerId, null, { session })
    .lean<CustomerDoc>();
  if (!customer)
    throw new Error(`Identity ${_id} belongs to customer ${identity.customerId}, who does not exist.`);
  return {
    identity: { ...identity, ...newer },
    customer: await improved(tx, customer, { sender, identity, newer }),
  };
}

async function firstCustomer(
  tx: Tx,
  options: { cid: string; sender: Sender; display: string; now: Date },
): Promise<CustomerDoc> {
  const given = cleanName(options.sender.name ?? '');
  const name = given || options.display;
  const customer: CustomerDoc = {
    _id: options.cid,
    name,
    nameSource: given ? 'channel' : 'address',
    nameFrom: identityId(options.sender),
    active: { main: null },
    version: 1,
    mergedInto: null,
    members: [options.cid],
    tokens: customerTokens(name, [{ value: options.sender.value, display: options.display }]),
    createdAt: options.now,
  };
  await tx.models.customers.insertMany([customer], { session: tx.session });
  await factsDue(tx, customer._id);
  return customer;
}

/** What changes on an identity already known, because this is the newest word of it. */
function newerWords(
  identity: IdentityDoc,
  met: {
    at: Date | null;
    display: string;
    channelId: string;
    threadKey: string;
    word: string;
    provenAt: Date;
  },
): Partial<IdentityDoc> {
  const set: Partial<IdentityDoc> = {};
  const newest = met.at !== null && identity.lastSeenAt.getTime() === met.at.getTime();
  if (newest && identity.threadKey !== met.threadKey) set.threadKey = met.threadKey;
  if (newest && identity.display !== met.display) set.display = met.display;
  if (newest && identity.channelIds[0] !== met.channelId)
    set.channelIds = [met.channelId, ...identity.channelIds.filter((id) => id !== met.channelId)];
  else if (!identity.channelIds.includes(met.channelId))
    set.channelIds = [...identity.channelIds, met.channelId];
  // It was only said to be theirs: now it wrote.
  if (met.at && isOthersWord(identity.proof)) {
    set.proof = 'transport';
    set.provenAt = met.provenAt;
    set.source = { by: 'channel', id: met.channelId };
  }
  // The first that they wrote is the proof, also where it comes in after later ones.
  if (met.at && identity.proof === 'transport' && met.provenAt < identity.provenAt)
    set.provenAt = met.provenAt;
  // Who writes can be reached, unless a later word says otherwise.
  if (met.at && identity.unreachable && identity.reachOrder === met.word) set.unreachable = false;
  return set;
}

/** A name where there was only an address; new words to be found by. An agent's word stays. */
async function improved(
  tx: Tx,
  customer: CustomerDoc,
  met: { sender: Sender; identity: IdentityDoc; newer: Partial<IdentityDoc> },
): Promise<CustomerDoc> {
  const given = cleanName(met.sender.name ?? '');
  const set: Partial<CustomerDoc> = {};
  if (customer.nameSource === 'address' && given) {
    set.name = given;
    set.nameSource = 'channel';
    set.nameFrom = met.identity._id;
  }
  if (set.name || met.newer.display) {
    const tokens = customerTokens(set.name ?? customer.name, [{ ...met.identity, ...met.newer }]);
    const missing = tokens.filter((token) => !customer.tokens.includes(token));
    if (missing.length) set.tokens = [...customer.tokens, ...missing].slice(0, mostTokens);
  }
  if (!Object.keys(set).length && !('unreachable' in met.newer) && !('proof' in met.newer)) return customer;
  const after = await tx.models.customers
    .findOneAndUpdate(
      { _id: customer._id, version: customer.version },
      { ...(Object.keys(set).length ? { $set: set } : {}), $inc: { version: 1 } },
      { session: tx.session, returnDocument: 'after' },
    )
    .lean<CustomerDoc>();
  if (!after) throw new Again(`customer ${customer._id} changed`);
  if (set.name && set.name !== customer.name)
    await editedByChannel(tx, {
      customerId: customer._id,
      field: 'name',
      before: customer.name,
      after: set.name,
    });
  await factsDue(tx, customer._id);
  tx.emit('customer.changed', { customerId: customer._id });
  return after;
}

/**
 * Gives a customer an identity nobody had: it and the customer are written, so that a link of this customer at the same moment
 * conflicts with it.
 * @param options.home whose it is when links are taken back
 */
export async function addIdentity(
  tx: Tx,
  options: {
    identity: Pick<IdentityDoc, 'kind' | 'value' | 'display'> & { address?: string | null };
    customer: CustomerDoc;
    home: string;
    proof: ProofKind;
    source: IdentitySource;
    /** Why, where a person says so. */
    reason?: string;
    now: Date;
  },
): Promise<IdentityDoc> {
  const { identity, customer, now } = options;
  const doc: IdentityDoc = {
    _id: identityId(identity),
    kind: identity.kind,
    value: identity.value,
    address: identity.address ?? null,
    display: cleanName(identity.display) || identity.value,
    customerId: customer._id,
    homeCustomerId: options.home,
    proof: options.proof,
    provenAt: now,
    knownAt: now,
    source: options.source,
    ...(options.reason ? { reason: options.reason } : {}),
    touched: 1,
    lastSeenAt: neverSeen,
    unreachable: false,
    reachOrder: '',
    channelIds: [],
    threadKey: '',
  };
  await tx.models.identities.insertMany([doc], { session: tx.session });
  const tokens = customerTokens('', [doc]).filter((token) => !customer.tokens.includes(token));
  const written = await tx.models.customers.updateOne(
    { _id: customer._id, mergedInto: null },
    { $inc: { version: 1 }, $set: { tokens: [...customer.tokens, ...tokens].slice(0, mostTokens) } },
    { session: tx.session },
  );
  if (!written.matchedCount) throw new Again(`customer ${customer._id} was linked into another`);
  await editedIdentity(tx, { ...writerOf(options.source), before: null, after: doc });
  await factsDue(tx, customer._id);
  tx.emit('customer.changed', { customerId: customer._id });
  return doc;
}
