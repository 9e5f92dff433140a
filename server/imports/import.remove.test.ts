import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { Import } from '../../shared/import.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { suggestedMapping } from '../../test/imports.ts';
import { until } from '../../test/world.ts';
import { removeImport } from './import.remove.ts';
import * as imports from './import.service.ts';
import { workImport } from './import.worker.ts';

let ctx: TestContext;
const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };

beforeAll(async () => {
  ctx = await createTestContext({ connectors: {} });
});
afterAll(() => ctx?.close());
beforeEach(() => ctx.empty());

const work = (id: string) => workImport(ctx, id, new AbortController().signal);

/** A table of customers of which every other row is wrong. */
async function begun(rows: number): Promise<Import> {
  const lines = Array.from({ length: rows }, (_, n) => (n % 2 ? `${n},no mail` : `${n},n${n}@example.com`));
  const one = await imports.uploadImport(ctx, admin, {
    kind: 'customers',
    name: 'people.csv',
    length: 0,
    bytes: (async function* () {
      yield Buffer.from(`customer number,email\n${lines.join('\n')}\n`);
    })(),
  });
  return imports.checkImport(ctx, admin, { id: one.id, mapping: suggestedMapping(one) });
}

/** What is left of tables anywhere. */
async function left(): Promise<number[]> {
  const { files, imports: docs, importRows } = ctx.models;
  return Promise.all([
    docs.countDocuments({}),
    importRows.countDocuments({}),
    files.countDocuments({}),
    ctx.db.collection('fs.chunks').countDocuments({}),
  ]);
}

describe('a table that nobody ran', () => {
  it('is deleted with its file and what its dry run said', async () => {
    const { id } = await begun(10);
    await work(id);
    expect(await left()).toEqual([1, 5, 1, 1]);
    await removeImport(ctx, admin, id);
    expect(await left()).toEqual([0, 0, 0, 0]);
    await expect(removeImport(ctx, admin, id)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('leaves nothing behind where its dry run is under way', async () => {
    const { id } = await begun(2_000);
    const working = work(id);
    await until('rows were tried', async () => (await imports.getImport(ctx, admin, id)).progress.rows > 0);
    await removeImport(ctx, admin, id);
    await working;
    expect(await left()).toEqual([0, 0, 0, 0]);
  });

  it('is deleted also when its dry run failed, or its file is gone already', async () => {
    const { id } = await begun(4);
    await work(id);
    await ctx.files.remove((await ctx.models.files.findOne({}).lean())?._id ?? '');
    await ctx.models.imports.updateOne({ _id: id }, { $set: { state: 'failed' } });
    await removeImport(ctx, admin, id);
    expect(await left()).toEqual([0, 0, 0, 0]);
  });
});

it('a table that was run stays, also when it was taken back', async () => {
  const { id } = await begun(4);
  await work(id);
  const refused = { code: 'conflict', reason: 'stateChanged', body: { data: { import: { id } } } };
  await imports.turnImport(ctx, admin, { id, turn: 'run' });
  await expect(removeImport(ctx, admin, id)).rejects.toMatchObject(refused);
  await work(id);
  await expect(removeImport(ctx, admin, id)).rejects.toMatchObject(refused);
  await imports.turnImport(ctx, admin, { id, turn: 'undo' });
  await work(id);
  await expect(removeImport(ctx, admin, id)).rejects.toThrow(/can be taken back/);
  expect((await imports.getImport(ctx, admin, id)).state).toBe('undone');
  expect(await ctx.models.files.countDocuments({})).toBe(1);
});
