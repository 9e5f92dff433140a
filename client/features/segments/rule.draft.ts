import type { FieldType } from '../../../shared/field.ts';
import {
  type AttributeType,
  attributeType,
  conditionProblem,
  isGroup,
  type SegmentCondition,
  type SegmentOperator,
  type SegmentRule,
  segmentOperators,
} from '../../../shared/segment.ts';

/** A rule while it is being built: conditions may be unfinished, and each keeps its key while others come and go. */
export interface DraftCondition extends SegmentCondition {
  key: string;
}
export interface DraftGroup {
  key: string;
  match: 'all' | 'any';
  conditions: readonly DraftCondition[];
}
export interface DraftRule {
  match: 'all' | 'any';
  conditions: readonly (DraftCondition | DraftGroup)[];
}

export type FieldTypes = readonly { id: string; type: FieldType }[];
export type Item = DraftCondition | DraftGroup;

/** As many as a rule or a group of it holds. */
export const mostConditions = 20;

let last = 0;
const newKey = () => {
  last += 1;
  return `c${last}`;
};

export const isDraftGroup = (one: Item): one is DraftGroup => 'conditions' in one;

export function draftOf(rule: SegmentRule): DraftRule {
  const keyed = (one: SegmentCondition): DraftCondition => ({ ...one, key: newKey() });
  return {
    match: rule.match,
    conditions: rule.conditions.map((one) =>
      isGroup(one) ? { key: newKey(), match: one.match, conditions: one.conditions.map(keyed) } : keyed(one),
    ),
  };
}

const firstOperator: Record<AttributeType, SegmentOperator> = {
  text: 'contains',
  number: 'atLeast',
  moment: 'inLast',
  day: 'since',
  yesNo: 'isYes',
  one: 'anyOf',
  many: 'anyOf',
  names: 'anyOf',
};

export function newCondition(attribute: string, fields: FieldTypes): DraftCondition {
  const type = attributeType(attribute, fields);
  const operator = type ? firstOperator[type] : 'isSet';
  return withOperator({ key: newKey(), attribute, operator }, operator);
}

export const newGroup = (match: 'all' | 'any', first: DraftCondition): DraftGroup => ({
  key: newKey(),
  match,
  conditions: [first],
});

/** What kind of value an operator takes. */
export type ValueKind = 'none' | 'text' | 'number' | 'date' | 'days' | 'list';
export function valueKind(operator: SegmentOperator): ValueKind {
  switch (operator) {
    case 'isSet':
    case 'notSet':
    case 'isYes':
    case 'isNo':
      return 'none';
    case 'anyOf':
    case 'allOf':
    case 'noneOf':
      return 'list';
    case 'inLast':
    case 'notInLast':
      return 'days';
    case 'before':
    case 'since':
      return 'date';
    case 'is':
    case 'isNot':
    case 'contains':
    case 'startsWith':
      return 'text';
    default:
      return 'number';
  }
}

/** Asked another way; the value stays where it still has a meaning. */
export function withOperator(
  { value, ...condition }: DraftCondition,
  operator: SegmentOperator,
): DraftCondition {
  const kind = valueKind(operator);
  const kept = kind === valueKind(condition.operator) ? value : undefined;
  const given = kept ?? (kind === 'days' ? 30 : undefined);
  return { ...condition, operator, ...(given !== undefined && { value: given }) };
}

/** Another attribute in its place: the way of asking stays if it can be asked so, the value never does. */
export function withAttribute(
  condition: DraftCondition,
  attribute: string,
  fields: FieldTypes,
): DraftCondition {
  if (condition.attribute === attribute) return condition;
  const next = newCondition(attribute, fields);
  const type = attributeType(attribute, fields);
  const known: readonly SegmentOperator[] = type ? segmentOperators[type] : [];
  const same = known.includes(condition.operator) && condition.operator;
  return { ...withOperator(next, same || next.operator), key: condition.key };
}

export const withoutKey = ({ key: _, ...condition }: DraftCondition): SegmentCondition => condition;

export const isFinished = (condition: DraftCondition, fields: FieldTypes): boolean =>
  conditionProblem(condition, fields) === null;

/** What can be asked already; groups without a finished condition are left out. */
export function ruleOf(draft: DraftRule, fields: FieldTypes): { rule: SegmentRule; leftOut: number } {
  let leftOut = 0;
  const finished = (conditions: readonly DraftCondition[]) =>
    conditions.flatMap((one) => {
      if (isFinished(one, fields)) return [withoutKey(one)];
      leftOut += 1;
      return [];
    });
  const conditions = draft.conditions.flatMap((one): SegmentRule['conditions'] => {
    if (!isDraftGroup(one)) return finished([one]);
    const inner = finished(one.conditions);
    return inner.length > 0 ? [{ match: one.match, conditions: inner }] : [];
  });
  return { rule: { match: draft.match, conditions }, leftOut };
}

/** Every condition of one draft, however deep. */
export const allConditions = (draft: DraftRule): readonly DraftCondition[] =>
  draft.conditions.flatMap((one) => (isDraftGroup(one) ? one.conditions : [one]));

/** One of a list in place of the one of the same key; null takes it away. */
export function put<One extends { key: string }>(list: readonly One[], key: string, one: One | null): One[] {
  return list.flatMap((each) => (each.key === key ? (one ? [one] : []) : [each]));
}
