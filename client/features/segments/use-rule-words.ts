import { useQueries, useQuery } from '@tanstack/react-query';
import { identityKinds } from '../../../shared/customer.ts';
import type { Field } from '../../../shared/field.ts';
import { channelKinds } from '../../../shared/profile.ts';
import { qualityProblems } from '../../../shared/quality.ts';
import {
  type AttributeType,
  attributeType,
  conditionProblem,
  isGroup,
  rialAttributes,
  type SegmentAttribute,
  type SegmentCondition,
  type SegmentGroup,
  type SegmentRule,
  segmentAttributes,
} from '../../../shared/segment.ts';
import { sentimentLabels } from '../../../shared/sentiment.ts';
import type { Tag } from '../../../shared/tag.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import type { AttributeGroup } from '../../i18n/fa/segments.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { money } from '../../lib/money.ts';
import { useNow } from '../../lib/time.ts';
import { useStore, useWorkspace } from '../../state/hooks.tsx';
import { valueKind } from './rule.draft.ts';

/** One thing that a list of values can hold. */
export interface Choice {
  id: string;
  label: string;
  /** Named by people, who may have called it anything: stands in quotation marks. */
  named: boolean;
  archived?: boolean;
  colour?: Tag['colour'];
}

export interface AttributeChoice {
  id: string;
  label: string;
  group: AttributeGroup;
}

const groups: Record<Exclude<AttributeGroup, 'custom'>, readonly SegmentAttribute[]> = {
  belongs: ['tags', 'companies'],
  value: [
    'boughtItems',
    'boughtItems365',
    'boughtCodes',
    'spent',
    'spent90',
    'spent365',
    'purchases',
    'lastPurchaseAt',
    'firstPurchaseAt',
    'serviceNames',
    'serviceNames365',
    'services',
    'lastServiceAt',
    'firstServiceAt',
  ],
  activity: [
    'lastInboundAt',
    'lastOutboundAt',
    'lastAt',
    'lastSentiment',
    'positiveMessages',
    'negativeMessages',
    'conversations',
    'channels',
    'firstAt',
    'createdAt',
  ],
  contact: ['identities', 'verified', 'reachable', 'consent', 'consentWithdrawn', 'preferredChannel'],
  profile: ['name', 'city', 'address', 'job', 'language', 'birthday'],
  care: ['completeness', 'problems'],
};
/** In the order they are offered. */
const order: readonly AttributeGroup[] = [
  'belongs',
  'value',
  'activity',
  'custom',
  'contact',
  'profile',
  'care',
];

const mostNamed = 3;

export type RuleWords = ReturnType<typeof useRuleWords>;

/** Names of what a rule speaks of, and the rule in sentences. `of`: the rules whose companies have to be called by their names. */
export function useRuleWords(of: readonly SegmentCondition[]) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const { language } = useLocale();
  const { calls } = useWorkspace();
  const tags = useStore((state) => state.tags);
  const channels = useStore((state) => state.channels);
  const { data: known } = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });
  const fields = known ?? noFields;
  const companyIds = [
    ...new Set(
      of.flatMap(({ attribute, value }) => (attribute === 'companies' && Array.isArray(value) ? value : [])),
    ),
  ];
  const companies = useQueries({
    queries: companyIds.map((id) => ({
      queryKey: ['companies', 'one', id],
      queryFn: () => calls.company(id),
      staleTime: 60_000,
    })),
  });
  const companyName = (id: string) => companies[companyIds.indexOf(id)]?.data?.name;
  /** Not here yet, or gone. */
  const nameless = (id: string) =>
    companies[companyIds.indexOf(id)]?.isError ? w.rule.unknown : w.rule.blank;

  const kinds = (ids: readonly (keyof typeof w.identityKind)[]): Choice[] =>
    ids.map((id) => ({ id, label: w.identityKind[id], named: false }));

  const fieldOf = (attribute: string): Field | undefined =>
    fields.find(({ id }) => attribute === `field:${id}`);
  const typeOf = (attribute: string) => attributeType(attribute, fields);
  const nameOf = (attribute: string): string => {
    if (Object.hasOwn(segmentAttributes, attribute)) return w.rule.attributes[attribute as SegmentAttribute];
    const field = fieldOf(attribute);
    if (field) return plainName(field.name);
    return known ? w.rule.unknown : w.rule.blank;
  };

  /** All that can be chosen; null where it is searched for or typed instead. */
  const choicesOf = (attribute: string): readonly Choice[] | null => {
    if (typeOf(attribute) === 'names') return null;
    switch (attribute) {
      case 'companies':
        return null;
      case 'language':
        return Object.entries(w.languages).map(([id, label]) => ({ id, label, named: false }));
      case 'tags':
        return [...tags.values()].map(({ id, name, archived, colour }) => ({
          id,
          label: plainName(name),
          named: true,
          archived,
          colour,
        }));
      case 'channels':
        return [...channels.values()].map(({ id, name }) => ({ id, label: plainName(name), named: true }));
      case 'identities':
      case 'verified':
        return kinds(identityKinds);
      case 'reachable':
      case 'consent':
      case 'consentWithdrawn':
      case 'preferredChannel':
        return kinds(channelKinds);
      case 'lastSentiment':
        return sentimentLabels.map((id) => ({ id, label: w.rule.moods[id], named: false }));
      case 'problems':
        return qualityProblems.map((id) => ({ id, label: w.quality.problem[id], named: false }));
      default:
        return (fieldOf(attribute)?.options ?? []).map(({ id, name, archived }) => ({
          id,
          label: plainName(name),
          named: true,
          archived,
        }));
    }
  };
  const labelOf = (attribute: string, id: string): string => {
    if (typeOf(attribute) === 'names') return plainName(id);
    if (attribute === 'companies') return plainName(companyName(id) ?? nameless(id));
    return choicesOf(attribute)?.find((choice) => choice.id === id)?.label ?? w.rule.unknown;
  };

  const listed = ({ attribute, operator }: SegmentCondition, ids: readonly string[]): string => {
    const choices = choicesOf(attribute);
    const named = ids.slice(0, mostNamed).map((id) => {
      const choice = choices?.find((each) => each.id === id);
      const quoted = choices ? choice?.named : typeOf(attribute) === 'names' || companyName(id) !== undefined;
      const label = labelOf(attribute, id);
      return quoted ? w.rule.quoted(label) : label;
    });
    if (ids.length > mostNamed)
      return `${named.join(w.customerList.comma)} ${w.rule.more(ids.length - mostNamed)}`;
    return fmt.list(named, operator !== 'allOf');
  };

  const valueText = (condition: SegmentCondition, type: AttributeType | null): string => {
    const { attribute, operator, value } = condition;
    if (Array.isArray(value)) return value.length > 0 ? listed(condition, value) : w.rule.blank;
    if (typeof value === 'number') {
      if (valueKind(operator) === 'days') return w.rule.inDays(value);
      if (rialAttributes.has(attribute)) return money(language, { amount: value, currency: 'IRR' });
      return attribute === 'completeness' ? fmt.percent(value / 100) : fmt.number(value);
    }
    if (typeof value !== 'string' || value.trim() === '') return w.rule.blank;
    if (valueKind(operator) !== 'date') return w.rule.quoted(value);
    return fmt.date(type === 'day' ? dayMoment(value) : value, now);
  };

  const sentence = (condition: SegmentCondition): string => {
    const { attribute, operator, value } = condition;
    const type = typeOf(attribute);
    return w.rule.sentence(type ?? 'text', {
      operator,
      attribute: nameOf(attribute),
      value: valueText(condition, type),
      several: Array.isArray(value) && value.length > 1,
    });
  };

  /** The whole rule in one line. */
  const text = (rule: SegmentRule | SegmentGroup): string => {
    if (rule.conditions.length === 0) return w.rule.everybody;
    const parts = rule.conditions.map((one) => {
      if (!isGroup(one)) return sentence(one);
      return one.conditions.length > 1 && rule.conditions.length > 1
        ? w.rule.inBrackets(text(one))
        : text(one);
    });
    return parts.join(` ${rule.match === 'all' ? w.rule.and : w.rule.or} `);
  };

  /** What an unfinished condition needs; null for a finished one. */
  const needs = (condition: SegmentCondition): string | null => {
    if (conditionProblem(condition, fields) === null) return null;
    if (typeOf(condition.attribute) === null) return w.rule.needs.gone;
    switch (valueKind(condition.operator)) {
      case 'text':
      case 'number':
      case 'days':
      case 'list':
        return w.rule.needs[valueKind(condition.operator) as 'text' | 'number' | 'days' | 'list'];
      default:
        return w.rule.unfinished;
    }
  };

  const attributes: readonly AttributeChoice[] = order.flatMap((group): readonly AttributeChoice[] =>
    group === 'custom'
      ? fields
          .filter(({ archived }) => !archived)
          .map(({ id, name }) => ({ id: `field:${id}`, label: plainName(name), group }))
      : groups[group].map((id) => ({ id, label: w.rule.attributes[id], group })),
  );

  return { fields, attributes, typeOf, nameOf, choicesOf, labelOf, sentence, text, needs };
}

const noFields: readonly Field[] = [];

/** A day of a record, as a moment that falls on it in whatever zone it is shown. */
export const dayMoment = (day: string): number => Date.parse(`${day.slice(0, 10)}T12:00:00Z`);

/** The conditions of a rule, those in groups as well. */
export const conditionsOf = (rule: SegmentRule): readonly SegmentCondition[] =>
  rule.conditions.flatMap((one) => (isGroup(one) ? one.conditions : [one]));
