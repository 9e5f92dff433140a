import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { Import, ImportKind, ImportMapping } from '../../shared/import.ts';
import { importProblemWords } from '../../shared/import-problem.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { plainMapping } from '../../test/imports.ts';
import { dismissClaim } from '../customers/claim.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import type { RecordDoc } from '../records/record.model.ts';
import * as imports from './import.service.ts';
import { workImport } from './import.worker.ts';

let ctx: TestContext;
const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };

beforeAll(async () => {
  ctx = await createTestContext({ connectors: {} });
});
afterAll(() => ctx?.close());
beforeEach(() => ctx.empty());

const work = (id: string, signal = new AbortController().signal) => workImport(ctx, id, signal);
const read = (id: string) => imports.getImport(ctx, admin, id);
const told = async (id: string) =>
  (await imports.importErrors(ctx, admin, { id, after: 0 })).rows.map(({ row, outcome, problems }) => ({
    row,
    outcome,
    codes: problems.map(({ code, target }) => `${target} ${code}`),
  }));

async function checked(kind: ImportKind, table: string, more: Partial<ImportMapping> = {}): Promise<Import> {
  const one = await imports.uploadImport(ctx, admin, {
    kind,
    name: 'table.csv',
    length: 0,
    bytes: (async function* () {
      yield Buffer.from(table);
    })(),
  });
  const [head = ''] = table.split('\n');
  const mapping: ImportMapping = {
    ...plainMapping,
    columns: head.split(',').map((target, column) => ({ column, target })),
    dialect: one.dialect,
    ...more,
  };
  await imports.checkImport(ctx, admin, { id: one.id, mapping });
  await work(one.id);
  return read(one.id);
}

/** Runs what was tried, and holds the run to what the dry run said of it. */
async function done(kind: ImportKind, table: string, more: Partial<ImportMapping> = {}): Promise<Import> {
  const { id, check } = await checked(kind, table, more);
  const foretold = await told(id);
  await imports.turnImport(ctx, admin, { id, turn: 'run' });
  await work(id);
  const after = await read(id);
  expect(after.result).toEqual(check);
  expect(await told(id)).toEqual(foretold);
  return after;
}

async function undone(id: string): Promise<Import> {
  await imports.turnImport(ctx, admin, { id, turn: 'undo' });
  await work(id);
  return read(id);
}

const claims = () => ctx.models.claims.find({}).sort({ _id: 1 }).lean<ClaimDoc[]>().exec();
const records = () => ctx.models.records.find({}).sort({ externalId: 1 }).lean<RecordDoc[]>().exec();
const customers = () => ctx.models.customers.find({}).lean<CustomerDoc[]>().exec();

/** By name, what each has. */
async function people(): Promise<Record<string, string[]>> {
  const identities = await ctx.models.identities.find({}).sort({ _id: 1 }).lean<IdentityDoc[]>();
  return Object.fromEntries(
    (await customers())
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ _id, name }) => [
        name,
        identities.filter(({ customerId }) => customerId === _id).map((one) => one._id),
      ]),
  );
}

async function cidOf(name: string): Promise<string> {
  const one = (await customers()).find((customer) => customer.name === name);
  if (!one) throw new Error(`Nobody is called ${name}.`);
  return one._id;
}

const [codeA, codeB] = ['0012345679', '0013542419'];
const line = '02188776655';
const lineId = 'phone:+982188776655';
const mobile = '09121234567';
const mobileId = 'mobile:+989121234567';

describe('a table of customers in which people share a contact point', () => {
  it.each([
    ['a landline', 'phone', line, lineId],
    ['a mobile', 'mobile', mobile, mobileId],
    ['an e-mail address', 'email', 'home@example.com', 'emailAddress:home@example.com'],
  ])('keeps them apart by their codes and numbers: %s', async (_what, target, value, id) => {
    const table =
      `name,nationalCode,customerNumber,${target},city\n` +
      `علی,${codeA},1,${value},یزد\n` +
      `سارا,${codeB},2,${value},قم\n`;
    const one = await done('customers', table);
    expect(one.result).toEqual({ made: 2, updated: 0, skipped: 0, failed: 0, customers: 2, noted: 1 });
    expect(await told(one.id)).toEqual([{ row: 3, outcome: 'noted', codes: [`${target} otherOwner`] }]);
    expect(await people()).toEqual({
      سارا: ['customerNumber:2', `nationalCode:${codeB}`],
      علی: ['customerNumber:1', id, `nationalCode:${codeA}`].sort(),
    });
    const sara = await cidOf('سارا');
    expect(await claims()).toMatchObject([{ customerId: sara, source: 'import', dismissed: null }]);
    expect((await customers()).map(({ profile }) => profile?.city).sort()).toEqual(['قم', 'یزد']);

    // The same once more.
    expect((await done('customers', table)).result).toMatchObject({ made: 0, updated: 0, skipped: 2 });
    expect(await claims()).toHaveLength(1);
    expect(await checkInvariants(ctx.models)).toEqual([]);

    expect((await undone(one.id)).undo).toEqual({ removed: 2, restored: 0, kept: 0 });
    expect(await customers()).toEqual([]);
    expect(await claims()).toEqual([]);
    expect(await told(one.id)).toEqual([]);
  });

  it('takes nobody who is there for another with their mobile', async () => {
    await done('customers', `name,customerNumber,mobile,city\nعلی,1,${mobile},یزد\n`);
    const one = await done('customers', `name,customerNumber,mobile,city\nسارا,2,${mobile},قم\n`);
    expect(one.result).toMatchObject({ made: 1, updated: 0, noted: 1 });
    expect(await people()).toEqual({ سارا: ['customerNumber:2'], علی: ['customerNumber:1', mobileId] });
    const { rows } = await imports.importErrors(ctx, admin, { id: one.id, after: 0 });
    const problem = rows[0]?.problems[0];
    if (!problem) throw new Error('Nothing was told.');
    const ali = await cidOf('علی');
    expect(importProblemWords.en.wrong(problem)).toContain(`belongs to customer ${ali}`);
    expect(importProblemWords.fa.wrong(problem)).toContain(ali);
    expect(importProblemWords.fa.right(problem)).toContain('گفته شده، ولی ثابت نشده');
    await undone(one.id);
    expect(await people()).toEqual({ علی: ['customerNumber:1', mobileId] });
  });

  it('goes by the number, whoever has the rest, and takes what was said back again', async () => {
    await done('customers', `name,customerNumber,mobile\nعلی,1,${mobile}\nسارا,2,\n`);
    const table = `customerNumber,mobile,city\n2,${mobile},قم\n`;
    const one = await done('customers', table);
    expect(one.result).toMatchObject({ updated: 1, noted: 1 });
    expect((await people()).علی).toEqual(['customerNumber:1', mobileId]);
    const sara = await cidOf('سارا');
    expect(await claims()).toMatchObject([{ customerId: sara, kind: 'mobile' }]);
    expect((await undone(one.id)).undo).toEqual({ removed: 1, restored: 1, kept: 0 });
    expect(await claims()).toEqual([]);

    const again = await done('customers', table);
    const [claim] = await claims();
    await dismissClaim(ctx, admin, { id: claim?._id ?? '', dismissed: true });
    expect((await undone(again.id)).undo).toEqual({ removed: 0, restored: 1, kept: 1 });
    expect(await claims()).toHaveLength(1);
  });

  it('knows a family’s e-mail address by their mobiles and names', async () => {
    const table =
      'name,mobile,email\n' + 'علی,09121110001,home@example.com\n' + 'سارا,09121110002,home@example.com\n';
    expect((await done('customers', table)).result).toMatchObject({ made: 2, noted: 1 });
    expect(await people()).toEqual({
      سارا: ['mobile:+989121110002'],
      علی: ['emailAddress:home@example.com', 'mobile:+989121110001'],
    });
    expect((await done('customers', table)).result).toMatchObject({ skipped: 2 });
    // Whoever has a new number is who they were.
    const moved = await done('customers', 'name,mobile,email\nعلی,09121110003,home@example.com\n');
    expect(moved.result).toMatchObject({ updated: 1 });
  });

  it('finds nobody by a landline alone, and by it and the name whoever has both', async () => {
    const table = `name,phone,city\nعلی,${line},یزد\nسارا,${line},قم\n,${line},قم\n,02188776656,قم\n`;
    const one = await done('customers', table);
    expect(one.result).toMatchObject({ made: 1, failed: 3 });
    expect((await told(one.id)).map(({ codes }) => codes)).toEqual([
      ['phone landlineAlone'],
      ['phone landlineAlone'],
      ['phone landlineAlone'],
    ]);
    expect((await done('customers', table)).result).toMatchObject({ made: 0, skipped: 1, failed: 3 });
    expect((await done('customers', `name,phone,job\nعلی,${line},نقاش\n`)).result).toMatchObject({
      updated: 1,
    });
    expect(await people()).toEqual({ علی: [lineId] });
    const other = await done('customers', `name,phone,mobile\nسارا,${line},${mobile}\n`);
    expect(other.result).toMatchObject({ made: 1, noted: 1 });
    expect(await people()).toEqual({ سارا: [mobileId], علی: [lineId] });
  });

  it('refuses a row whose code and number contradict each other', async () => {
    await done('customers', `name,customerNumber,nationalCode\nعلی,1,${codeA}\n`);
    const cid = await cidOf('علی');
    const one = await done(
      'customers',
      `name,cid,customerNumber,nationalCode\nسارا,,1,${codeB}\nسارا,,2,${codeA}\nسارا,${cid},2,\n`,
    );
    expect((await told(one.id)).map(({ codes }) => codes)).toEqual([
      ['nationalCode contradicted'],
      ['customerNumber contradicted'],
      ['customerNumber contradicted'],
    ]);
    expect(await people()).toEqual({ علی: ['customerNumber:1', `nationalCode:${codeA}`] });
  });

  it('foresees what an earlier row says of somebody who is there', async () => {
    await done('customers', `name,mobile\nعلی,${mobile}\n`);
    const one = await done(
      'customers',
      `name,nationalCode,mobile\nعلی,${codeA},${mobile}\nسارا,${codeB},${mobile}\n`,
    );
    expect(one.result).toMatchObject({ made: 1, updated: 1, noted: 1 });
    expect(await people()).toEqual({
      سارا: [`nationalCode:${codeB}`],
      علی: [mobileId, `nationalCode:${codeA}`],
    });
  });

  it('keeps them apart when it is killed after each commit', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => `P${n},${n},${line}`).join('\n');
    const { id, check } = await checked('customers', `name,customerNumber,phone\n${rows}\n`);
    expect(check).toMatchObject({ made: 60, customers: 60, noted: 59 });
    await imports.turnImport(ctx, admin, { id, turn: 'run' });
    for (let killed = 0; (await read(id)).state === 'running'; killed += 1) {
      const dying = new AbortController();
      const stop = ctx.bus.on('facts.due', () => dying.abort());
      await work(id, dying.signal);
      stop();
      expect(killed).toBeLessThan(100);
    }
    expect((await read(id)).result).toEqual(check);
    expect(await customers()).toHaveLength(60);
    expect(await claims()).toHaveLength(59);
    expect((await undone(id)).undo).toEqual({ removed: 60, restored: 0, kept: 0 });
    expect(await claims()).toEqual([]);
  });
});

describe('a table of purchases in which people share a contact point', () => {
  const head = 'externalId,at,amount,name,customerNumber,nationalCode';

  it('makes of a shared landline nobody', async () => {
    const table =
      `${head},phone\n` +
      `11,2024-08-02,100,علی,1,${codeA},${line}\n` +
      `12,2024-08-02,200,سارا,2,${codeB},${line}\n` +
      `13,2024-08-02,300,سارا,2,${codeB},${line}\n`;
    const one = await done('purchases', table);
    expect(one.result).toEqual({ made: 3, updated: 0, skipped: 0, failed: 0, customers: 2, noted: 1 });
    const [ali, sara] = [await cidOf('علی'), await cidOf('سارا')];
    expect((await records()).map(({ customerId }) => customerId)).toEqual([ali, sara, sara]);
    expect(await claims()).toMatchObject([{ customerId: sara, kind: 'phone' }]);
    expect((await done('purchases', table)).result).toMatchObject({ skipped: 3 });
    expect((await undone(one.id)).undo).toEqual({ removed: 5, restored: 0, kept: 0 });
    expect(await customers()).toEqual([]);
    expect(await claims()).toEqual([]);
  });

  it('gives what another number bought to nobody who merely shares a mobile', async () => {
    const table =
      `${head},mobile\n` +
      `11,2024-08-02,100,علی,1,${codeA},${mobile}\n` +
      `12,2024-08-02,200,سارا,2,,${mobile}\n` +
      `13,2024-08-02,300,سارا,,${codeB},${mobile}\n` +
      `14,2024-08-02,400,علی,,,${mobile}\n` +
      `15,2024-08-02,400,علی,3,${codeA},\n`;
    const one = await done('purchases', table);
    expect(one.result).toMatchObject({ made: 2, failed: 3, customers: 1 });
    expect((await told(one.id)).map(({ codes }) => codes)).toEqual([
      ['customerNumber contradicted'],
      ['nationalCode contradicted'],
      ['customerNumber contradicted'],
    ]);
    const { rows } = await imports.importErrors(ctx, admin, { id: one.id, after: 0 });
    const problem = rows[2]?.problems[0];
    if (!problem) throw new Error('Nothing was told.');
    expect(importProblemWords.fa.wrong(problem)).toMatch(/^کد ملی این ردیف از آنِ .*شمارهٔ مشتری او این نیست/);
    expect((await records()).map(({ externalId }) => externalId)).toEqual(['11', '14']);
    expect((await undone(one.id)).undo).toEqual({ removed: 3, restored: 0, kept: 0 });
    expect(await customers()).toEqual([]);

    // Once both are known each has their own.
    await done(
      'customers',
      `name,customerNumber,nationalCode,mobile\nعلی,1,${codeA},${mobile}\nسارا,2,${codeB},${mobile}\n`,
    );
    expect((await done('purchases', table)).result).toMatchObject({ made: 4, failed: 1, customers: 0 });
    const [ali, sara] = [await cidOf('علی'), await cidOf('سارا')];
    expect((await records()).map(({ customerId }) => customerId)).toEqual([ali, sara, sara, ali]);
  });
});
