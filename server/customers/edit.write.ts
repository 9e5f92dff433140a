import { key } from '../db/key.ts';
import type { Tx } from '../messages/commit.ts';
import type { RecordDoc } from '../records/record.model.ts';
import type { IdentityDoc } from './customer.model.ts';
import type { EditDoc } from './edit.model.ts';

/** Who did it, and what it takes back. */
export type Writer = Pick<EditDoc, 'by' | 'byUserId'> & Partial<Pick<EditDoc, 'undoes'>>;

/** Whose word a source is. */
export function writerOf(source: IdentityDoc['source'] | RecordDoc['source']): Writer {
  switch (source?.by) {
    case 'user':
    case 'agent':
      return { by: 'agent', byUserId: source.id };
    case 'apiKey':
    case 'api':
      return { by: 'api', byUserId: null };
    case 'import':
      return { by: 'import', byUserId: null };
    default:
      return { by: 'channel', byUserId: null };
  }
}

/** An identity was added, taken away, proven, blocked or marked: it stands as a whole in the journal of whose it is by birth. */
export async function editedIdentity(
  tx: Tx,
  edit: Writer & { before: IdentityDoc | null; after: IdentityDoc | null },
): Promise<EditDoc> {
  const { ctx, session, models } = tx;
  const { by, byUserId, before, after, undoes = null } = edit;
  const one = after ?? before;
  if (!one) throw new Error('An identity was edited and there is none.');
  const isProof = after !== null && before?.proof !== after.proof && undoes === null;
  const doc: EditDoc = {
    _id: ctx.uuid(),
    customerId: one.homeCustomerId,
    at: ctx.now(),
    by,
    byUserId,
    field: `identities.${one._id}`,
    before,
    after,
    undoes,
    ...(isProof && { told: 'verification' }),
  };
  await models.edits.insertMany([doc], { session });
  return doc;
}

/** Records were changed, or one was made or deleted by hand. One that went over to somebody else is in the journals of both. */
export async function editedRecords(
  tx: Tx,
  edit: Writer & { changes: readonly { before: RecordDoc | null; after: RecordDoc | null }[] },
): Promise<void> {
  const { ctx, session, models } = tx;
  const { by, byUserId, undoes = null } = edit;
  const plain = (record: RecordDoc | null) => {
    if (!record) return null;
    const { todo: _todo, searchNo: _searchNo, ...rest } = record;
    return rest;
  };
  const edits = edit.changes.flatMap(({ before, after }) => {
    const owners = new Set([before, after].flatMap((record) => record?.customerId ?? []));
    return [...owners].map(
      (customerId): EditDoc => ({
        _id: ctx.uuid(),
        customerId,
        at: ctx.now(),
        by,
        byUserId,
        field: `records.${(after ?? before)?._id}`,
        before: plain(before),
        after: plain(after),
        undoes,
        ...(before === null && undoes === null && { told: 'record' as const }),
      }),
    );
  });
  if (edits.length) await models.edits.insertMany(edits, { session, lean: true });
}

/** What a channel said of a customer changed a field of theirs: kept beside what people change. */
export async function editedByChannel(
  tx: Tx,
  edit: Pick<EditDoc, 'customerId' | 'field' | 'before' | 'after'>,
): Promise<void> {
  const { ctx, session, models } = tx;
  await models.edits.insertMany(
    [{ ...edit, _id: ctx.uuid(), at: ctx.now(), by: 'channel', byUserId: null, undoes: null }],
    { session },
  );
}

/**
 * What a person decided about a customer beside their profile, in the same journal. What is undefined stays as it was, what is the same is
 * no edit. Ids begin with `minted`, made outside the transaction.
 */
export async function editedByAgent(
  tx: Tx,
  edit: {
    customerId: string;
    byUserId: string;
    minted: string;
    changes: readonly Pick<EditDoc, 'field' | 'before' | 'after'>[];
  },
): Promise<void> {
  const { ctx, session, models } = tx;
  const { customerId, byUserId, minted } = edit;
  const edits = edit.changes
    .filter(({ before, after }) => after !== undefined && before !== after)
    .map(
      ({ field, before, after }): EditDoc => ({
        _id: key(minted, field),
        customerId,
        at: ctx.now(),
        by: 'agent',
        byUserId,
        field,
        before,
        after,
        undoes: null,
      }),
    );
  if (edits.length) await models.edits.insertMany(edits, { session });
}
