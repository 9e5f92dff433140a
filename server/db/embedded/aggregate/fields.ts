import { type Doc, isDoc } from '../bson/values.ts';
import { bothOf, expressionFields, type Fields, filterFields, topLevel } from '../query/fields.ts';
import { truthy } from '../query/match/operators.ts';

/** What a stage reads of what comes to it, and whether what stands behind it can read no more than that. */
interface Reads {
  fields: Fields;
  last: boolean;
}

const ALL: Reads = { fields: undefined, last: true };
const some = (names: Iterable<string>): Reads => ({ fields: new Set(names), last: false });

/** The fields that a pipeline reads of its documents; undefined: any may be read, or come out at its end. */
export function pipelineFields(stages: readonly Doc[]): Fields {
  let fields: Fields = new Set();
  for (const stage of stages) {
    const [name = ''] = Object.keys(stage);
    const reads = stageReads(name, stage[name]);
    fields = bothOf(fields, reads.fields);
    if (!fields || reads.last) return fields;
  }
  return undefined;
}

function stageReads(name: string, spec: unknown): Reads {
  switch (name) {
    case '$match':
      return isDoc(spec) ? { fields: filterFields(spec), last: false } : ALL;
    case '$sort':
      return isDoc(spec) ? some(Object.keys(spec).map(topLevel)) : ALL;
    case '$limit':
    case '$skip':
    case '$sample':
      return some([]);
    case '$unwind': {
      const path = isDoc(spec) ? spec['path'] : spec;
      return typeof path === 'string' ? some([topLevel(path.slice(1))]) : ALL;
    }
    case '$group':
    case '$sortByCount':
      return { fields: withOrders(spec, expressionFields(spec)), last: true };
    case '$bucket':
    case '$bucketAuto':
      return {
        fields: withOrders(isDoc(spec) ? spec['output'] : undefined, expressionFields(spec)),
        last: true,
      };
    case '$replaceWith':
    case '$replaceRoot':
      return { fields: expressionFields(spec), last: true };
    case '$count':
      return { ...some([]), last: true };
    case '$set':
    case '$addFields':
      return isDoc(spec)
        ? { fields: bothOf(expressionFields(spec), new Set(Object.keys(spec).map(topLevel))), last: false }
        : ALL;
    case '$project':
      return isDoc(spec) ? projectReads(spec) : ALL;
    case '$facet':
      return isDoc(spec) ? facetReads(spec) : ALL;
    default:
      return ALL;
  }
}

/** $top and its kin name fields in `sortBy` without a $. */
function withOrders(spec: unknown, fields: Fields): Fields {
  if (!isDoc(spec)) return fields;
  const orders = Object.values(spec).flatMap((field) =>
    isDoc(field)
      ? Object.values(field).flatMap((operand) => (isDoc(operand) ? [operand['sortBy']] : []))
      : [],
  );
  const names = orders.flatMap((order) => (isDoc(order) ? Object.keys(order).map(topLevel) : []));
  return bothOf(fields, new Set(names));
}

/** An inclusion ends what can be read; an exclusion does not. */
function projectReads(spec: Doc): Reads {
  const names = Object.keys(spec);
  const including = names.some((name) => name !== '_id' && !excludes(spec[name]));
  if (!including) return some([]);
  return { fields: bothOf(expressionFields(spec), new Set(['_id', ...names.map(topLevel)])), last: true };
}

function excludes(value: unknown): boolean {
  if (isDoc(value)) return Object.keys(value).every((key) => !key.startsWith('$') && excludes(value[key]));
  return typeof value !== 'string' && !Array.isArray(value) && !truthy(value);
}

function facetReads(spec: Doc): Reads {
  let fields: Fields = new Set();
  for (const stages of Object.values(spec))
    fields = bothOf(fields, Array.isArray(stages) ? pipelineFields(stages as Doc[]) : undefined);
  return { fields, last: true };
}
