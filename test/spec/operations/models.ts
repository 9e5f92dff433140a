import { SpecFailure, unknownTo } from '../failure.ts';
import { copied, isDocument, plain, shown } from '../values.ts';

const update = ['filter', 'update', 'arrayFilters', 'collation', 'hint', 'upsert'];
const replace = ['filter', 'replacement', 'collation', 'hint', 'upsert', 'sort'];
const remove = ['filter', 'collation', 'hint'];
const fields: Record<string, readonly string[]> = {
  insertOne: ['document'],
  updateOne: [...update, 'sort'],
  updateMany: update,
  replaceOne: replace,
  deleteOne: remove,
  deleteMany: remove,
};

/** The write models of a bulk write, `[{insertOne: {…}}, …]`; `extra` names what the models have besides. */
export function writeModels(
  given: unknown,
  extra: readonly string[] = [],
): { name: string; model: Record<string, unknown> }[] {
  if (!Array.isArray(given)) throw new SpecFailure(`write models are an array, not ${shown(given)}`);
  return given.map((entry) => {
    const [name, ...others] = isDocument(entry) ? Object.keys(entry) : [];
    const model = name === undefined ? undefined : (entry as Record<string, unknown>)[name];
    if (name === undefined || others.length > 0 || !isDocument(model))
      throw new SpecFailure(`a write model has one key, not ${shown(entry)}`);
    const known = fields[name];
    if (!known) throw unknownTo(`the write model ${name}`);
    const read: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(model)) {
      if (!known.includes(key) && !extra.includes(key))
        throw unknownTo(`the field ${key} of the write model ${name}`);
      const flat = ['sort', 'upsert', 'collation'].includes(key);
      read[key] = flat ? plain(value) : copied(value);
    }
    return { name, model: read };
  });
}
