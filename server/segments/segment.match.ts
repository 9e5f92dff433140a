import {
  type AttributeType,
  attributeType,
  isGroup,
  type SegmentCondition,
  type SegmentGroup,
  type SegmentRule,
} from '../../shared/segment.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { factOf } from './segment.attribute.ts';
import { daysBefore, type FieldTypes, latestOf, listOf } from './segment.query.ts';

/** `segmentQuery` for facts read already: one meaning for lists, counts and whoever is looked at alone. */
export function matches(
  rule: SegmentRule | SegmentGroup,
  facts: FactsDoc,
  options: { now: Date; fields: FieldTypes },
): boolean {
  const holds = (one: SegmentCondition | SegmentGroup) =>
    isGroup(one) ? matches(one, facts, options) : holdsFor(one, facts, options);
  if (!rule.conditions.length) return true;
  return rule.match === 'all' ? rule.conditions.every(holds) : rule.conditions.some(holds);
}

function holdsFor(
  condition: SegmentCondition,
  facts: FactsDoc,
  options: { now: Date; fields: FieldTypes },
): boolean {
  const { operator, value } = condition;
  const type = attributeType(condition.attribute, options.fields);
  const kept = factOf(facts, condition.attribute) ?? null;
  const list = listOf(value, type);
  const has = (wanted: string) => (Array.isArray(kept) ? kept.includes(wanted) : kept === wanted);
  const words = typeof value === 'string' ? normalise(value) : '';
  const text = typeof kept === 'string' ? kept : null;
  const number = typeof kept === 'number' ? kept : null;
  const moment = kept instanceof Date ? kept.getTime() : null;
  const limit = typeof value === 'number' ? value : Number.NaN;
  switch (operator) {
    case 'isSet':
      return !isEmpty(kept);
    case 'notSet':
      return isEmpty(kept);
    case 'isYes':
      return kept === true;
    case 'isNo':
      return kept === false;
    case 'is':
      return text === words;
    case 'isNot':
      return text !== words;
    case 'contains':
      return Array.isArray(kept) ? kept.some((one) => one.includes(words)) : (text?.includes(words) ?? false);
    case 'startsWith':
      return text?.startsWith(words) ?? false;
    case 'equals':
      return number === limit;
    case 'notEquals':
      return number !== limit;
    case 'moreThan':
      return number !== null && number > limit;
    case 'atLeast':
      return number !== null && number >= limit;
    case 'lessThan':
      return number !== null && number < limit;
    case 'atMost':
      return number !== null && number <= limit;
    case 'before':
      return moment !== null && moment < Date.parse(String(value));
    case 'since':
      return moment !== null && moment >= Date.parse(String(value));
    case 'inLast':
      return isWithin(moment, { days: value, now: options.now, type });
    case 'notInLast':
      return !isWithin(moment, { days: value, now: options.now, type });
    case 'anyOf':
      return list.some(has);
    case 'noneOf':
      return !list.some(has);
    case 'allOf':
      return list.every(has);
  }
}

const isEmpty = (kept: unknown): boolean =>
  kept === null || kept === '' || (Array.isArray(kept) && kept.length === 0);

function isWithin(
  moment: number | null,
  { days, now, type }: { days: unknown; now: Date; type: AttributeType | null },
): boolean {
  if (moment === null) return false;
  return moment >= daysBefore(now, days).getTime() && moment <= latestOf(type, now).getTime();
}
