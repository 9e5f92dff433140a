import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { FieldCreate } from '../../shared/field.ts';
import { CustomerChange, emptyProfile } from '../../shared/profile.ts';
import { defaultQualitySettings, type QualityProblem } from '../../shared/quality.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { workFacts } from '../customers/facts.worker.ts';
import { addIdentityByAgent } from '../customers/identity.add.ts';
import { createCustomer, updateCustomer } from '../customers/profile.service.ts';
import { createField, updateField } from '../fields/field.service.ts';
import { parse } from '../http/validate.ts';
import { qualityBoard } from './board.ts';
import { type QualitySources, qualityFacts } from './facts.quality.ts';
import {
  changeQualitySettings,
  ignoreProblem,
  missingRows,
  problemRows,
  sweepStale,
} from './quality.service.ts';

const now = new Date('2026-03-01T00:00:00Z');
const nobody: QualitySources = {
  customer: { name: 'Sara Example', nameSource: 'agent', createdAt: now },
  identities: [],
  consents: [],
  fields: new Map(),
  confirmed: {},
  ignored: [],
  settings: defaultQualitySettings,
  now,
};
const identity = (kind: string, value: string, more: object = {}): QualitySources['identities'][number] => ({
  _id: `${kind}:${value}`,
  kind: kind as 'mobile',
  value,
  address: null,
  proof: 'agent',
  provenAt: now,
  lastSeenAt: now,
  unreachable: false,
  ...more,
});
const named = (name: string, nameSource: 'agent' | 'address' | 'channel' = 'agent') =>
  qualityFacts({ ...nobody, customer: { ...nobody.customer, name, nameSource } }).problems;
const having = (kind: string, value: string, more: object = {}) =>
  qualityFacts({ ...nobody, identities: [identity(kind, value, more)] });

describe('what is wrong with a name', () => {
  it.each([
    ['test', 'namePlaceholder'],
    ['تست', 'namePlaceholder'],
    ['تست ۱۲', 'namePlaceholder'],
    ['مشتري', 'namePlaceholder'],
    ['مشتری جدید', 'namePlaceholder'],
    ['بی‌نام', 'namePlaceholder'],
    ['User 17', 'namePlaceholder'],
    ['ااااا', 'namePlaceholder'],
    ['😀😀', 'nameWithoutLetters'],
    ['...', 'nameWithoutLetters'],
    ['09121234567', 'nameIsAddress'],
    ['sara@example.com', 'nameIsAddress'],
  ])('%s: %s', (name, problem) => {
    expect(named(name)).toContain(problem);
  });

  it.each(['سارا تستچی', 'Test Pilotson', 'علی', 'مهمان‌نواز', 'لاله', 'Lulu', 'نامدار نامی', 'Ann Nan'])(
    '%s: nothing',
    (name) => {
      expect(named(name).filter((problem) => problem.startsWith('name'))).toEqual([]);
    },
  );

  it('is that it is only where they write from', () => {
    expect(named('Sara Example', 'address')).toContain('nameIsAddress');
    expect(named('Sara Example', 'channel')).not.toContain('nameIsAddress');
  });
});

describe('what is wrong with numbers and addresses', () => {
  it.each([
    ['mobile', '+989121234567', []],
    ['mobile', '+982188776655', ['landlineAsMobile']],
    ['leftMobile', '123', ['badMobile']],
    ['emailAddress', 'sara@example.com', []],
    ['emailAddress', 'sara@gmial.com', ['badEmailDomain']],
    ['emailAddress', 'sara@shop.invalid', ['badEmailDomain']],
    ['leftAddress', 'sara@', ['badEmail']],
    ['nationalCode', '0499370899', []],
    ['nationalCode', '0499370898', ['badNationalCode']],
  ] as [string, string, QualityProblem[]][])('%s %s: %j', (kind, value, problems) => {
    expect(having(kind, value).problems.filter((problem) => problem !== 'noWayToReach')).toEqual(problems);
  });

  it.each([
    ['agentVerified', false, true],
    ['signed', false, true],
    ['signed', true, false],
    ['transport', false, false],
    ['code', false, false],
  ] as const)('is a mistyped domain also where its proof is %s, wrote: %s: %s', (proof, wrote, flagged) => {
    const lastSeenAt = wrote ? now : new Date(0);
    const { problems } = having('emailAddress', 'ali@gmial.com', { proof, lastSeenAt });
    expect(problems.includes('badEmailDomain')).toBe(flagged);
    expect(
      having('nationalCode', '0499370898', { proof: 'agentVerified', lastSeenAt }).problems,
    ).not.toContain('badNationalCode');
  });

  it('says what was meant', () => {
    expect(having('emailAddress', 'sara@gmial.com').notes).toContainEqual({
      problem: 'badEmailDomain',
      field: 'emailAddress:sara@gmial.com',
      value: 'sara@gmial.com',
      suggestion: 'sara@gmail.com',
      since: null,
    });
  });

  it('is that nothing reaches them', () => {
    expect(having('mobile', '+989121234567', { unreachable: true }).problems).toEqual([
      'noWayToReach',
      'unreachable',
    ]);
    expect(having('webVisitor', 'site:visitor').problems).toEqual(['noWayToReach']);
    expect(having('telegramUser', '1001').problems).toEqual([]);
  });
});

describe('what is wrong with a birthday', () => {
  const born = (birthday: string | null, more: object = {}) =>
    qualityFacts({
      ...nobody,
      customer: { ...nobody.customer, profile: { ...emptyProfile, birthday } },
      ...more,
    }).notes.filter(({ problem }) => problem === 'badBirthday');

  it('is that it is to come, or that nobody lives who was born then', () => {
    const at = { problem: 'badBirthday', field: 'profile:birthday', suggestion: null, since: null };
    for (const value of ['2199-01-01', '2026-03-02', '1820-05-05'])
      expect(born(value)).toEqual([{ ...at, value }]);
    for (const value of [null, '1991-03-21', '2026-03-01', '1880-01-01']) expect(born(value)).toEqual([]);
  });

  it('is none where somebody said so of that very day', () => {
    const ignored = [{ problem: 'badBirthday', values: ['1820-05-05'], at: now }];
    expect(born('1820-05-05', { ignored })).toEqual([]);
    expect(born('1821-05-05', { ignored })).toHaveLength(1);
  });
});

describe('what is stale', () => {
  const profile = { ...parse(CustomerChange, {}), city: 'شیراز', address: '', job: '' } as never;
  const customer = { ...nobody.customer, profile, createdAt: new Date('2023-01-01T00:00:00Z') };

  it('is a city that nobody confirmed for two years', () => {
    const stale = qualityFacts({ ...nobody, customer });
    expect(stale.problems).toContain('staleCity');
    expect(stale.notes).toContainEqual({
      problem: 'staleCity',
      field: 'profile:city',
      value: 'شیراز',
      suggestion: null,
      since: '2023-01-01T00:00:00.000Z',
    });
    const confirmed = { city: new Date('2025-06-01T00:00:00Z') };
    const fresh = qualityFacts({ ...nobody, customer, confirmed });
    expect(fresh.problems).not.toContain('staleCity');
    expect(fresh.staleAt).toEqual(new Date('2027-06-01T00:00:00Z'));
  });

  it('is not what never is, by the settings', () => {
    const settings = {
      ...defaultQualitySettings,
      staleMonths: { ...defaultQualitySettings.staleMonths, city: 0 },
    };
    expect(qualityFacts({ ...nobody, customer, settings }).problems).not.toContain('staleCity');
  });

  it('is a custom field that says so, by its own months and its own confirmation', () => {
    const field = (_id: string, staleMonths: number, archived = false) =>
      [_id, { _id, weight: 0, staleMonths, archived }] as const;
    const fields = new Map([
      field('f00000001', 6),
      field('f00000002', 6),
      field('f00000003', 0),
      field('f00000004', 6, true),
      field('f00000005', 6),
    ]);
    const values = { f00000001: ['o1', 'o2'], f00000002: 7, f00000003: 'x', f00000004: 'x' };
    const known = { ...customer, profile: { ...nobody.customer.profile, fields: values } as never };
    const staleOf = (more: object) =>
      qualityFacts({ ...nobody, customer: known, fields, ...more }).notes.filter(
        (one) => one.problem === 'staleField',
      );
    expect(staleOf({}).map(({ field: of, value }) => [of, value])).toEqual([
      ['f00000001', 'o1,o2'],
      ['f00000002', '7'],
    ]);
    const at = new Date('2026-01-01T00:00:00Z');
    expect(staleOf({ confirmed: { 'fields.f00000001': at } }).map((one) => one.field)).toEqual(['f00000002']);
    const ignored = [{ problem: 'staleField', field: 'f00000002', values: ['7'], at }];
    expect(staleOf({ ignored }).map((one) => one.field)).toEqual(['f00000001']);
  });

  it('is a number that nobody ever wrote from', () => {
    const silent = { lastSeenAt: new Date(0), provenAt: new Date('2024-01-01T00:00:00Z') };
    expect(having('mobile', '+989121234567', silent).problems).toEqual(['silentMobile']);
    expect(having('mobile', '+989121234567', { ...silent, proof: 'transport' }).problems).toEqual([]);
  });
});

describe('completeness', () => {
  it('weighs what is there, and says what to ask for next', () => {
    const of = { weight: 50, staleMonths: 0 };
    const fields = new Map([
      ['f00000001', { ...of, _id: 'f00000001', archived: false }],
      ['f00000002', { ...of, _id: 'f00000002', archived: true }],
    ]);
    const { completeness } = qualityFacts({
      ...nobody,
      fields,
      identities: [identity('mobile', '+989121234567')],
    });
    // A name and a mobile: 40 of 150.
    expect(completeness.score).toBe(27);
    expect(completeness.missing.slice(0, 2)).toEqual(['f00000001', 'emailAddress']);
  });

  it('is whole where nothing counts', () => {
    const weights = Object.fromEntries(
      Object.keys(defaultQualitySettings.weights).map((field) => [field, 0]),
    );
    const settings = { ...defaultQualitySettings, weights: weights as typeof defaultQualitySettings.weights };
    expect(qualityFacts({ ...nobody, settings }).completeness).toEqual({ score: 100, missing: [] });
  });
});

describe('the board', () => {
  let ctx: TestContext;
  let clock = new Date('2026-03-01T00:00:00Z');
  const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };
  const agent: Viewer = { id: 'user-2', role: 'agent', channelIds: [], teamIds: [] };
  const running = new AbortController();
  beforeAll(async () => {
    ctx = await createTestContext({ now: () => clock });
  });
  afterAll(() => ctx?.close());
  beforeEach(() => ctx.empty());

  const settle = () => workFacts(ctx, running.signal);
  const known = (name: string, change: object = {}) =>
    createCustomer(ctx, admin, { name, change: parse(CustomerChange, change), identities: [] }).then(
      (one) => one.id,
    );
  const facts = (id: string) => ctx.models.facts.findById(id).lean<FactsDoc>().exec();
  const counted = async (problem: QualityProblem, viewer = admin) =>
    (await qualityBoard(ctx, viewer)).problems.find((one) => one.problem === problem)?.count;
  const rows = async (problem: QualityProblem) =>
    (await problemRows(ctx, admin, { problem, after: null, limit: 10 })).rows.map((row) => row.customerId);

  it('counts problems, completeness and what is missing, and lists whom they are of', async () => {
    const a = await known('تست');
    const b = await known('Sara Example', { city: 'شیراز' });
    await addIdentityByAgent(ctx, admin, {
      customerId: b,
      kind: 'emailAddress',
      value: 'sara@gmial.com',
      reason: 'told us',
    });
    await settle();
    const board = await qualityBoard(ctx, admin);
    expect(board.customers).toBe(2);
    expect(board.completeness.reduce((sum, one) => sum + one, 0)).toBe(2);
    expect(board.completeness[0]).toBe(1);
    expect(board.mean).toBe(23);
    expect(board.missing[0]).toEqual({ field: 'mobile', count: 2 });
    expect(await rows('namePlaceholder')).toEqual([a]);
    expect(await rows('badEmailDomain')).toEqual([b]);
    expect(await counted('noWayToReach')).toBe(1);
    const page = await problemRows(ctx, admin, { problem: 'namePlaceholder', after: a, limit: 10 });
    expect(page).toEqual({ rows: [], next: null });
    // Nobody has spoken with them: whoever reads customers sees them.
    expect((await qualityBoard(ctx, agent)).customers).toBe(2);
  });

  it('is mended by the ordinary services', async () => {
    const a = await known('تست');
    await settle();
    await updateCustomer(ctx, admin, { id: a, change: parse(CustomerChange, { name: 'نگار خوشبخت' }) });
    await settle();
    expect(await rows('namePlaceholder')).toEqual([]);
  });

  it('forgets what somebody says is none, until something else stands there', async () => {
    const a = await known('تست');
    await settle();
    const ignore = (ignored: boolean) =>
      ignoreProblem(ctx, agent, { customerId: a, problem: 'namePlaceholder', ignored });
    await ignore(true);
    await settle();
    expect(await rows('namePlaceholder')).toEqual([]);
    await ignore(false);
    await settle();
    expect(await rows('namePlaceholder')).toEqual([a]);
    await ignore(true);
    await updateCustomer(ctx, admin, { id: a, change: parse(CustomerChange, { name: 'مشتری' }) });
    await settle();
    expect(await rows('namePlaceholder')).toEqual([a]);
  });

  it('finds what became stale with time alone, and takes a word that it is right still', async () => {
    const a = await known('Sara Example', { city: 'شیراز' });
    await settle();
    expect((await facts(a))?.staleAt).toEqual(new Date('2028-03-01T00:00:00Z'));
    clock = new Date('2028-03-02T00:00:00Z');
    await sweepStale(ctx);
    await settle();
    expect(await rows('staleCity')).toEqual([a]);
    await ignoreProblem(ctx, agent, { customerId: a, problem: 'staleCity', ignored: true });
    await settle();
    expect(await rows('staleCity')).toEqual([]);
    expect((await facts(a))?.staleAt).toEqual(new Date('2030-03-02T00:00:00Z'));
  });

  it('lists who lacks a field in windows, and only those whom the viewer sees', async () => {
    const a = await known('Sara Example');
    const b = await known('Reza Karimi', { city: 'شیراز' });
    const c = await known('Leila Rostami');
    await settle();
    const lacking = (viewer: Viewer, after: string | null = null, limit = 10) =>
      missingRows(ctx, viewer, { field: 'city', after, limit });
    const ids = [a, c].sort();
    const page = await lacking(admin);
    expect(page).toMatchObject({ rows: ids.map((customerId) => ({ customerId })), next: null });
    expect(page.rows.map((row) => row.customerId)).not.toContain(b);
    const first = await lacking(agent, null, 1);
    expect(first).toMatchObject({ rows: [{ customerId: ids[0] }], next: ids[0] });
    expect(await lacking(agent, first.next, 1)).toMatchObject({ rows: [{ customerId: ids[1] }], next: null });
    // Spoken with on a channel that the agent lacks.
    await ctx.models.facts.updateOne(
      { _id: a },
      { $set: { 'activity.conversations': 1, 'activity.channelIds': ['elsewhere'] } },
    );
    expect((await lacking(agent)).rows.map((row) => row.customerId)).toEqual([c]);
    expect((await lacking(admin)).rows).toHaveLength(2);
    await updateCustomer(ctx, admin, { id: c, change: parse(CustomerChange, { city: 'یزد' }) });
    await settle();
    expect((await lacking(agent)).rows).toEqual([]);
  });

  it('says of each row how they were reached last and when, which helps to choose', async () => {
    const a = await known('Sara Example');
    const b = await known('Reza Karimi');
    for (const [kind, value] of [
      ['emailAddress', 'sara@example.com'],
      ['nationalCode', '0499370899'],
    ] as const)
      await addIdentityByAgent(ctx, admin, { customerId: a, kind, value, reason: 'told us' });
    await ctx.models.identities.updateOne(
      { customerId: a, kind: 'emailAddress' },
      { $set: { lastSeenAt: new Date('2026-02-01T00:00:00Z') } },
    );
    await settle();
    const rowOf = async (id: string) =>
      (await missingRows(ctx, agent, { field: 'city', after: null, limit: 10 })).rows.find(
        (row) => row.customerId === id,
      );
    expect(await rowOf(a)).toMatchObject({
      contact: { kind: 'emailAddress', display: 'sara@example.com' },
      lastAt: (await facts(a))?.activity.lastAt.toISOString(),
    });
    expect((await rowOf(b))?.contact).toBeNull();
    // Shown as lists show it: masked.
    await ctx.models.identities.deleteOne({ customerId: a, kind: 'emailAddress' });
    expect((await rowOf(a))?.contact?.display).not.toContain('0499370899');
  });

  it('finds custom fields that became stale, each confirmed or changed by itself', async () => {
    const define = (name: string) =>
      createField(ctx, admin, parse(FieldCreate, { name, type: 'text', staleMonths: 6 }));
    const [plan, seller] = [await define('Plan'), await define('Seller')];
    const a = await known('Sara Example', { fields: { [plan.id]: 'gold', [seller.id]: 'Ali' } });
    await settle();
    expect(await rows('staleField')).toEqual([]);
    clock = new Date(clock.getTime() + 200 * 86_400_000);
    await sweepStale(ctx);
    await settle();
    expect(await rows('staleField')).toEqual([a]);
    const stale = async () =>
      (await facts(a))?.notes.filter((one) => one.problem === 'staleField').map((one) => one.field);
    const both = [plan.id, seller.id].sort();
    expect((await stale())?.sort()).toEqual(both);
    const confirm = (field: string, ignored: boolean) =>
      ignoreProblem(ctx, agent, { customerId: a, problem: 'staleField', ignored, field });
    await confirm(plan.id, true);
    await settle();
    expect(await stale()).toEqual([seller.id]);
    await updateCustomer(ctx, admin, {
      id: a,
      change: parse(CustomerChange, { fields: { [seller.id]: 'Mina' } }),
    });
    await settle();
    expect(await stale()).toEqual([]);
    await confirm(plan.id, false);
    await settle();
    expect(await stale()).toEqual([plan.id]);
    await updateField(ctx, admin, { id: plan.id, change: { staleMonths: 0 } });
    await settle();
    expect(await stale()).toEqual([]);
  });

  it('weighs as an administrator says, for everybody from then on', async () => {
    const a = await known('Sara Example');
    await settle();
    expect((await facts(a))?.completeness.score).toBe(20);
    const weights = { ...defaultQualitySettings.weights, name: 100 };
    await expect(
      changeQualitySettings(ctx, agent, { ...defaultQualitySettings, weights }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await changeQualitySettings(ctx, admin, { ...defaultQualitySettings, weights });
    await settle();
    expect((await facts(a))?.completeness.score).toBe(56);
  });
});
