import { AppError } from '../../shared/errors.ts';
import { referrersDue } from '../advocates/advocate.due.ts';
import type { Context } from '../context.ts';
import { isSame } from '../customers/customer.merge.fields.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { editedRecords, type Writer } from '../customers/edit.write.ts';
import { factsDueOf } from '../customers/facts.due.ts';
import { removeWithin } from '../customers/identity.remove.ts';
import { neverSeen } from '../customers/identity.ts';
import { applyValues, existing } from '../customers/profile.change.ts';
import { valueAt } from '../customers/profile.values.ts';
import { key } from '../db/key.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { replaceRecords } from '../records/record.put.ts';
import type { ImportDeed, ImportDoc, ImportRowDoc } from './import.model.ts';
import { Pace } from './import.pace.ts';
import { Progress, rest, turn } from './import.progress.ts';

/** Rows a commit, to begin with, and the rest after, as a part of the time it took. */
const size = 10;
const restShare = 1;

type Fate = 'removed' | 'restored' | 'kept';

/**
 * Takes an import back, its last row first: what it made goes, what it changed is as it was before. What somebody changed or went on
 * with since stays, and is counted. Each row that is taken back is struck off in the same commit: killed, it goes on where it was.
 */
export async function undoTable(ctx: Context, doc: ImportDoc, signal: AbortSignal): Promise<void> {
  const importId = doc._id;
  const progress = new Progress(ctx, importId);
  const pace = new Pace(size, restShare);
  for (;;) {
    if (signal.aborted) return;
    const { value: left, ms } = await ctx.background.turn(() =>
      commit(ctx, (tx) => step(tx, doc, pace.size)),
    );
    if (left === 'stopped') return;
    if (left === 'none') break;
    progress.say();
    await rest(pace.after(ms), signal);
  }
  await turn(ctx, importId, {
    from: ['undoing'],
    set: { state: 'undone', endedAt: ctx.now(), position: 0 },
  });
}

async function step(tx: Tx, doc: ImportDoc, most: number): Promise<'more' | 'none' | 'stopped'> {
  const { session, models } = tx;
  const importId = doc._id;
  const going = await models.imports
    .findOne({ _id: importId, state: 'undoing' }, { _id: 1 }, { session })
    .lean();
  if (!going) return 'stopped';
  const rows = await models.importRows
    .find({ importId, phase: 'run', outcome: { $in: ['made', 'updated'] } }, null, { session })
    .sort({ row: -1 })
    .limit(most)
    .lean<ImportRowDoc[]>();
  if (!rows.length) return 'none';
  const fates: Record<Fate, number> = { removed: 0, restored: 0, kept: 0 };
  for (const row of rows)
    for (const [at, deed] of [...row.deeds.entries()].reverse())
      fates[await undo(tx, deed, { doc, minted: key('undo', importId, row.row, at) })] += 1;
  const gone = rows.flatMap(({ _id, row }) => [_id, key(importId, 'run', row, 'noted')]);
  await models.importRows.deleteMany({ _id: { $in: gone } }, { session });
  const written = await models.imports.updateOne(
    { _id: importId, state: 'undoing' },
    {
      $inc: {
        version: 1,
        position: -rows.length,
        'undo.removed': fates.removed,
        'undo.restored': fates.restored,
        'undo.kept': fates.kept,
      },
    },
    { session },
  );
  if (!written.matchedCount) throw new Error(`Import ${importId} changed within its own commit.`);
  return 'more';
}

function undo(tx: Tx, deed: ImportDeed, options: { doc: ImportDoc; minted: string }): Promise<Fate> {
  switch (deed.did) {
    case 'record':
      return undoRecord(tx, deed, options.doc);
    case 'profile':
      return undoProfile(tx, deed, options);
    case 'identity':
      return undoIdentity(tx, deed, options.doc);
    case 'claim':
      return undoClaim(tx, deed.id);
    case 'customer':
      return undoCustomer(tx, deed, options.doc._id);
  }
}

async function undoRecord(
  tx: Tx,
  deed: Extract<ImportDeed, { did: 'record' }>,
  doc: ImportDoc,
): Promise<Fate> {
  const { session, models } = tx;
  const now = await models.records.findById(deed.id, null, { session }).lean<RecordDoc>();
  if (now?.version !== deed.version) return 'kept';
  const { before } = deed;
  if (!before) {
    await models.records.deleteOne({ _id: deed.id, version: deed.version }, { session });
    await referrersDue(tx, [now.referralCode]);
    await factsDueOf(tx, [now.customerId]);
    return 'removed';
  }
  // Whom it was of may have been taken back with another import: it is nobody's to give back then.
  if (!(await models.customers.exists({ _id: before.customerId }).session(session))) return 'kept';
  const record = { ...before, version: now.version + 1, updatedAt: tx.ctx.now() };
  await replaceRecords(tx, [{ record, before: now }]);
  await editedRecords(tx, {
    by: 'import',
    byUserId: doc.byUserId,
    changes: [{ before: now, after: record }],
  });
  await factsDueOf(tx, [now.customerId, before.customerId]);
  return 'restored';
}

async function undoProfile(
  tx: Tx,
  deed: Extract<ImportDeed, { did: 'profile' }>,
  { doc, minted }: { doc: ImportDoc; minted: string },
): Promise<Fate> {
  const { session, models } = tx;
  const customer = await models.customers.findById(deed.id, null, { session }).lean<CustomerDoc>();
  if (!customer || customer.mergedInto) return 'kept';
  const back = deed.edits.filter(({ field, after }) => isSame(valueAt(customer, field), after));
  if (!back.length) return 'kept';
  await applyValues(tx, customer, {
    values: back.map(({ field, before }) => ({ field, value: before })),
    editor: { by: 'import', byUserId: doc.byUserId, minted },
    undoes: back[0]?.id ?? null,
  });
  // A channel may say a better name again, where one might before.
  if (back.some(({ field }) => field === 'name'))
    await models.customers.updateOne(
      { _id: deed.id },
      { $set: { nameSource: deed.nameSource } },
      { session },
    );
  return back.length < deed.edits.length ? 'kept' : 'restored';
}

/** Only while it is this import's word: taken away and stated anew, it is somebody else's. */
async function undoIdentity(
  tx: Tx,
  deed: Extract<ImportDeed, { did: 'identity' }>,
  doc: ImportDoc,
): Promise<Fate> {
  const identity = await tx.models.identities
    .findById(deed.id, null, { session: tx.session })
    .lean<IdentityDoc>();
  if (identity?.source?.by !== 'import' || identity.source.id !== doc._id) return 'kept';
  try {
    const writer: Writer = { by: 'import', byUserId: doc.byUserId };
    await removeWithin(tx, { customerId: identity.customerId, identityId: identity._id, writer });
    return 'removed';
  } catch (error) {
    // Somebody wrote from it, or was written to there: by now it is more than a word in a table.
    if (error instanceof AppError && error.reason === 'identityInUse') return 'kept';
    throw error;
  }
}

/** Only while nobody looked at it. */
async function undoClaim(tx: Tx, id: string): Promise<Fate> {
  const { session, models } = tx;
  const claim = await models.claims.findById(id, null, { session }).lean<ClaimDoc>();
  if (claim?.source !== 'import' || claim.dismissed) return 'kept';
  const { _id } = await existing(tx, claim.customerId);
  await models.claims.deleteOne({ _id: id }, { session });
  await models.customers.updateOne({ _id }, { $inc: { version: 1 } }, { session });
  await factsDueOf(tx, [_id, claim.customerId]);
  tx.emit('customer.changed', { customerId: _id });
  return 'removed';
}

/** Only somebody of whom there is nothing but what the import said. */
async function undoCustomer(
  tx: Tx,
  { id: cid, claims = [] }: Extract<ImportDeed, { did: 'customer' }>,
  importId: string,
): Promise<Fate> {
  const { session, models } = tx;
  const customer = await models.customers.findById(cid, null, { session }).lean<CustomerDoc>();
  if (!customer || customer.mergedInto || customer.members.length > 1) return 'kept';
  const identities = await models.identities
    .find({ $or: [{ customerId: cid }, { homeCustomerId: cid }] }, null, { session })
    .lean<IdentityDoc[]>();
  const isWord = (one: IdentityDoc) =>
    one.proof === 'import' &&
    one.source?.id === importId &&
    one.customerId === cid &&
    one.homeCustomerId === cid &&
    one.lastSeenAt.getTime() === neverSeen.getTime() &&
    one.touched === 1;
  if (!identities.every(isWord)) return 'kept';
  const mine = { customerId: cid };
  const more = [
    models.conversations.exists({ $or: [mine, { homeCustomerId: cid }] }),
    models.records.exists(mine),
    models.claims.exists({ ...mine, $or: [{ _id: { $nin: claims } }, { dismissed: { $ne: null } }] }),
    models.consents.exists(mine),
    models.rewards.exists(mine),
    models.referralCodes.exists(mine),
    models.edits.exists({ ...mine, by: { $ne: 'import' } }),
    models.links.exists({ $or: [{ survivorId: cid }, { mergedId: cid }] }),
  ];
  for (const one of more) if (await one.session(session)) return 'kept';
  const gone = await models.identities.deleteMany(
    { _id: { $in: identities.map(({ _id }) => _id) }, customerId: cid, touched: 1 },
    { session },
  );
  if (gone.deletedCount !== identities.length) throw new Again(`an identity of customer ${cid} changed`);
  if (claims.length) await models.claims.deleteMany({ _id: { $in: claims }, dismissed: null }, { session });
  const left = await models.customers.deleteOne({ _id: cid, version: customer.version }, { session });
  if (!left.deletedCount) throw new Again(`customer ${cid} changed`);
  await models.edits.deleteMany({ ...mine, by: 'import' }, { session });
  await factsDueOf(tx, [cid]);
  return 'removed';
}
