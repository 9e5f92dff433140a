import { Int32 } from 'bson';
import { keysOf } from '../bson/fields.ts';
import {
  binaryOf,
  CommandError,
  type Doc,
  docOf,
  encode,
  getField,
  isDoc,
  setField,
  typeAlias,
} from '../bson/values.ts';
import {
  isNullish,
  MANY,
  namedOperands,
  type Operator,
  type OperatorTable,
  over,
  overPresent,
} from './operator.ts';

/** Merges documents field by field, the later over the earlier. */
export function mergeDocs(values: readonly unknown[], name: string): Doc {
  const merged: Doc = {};
  for (const value of values) {
    if (isNullish(value)) continue;
    const doc = docOf(value);
    if (!doc) throw new CommandError(40400, `${name} requires object inputs, but found ${typeAlias(value)}`);
    for (const key of keysOf(doc)) setField(merged, key, doc[key]);
  }
  return merged;
}

function fromEntry(entry: unknown): [string, unknown] {
  const doc = docOf(entry);
  const [key, value] = doc ? [doc['k'], doc['v']] : Array.isArray(entry) && entry.length === 2 ? entry : [];
  if (typeof key === 'string' && (!doc || keysOf(doc).length === 2)) return [key, value];
  throw new CommandError(
    40392,
    '$arrayToObject requires an array of {k, v} documents or of [key, value] pairs',
  );
}

const getFieldOperator: Operator = (operand, compiler, name) => {
  const named =
    isDoc(operand) && Object.hasOwn(operand, 'field')
      ? namedOperands(operand, name, { required: ['field'], optional: ['input'] })
      : { field: operand };
  const field = compiler.compile(named['field']);
  const input = compiler.compile((named as Doc)['input'] ?? '$$CURRENT');
  return (scope) => {
    const key = field(scope);
    if (typeof key !== 'string') throw new CommandError(5654602, '$getField requires a string as its field');
    const value = input(scope);
    if (value === null) return null;
    const doc = docOf(value);
    return doc ? getField(doc, key) : undefined;
  };
};

const setFieldOperator: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, { required: ['field', 'input', 'value'] });
  const [field, input, value] = ['field', 'input', 'value'].map((key) => compiler.compile(named[key]));
  return (scope) => {
    const [key, target, next] = [field!(scope), input!(scope), value!(scope)];
    if (typeof key !== 'string') throw new CommandError(4161107, '$setField requires a string as its field');
    if (isNullish(target)) return null;
    const doc = docOf(target);
    if (!doc)
      throw new CommandError(
        4161105,
        `$setField requires a document as its input, found ${typeAlias(target)}`,
      );
    const result: Doc = { ...doc };
    if (next === undefined) delete result[key];
    else setField(result, key, next);
    return result;
  };
};

export const objectOperators: OperatorTable = {
  $mergeObjects: over(0, MANY, (values, name) =>
    mergeDocs(values.length === 1 && Array.isArray(values[0]) ? values[0] : values, name),
  ),
  $objectToArray: overPresent(1, 1, ([value], name) => {
    const doc = docOf(value);
    if (!doc) throw new CommandError(40390, `${name} requires a document input, found: ${typeAlias(value)}`);
    return keysOf(doc).map((k) => ({ k, v: doc[k] }));
  }),
  $arrayToObject: overPresent(1, 1, ([value], name) => {
    if (!Array.isArray(value)) {
      throw new CommandError(40386, `${name} requires an array input, found: ${typeAlias(value)}`);
    }
    const result: Doc = {};
    for (const entry of value) setField(result, ...fromEntry(entry));
    return result;
  }),
  $getField: getFieldOperator,
  $setField: setFieldOperator,
  $unsetField: (operand, compiler, name) => {
    const named = namedOperands(operand, name, { required: ['field', 'input'] });
    return setFieldOperator({ ...named, value: '$$REMOVE' }, compiler, name);
  },
  $bsonSize: overPresent(1, 1, ([value], name) => {
    const doc = docOf(value);
    if (!doc) throw new CommandError(31393, `${name} requires a document input, found: ${typeAlias(value)}`);
    return new Int32(encode(doc).length);
  }),
  $binarySize: overPresent(1, 1, ([value], name) => {
    if (typeof value === 'string') return new Int32(Buffer.byteLength(value));
    if (typeAlias(value) === 'binData') return new Int32(binaryOf(value as object).bytes.length);
    throw new CommandError(
      51276,
      `${name} requires a string or BinData argument, found: ${typeAlias(value)}`,
    );
  }),
};
