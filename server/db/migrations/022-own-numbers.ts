import type { Collection, Connection } from 'mongoose';
import { foldOwn } from '../../../shared/text/identity.ts';
import { customerTokens } from '../../customers/customer.tokens.ts';
import type { Log } from '../../log.ts';
import { key, keyParts } from '../key.ts';
import type { Migration } from './index.ts';

const kinds = ['customerNumber', 'username'] as const;

interface Identity {
  _id: string;
  kind: (typeof kinds)[number];
  value: string;
  display: string;
  customerId: string;
  homeCustomerId: string;
  provenAt: Date;
  touched: number;
}

interface Edit {
  _id: string;
  field: string;
  before: Identity | null;
  after: Identity | null;
}

interface Row {
  _id: string;
  deeds: { did: string; id: string }[];
}

interface Customer {
  _id: string;
  tokens: string[];
}

/** Stands for all customers; the facts' worker knows it. */
const everybody = '*';

/**
 * One customer number or user name, one identity: what two keyboards or a half-space wrote otherwise is kept in its one spelling, in the
 * journal and in what imports remember too. Where somebody has that one already the other stays as it is and is told: facts are derived
 * anew, so that the two are proposed as one person. Done again harmlessly.
 */
export const ownNumbers: Migration = {
  id: '022-own-numbers',
  async run(db, log) {
    const left = await moveIdentities(db, log);
    await renameEdits(db, left);
    await renameDeeds(db, left);
    await db
      .collection<{ _id: string; due: number; at: Date; after?: string }>('factsDue')
      .updateOne(
        { _id: everybody },
        { $inc: { due: 1 }, $set: { at: new Date(0), after: '' } },
        { upsert: true },
      );
  },
};

const foldedId = ({ kind, value }: Pick<Identity, 'kind' | 'value'>) => key(kind, foldOwn(value));

/** @returns ids of those that stay as they are */
async function moveIdentities(db: Connection, log: Log): Promise<Set<string>> {
  const identities = db.collection<Identity>('identities');
  const left = new Set<string>();
  // `;` follows `:`.
  for (const kind of kinds)
    for await (const identity of identities
      .find({ _id: { $gte: `${kind}:`, $lt: `${kind};` } })
      .sort({ _id: 1 })) {
      if (foldedId(identity) === identity._id || !foldOwn(identity.value)) continue;
      const ownerId = await moved(identities, identity);
      if (ownerId === null) {
        await foundBy(db, identity);
        await identities.deleteOne({ _id: identity._id });
        continue;
      }
      left.add(identity._id);
      log.warn(
        { identity: identity._id, customerId: identity.customerId, as: foldedId(identity), ownerId },
        'two identities are one in another spelling: both stay',
      );
    }
  return left;
}

/** @returns whose the one spelling is already; null where this is it by now */
async function moved(identities: Collection<Identity>, identity: Identity): Promise<string | null> {
  const folded = { ...identity, _id: foldedId(identity), value: foldOwn(identity.value) };
  const there = await identities.findOne({ _id: folded._id });
  if (!there) {
    await identities.insertOne(folded);
    return null;
  }
  // What was interrupted between its two writes is done with the first.
  const isIt =
    there.display === identity.display &&
    there.customerId === identity.customerId &&
    there.homeCustomerId === identity.homeCustomerId &&
    there.touched === identity.touched &&
    there.provenAt.getTime() === identity.provenAt.getTime();
  return isIt ? null : there.customerId;
}

/** The one spelling may have words of its own, where a half-space parted them. */
async function foundBy(db: Connection, identity: Identity): Promise<void> {
  const tokens = customerTokens('', [{ ...identity, value: foldOwn(identity.value) }]);
  await db
    .collection<Customer>('customers')
    .updateOne({ _id: identity.customerId }, { $addToSet: { tokens: { $each: tokens } } });
}

/** Taking an edit back finds the identity, or puts it there again, by the id that it has now. */
async function renameEdits(db: Connection, left: ReadonlySet<string>): Promise<void> {
  const edits = db.collection<Edit>('edits');
  const now = (one: Identity | null) => one && { ...one, _id: foldedId(one), value: foldOwn(one.value) };
  const stated = { field: { $regex: `^identities\\.(${kinds.join('|')}):` } };
  for await (const edit of edits.find(stated).sort({ _id: 1 })) {
    const one = edit.after ?? edit.before;
    if (!one || left.has(one._id) || !foldOwn(one.value) || foldedId(one) === one._id) continue;
    await edits.updateOne(
      { _id: edit._id },
      { $set: { field: `identities.${foldedId(one)}`, before: now(edit.before), after: now(edit.after) } },
    );
  }
}

const kindOf = (id: string) => kinds.find((kind) => id.startsWith(`${kind}:`));

function renamed(id: string): string {
  const kind = kindOf(id);
  const [, value = ''] = keyParts(id) ?? [];
  return kind && foldOwn(value) ? foldedId({ kind, value }) : id;
}

async function renameDeeds(db: Connection, left: ReadonlySet<string>): Promise<void> {
  const rows = db.collection<Row>('importRows');
  for await (const row of rows.find({ 'deeds.id': { $regex: `^(${kinds.join('|')}):` } }).sort({ _id: 1 })) {
    const deeds = row.deeds.map((deed) =>
      deed.did === 'identity' && !left.has(deed.id) ? { ...deed, id: renamed(deed.id) } : deed,
    );
    if (deeds.some(({ id }, at) => id !== row.deeds[at]?.id))
      await rows.updateOne({ _id: row._id }, { $set: { deeds } });
  }
}
