import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import {
  type Field,
  type FieldCreate,
  type FieldOption,
  type FieldUpdate,
  mostFields,
  mostOptions,
} from '../../shared/field.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { Context } from '../context.ts';
import { everybodyDue } from '../customers/facts.due.ts';
import { nameTaken, takeName } from '../db/name.ts';
import { invalid } from '../http/validate.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import type { FieldDoc } from './field.model.ts';

function presentField(field: FieldDoc): Field {
  return {
    id: field._id,
    name: field.name,
    type: field.type,
    group: field.group,
    order: field.order,
    hint: field.hint,
    options: field.options.map(({ id, name, archived }) => ({ id, name, archived })),
    weight: field.weight,
    staleMonths: field.staleMonths,
    archived: field.archived,
  };
}

/** Archived ones too: their values are still shown. By group and order. */
export async function listFields(ctx: Context, viewer: Viewer): Promise<Field[]> {
  if (!may(viewer, 'customer.read')) throw mayNot('see the fields of customers');
  const fields = await ctx.models.fields.find({}).lean<FieldDoc[]>().exec();
  return fields
    .sort(
      (a, b) =>
        a.group.localeCompare(b.group) || a.order - b.order || a.createdAt.getTime() - b.createdAt.getTime(),
    )
    .map(presentField);
}

/** @throws AppError forbidden; invalid: a name that is taken (duplicateName), more than 100 fields, options where there are none */
export async function createField(ctx: Context, viewer: Viewer, form: FieldCreate): Promise<Field> {
  if (!may(viewer, 'field.manage')) throw mayNot('define fields');
  const chooses = form.type === 'choice' || form.type === 'choices';
  if (chooses && !form.options.length) throw invalid({ options: 'A field to choose from needs options.' });
  if (!chooses && form.options.length) throw invalid({ options: `A field of type ${form.type} has none.` });
  const minted = mintId(ctx, 'f');
  const optionIds = form.options.map(() => mintId(ctx, 'o'));
  const field = await commit(ctx, async (tx) => {
    const { session } = tx;
    const known = await tx.models.fields.find({}, null, { session }).lean<FieldDoc[]>();
    if (known.filter((one) => !one.archived).length >= mostFields)
      throw invalid({ name: `There are ${mostFields} fields already. Archive one first.` });
    await takeFieldName(tx, { id: minted, name: form.name });
    const last = Math.max(-1, ...known.filter((one) => one.group === form.group).map((one) => one.order));
    const doc: FieldDoc = {
      _id: minted,
      name: form.name,
      type: form.type,
      group: form.group,
      order: form.order ?? last + 1,
      hint: form.hint,
      options: changedOptions([], form.options, optionIds),
      weight: form.weight,
      staleMonths: form.staleMonths,
      archived: false,
      createdAt: ctx.now(),
    };
    await tx.models.fields.insertMany([doc], { session });
    return doc;
  });
  await announce(ctx, { weighed: field.weight > 0 });
  return presentField(field);
}

/** @throws AppError forbidden, notFound; invalid, with the field */
export async function updateField(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: FieldUpdate },
): Promise<Field> {
  if (!may(viewer, 'field.manage')) throw mayNot('define fields');
  const { options: wanted, ...change } = options.change;
  const optionIds = (wanted ?? []).map(() => mintId(ctx, 'o'));
  const { before, after } = await commit(ctx, async (tx) => {
    const { session } = tx;
    const before = await tx.models.fields.findById(options.id, null, { session }).lean<FieldDoc>();
    if (!before) throw new AppError({ code: 'notFound', message: 'There is no such field.' });
    const chooses = before.type === 'choice' || before.type === 'choices';
    if (wanted && !chooses) throw invalid({ options: `A field of type ${before.type} has none.` });
    if (change.archived === false && before.archived) await mustHaveRoom(tx);
    if (change.name !== undefined)
      await takeFieldName(tx, { id: before._id, name: change.name, before: before.name });
    const set = {
      ...change,
      ...(wanted && { options: changedOptions(before.options, wanted, optionIds) }),
    };
    await tx.models.fields.updateOne({ _id: before._id }, { $set: set }, { session });
    return { before, after: { ...before, ...set } as FieldDoc };
  });
  const weighed = (['weight', 'staleMonths', 'archived'] as const).some((one) => before[one] !== after[one]);
  await announce(ctx, { weighed });
  return presentField(after);
}

async function mustHaveRoom(tx: Tx): Promise<void> {
  const live = await tx.models.fields
    .find({ archived: false }, { _id: 1 }, { session: tx.session })
    .lean<Pick<FieldDoc, '_id'>[]>();
  if (live.length >= mostFields)
    throw invalid({ archived: `There are ${mostFields} fields already. Archive another first.` });
}

async function takeFieldName(tx: Tx, field: { id: string; name: string; before?: string }): Promise<void> {
  const { id, name, before } = field;
  const taken = { kind: 'field', name, of: id, ...(before !== undefined && { before }) };
  if (!(await takeName(tx, taken))) throw nameTaken('field');
}

/** Those with an id are changed, those without are new; what is left out is archived and keeps its name. */
function changedOptions(
  before: readonly FieldOption[],
  wanted: readonly { id?: string | undefined; name: string; archived?: boolean | undefined }[],
  minted: readonly string[],
): FieldOption[] {
  const kept = wanted.map((one, index): FieldOption => {
    const known = before.find((option) => option.id === one.id);
    if (one.id !== undefined && !known)
      throw invalid({ [`options.${index}`]: 'There is no such option of this field.' });
    return {
      id: known?.id ?? minted[index] ?? '',
      name: one.name,
      archived: one.archived ?? known?.archived ?? false,
    };
  });
  const seen = new Set<string>();
  for (const [index, { name }] of kept.entries()) {
    if (seen.has(normalise(name))) throw invalid({ [`options.${index}`]: `“${name}” is there twice.` });
    seen.add(normalise(name));
  }
  const left = before
    .filter((option) => !kept.some((one) => one.id === option.id))
    .map((option) => ({ ...option, archived: true }));
  const all = [...kept, ...left];
  if (all.length > mostOptions)
    throw invalid({ options: `At most ${mostOptions} options, archived ones included.` });
  return all;
}

/** A letter and eight hexadecimal digits. */
function mintId(ctx: Pick<Context, 'random'>, letter: string): string {
  return (
    letter +
    Math.floor(ctx.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  );
}

/** @param options.weighed records are complete, or stale, by other measures from now on */
async function announce(ctx: Context, options: { weighed: boolean }): Promise<void> {
  ctx.bus.emit('lists.changed', { list: 'fields', userId: null });
  if (options.weighed) await everybodyDue(ctx);
}
