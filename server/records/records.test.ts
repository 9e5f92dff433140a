import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { CustomerRecord } from '../../shared/record.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { listEdits, undoEdit } from '../customers/profile.service.ts';
import type { RecordDoc } from './record.model.ts';
import {
  createRecord,
  deleteRecord,
  putRecord,
  putRecords,
  type RecordWord,
  recordsOf,
  updateRecord,
} from './record.service.ts';

let ctx: TestContext;
const source = { by: 'api' as const, id: 'key' };

beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  const blank = {
    nameSource: 'agent',
    active: { main: null },
    version: 1,
    tokens: [],
    createdAt: new Date(),
  };
  await ctx.models.customers.insertMany([
    { ...blank, _id: 'one', name: 'One', members: ['one', 'merged'] },
    { ...blank, _id: 'merged', name: 'Merged', members: ['merged'], mergedInto: 'one' },
    { ...blank, _id: 'other', name: 'Other', members: ['other'] },
  ]);
});

const word = (more: Partial<RecordWord> = {}, put: Partial<RecordWord['put']> = {}): RecordWord => ({
  customerId: 'one',
  kind: 'purchase',
  externalId: 'A-1',
  put: {
    at: '2024-08-02T10:00:00Z',
    title: 'Shoes',
    amount: 500,
    currency: 'IRR',
    items: [{ name: 'Shoes', code: '', quantity: 1, amount: 500 }],
    status: 'done',
    statusText: '',
    note: '',
    referralCode: '',
    ...put,
  },
  ...more,
});
const stored = () => ctx.models.records.find({}).sort({ _id: 1 }).lean<RecordDoc[]>().exec();
const due = async () => (await ctx.models.factsDue.find({}).sort({ _id: 1 }).lean()).map(({ _id }) => _id);

describe('a record under the organisation’s own number', () => {
  it('is made once; the same again is nothing, something else an update', async () => {
    const put = (one: RecordWord) => putRecord(ctx, { ...one, source });
    expect((await put(word())).outcome).toBe('made');
    expect((await put(word({ externalId: ' A-1 ' }))).outcome).toBe('same');
    expect(await due()).toEqual(['one']);
    const changed = await put(word({}, { amount: 600 }));
    expect(changed).toMatchObject({ outcome: 'updated', record: { amount: 600, version: 2 } });
    // Whichever digits it is written in: it is one number, and kept as one.
    for (const externalId of ['A-۱', 'A-١'])
      expect(await put(word({ externalId }, { amount: 600 }))).toMatchObject({
        outcome: 'same',
        record: { externalId: 'A-1' },
      });
    // A service of the same number is another thing.
    expect((await put(word({ kind: 'service' }))).outcome).toBe('made');
    expect((await stored()).map(({ _id }) => _id)).toEqual(['own:purchase:A-1', 'own:service:A-1']);
  });

  it('hangs where it was born, and goes over to somebody else only', async () => {
    await putRecord(ctx, { ...word({ customerId: 'merged' }), source });
    const again = await putRecord(ctx, { ...word({ customerId: 'one' }), source });
    expect(again).toMatchObject({ outcome: 'same', record: { customerId: 'one' } });
    expect((await stored())[0]?.customerId).toBe('merged');
    const told: string[] = [];
    const stop = ctx.bus.on('history.changed', ({ customerId }) => told.push(customerId));
    expect((await putRecord(ctx, { ...word({ customerId: 'other' }), source })).outcome).toBe('updated');
    stop();
    expect(told.sort()).toEqual(['one', 'other']);
    expect((await stored())[0]?.customerId).toBe('other');
    expect(await due()).toEqual(['merged', 'other']);
    await expect(putRecord(ctx, { ...word({ customerId: 'nobody' }), source })).rejects.toMatchObject({
      code: 'notFound',
    });
  });

  it('told by many at once is one, and the later word of one call holds', async () => {
    await Promise.all(Array.from({ length: 8 }, () => putRecord(ctx, { ...word(), source })));
    expect(await stored()).toMatchObject([{ version: 1 }]);
    const many = Array.from({ length: 250 }, (_, n) => word({ externalId: `B-${n % 240}` }, { amount: n }));
    const done = await putRecords(ctx, { records: many, source });
    expect(done.filter(({ outcome }) => outcome === 'made')).toHaveLength(240);
    expect((await stored()).find(({ externalId }) => externalId === 'B-3')).toMatchObject({ amount: 243 });
    await expect(
      putRecords(ctx, { records: Array.from({ length: 1001 }, () => word()), source }),
    ).rejects.toThrow(/At most 1000/);
  });

  it('is listed in windows, newest first, with those of merged customers', async () => {
    const records = Array.from({ length: 25 }, (_, n) =>
      word(
        { externalId: `C-${n}`, customerId: n % 2 ? 'one' : 'merged', kind: n % 5 ? 'purchase' : 'service' },
        { at: `2024-08-${String(1 + Math.floor(n / 3)).padStart(2, '0')}T00:00:00Z` },
      ),
    );
    await putRecords(ctx, { records, source });
    const customer = { _id: 'one', members: ['one', 'merged'] };
    const seen: string[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = await recordsOf(ctx, { customer, limit: 7, after: after ?? undefined });
      seen.push(...page.records.map(({ at, id }) => `${at} ${id}`));
      after = page.next;
    }
    expect(seen).toEqual([...seen].sort().reverse());
    expect(new Set(seen).size).toBe(25);
    expect((await recordsOf(ctx, { customer, limit: 50, kind: 'service' })).records).toHaveLength(5);
    await expect(recordsOf(ctx, { customer, limit: 5, after: 'own:purchase:none' })).rejects.toThrow(
      /no record/,
    );
  });
});

describe('who changed a record', () => {
  const admin = { id: 'admin', role: 'administrator' as const, channelIds: 'all' as const, teamIds: [] };
  const marketer = { ...admin, id: 'marketer', role: 'marketer' as const };
  const edits = async () => (await listEdits(ctx, admin, { id: 'one', after: null, limit: 50 })).edits;
  const undo = async (viewer: Viewer = admin) =>
    undoEdit(ctx, viewer, { id: 'one', editId: (await edits())[0]?.id ?? '' });

  it('is kept with what stood there, and each change is undone', async () => {
    const { record } = await putRecord(ctx, { ...word({ customerId: 'merged' }), source });
    const { id } = record;
    expect(await edits()).toEqual([]);
    await updateRecord(ctx, admin, { id, update: { ifVersion: 1, change: { amount: 700, note: 'gift' } } });
    await putRecord(ctx, { ...word({}, { amount: 800 }), source });
    const told = (await edits()).map(({ by, byUserId, field, before, after }) => [
      by,
      byUserId,
      field,
      ...[before, after].map((one) => (one as CustomerRecord | null)?.amount),
    ]);
    expect(told).toEqual([
      ['api', null, `records.${id}`, 700, 800],
      ['agent', 'admin', `records.${id}`, 500, 700],
    ]);
    await expect(undo(marketer)).rejects.toMatchObject({ code: 'forbidden' });
    await undo();
    expect(await stored()).toMatchObject([
      { amount: 700, note: 'gift', source: { by: 'agent', id: 'admin' }, version: 4, customerId: 'merged' },
    ]);
    // The undo is undone; the one before it is not its turn any more.
    const [back, , first] = await edits();
    expect(back).toMatchObject({ byUserId: 'admin', undoes: expect.any(String) });
    await expect(undoEdit(ctx, admin, { id: 'one', editId: first?.id ?? '' })).rejects.toMatchObject({
      reason: 'stateChanged',
    });
    await undo();
    expect(await stored()).toMatchObject([{ amount: 800, note: '' }]);
  });

  it('written by hand under the number of one who was merged is theirs when that is taken back', async () => {
    const { kind, put } = word();
    const form = { kind, externalId: 'by-hand', ...put };
    expect(await createRecord(ctx, admin, { customerId: 'merged', form })).toMatchObject({
      customerId: 'one',
    });
    expect(await stored()).toMatchObject([{ externalId: 'by-hand', customerId: 'merged' }]);
  });

  it('tells of those written and deleted by hand, and brings them back', async () => {
    const { kind, put } = word();
    const made = await createRecord(ctx, admin, {
      customerId: 'one',
      form: { kind, externalId: null, ...put },
    });
    await deleteRecord(ctx, admin, made.id);
    expect((await edits()).map(({ before, after }) => [before !== null, after !== null])).toEqual([
      [true, false],
      [false, true],
    ]);
    const told: string[] = [];
    const stop = ctx.bus.on('history.changed', ({ customerId }) => told.push(customerId));
    await undo();
    stop();
    expect(told).toEqual(['one']);
    expect(await stored()).toMatchObject([{ _id: made.id, title: 'Shoes', todo: ['search'] }]);
    await undo();
    expect(await stored()).toEqual([]);
  });

  it('is in the journals of both when it goes over to somebody else', async () => {
    await putRecord(ctx, { ...word(), source });
    await putRecord(ctx, { ...word({ customerId: 'other' }), source });
    const there = await listEdits(ctx, admin, { id: 'other', after: null, limit: 5 });
    expect([(await edits()).length, there.edits.length]).toEqual([1, 1]);
    await undo();
    expect(await stored()).toMatchObject([{ customerId: 'one' }]);
  });
});
