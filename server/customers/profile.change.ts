import { AppError } from '../../shared/errors.ts';
import type { CustomerChange, EditSource } from '../../shared/profile.ts';
import { key } from '../db/key.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { invalid } from '../http/validate.ts';
import { Again, type Tx } from '../messages/commit.ts';
import { isSame } from './customer.merge.fields.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { cleanName, customerTokens } from './customer.name.ts';
import { survivorOf } from './customer.survivor.ts';
import type { EditDoc } from './edit.model.ts';
import { factsDue } from './facts.due.ts';
import { profileOf } from './facts.profile.ts';
import { type Value, valueAt, valuesOfChange, withValue } from './profile.values.ts';

/** Who changes a profile, and with which id its edits begin: minted outside the transaction. */
export interface Editor {
  by: EditSource;
  byUserId: string | null;
  minted: string;
}

export interface Changed {
  customer: CustomerDoc;
  /** One a field that is other than before; none when nothing is. */
  edits: EditDoc[];
}

/**
 * Changes a customer's name and profile, and keeps who changed what. The last word holds; what is the same already is no edit.
 * @throws AppError notFound; invalid, with the field and what would be right
 */
export async function changeProfile(
  tx: Tx,
  options: { customerId: string; change: CustomerChange; editor: Editor },
): Promise<Changed> {
  const { change, editor } = options;
  const customer = await existing(tx, options.customerId);
  const wrong: Record<string, string> = {};
  const { name, ...others } = change;
  const at = tx.ctx.now().toISOString();
  const values = valuesOfChange(customer, others, {
    fields: change.fields ? await fieldsOf(tx) : new Map(),
    word: (said, index) => ({
      ...said,
      id: key(editor.minted, index),
      at,
      byUserId: editor.byUserId,
    }),
    wrong,
  });
  if (name !== undefined) {
    const clean = cleanName(name);
    if (clean) values.unshift({ field: 'name', value: clean });
    else wrong['name'] = 'A name must not be empty.';
  }
  await mustExist(tx, { change, customer, wrong });
  if (Object.keys(wrong).length) throw invalid(wrong);
  return applyValues(tx, customer, { values, editor, undoes: null });
}

/** Writes values that were checked already. */
export async function applyValues(
  tx: Tx,
  customer: CustomerDoc,
  options: { values: readonly Value[]; editor: Editor; undoes: string | null },
): Promise<Changed> {
  const { editor, undoes } = options;
  const { session, models } = tx;
  const others = options.values.filter(({ field, value }) => !isSame(valueAt(customer, field), value));
  if (!others.length) return { customer, edits: [] };
  const name = others.find((one) => one.field === 'name')?.value;
  const after = await models.customers
    .findOneAndUpdate(
      { _id: customer._id, mergedInto: null, version: customer.version },
      {
        $set: {
          profile: others
            .filter((one) => one.field !== 'name')
            .reduce((profile, one) => withValue(profile, one), profileOf(customer)),
          ...(typeof name === 'string' && (await named(tx, customer, name))),
        },
        $inc: { version: 1 },
      },
      { session, returnDocument: 'after' },
    )
    .lean<CustomerDoc>();
  if (!after) throw new Again(`customer ${customer._id} changed`);
  const at = tx.ctx.now();
  const edits = others.map(
    ({ field, value }): EditDoc => ({
      _id: key(editor.minted, field),
      customerId: customer._id,
      at,
      by: editor.by,
      byUserId: editor.byUserId,
      field,
      before: valueAt(customer, field),
      after: value,
      undoes,
    }),
  );
  await models.edits.insertMany(edits, { session });
  await factsDue(tx, customer._id);
  tx.emit('customer.changed', { customerId: customer._id });
  return { customer: after, edits };
}

/** A person's word for a name: no channel overwrites it. */
async function named(
  tx: Tx,
  customer: CustomerDoc,
  name: string,
): Promise<Pick<CustomerDoc, 'name' | 'nameSource' | 'nameFrom' | 'tokens'>> {
  const identities = await tx.models.identities
    .find({ customerId: customer._id }, { value: 1, display: 1 }, { session: tx.session })
    .lean<IdentityDoc[]>();
  return { name, nameSource: 'agent', nameFrom: null, tokens: customerTokens(name, identities) };
}

/** The customer an id stands for, as this commit sees them. @throws AppError notFound */
export async function existing(tx: Tx, customerId: string): Promise<CustomerDoc> {
  const customer = await survivorOf(tx.models.customers, customerId, tx);
  if (!customer) throw new AppError({ code: 'notFound', message: 'There is no such customer.' });
  return customer;
}

async function fieldsOf(tx: Tx): Promise<Map<string, FieldDoc>> {
  const fields = await tx.models.fields.find({}, null, { session: tx.session }).lean<FieldDoc[]>();
  return new Map(fields.map((field) => [field._id, field]));
}

/** Tags and companies that are added are there, and offered. */
async function mustExist(
  tx: Tx,
  options: { change: CustomerChange; customer: CustomerDoc; wrong: Record<string, string> },
): Promise<void> {
  const { tags, companies } = options.change;
  const offered = { archived: false };
  const found = async (name: 'tags' | 'companies', ids: readonly string[]) => {
    if (!ids.length) return;
    const wanted = { _id: { $in: [...ids] }, ...offered };
    const known: { _id: string }[] =
      name === 'tags'
        ? await tx.models.tags.find(wanted, { _id: 1 }, { session: tx.session }).lean<{ _id: string }[]>()
        : await tx.models.companies
            .find(wanted, { _id: 1 }, { session: tx.session })
            .lean<{ _id: string }[]>();
    if (ids.some((id) => !known.some((one) => one._id === id)))
      options.wrong[name] =
        name === 'tags'
          ? 'One of these tags is not there or archived.'
          : 'One of these companies is not there or archived.';
  };
  await found('tags', tags?.add ?? []);
  await found('companies', companies?.add ?? []);
}
