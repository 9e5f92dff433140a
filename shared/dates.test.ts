import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { birthdayProblem, CustomerChange } from './profile.ts';
import { RecordCreate, RecordPut, RecordUpdate, recordAtProblem } from './record.ts';

it.each([
  ['2026-03-01', null],
  // It is the second of March already on the islands where the sun rises first.
  ['2026-03-02', null],
  ['2026-03-03', 'notYet'],
  ['2199-01-01', 'notYet'],
  ['1880-01-01', null],
  ['1879-12-31', 'tooLongAgo'],
])('a birthday on %s: %s', (day, problem) => {
  expect(birthdayProblem(day, new Date('2026-03-01T10:00:00Z'))).toBe(problem);
});

it.each([
  ['1899-12-31T23:59:59Z', 'tooLongAgo'],
  ['0000-01-01T00:00:00Z', 'tooLongAgo'],
  ['1403-05-12T00:00:00Z', 'tooLongAgo'],
  ['1900-01-01T00:00:00Z', null],
  ['2036-03-01T10:00:00Z', null],
  ['2036-03-01T10:00:01Z', 'tooFarAhead'],
  ['9999-12-31T23:59:59Z', 'tooFarAhead'],
])('a record of %s: %s', (at, problem) => {
  expect(recordAtProblem(new Date(at), new Date('2026-03-01T10:00:00Z'))).toBe(problem);
});

it('every form of them asks it, and says one thing of each', () => {
  const wrong = (schema: z.ZodMiniType, value: unknown) =>
    z.safeParse(schema, value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  expect(wrong(CustomerChange, { birthday: '2199-01-01' })).toEqual(['birthday: Must not be after today']);
  expect(wrong(CustomerChange, { birthday: '1820-01-01' })).toEqual([
    expect.stringContaining('birthday: Must not be before 1880'),
  ]);
  expect(wrong(CustomerChange, { birthday: 'soon' })).toEqual([expect.stringContaining('YYYY-MM-DD')]);
  const at = '9999-12-31T00:00:00Z';
  const said = expect.stringContaining('at: Must be from 1900 to 10 years ahead');
  expect(wrong(RecordPut, { at, title: 'x' })).toEqual([said]);
  expect(wrong(RecordCreate, { kind: 'purchase', at, title: 'x' })).toEqual([said]);
  expect(wrong(RecordUpdate, { ifVersion: 1, change: { at } })).toEqual([said]);
  expect(wrong(RecordPut, { at: 'yesterday', title: 'x' })).toHaveLength(1);
});
