import type { QueryFilter } from 'mongoose';
import type { FieldType } from '../../shared/field.ts';
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
import { pathOf } from './segment.attribute.ts';

export type FactsQuery = QueryFilter<FactsDoc>;
export type FieldTypes = readonly { id: string; type: FieldType }[];

export const dayMs = 24 * 3_600_000;

/**
 * A rule as one query over facts; `matches` of segment.match.ts is the same rule for facts read already.
 * @param rule checked before: an attribute that is none holds for nobody
 * @param options.now what relative dates are counted from
 */
export function segmentQuery(rule: SegmentRule, options: { now: Date; fields: FieldTypes }): FactsQuery {
  return groupQuery(rule, options);
}

function groupQuery(
  { match, conditions }: SegmentRule | SegmentGroup,
  options: { now: Date; fields: FieldTypes },
): FactsQuery {
  const parts = conditions.map((one) => (isGroup(one) ? groupQuery(one, options) : asked(one, options)));
  const [only] = parts;
  if (!only) return {};
  if (parts.length === 1) return only;
  return { [match === 'all' ? '$and' : '$or']: parts } as FactsQuery;
}

function asked(condition: SegmentCondition, options: { now: Date; fields: FieldTypes }): FactsQuery {
  const type = attributeType(condition.attribute, options.fields);
  const path = pathOf(condition.attribute);
  const said = (asks: unknown) => ({ [path]: asks }) as FactsQuery;
  const either = (...asks: unknown[]) => ({ $or: asks.map(said) }) as FactsQuery;
  const both = (...asks: unknown[]) => ({ $and: asks.map(said) }) as FactsQuery;
  const { operator, value } = condition;
  const list = listOf(value, type);
  const words = typeof value === 'string' ? normalise(value) : '';
  const several = type === 'many' || type === 'names';
  const texts = type === 'text' || type === 'one' || several;
  switch (operator) {
    case 'isSet':
      return said(texts ? { $gt: '' } : { $ne: null });
    case 'notSet':
      return said(several ? { $in: [[], null] } : texts ? { $in: ['', null] } : null);
    case 'isYes':
      return said(true);
    case 'isNo':
      return said(false);
    case 'is':
      return said(words);
    case 'isNot':
      return said({ $ne: words });
    case 'contains':
      return said({ $regex: literal(words) });
    case 'startsWith':
      return said({ $regex: `^${literal(words)}` });
    case 'equals':
      return said(value);
    case 'notEquals':
      return said({ $ne: value });
    case 'moreThan':
      return said({ $gt: value });
    case 'atLeast':
      return said({ $gte: value });
    case 'lessThan':
      return said({ $lt: value });
    case 'atMost':
      return said({ $lte: value });
    case 'before':
      return said({ $lt: new Date(String(value)) });
    case 'since':
      return said({ $gte: new Date(String(value)) });
    case 'inLast':
      return said({ $gte: daysBefore(options.now, value), $lte: latestOf(type, options.now) });
    case 'notInLast':
      return either({ $lt: daysBefore(options.now, value) }, null, { $gt: latestOf(type, options.now) });
    case 'anyOf':
      return said(list.length === 1 ? list[0] : { $in: list });
    case 'noneOf':
      return said({ $nin: list });
    case 'allOf':
      return list.length > 1 ? both(...list) : said(list[0]);
  }
}

/** The values of a list as facts keep them. */
export function listOf(value: SegmentCondition['value'], type: AttributeType | null): string[] {
  if (!Array.isArray(value)) return [];
  return type === 'names' ? value.map(normalise) : value;
}

/** So many days before, to the second. */
export function daysBefore(now: Date, days: unknown): Date {
  return new Date(now.getTime() - Number(days) * dayMs);
}

/** The latest that is within the last days. What is to come is not; a moment that others tell may be some hours ahead of our clock. */
export function latestOf(type: AttributeType | null, now: Date): Date {
  return type === 'day' ? now : new Date(now.getTime() + dayMs);
}

/** A text that a pattern finds as it is. A pattern on the wire ends at its first NUL: that one is spelled out. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replaceAll('\0', '\\x00');
}
