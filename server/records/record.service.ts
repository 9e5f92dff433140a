import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type {
  CustomerRecord,
  RecordCreate,
  RecordKind,
  RecordPut,
  RecordUpdate,
} from '../../shared/record.ts';
import { referrersDue } from '../advocates/advocate.due.ts';
import type { Context } from '../context.ts';
import { homeOf } from '../customers/customer.home.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { editedRecords } from '../customers/edit.write.ts';
import { factsDueOf } from '../customers/facts.due.ts';
import { key } from '../db/key.ts';
import { commit } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import type { RecordDoc } from './record.model.ts';
import { presentRecord } from './record.presenter.ts';
import {
  contentOf,
  type PutRecord,
  putRecordsWithin,
  recordId,
  replaceRecords,
  type SaidRecord,
} from './record.put.ts';

/** The most that one call may bring. */
export const mostRecords = 1_000;
/** Records a commit: more gains nothing, and keeps other writers waiting. */
const perCommit = 100;

export interface RecordWord {
  /** A CID that exists, of a survivor or of one merged into another. */
  customerId: string;
  kind: RecordKind;
  /** The organisation's own number. */
  externalId: string;
  put: RecordPut;
}

/**
 * One purchase or service under the organisation's own number: the same again is nothing, something else is an update. For programs
 * of the organisation (the API): whoever calls has asked who may.
 * @throws AppError notFound when there is no such customer
 */
export async function putRecord(
  ctx: Context,
  options: RecordWord & { source: CustomerRecord['source'] },
): Promise<{ record: CustomerRecord; outcome: PutRecord['outcome'] }> {
  const [put] = await putRecords(ctx, { records: [options], source: options.source });
  if (!put) throw new Error('A record was put and nothing came back.');
  return put;
}

/**
 * Many of them, in the order told; of one that is told twice the later word holds. What was written before something fails stays,
 * and doing it all again is harmless.
 * @throws AppError notFound, invalid
 */
export async function putRecords(
  ctx: Context,
  options: { records: readonly RecordWord[]; source: CustomerRecord['source'] },
): Promise<{ record: CustomerRecord; outcome: PutRecord['outcome'] }[]> {
  const { records, source } = options;
  if (records.length > mostRecords)
    throw new AppError({
      code: 'invalid',
      message: `At most ${mostRecords} records at once; these are ${records.length}.`,
    });
  const said = records.map(
    ({ customerId, kind, externalId, put }): SaidRecord => ({
      id: recordId(kind, externalId),
      kind,
      externalId,
      customerId,
      put,
    }),
  );
  const answers: { record: CustomerRecord; outcome: PutRecord['outcome'] }[] = [];
  for (const batch of apart(said)) {
    const done = await commit(ctx, async (tx) => {
      const owners = new Map<string, CustomerDoc>();
      for (const id of new Set(batch.map((one) => one.customerId))) {
        const owner = await survivorOf(tx.models.customers, id, tx);
        if (!owner)
          throw new AppError({ code: 'notFound', message: `There is no customer ${id.slice(0, 20)}.` });
        owners.set(id, owner);
      }
      const put = await putRecordsWithin(tx, { said: batch, source });
      return put.map((one, at) => ({
        ...one,
        owner: owners.get(batch[at]?.customerId ?? '')?._id ?? one.record.customerId,
      }));
    });
    for (const { record, outcome, owner } of done)
      answers.push({ record: presentRecord(record, owner), outcome });
    announce(ctx, [...done, ...(await formerOwners(ctx, done))]);
  }
  return answers;
}

/** Batches in which no record comes twice. */
function* apart(said: readonly SaidRecord[]): Generator<SaidRecord[]> {
  let batch: SaidRecord[] = [];
  let ids = new Set<string>();
  for (const one of said) {
    if (ids.has(one.id) || batch.length === perCommit) {
      yield batch;
      batch = [];
      ids = new Set();
    }
    batch.push(one);
    ids.add(one.id);
  }
  if (batch.length) yield batch;
}

/** Those from whom a record went over to somebody else. */
async function formerOwners(
  ctx: Context,
  done: readonly PutRecord[],
): Promise<{ owner: string; outcome: PutRecord['outcome'] }[]> {
  const left = done.flatMap(({ record, before }) =>
    before && before.customerId !== record.customerId ? [before.customerId] : [],
  );
  const found = await Promise.all([...new Set(left)].map((id) => survivorOf(ctx.models.customers, id)));
  return found.flatMap((owner) => (owner ? [{ owner: owner._id, outcome: 'updated' as const }] : []));
}

/** Whoever has the page of one of these customers open asks for its history again. */
function announce(ctx: Context, done: { owner: string; outcome: PutRecord['outcome'] }[]): void {
  const changed = new Set(done.filter(({ outcome }) => outcome !== 'same').map(({ owner }) => owner));
  for (const customerId of changed) ctx.bus.emit('history.changed', { customerId });
}

/** By hand. With a number of the organisation's own that is known already it is refused: that one is to be changed. */
export async function createRecord(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; form: RecordCreate },
): Promise<CustomerRecord> {
  if (!may(viewer, 'record.write')) throw mayNot('write records');
  const owner = await readableCustomer(ctx, viewer, options.customerId);
  const customerId = homeOf(owner, { cid: options.customerId });
  const { kind, externalId, ...put } = options.form;
  const id = externalId ? recordId(kind, externalId) : key('mine', ctx.uuid());
  const done = await commit(ctx, async (tx) => {
    if (externalId && (await tx.models.records.exists({ _id: id }).session(tx.session)))
      throw new AppError({
        code: 'conflict',
        reason: 'inUse',
        message: `There is a ${kind} with the number ${externalId} already: change that one.`,
        fields: { externalId: 'taken' },
      });
    const said: SaidRecord = { id, kind, externalId, customerId, put };
    const [one] = await putRecordsWithin(tx, { said: [said], source: { by: 'agent', id: viewer.id } });
    if (one) await editedRecords(tx, { ...byAgent(viewer), changes: [{ before: null, after: one.record }] });
    return one;
  });
  if (!done) throw new Error('A record was put and nothing came back.');
  announce(ctx, [{ owner: owner._id, outcome: done.outcome }]);
  return presentRecord(done.record, owner._id);
}

/**
 * An agent's change; its undo is another change.
 * @throws AppError forbidden, notFound, conflict stateChanged with the record as it is
 */
export async function updateRecord(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; update: RecordUpdate },
): Promise<CustomerRecord> {
  if (!may(viewer, 'record.write')) throw mayNot('change records');
  const { owner } = await readableRecord(ctx, viewer, options.id);
  const { ifVersion, change } = options.update;
  const record = await commit(ctx, async (tx) => {
    const before = await tx.models.records
      .findById(options.id, null, { session: tx.session })
      .lean<RecordDoc>();
    if (!before) throw noRecord();
    if (before.version !== ifVersion)
      throw new AppError({
        code: 'conflict',
        reason: 'stateChanged',
        message: 'The record was changed meanwhile.',
        data: { record: presentRecord(before, owner) },
      });
    const after: RecordDoc = {
      ...before,
      ...contentOf({ ...before, at: before.at.toISOString(), ...said(change) }),
      source: { by: 'agent', id: viewer.id },
      version: before.version + 1,
      updatedAt: ctx.now(),
    };
    await replaceRecords(tx, [{ record: after, before }]);
    await editedRecords(tx, { ...byAgent(viewer), changes: [{ before, after }] });
    await factsDueOf(tx, [after.customerId]);
    return after;
  });
  announce(ctx, [{ owner, outcome: 'updated' }]);
  return presentRecord(record, owner);
}

const byAgent = (viewer: Viewer) => ({ by: 'agent', byUserId: viewer.id }) as const;

/** Without the fields that were not told. */
function said(change: RecordUpdate['change']): Partial<RecordPut> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** The undo of writing one by hand: what has a number of the organisation's own is cancelled, not deleted. */
export async function deleteRecord(ctx: Context, viewer: Viewer, id: string): Promise<void> {
  if (!may(viewer, 'record.write')) throw mayNot('delete records');
  const { owner } = await readableRecord(ctx, viewer, id);
  await commit(ctx, async (tx) => {
    const record = await tx.models.records.findById(id, null, { session: tx.session }).lean<RecordDoc>();
    if (!record) throw noRecord();
    if (!record._id.startsWith('mine:'))
      throw new AppError({
        code: 'conflict',
        reason: 'inUse',
        message: 'This record came from another system. Cancel it instead.',
      });
    await tx.models.records.deleteOne({ _id: id, version: record.version }, { session: tx.session });
    await editedRecords(tx, { ...byAgent(viewer), changes: [{ before: record, after: null }] });
    await factsDueOf(tx, [record.customerId]);
    await referrersDue(tx, [record.referralCode]);
  });
  announce(ctx, [{ owner, outcome: 'updated' }]);
}

/** @throws AppError notFound, also when it exists and this viewer may not see its customer */
async function readableRecord(
  ctx: Context,
  viewer: Viewer,
  id: string,
): Promise<{ record: RecordDoc; owner: string }> {
  const record = await ctx.models.records.findById(id).lean<RecordDoc>().exec();
  if (!record) throw noRecord();
  const owner = await readableCustomer(ctx, viewer, record.customerId);
  return { record, owner: owner._id };
}

const noRecord = () => new AppError({ code: 'notFound', message: 'There is no such record.' });

/** One by the organisation's own number of it, in whatever digits. @throws AppError notFound */
export async function numberedRecord(
  ctx: Context,
  viewer: Viewer,
  of: { kind: RecordKind; externalId: string },
): Promise<CustomerRecord> {
  const { record, owner } = await readableRecord(ctx, viewer, recordId(of.kind, of.externalId));
  return presentRecord(record, owner);
}

export interface RecordPage {
  records: CustomerRecord[];
  /** Pass as `after`; null at the end. */
  next: string | null;
}

export async function listRecords(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; kind?: RecordKind | undefined; after?: string | undefined; limit: number },
): Promise<RecordPage> {
  const customer = await readableCustomer(ctx, viewer, options.customerId);
  return recordsOf(ctx, { ...options, customer });
}

/** One window of a customer's records, newest first. For whoever has asked who may. */
export async function recordsOf(
  ctx: Context,
  options: {
    customer: Pick<CustomerDoc, '_id' | 'members'>;
    kind?: RecordKind | undefined;
    after?: string | undefined;
    limit: number;
  },
): Promise<RecordPage> {
  const { customer, kind, after, limit } = options;
  const past = after
    ? await ctx.models.records
        .findById(after, { at: 1, customerId: 1 })
        .lean<Pick<RecordDoc, '_id' | 'at' | 'customerId'>>()
    : null;
  if (after && (!past || !customer.members.includes(past.customerId)))
    throw new AppError({
      code: 'invalid',
      message: 'after: This is no record of this customer.',
      fields: { after: 'This is no record of this customer.' },
    });
  const found = await ctx.models.records
    .find({
      customerId: { $in: customer.members },
      ...(kind && { kind }),
      ...(past && {
        at: { $lte: past.at },
        $or: [{ at: { $lt: past.at } }, { at: past.at, _id: { $lt: past._id } }],
      }),
    })
    .sort({ at: -1, _id: -1 })
    .limit(limit + 1)
    .lean<RecordDoc[]>()
    .exec();
  const records = found.slice(0, limit);
  return {
    records: records.map((record) => presentRecord(record, customer._id)),
    next: found.length > limit ? (records.at(-1)?._id ?? null) : null,
  };
}
