import { afterAll, beforeAll, expect, it } from 'vitest';
import { channelKinds } from '../../shared/profile.ts';
import {
  type AttributeType,
  attributeType,
  conditionProblem,
  type SegmentCondition,
  type SegmentGroup,
  type SegmentRule,
  segmentAttributes,
  segmentOperators,
} from '../../shared/segment.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { Draw } from '../../test/draw.ts';
import { seeded, seedsOf } from '../../test/random.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { matches } from './segment.match.ts';
import { dayMs, type FieldTypes, segmentQuery } from './segment.query.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx?.close());

const now = new Date('2026-03-01T12:00:00Z');
const fields: FieldTypes = [
  { id: 'f00000001', type: 'text' },
  { id: 'f00000002', type: 'number' },
  { id: 'f00000003', type: 'date' },
  { id: 'f00000004', type: 'choice' },
  { id: 'f00000005', type: 'choices' },
  { id: 'f00000006', type: 'yesNo' },
  { id: 'f00000007', type: 'link' },
];
/** What patterns and orders could trip over: quotes, brackets, letters of both alphabets, an astral one. */
const texts = [
  '',
  'تهران',
  'تهران نو',
  'تبریز',
  'a.b',
  'a*b',
  '(a',
  'a\\b',
  'تهران😀',
  'tehran-1',
  '^a$',
  '/',
];
/** Of things: as facts keep them, and as somebody may spell them. */
const called = texts.filter(Boolean);
const spelt = [...called, 'TEHRAN-1', 'تهران\u200cنو', ' A.b ', '\u200c'];
const words = ['fa', 'en', 'x1', 'x2', 'x3', ...channelKinds.slice(0, 3)];
const numbers = [-1, 0, 1, 2.5, 100, 1e12];

class Maker extends Draw {
  readonly maybe = <T>(make: () => T): T | null => (this.chance(0.7) ? make() : null);
  readonly list = () => [...new Set(this.some([0, 3], () => this.one(words)))];
  /** Around the borders that relative dates have, and far from them. */
  readonly moment = () =>
    new Date(now.getTime() - this.one([-40, -1, 0, 1, 6, 7, 8, 30, 400, 30_000]) * dayMs + this.below(3) - 1);

  readonly names = () => {
    const some = () => [...new Set(this.some([0, 3], () => this.one(called)))];
    return { names: some(), written: [], lately: some() };
  };

  facts(id: number): FactsDoc {
    const custom: FactsDoc['profile']['fields'] = {};
    const put = (field: string, value: string | number | boolean | Date | string[] | null) => {
      if (value !== null) custom[field] = value;
    };
    put(
      'f00000001',
      this.maybe(() => this.one(texts)),
    );
    put(
      'f00000002',
      this.maybe(() => this.one(numbers)),
    );
    put('f00000003', this.maybe(this.moment));
    put(
      'f00000004',
      this.maybe(() => this.one(words)),
    );
    put('f00000005', this.maybe(this.list));
    put(
      'f00000006',
      this.maybe(() => this.chance(0.5)),
    );
    put(
      'f00000007',
      this.maybe(() => this.one(texts)),
    );
    return {
      _id: String(id),
      rev: 1,
      customerVersion: 1,
      name: 'n',
      nameKey: 'n',
      nameText: this.one(texts),
      nameKeys: [],
      identityKinds: this.list() as FactsDoc['identityKinds'],
      provenKinds: this.list() as FactsDoc['provenKinds'],
      reachableKinds: this.list() as FactsDoc['reachableKinds'],
      learnt: [],
      values: {
        spent: this.one(numbers),
        spent90: this.one(numbers),
        spent365: this.one(numbers),
        purchases: this.below(3),
        firstPurchaseAt: this.maybe(this.moment),
        lastPurchaseAt: this.maybe(this.moment),
      },
      bought: { ...this.names(), codes: this.names().names },
      services: {
        ...this.names(),
        count: this.below(3),
        firstAt: this.maybe(this.moment),
        lastAt: this.maybe(this.moment),
      },
      activity: {
        firstAt: this.moment(),
        lastAt: this.moment(),
        lastInboundAt: this.maybe(this.moment),
        lastOutboundAt: this.maybe(this.moment),
        conversations: this.below(3),
        channelIds: this.list(),
      },
      sentiment: {
        // Any word: what the words mean is nothing to a rule.
        last: this.one(['', ...words]) as FactsDoc['sentiment']['last'],
        positive: this.below(3),
        neutral: this.below(3),
        negative: this.below(3),
      },
      profile: {
        city: this.one(texts),
        address: this.one(texts),
        job: this.one(texts),
        language: this.one(['', 'fa', 'en']),
        birthday: this.maybe(this.moment),
        channel: this.one(['', ...words]),
        fields: custom,
        tagIds: this.list(),
        companyIds: this.list(),
        granted: this.list() as FactsDoc['identityKinds'],
        withdrawn: this.list() as FactsDoc['identityKinds'],
      },
      completeness: { score: this.below(101), missing: [] },
      problems: this.list(),
      notes: [],
      staleAt: new Date('9999-01-01'),
      signs: [],
      dupKeys: [],
      sample: this.below(10_000),
      createdAt: this.moment(),
      updatedAt: now,
    };
  }

  condition(): SegmentCondition {
    const attribute = this.one([...Object.keys(segmentAttributes), ...fields.map(({ id }) => `field:${id}`)]);
    const type = attributeType(attribute, fields) as AttributeType;
    const operator = this.one(segmentOperators[type]);
    const condition = { attribute, operator };
    switch (operator) {
      case 'is':
      case 'isNot':
      case 'contains':
      case 'startsWith':
        return {
          ...condition,
          value: this.one(['تهران', 'ته', 'a', '.', '*', '(', '\\', '😀', '$', 'TEHRAN', 'تهران نو']),
        };
      case 'equals':
      case 'notEquals':
      case 'moreThan':
      case 'atLeast':
      case 'lessThan':
      case 'atMost':
        return { ...condition, value: this.one(numbers) };
      case 'before':
      case 'since':
        return { ...condition, value: this.moment().toISOString() };
      case 'inLast':
      case 'notInLast':
        return { ...condition, value: this.one([1, 7, 30, 3_650]) };
      case 'anyOf':
      case 'allOf':
      case 'noneOf':
        return {
          ...condition,
          value: this.some([1, 3], () => this.one(type === 'names' ? spelt : words)),
        };
      default:
        return condition;
    }
  }

  group(): SegmentGroup {
    return { match: this.one(['all', 'any']), conditions: this.some([1, 3], () => this.condition()) };
  }

  rule(): SegmentRule {
    return {
      match: this.one(['all', 'any']),
      conditions: this.some([0, 3], () =>
        this.way<SegmentCondition | SegmentGroup>([3, () => this.condition()], [1, () => this.group()]),
      ),
    };
  }
}

it('a rule holds for the same customers when the database is asked and when each is looked at', async () => {
  const { first, last } = seedsOf('SEGMENT', 2);
  for (let seed = first; seed <= last; seed += 1) {
    const make = new Maker(seeded(seed));
    const facts = Array.from({ length: 60 }, (_, id) => make.facts(id));
    await ctx.models.facts.deleteMany({});
    await ctx.models.facts.collection.insertMany(facts.map((one) => ({ ...one, _id: one._id as never })));
    const asked = [
      ...Array.from({ length: 70 }, () => ({ match: 'all' as const, conditions: [make.condition()] })),
      ...Array.from({ length: 40 }, () => make.rule()),
    ];
    let held = 0;
    for (const rule of asked) {
      for (const one of rule.conditions)
        if (!('conditions' in one)) expect(conditionProblem(one, fields), JSON.stringify(one)).toBeNull();
      const found = await ctx.models.facts
        .find(segmentQuery(rule, { now, fields }), { _id: 1 })
        .lean<{ _id: string }[]>()
        .exec();
      const wanted = facts.filter((one) => matches(rule, one, { now, fields })).map((one) => one._id);
      expect(found.map((one) => one._id).sort(), `SEGMENT_SEED=${seed} ${JSON.stringify(rule)}`).toEqual(
        wanted.sort(),
      );
      if (wanted.length > 0 && wanted.length < facts.length) held += 1;
    }
    // Rules that hold for everybody or for nobody would prove little.
    expect(held).toBeGreaterThan(asked.length / 2);
  }
});

it('what is dated far ahead is not within the last days, by either way of asking', async () => {
  const make = new Maker(seeded(1));
  const at = (lastPurchaseAt: Date | null, id: number): FactsDoc => {
    const facts = make.facts(id);
    return { ...facts, values: { ...facts.values, lastPurchaseAt } };
  };
  // A clock that told us is some hours ahead of ours.
  const all = [new Date('9999-01-01'), null, new Date(now.getTime() + dayMs / 2), now].map(at);
  await ctx.models.facts.deleteMany({});
  await ctx.models.facts.collection.insertMany(all.map((one) => ({ ...one, _id: one._id as never })));
  for (const [operator, ids] of [
    ['inLast', ['2', '3']],
    ['notInLast', ['0', '1']],
  ] as const) {
    const rule: SegmentRule = {
      match: 'all',
      conditions: [{ attribute: 'lastPurchaseAt', operator, value: 90 }],
    };
    const query = segmentQuery(rule, { now, fields });
    const found = await ctx.models.facts.find(query, { _id: 1 }).lean<{ _id: string }[]>().exec();
    expect(found.map((one) => one._id).sort()).toEqual(ids);
    expect(all.filter((one) => matches(rule, one, { now, fields })).map((one) => one._id)).toEqual(ids);
  }
});

it('says of a condition that cannot be asked what would be right', () => {
  const problem = (attribute: string, operator: string, value?: unknown) =>
    conditionProblem({ attribute, operator, value } as SegmentCondition, fields);
  expect(problem('shoeSize', 'is', 'x')).toMatch(/nothing to ask/);
  expect(problem('field:f99999999', 'is', 'x')).toMatch(/nothing to ask/);
  expect(problem('constructor', 'is', 'x')).toMatch(/nothing to ask/);
  expect(problem('spent', 'contains', 'x')).toMatch(/moreThan/);
  expect(problem('spent', 'moreThan', 'x')).toMatch(/a number/);
  for (const nothing of [' ', '\u200c', '\u0640'])
    expect(problem('city', 'contains', nothing)).toMatch(/a text/);
  expect(problem('tags', 'anyOf', 'x')).toMatch(/a list/);
  expect(problem('lastAt', 'inLast', 0)).toMatch(/1 to 36,500/);
  expect(problem('lastAt', 'before', 'soon')).toMatch(/a date/);
  expect(problem('boughtItems', 'is', 'x')).toMatch(/anyOf.*contains/);
  expect(problem('boughtItems', 'anyOf', 'x')).toMatch(/a list/);
  expect(problem('boughtItems', 'contains', ' ')).toMatch(/a text/);
  expect(problem('city', 'isSet', 'x')).toMatch(/no value/);
  expect(problem('city', 'isSet')).toBeNull();
});
