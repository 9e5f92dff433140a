import * as z from 'zod/mini';
import { FieldId, type FieldType } from './field.ts';
import { normalise } from './text/normalise.ts';

/** What a condition compares, which decides how it can be asked. */
export type AttributeType = 'text' | 'number' | 'moment' | 'day' | 'yesNo' | 'one' | 'many' | 'names';

/**
 * What segments can ask of a customer, beside the fields an administrator defined (`field:<id>`). `one` and `many` take ids or words of a
 * list: languages, kinds of channels, tags… `names` are many too, of what people call things: compared normalised, asked in any spelling.
 */
export const segmentAttributes = {
  name: 'text',
  city: 'text',
  address: 'text',
  job: 'text',
  language: 'one',
  birthday: 'day',
  tags: 'many',
  companies: 'many',
  /** Channels they have spoken with us on. */
  channels: 'many',
  /** Kinds of identities they have, proven or stated. */
  identities: 'many',
  /** …proven by more than somebody's word. */
  verified: 'many',
  /** …that can be written to: neither blocked nor unreachable. */
  reachable: 'many',
  /** Kinds of channels they agreed to hear from us on. */
  consent: 'many',
  consentWithdrawn: 'many',
  preferredChannel: 'one',
  /** Items of purchases that were neither cancelled nor returned; of those the ones of the last 365 days; the organisation's numbers of them. */
  boughtItems: 'names',
  boughtItems365: 'names',
  boughtCodes: 'names',
  /** In rials; of it in the last 90 and 365 days. */
  spent: 'number',
  spent90: 'number',
  spent365: 'number',
  purchases: 'number',
  firstPurchaseAt: 'moment',
  lastPurchaseAt: 'moment',
  services: 'number',
  /** Titles and items of services; those of the last 365 days. */
  serviceNames: 'names',
  serviceNames365: 'names',
  firstServiceAt: 'moment',
  lastServiceAt: 'moment',
  conversations: 'number',
  /** When we first met. */
  firstAt: 'moment',
  /** The newest message either way. */
  lastAt: 'moment',
  lastInboundAt: 'moment',
  lastOutboundAt: 'moment',
  /** How their newest message was meant: a `SentimentLabel`. */
  lastSentiment: 'one',
  /** Of their newest messages, those of the last 90 days. */
  positiveMessages: 'number',
  negativeMessages: 'number',
  createdAt: 'moment',
  /** 0 to 100. */
  completeness: 'number',
  /** Codes of `qualityProblems`. */
  problems: 'many',
} as const satisfies Record<string, AttributeType>;
export type SegmentAttribute = keyof typeof segmentAttributes;

/** Attributes that are amounts in rials. */
export const rialAttributes: ReadonlySet<string> = new Set<SegmentAttribute>([
  'spent',
  'spent90',
  'spent365',
]);

const typeOfField: Record<FieldType, AttributeType> = {
  text: 'text',
  link: 'text',
  number: 'number',
  date: 'day',
  choice: 'one',
  choices: 'many',
  yesNo: 'yesNo',
};

/**
 * How each type can be asked. `isNot`, `noneOf`, `notInLast` and `notEquals` hold too where nothing is known; all others but `notSet` ask
 * for something that is known.
 */
export const segmentOperators = {
  text: ['is', 'isNot', 'contains', 'startsWith', 'isSet', 'notSet'],
  number: ['equals', 'notEquals', 'moreThan', 'atLeast', 'lessThan', 'atMost', 'isSet', 'notSet'],
  moment: ['before', 'since', 'inLast', 'notInLast', 'isSet', 'notSet'],
  day: ['before', 'since', 'inLast', 'notInLast', 'isSet', 'notSet'],
  yesNo: ['isYes', 'isNo', 'isSet', 'notSet'],
  one: ['anyOf', 'noneOf', 'isSet', 'notSet'],
  many: ['anyOf', 'allOf', 'noneOf', 'isSet', 'notSet'],
  names: ['anyOf', 'allOf', 'noneOf', 'contains', 'isSet', 'notSet'],
} as const satisfies Record<AttributeType, readonly string[]>;
export type SegmentOperator = (typeof segmentOperators)[AttributeType][number];

const operators = [...new Set(Object.values(segmentOperators).flat())] as [
  SegmentOperator,
  ...SegmentOperator[],
];

/**
 * `value`: a text; a number; of `before` and `since` (which includes that moment) an ISO date or day; of `inLast` and `notInLast` a number
 * of days; of `anyOf`, `allOf`, `noneOf` a list of words. Absent for the others.
 */
export const SegmentCondition = z.object({
  /** One of `segmentAttributes`, or `field:<id>`. */
  attribute: z.string().check(z.maxLength(40)),
  operator: z.enum(operators),
  value: z.optional(
    z.union([
      z.string().check(z.maxLength(200)),
      z.number(),
      z.array(z.string().check(z.maxLength(300))).check(z.minLength(1), z.maxLength(100)),
    ]),
  ),
});
export type SegmentCondition = z.infer<typeof SegmentCondition>;

const match = z.enum(['all', 'any']);
export const SegmentGroup = z.object({
  match,
  conditions: z.array(SegmentCondition).check(z.minLength(1), z.maxLength(20)),
});
export type SegmentGroup = z.infer<typeof SegmentGroup>;

/** Conditions, and groups of them: two levels. No conditions: everybody. */
export const SegmentRule = z.object({
  match,
  conditions: z.array(z.union([SegmentCondition, SegmentGroup])).check(z.maxLength(20)),
});
export type SegmentRule = z.infer<typeof SegmentRule>;

export const isGroup = (one: SegmentCondition | SegmentGroup): one is SegmentGroup => 'conditions' in one;

/** Of which type an attribute is; null for one that does not exist. */
export function attributeType(
  attribute: string,
  fields: readonly { id: string; type: FieldType }[],
): AttributeType | null {
  if (Object.hasOwn(segmentAttributes, attribute)) return segmentAttributes[attribute as SegmentAttribute];
  const id = /^field:(.+)$/.exec(attribute)?.[1];
  const field = z.safeParse(FieldId, id).success ? fields.find((one) => one.id === id) : undefined;
  return field ? typeOfField[field.type] : null;
}

/** What is wrong with a condition, in a sentence; null when it can be asked. */
export function conditionProblem(
  { attribute, operator, value }: SegmentCondition,
  fields: readonly { id: string; type: FieldType }[],
): string | null {
  const type = attributeType(attribute, fields);
  if (!type) return `There is nothing to ask called “${attribute}”.`;
  const known: readonly string[] = segmentOperators[type];
  if (!known.includes(operator))
    return `“${attribute}” cannot be asked with “${operator}”; it can with ${known.join(', ')}.`;
  switch (operator) {
    case 'isSet':
    case 'notSet':
    case 'isYes':
    case 'isNo':
      return value === undefined ? null : `“${operator}” takes no value.`;
    case 'anyOf':
    case 'allOf':
    case 'noneOf':
      return Array.isArray(value) ? null : `“${operator}” takes a list of values.`;
    case 'inLast':
    case 'notInLast':
      return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 36_500
        ? null
        : `“${operator}” takes a number of days, from 1 to 36,500.`;
    case 'before':
    case 'since':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
        ? null
        : `“${operator}” takes a date, for example 2024-03-20.`;
    case 'is':
    case 'isNot':
    case 'contains':
    case 'startsWith':
      // Of a half-space alone nothing is left to compare, and every text begins with nothing.
      return typeof value === 'string' && normalise(value) !== '' ? null : `“${operator}” takes a text.`;
    default:
      return typeof value === 'number' && Number.isFinite(value) ? null : `“${operator}” takes a number.`;
  }
}

/** How many customers a segment holds of those the viewer may see; `about`: estimated from a sample, since counting would take long. */
export const SegmentCount = z.object({ count: z.number(), about: z.boolean() });
export type SegmentCount = z.infer<typeof SegmentCount>;

export const Segment = z.object({
  id: z.string(),
  name: z.string(),
  rule: SegmentRule,
  ownerId: z.string(),
  sharedWith: z.enum(['nobody', 'everyone']),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** As of some seconds ago at most. */
  size: SegmentCount,
});
export type Segment = z.infer<typeof Segment>;

export const SegmentCreate = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  rule: SegmentRule,
  sharedWith: z._default(z.enum(['nobody', 'everyone']), 'nobody'),
});
export type SegmentCreate = z.infer<typeof SegmentCreate>;
export const SegmentUpdate = z.partial(
  z.object({
    name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
    rule: SegmentRule,
    sharedWith: z.enum(['nobody', 'everyone']),
  }),
);
export type SegmentUpdate = z.infer<typeof SegmentUpdate>;
export const SegmentAsk = z.object({ rule: SegmentRule });

/** Names of what is sold, the most bought first. */
export const SegmentProducts = z.object({ names: z.array(z.string()) });
export type SegmentProducts = z.infer<typeof SegmentProducts>;
