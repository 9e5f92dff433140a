import { expect, it } from 'vitest';
import { attributeType, conditionProblem, segmentAttributes } from '../../../shared/segment.ts';
import {
  allConditions,
  draftOf,
  newCondition,
  newGroup,
  put,
  ruleOf,
  withAttribute,
  withOperator,
} from './rule.draft.ts';

const fields = [{ id: 'f00000001', type: 'choice' as const }];

it('a rule goes into a draft and comes back as it was', () => {
  const rule = {
    match: 'all' as const,
    conditions: [
      { attribute: 'spent', operator: 'atLeast' as const, value: 1_000 },
      {
        match: 'any' as const,
        conditions: [
          { attribute: 'tags', operator: 'anyOf' as const, value: ['a', 'b'] },
          { attribute: 'field:f00000001', operator: 'notSet' as const },
        ],
      },
    ],
  };
  const draft = draftOf(rule);
  expect(new Set(allConditions(draft).map(({ key }) => key)).size).toBe(3);
  expect(ruleOf(draft, fields)).toEqual({ rule, leftOut: 0 });
});

it('what is unfinished is left out, and a group of nothing else with it', () => {
  const draft = {
    match: 'all' as const,
    conditions: [newCondition('purchases', fields), newGroup('any', newCondition('tags', fields))],
  };
  expect(ruleOf(draft, fields)).toEqual({ rule: { match: 'all', conditions: [] }, leftOut: 2 });
});

it('every attribute begins with a way of asking that it has', () => {
  for (const attribute of [...Object.keys(segmentAttributes), 'field:f00000001']) {
    const condition = newCondition(attribute, fields);
    expect(attributeType(attribute, fields)).not.toBeNull();
    expect(conditionProblem(condition, fields) ?? 'takes').toContain('takes');
  }
});

it('another operator keeps the value only where it means the same', () => {
  const condition = { ...newCondition('spent', fields), value: 5 };
  expect(withOperator(condition, 'lessThan')).toMatchObject({ operator: 'lessThan', value: 5 });
  expect(withOperator(condition, 'isSet')).not.toHaveProperty('value');
  const within = newCondition('lastAt', fields);
  expect(within).toMatchObject({ operator: 'inLast', value: 30 });
  expect(withOperator(within, 'before')).not.toHaveProperty('value');
});

it('another attribute keeps the way of asking and the place, never the value', () => {
  const condition = { ...newCondition('city', fields), operator: 'is' as const, value: 'تهران' };
  const job = withAttribute(condition, 'job', fields);
  expect(job).toEqual({ key: condition.key, attribute: 'job', operator: 'is' });
  expect(withAttribute(condition, 'spent', fields)).toEqual({
    key: condition.key,
    attribute: 'spent',
    operator: 'atLeast',
  });
});

it('puts one in place of another, and takes it away', () => {
  const [a, b] = [newCondition('city', fields), newCondition('job', fields)];
  expect(put([a, b], a.key, { ...a, operator: 'isSet' })).toEqual([{ ...a, operator: 'isSet' }, b]);
  expect(put([a, b], a.key, null)).toEqual([b]);
});
