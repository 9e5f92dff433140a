import { CommandError, type Doc, isDoc, setField } from '../bson/values.ts';
import { compileExpression, type Expression } from '../expression/expression.ts';
import type { EvalContext } from '../query/match.ts';
import type { Pace } from '../query/query.ts';
import { type Accumulating, type Accumulator, compileAccumulator, keyText } from './accumulators.ts';
import type { Docs } from './context.ts';
import { Meter, weightOf } from './memory.ts';
import { resting } from './pace.ts';

interface Field extends Accumulating {
  name: string;
}

interface Group {
  id: unknown;
  accumulators: Accumulator[];
}

/** Bytes that a group needs beside what its accumulators gather. */
const GROUP_BYTES = 64;

/** Groups by a value: one document for each, in the order in which they were met first. */
class Grouping {
  private readonly groups = new Map<string, Group>();
  private readonly fields: readonly Field[];
  private readonly meter = new Meter('$group');

  constructor(fields: readonly Field[]) {
    this.fields = fields;
  }

  add(id: unknown, doc: Doc): void {
    const key = typeof id === 'string' ? `s${id}` : keyText(id);
    let group = this.groups.get(key);
    if (!group) {
      this.meter.grow(GROUP_BYTES * (1 + this.fields.length) + weightOf(id));
      group = { id, accumulators: this.fields.map((field) => field.begin(this.meter, id)) };
      this.groups.set(key, group);
    }
    for (let i = 0; i < this.fields.length; i++) group.accumulators[i]!.add(this.fields[i]!.value(doc));
  }

  *results(): Generator<Doc> {
    for (const { id, accumulators } of this.groups.values()) {
      const doc: Doc = { _id: id };
      for (const [i, field] of this.fields.entries()) setField(doc, field.name, accumulators[i]!.result());
      yield doc;
    }
  }
}

/** A $group stage's stream by a compiled `_id` and compiled fields. */
export function* grouped(
  source: Docs,
  { id, fields }: { id: Expression; fields: readonly Field[] },
  pace: Pace,
): Generator<Doc | null> {
  const grouping = new Grouping(fields);
  for (const doc of source) {
    if (doc) grouping.add(id(doc) ?? null, doc);
    else yield null;
  }
  yield* resting(grouping.results(), pace);
}

/** Compiles a $group specification. */
export function compileGroup(spec: unknown, ctx: EvalContext): { id: Expression; fields: Field[] } {
  if (!isDoc(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!Object.hasOwn(spec, '_id')) throw new CommandError(15955, 'a group specification must include an _id');
  const { _id, ...rest } = spec;
  return { id: compileExpression(_id, ctx), fields: compileFields(rest, ctx) };
}

/** The fields of a group beside its `_id`, an accumulator each. */
export function compileFields(spec: Doc, ctx: EvalContext): Field[] {
  return Object.keys(spec).map((name) => compileField(name, spec[name], ctx));
}

function compileField(name: string, spec: unknown, ctx: EvalContext): Field {
  if (name.includes('.')) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$'))
    throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
  const [operator, ...more] = isDoc(spec) ? Object.keys(spec) : [];
  if (operator === undefined || !isDoc(spec)) {
    throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  }
  if (more.length > 0) throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  return { name, ...compileAccumulator(operator, spec[operator], ctx) };
}
