import {
  type CustomerRecord,
  externalIdOf,
  type RecordKind,
  type RecordPut,
  referralCodeOf,
} from '../../shared/record.ts';
import { referrersDue } from '../advocates/advocate.due.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { editedRecords, writerOf } from '../customers/edit.write.ts';
import { factsDueOf } from '../customers/facts.due.ts';
import { key } from '../db/key.ts';
import { Again, type Tx } from '../messages/commit.ts';
import type { RecordDoc } from './record.model.ts';

/** A record as somebody says it is. */
export interface SaidRecord {
  /** `recordId` of its number, or minted. */
  id: string;
  kind: RecordKind;
  externalId: string | null;
  /** Whose it is: a survivor's or a merged customer's, who exists. It hangs there. */
  customerId: string;
  put: RecordPut;
}

export interface PutRecord {
  record: RecordDoc;
  /** `same`: it said so already, and nothing was written. */
  outcome: 'made' | 'updated' | 'same';
  before: RecordDoc | null;
}

/** The organisation's own number decides which record it is, whichever way it comes in. */
export function recordId(kind: RecordKind, externalId: string): string {
  return key('own', kind, externalIdOf(externalId));
}

/**
 * Writes records within a commit, each id once: new ones are made, those that say something else are updated, the same again is
 * nothing. One that is said of another customer than before goes over to them, unless the two are one person by now.
 * @throws Again when one of them changed meanwhile
 */
export async function putRecordsWithin(
  tx: Tx,
  options: { said: readonly SaidRecord[]; source: CustomerRecord['source'] },
): Promise<PutRecord[]> {
  const { said, source } = options;
  const { session, models } = tx;
  const now = tx.ctx.now();
  const found = await models.records
    .find({ _id: { $in: said.map((one) => one.id) } }, null, { session })
    .lean<RecordDoc[]>();
  const known = new Map(found.map((record) => [record._id, record]));
  const put: PutRecord[] = [];
  for (const one of said) {
    const before = known.get(one.id) ?? null;
    const customerId = before ? await holderOf(tx, before, one) : one.customerId;
    const record: RecordDoc = {
      _id: one.id,
      kind: one.kind,
      customerId,
      externalId: one.externalId === null ? null : externalIdOf(one.externalId),
      ...contentOf(one.put),
      source,
      version: (before?.version ?? 0) + 1,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    };
    if (before && says(before) === says(record)) put.push({ record: before, outcome: 'same', before });
    else put.push({ record, outcome: before ? 'updated' : 'made', before });
  }
  const made = put.filter(({ outcome }) => outcome === 'made').map(({ record }) => record);
  if (made.length)
    await models.records.insertMany(
      made.map((record) => ({ ...record, todo: ['search'] })),
      { session, lean: true },
    );
  const updated = put.flatMap(({ outcome, record, before }) =>
    outcome === 'updated' && before ? { record, before } : [],
  );
  await replaceRecords(tx, updated);
  await editedRecords(tx, {
    ...writerOf(source),
    changes: updated.map(({ record, before }) => ({ before, after: record })),
  });
  await factsDueOf(
    tx,
    put
      .filter(({ outcome }) => outcome !== 'same')
      .flatMap(({ record, before }) => [record.customerId, before?.customerId ?? record.customerId]),
  );
  await referrersDue(
    tx,
    made.map(({ referralCode }) => referralCode),
  );
  return put;
}

/** @throws Again when one of them is no longer as it was */
export async function replaceRecords(
  tx: Tx,
  changes: { record: RecordDoc; before: RecordDoc }[],
): Promise<void> {
  if (!changes.length) return;
  const { matchedCount } = await tx.models.records.bulkWrite(
    changes.map(({ record, before }) => {
      const { _id, todo: _todo, searchNo: _searchNo, ...rest } = record;
      return {
        updateOne: {
          filter: { _id, version: before.version },
          update: { $set: rest, $addToSet: { todo: 'search' } },
        },
      };
    }),
    { session: tx.session },
  );
  if (matchedCount !== changes.length) throw new Again('a record changed');
  await referrersDue(
    tx,
    changes.flatMap(({ record, before }) => [record.referralCode, before.referralCode]),
  );
}

async function holderOf(tx: Tx, before: RecordDoc, said: SaidRecord): Promise<string> {
  if (before.customerId === said.customerId) return before.customerId;
  const was = await survivorOf(tx.models.customers, before.customerId, tx);
  const is = await survivorOf(tx.models.customers, said.customerId, tx);
  return was && was._id === is?._id ? before.customerId : said.customerId;
}

type Content = Pick<
  RecordDoc,
  'at' | 'title' | 'amount' | 'currency' | 'items' | 'status' | 'statusText' | 'note' | 'referralCode'
>;

export function contentOf(
  put: Omit<RecordPut, 'referralCode'> & Partial<Pick<RecordPut, 'referralCode'>>,
): Content {
  const { at, title, amount, currency, items, status, statusText, note, referralCode = '' } = put;
  return {
    at: new Date(at),
    title,
    amount,
    currency,
    items: items.map(({ name, code, quantity, amount: of }) => ({ name, code, quantity, amount: of })),
    status,
    statusText,
    note,
    referralCode: referralCodeOf(referralCode),
  };
}

/** All that a record says, as one text. */
export function says(
  record: Omit<RecordDoc, '_id' | 'kind' | 'source' | 'version' | 'createdAt' | 'updatedAt'>,
): string {
  const { customerId, externalId, at, title, amount, currency, items, status, statusText, note } = record;
  return JSON.stringify([
    customerId,
    externalId,
    at.getTime(),
    title,
    amount,
    currency,
    items.map((item) => [item.name, item.code, item.quantity, item.amount]),
    status,
    statusText,
    note,
    record.referralCode ?? '',
  ]);
}
