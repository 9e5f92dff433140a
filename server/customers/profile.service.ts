import { may, type Viewer } from '../../shared/access.ts';
import type { Customer, CustomerCreate } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { CustomerChange, ProfileEdit, ProfileEdits } from '../../shared/profile.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { undoRecordEdit } from '../records/record.undo.ts';
import { mayNot } from '../users/user.create.ts';
import { createCustomerWithin } from './customer.create.ts';
import { entryKey, isSame } from './customer.merge.fields.ts';
import { getCustomer, readableCustomer } from './customer.service.ts';
import type { EditDoc } from './edit.model.ts';
import { presentEdit } from './edit.presenter.ts';
import { undoIdentityEdit } from './edit.undo.ts';
import type { Writer } from './edit.write.ts';
import { identityOwned, mustBeIdentity, stateWithin } from './identity.add.ts';
import { applyValues, changeProfile, type Editor, existing } from './profile.change.ts';
import { changedList, isList, listAt, valueAt } from './profile.values.ts';

interface CustomerChanged {
  customer: Customer;
  /** What was done, each to be undone by its id. */
  edits: ProfileEdit[];
}

/** @throws AppError forbidden; invalid, with the field; 409 identityOwned, with who has it: then nobody was made */
export async function createCustomer(ctx: Context, viewer: Viewer, form: CustomerCreate): Promise<Customer> {
  if (!may(viewer, 'customer.write')) throw mayNot('make customers');
  const cid = mintCid(ctx.random);
  const editor = editorOf(ctx, viewer);
  const stated = form.identities.map(({ kind, value, reason }) => ({
    identity: mustBeIdentity(kind, value),
    says: { proof: 'agent', source: { by: 'user', id: viewer.id }, reason } as const,
  }));
  await commit(ctx, async (tx) => {
    await createCustomerWithin(tx, { ...form, cid, editor });
    for (const each of stated) {
      const ownerId = await stateWithin(tx, { customerId: cid, ...each });
      if (ownerId) throw await identityOwned(ctx, viewer, { ownerId, identity: each.identity });
    }
  });
  return getCustomer(ctx, viewer, cid);
}

/** Changes in place: the last word holds, and each can be undone. @throws AppError forbidden, notFound; invalid, with the field */
export async function updateCustomer(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: CustomerChange },
): Promise<CustomerChanged> {
  if (!may(viewer, 'customer.write')) throw mayNot('change customers');
  const { _id: customerId } = await readableCustomer(ctx, viewer, options.id);
  const editor = editorOf(ctx, viewer);
  const { edits } = await commit(ctx, (tx) =>
    changeProfile(tx, { customerId, change: options.change, editor }),
  );
  return { customer: await getCustomer(ctx, viewer, customerId), edits: edits.map(presentEdit) };
}

/**
 * Takes one edit back, by another: a field has again what stood there before, a list loses what was added and has again what was removed.
 * @throws AppError forbidden, notFound; 409 stateChanged when the field has become something else since, with what it is
 */
export async function undoEdit(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; editId: string },
): Promise<CustomerChanged> {
  if (!may(viewer, 'customer.write')) throw mayNot('change customers');
  const { _id: customerId } = await readableCustomer(ctx, viewer, options.id);
  const editor = editorOf(ctx, viewer);
  const edits = await commit(ctx, async (tx) => {
    const customer = await existing(tx, customerId);
    const edit = await tx.models.edits
      .findOne({ _id: options.editId, customerId: { $in: customer.members } }, null, { session: tx.session })
      .lean<EditDoc>();
    if (!edit) throw new AppError({ code: 'notFound', message: 'There is no such change of this customer.' });
    const { field } = edit;
    const writer: Writer = { by: 'agent', byUserId: viewer.id };
    if (field.startsWith('identities.')) {
      await undoIdentityEdit(tx, { customer, edit, writer });
      return undoing(tx, customer.members, edit);
    }
    if (field.startsWith('records.')) {
      if (!may(viewer, 'record.write')) throw mayNot('change records');
      await undoRecordEdit(tx, { edit, writer });
      return undoing(tx, customer.members, edit);
    }
    if (field.startsWith('consents.'))
      throw invalid({ field: 'A consent is not undone: its history is kept. Put it otherwise instead.' });
    if (field.startsWith('advocate.'))
      throw invalid({ field: 'A place on the board is changed there: move them back.' });
    if (field === 'name' && edit.before === null)
      throw invalid({ field: 'There was no name before this one.' });
    const now = valueAt(customer, field);
    if (!isList(field) && !isSame(now, edit.after))
      throw new AppError({
        code: 'conflict',
        reason: 'stateChanged',
        message: 'This has been changed again since.',
        data: { field, now },
      });
    const value = isList(field) ? undoneList(listAt(customer, field), edit) : edit.before;
    return (await applyValues(tx, customer, { values: [{ field, value }], editor, undoes: edit._id })).edits;
  });
  if (edits.some(({ field }) => field.startsWith('records.')))
    ctx.bus.emit('history.changed', { customerId });
  return { customer: await getCustomer(ctx, viewer, customerId), edits: edits.map(presentEdit) };
}

/** What took an edit back: the newest that did. */
function undoing(tx: Tx, members: readonly string[], edit: EditDoc): Promise<EditDoc[]> {
  return tx.models.edits
    .find({ undoes: edit._id, customerId: { $in: [...members] } }, null, { session: tx.session })
    .sort({ at: -1, _id: -1 })
    .limit(1)
    .lean<EditDoc[]>();
}

/** Without what the edit added, with what it removed; null when nothing is left. */
function undoneList(now: readonly unknown[], edit: EditDoc): unknown[] | null {
  const [before, after] = [edit.before, edit.after].map((list) => (Array.isArray(list) ? list : []));
  const keys = (list: readonly unknown[] | undefined) => new Set((list ?? []).map(entryKey));
  const removed = [...keys(after)].filter((one) => !keys(before).has(one));
  const added = (before ?? []).filter((one) => !keys(after).has(entryKey(one)));
  const list = changedList(now, { added, removed });
  return list.length ? list : null;
}

/** Who changed what, the newest first. @throws AppError forbidden, notFound */
export async function listEdits(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; after: string | null; limit: number },
): Promise<ProfileEdits> {
  const { members } = await readableCustomer(ctx, viewer, options.id);
  const found = await ctx.models.edits
    .find({ customerId: { $in: members }, ...(options.after === null ? {} : beyond(options.after)) })
    .sort({ at: -1, _id: -1 })
    .limit(options.limit + 1)
    .lean<EditDoc[]>()
    .exec();
  const page = found.slice(0, options.limit);
  const last = page.at(-1);
  return {
    edits: page.map(presentEdit),
    next:
      found.length > page.length && last
        ? Buffer.from(`${last.at.getTime()}:${last._id}`).toString('base64url')
        : null,
  };
}

function beyond(cursor: string): Record<string, unknown> {
  const [, ms, id] = /^(\d{1,16}):(.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const at = new Date(Number(ms));
  if (id === undefined || Number.isNaN(at.getTime()))
    throw invalid({ after: 'This is no cursor of this list.' });
  return { at: { $lte: at }, $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }] };
}

function editorOf(ctx: Context, viewer: Viewer): Editor {
  return { by: 'agent', byUserId: viewer.id, minted: ctx.uuid() };
}
