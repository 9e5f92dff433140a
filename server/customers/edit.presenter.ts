import type { Identity } from '../../shared/customer.ts';
import type { ProfileEdit } from '../../shared/profile.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { presentRecord } from '../records/record.presenter.ts';
import type { IdentityDoc } from './customer.model.ts';
import { presentIdentity } from './customer.presenter.ts';
import type { EditDoc } from './edit.model.ts';

export function presentEdit(edit: EditDoc): ProfileEdit {
  return {
    id: edit._id,
    customerId: edit.customerId,
    at: edit.at.toISOString(),
    by: edit.by,
    byUserId: edit.byUserId,
    ...presentEdited(edit),
    undoes: edit.undoes ?? null,
  };
}

/** What was changed, and what stood there before and after: of an identity or a record as people see them elsewhere. */
export function presentEdited(
  edit: Pick<EditDoc, 'customerId' | 'field' | 'before' | 'after'>,
): Pick<ProfileEdit, 'field' | 'before' | 'after'> {
  const { field, customerId } = edit;
  const [before, after] = [edit.before ?? null, edit.after ?? null];
  if (field.startsWith('identities.')) {
    const word = (doc: unknown) => doc && presentIdentity(doc as IdentityDoc);
    const [was, is] = [word(before), word(after)] as [Identity | null, Identity | null];
    return { field: `identities.${(is ?? was)?.id}`, before: was, after: is };
  }
  if (field.startsWith('records.')) {
    const word = (doc: unknown) => doc && presentRecord(doc as RecordDoc, customerId);
    return { field, before: word(before), after: word(after) };
  }
  return { field, before, after };
}
