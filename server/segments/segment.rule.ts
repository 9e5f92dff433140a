import { conditionProblem, isGroup, type SegmentRule } from '../../shared/segment.ts';
import type { Context } from '../context.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { invalid } from '../http/validate.ts';
import { type FactsQuery, type FieldTypes, segmentQuery } from './segment.query.ts';

/** Types of the fields that an administrator defined, archived ones too. */
export async function fieldTypes(ctx: Pick<Context, 'models'>): Promise<FieldTypes> {
  const fields = await ctx.models.fields
    .find({}, { type: 1 })
    .lean<Pick<FieldDoc, '_id' | 'type'>[]>()
    .exec();
  return fields.map(({ _id, type }) => ({ id: _id, type }));
}

/** @throws AppError invalid, with a sentence for each condition that cannot be asked */
export function mustBeAskable(rule: SegmentRule, fields: FieldTypes, at = 'rule'): void {
  const wrong: Record<string, string> = {};
  for (const [index, one] of rule.conditions.entries()) {
    const path = `${at}.conditions.${index}`;
    const conditions = isGroup(one)
      ? one.conditions.map((inner, n) => [`${path}.conditions.${n}`, inner] as const)
      : [[path, one] as const];
    for (const [where, condition] of conditions) {
      const problem = conditionProblem(condition, fields);
      if (problem) wrong[where] = problem;
    }
  }
  if (Object.keys(wrong).length) throw invalid(wrong);
}

/** A rule as it came, as a query of now. @throws AppError invalid */
export async function queryOfRule(
  ctx: Pick<Context, 'models' | 'now'>,
  rule: SegmentRule,
  at = 'rule',
): Promise<FactsQuery> {
  const fields = await fieldTypes(ctx);
  mustBeAskable(rule, fields, at);
  return segmentQuery(rule, { now: ctx.now(), fields });
}
