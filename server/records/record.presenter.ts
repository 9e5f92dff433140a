import type { CustomerRecord } from '../../shared/record.ts';
import type { RecordDoc } from './record.model.ts';

/** @param customerId who owns it today */
export function presentRecord(record: RecordDoc, customerId: string): CustomerRecord {
  return {
    id: record._id,
    kind: record.kind,
    customerId,
    externalId: record.externalId,
    at: record.at.toISOString(),
    title: record.title,
    amount: record.amount,
    currency: record.currency,
    items: record.items.map((item) => ({ ...item })),
    status: record.status,
    statusText: record.statusText,
    note: record.note,
    referralCode: record.referralCode ?? '',
    source: { ...record.source },
    version: record.version,
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
  };
}
