import { AppError } from '../../shared/errors.ts';
import { Again, type Tx } from '../messages/commit.ts';
import type { ImportedCustomer, ImportedMessage } from '../messages/import.ts';
import { homeOf } from './customer.home.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { cleanName, customerTokens } from './customer.name.ts';
import { factsDue } from './facts.due.ts';
import { identityId, neverSeen } from './identity.ts';
import { existing } from './profile.change.ts';

/**
 * The customer that imported history belongs to: the one who has the identities already, or a new one. Identities nobody had are
 * added, and all of them are written, so that whatever else happens to them at the same moment conflicts.
 * @returns `home`: whose it is when merges are taken back
 * @throws AppError invalid when the identities belong to several customers
 */
export async function importedCustomer(
  tx: Tx,
  options: { customer: ImportedCustomer; cid: string; messages: readonly ImportedMessage[] },
): Promise<{ _id: string; home: string }> {
  const { customer, cid, messages } = options;
  const { session, models } = tx;
  const ids = customer.identities.map(identityId);
  const known = await models.identities.find({ _id: { $in: ids } }, null, { session }).lean<IdentityDoc[]>();
  const owners = [...new Set(known.map((identity) => identity.customerId))];
  if (!ids.length || owners.length > 1)
    throw new AppError({
      code: 'invalid',
      message: ids.length
        ? `The identities ${ids.join(', ')} belong to different customers. Link those first.`
        : 'An imported customer has no identity: at least one is needed.',
    });
  const [owner] = owners;
  const [identity] = [...known].sort((a, b) => ids.indexOf(a._id) - ids.indexOf(b._id));
  const home = owner ? homeOf(await existing(tx, owner), { identity }) : cid;
  const first = new Date(Math.min(...messages.map((message) => message.at.getTime())));
  const fresh = freshIdentities(options, { known, owner: owner ?? cid, home, first, now: tx.ctx.now() });
  for (const { _id } of known)
    await models.identities.updateOne(
      { _id },
      { $inc: { touched: 1 }, $max: { lastSeenAt: writtenAt(options, _id)?.last ?? neverSeen } },
      { session },
    );
  if (fresh.length) await models.identities.insertMany(fresh, { session });

  if (!owner) {
    const name = cleanName(customer.name ?? '');
    const display = fresh[0]?.display ?? '';
    const doc: CustomerDoc = {
      _id: cid,
      name: name || display,
      nameSource: name ? 'channel' : 'address',
      nameFrom: fresh[0]?._id ?? null,
      active: { main: null },
      version: 1,
      mergedInto: null,
      members: [cid],
      tokens: customerTokens(name || display, fresh),
      createdAt: first,
    };
    await models.customers.insertMany([doc], { session });
    await factsDue(tx, cid);
    return { _id: cid, home };
  }
  const written = await models.customers.updateOne(
    { _id: owner, mergedInto: null },
    {
      $inc: { version: 1 },
      $min: { createdAt: first },
      $addToSet: { tokens: { $each: customerTokens('', fresh) } },
    },
    { session },
  );
  if (!written.matchedCount) throw new Again(`customer ${owner} was linked into another`);
  await factsDue(tx, owner);
  tx.emit('customer.changed', { customerId: owner });
  return { _id: owner, home };
}

type Import = { customer: ImportedCustomer; messages: readonly ImportedMessage[] };

/** Whoever wrote from one has proven it then; of the others the import alone says whose they are. */
function freshIdentities(
  { customer, messages }: Import,
  facts: { known: IdentityDoc[]; owner: string; home: string; first: Date; now: Date },
): IdentityDoc[] {
  const had = new Set(facts.known.map((identity) => identity._id));
  return customer.identities
    .filter((identity) => !had.has(identityId(identity)))
    .map((identity) => {
      const wrote = writtenAt({ customer, messages }, identityId(identity));
      return {
        _id: identityId(identity),
        kind: identity.kind,
        value: identity.value,
        address: null,
        display: cleanName(identity.display) || identity.value,
        customerId: facts.owner,
        homeCustomerId: facts.home,
        ...(wrote
          ? { proof: 'transport' as const, provenAt: wrote.first, lastSeenAt: wrote.last }
          : { proof: 'import' as const, provenAt: facts.first, lastSeenAt: neverSeen }),
        knownAt: facts.now,
        source: { by: 'channel', id: identity.channelId },
        touched: 1,
        unreachable: false,
        reachOrder: '',
        channelIds: [identity.channelId],
        threadKey: identity.threadKey,
      };
    });
}

/** When this identity wrote first and last; null: never. */
function writtenAt({ customer, messages }: Import, id: string): { first: Date; last: Date } | null {
  const times = messages
    .filter((message) => {
      const identity = customer.identities[message.identity];
      return message.direction === 'in' && identity && identityId(identity) === id;
    })
    .map(({ at }) => at.getTime());
  return times.length ? { first: new Date(Math.min(...times)), last: new Date(Math.max(...times)) } : null;
}
