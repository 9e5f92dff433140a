import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { Import, ImportKind, ImportMapping } from '../../shared/import.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { suggestedMapping } from '../../test/imports.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { unmergeByAgent } from '../customers/customer.unmerge.ts';
import { addIdentityByAgent } from '../customers/identity.add.ts';
import { removeIdentity } from '../customers/identity.remove.ts';
import { createCustomer } from '../customers/profile.service.ts';
import { checkInvariants } from '../db/invariants.ts';
import { createField } from '../fields/field.service.ts';
import type { RecordDoc } from '../records/record.model.ts';
import type { ImportDoc } from './import.model.ts';
import * as imports from './import.service.ts';
import { sweepImports, workImport } from './import.worker.ts';

let ctx: TestContext;
let channel: ChannelDoc;
const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

async function upload(kind: ImportKind, table: string | Buffer): Promise<Import> {
  return imports.uploadImport(ctx, admin, {
    kind,
    name: 'table.csv',
    length: 0,
    bytes: (async function* () {
      yield Buffer.from(table);
    })(),
  });
}

const work = (id: string, signal = new AbortController().signal) => workImport(ctx, id, signal);
const read = (id: string) => imports.getImport(ctx, admin, id);

async function checked(kind: ImportKind, table: string, more: Partial<ImportMapping> = {}): Promise<Import> {
  const one = await upload(kind, table);
  await imports.checkImport(ctx, admin, { id: one.id, mapping: suggestedMapping(one, more) });
  await work(one.id);
  return read(one.id);
}

async function done(kind: ImportKind, table: string, more: Partial<ImportMapping> = {}): Promise<Import> {
  const { id } = await checked(kind, table, more);
  await imports.turnImport(ctx, admin, { id, turn: 'run' });
  await work(id);
  return read(id);
}

async function undone(id: string): Promise<Import> {
  await imports.turnImport(ctx, admin, { id, turn: 'undo' });
  await work(id);
  return read(id);
}

const customers = () => ctx.models.customers.find({}).sort({ name: 1 }).lean<CustomerDoc[]>().exec();
const identities = () => ctx.models.identities.find({}).sort({ _id: 1 }).lean<IdentityDoc[]>().exec();
const records = () => ctx.models.records.find({}).sort({ externalId: 1 }).lean<RecordDoc[]>().exec();
const errorsOf = async (id: string) => (await imports.importErrors(ctx, admin, { id, after: 0 })).rows;

const people =
  'نام,موبایل,ایمیل,شهر,تاریخ تولد\n' +
  'گلاره پارسا,09121234567,gelare@example.com,یزد,1370/01/15\n' +
  'آریو ژاله,۰۹۱۲۱۲۳۴۵۶۸,,گچساران,\n';

const orders =
  'شماره سفارش,موبایل,تاریخ,مبلغ,وضعیت,کالا\n' +
  '1001,09121234567,1403/05/12,"1,250,000",تحویل شده,کفش\n' +
  '1002,09121234567,1403/06/01,500000,لغو شده,جوراب\n' +
  '1003,09129999999,1403/06/02,700000,تحویل شده,کلاه\n';

describe('a table of customers', () => {
  it('is understood by its header, tried without writing anything, and brought in', async () => {
    const one = await checked('customers', people);
    expect(one.columns.map(({ suggests }) => suggests)).toEqual([
      'name',
      'mobile',
      'email',
      'city',
      'birthday',
    ]);
    expect(one).toMatchObject({
      state: 'checked',
      check: { made: 2, updated: 0, skipped: 0, failed: 0, customers: 2 },
      progress: { rows: 0, of: 2 },
    });
    expect(await customers()).toEqual([]);

    await imports.turnImport(ctx, admin, { id: one.id, turn: 'run' });
    await work(one.id);
    expect(await read(one.id)).toMatchObject({ state: 'done', result: { made: 2, customers: 2, failed: 0 } });
    const [ario, gelare] = await customers();
    expect(ario).toMatchObject({ name: 'آریو ژاله', profile: { city: 'گچساران', birthday: null } });
    expect(gelare).toMatchObject({
      name: 'گلاره پارسا',
      nameSource: 'agent',
      profile: { city: 'یزد', birthday: '1991-04-04' },
    });
    expect(await identities()).toMatchObject([
      { _id: 'emailAddress:gelare@example.com', proof: 'import', source: { by: 'import', id: one.id } },
      { _id: 'mobile:+989121234567', customerId: gelare?._id, proof: 'import' },
      { _id: 'mobile:+989121234568', customerId: ario?._id },
    ]);
    expect(await ctx.models.factsDue.countDocuments({})).toBe(2);
  });

  it('a second time changes nothing, and with other words updates who is there', async () => {
    await done('customers', people);
    expect((await done('customers', people)).result).toMatchObject({ made: 0, updated: 0, skipped: 2 });
    const other = 'نام,موبایل,شهر,شغل\nگلاره ژاله,+98 912 123 4567,شیراز,معلم\n';
    expect((await done('customers', other, { known: 'fill' })).result).toMatchObject({ updated: 1 });
    expect((await customers()).find(({ name }) => name === 'گلاره پارسا')?.profile).toMatchObject({
      city: 'یزد',
      job: 'معلم',
    });
    expect((await done('customers', other)).result).toMatchObject({ updated: 1 });
    expect((await customers()).find(({ name }) => name === 'گلاره ژاله')?.profile).toMatchObject({
      city: 'شیراز',
    });
    expect(await ctx.models.edits.countDocuments({ by: 'import', field: 'city' })).toBe(1);
    expect((await done('customers', other, { known: 'skip' })).result).toMatchObject({ skipped: 1 });
  });

  it('recognises whoever writes from an imported number later, and shows it as proven then', async () => {
    await done('customers', 'name,username\nSara Example,sara\n');
    await done('customers', 'name,customer number,username\nSara Example,77,SARA\n');
    expect(await customers()).toHaveLength(1);
    expect((await identities()).map(({ _id }) => _id)).toEqual(['customerNumber:77', 'username:sara']);
  });

  it('tells each wrong row with its column, what stood there and what would be right', async () => {
    const one = await checked(
      'customers',
      'name,mobile,email,birthday,national code\n' +
        'A,0912123456,a@example.com,1370/13/01,\n' +
        'B,,,,\n' +
        'C,09121234567,c@,1370/01/01,1111111111\n' +
        'D,09121234569,,,\n',
    );
    expect(one.check).toEqual({ made: 1, updated: 0, skipped: 0, failed: 3, customers: 1 });
    const errors = await errorsOf(one.id);
    expect(
      errors.map(({ row, problems }) => [row, problems.map(({ column, code }) => `${column} ${code}`)]),
    ).toEqual([
      [2, ['mobile malformed', 'birthday malformed']],
      [3, ['null noCustomer']],
      [4, ['email malformed', 'national code malformed']],
    ]);
    expect(errors[0]?.problems[0]).toMatchObject({ value: '0912123456' });
    for (const { problems } of errors) for (const { message } of problems) expect(message).toMatch(/\.$/);
  });

  it('takes no birthday that is to come and no purchase of another age', async () => {
    const people = await checked(
      'customers',
      'name,mobile,birthday\nA,09121234567,1420/01/01\nB,09121234568,1821/03/21\nC,09121234569,1370/01/01\n',
    );
    expect(people.check).toMatchObject({ made: 1, failed: 2 });
    const why = async (id: string) =>
      (await errorsOf(id)).map(({ row, problems }) => [row, ...problems.map(({ data }) => data?.why)]);
    expect(await why(people.id)).toEqual([
      [2, 'notYet'],
      [3, 'tooLongAgo'],
    ]);
    const bought = await checked(
      'purchases',
      'mobile,order number,date,title\n09121234567,1,1500/01/01,x\n09121234567,2,1250/01/01,x\n' +
        '09121234567,3,2199-01-01T00:00:00Z,x\n09121234567,4,1403/05/12,x\n',
    );
    expect(bought.check).toMatchObject({ made: 1, failed: 3 });
    expect(await why(bought.id)).toEqual([
      [2, 'tooFarAhead'],
      [3, 'tooLongAgo'],
      [4, 'tooFarAhead'],
    ]);
  });

  it('takes the names of what every object has for words like others', async () => {
    const cells = 'constructor,__proto__,toString,hasOwnProperty,valueOf'.split(',');
    const rows = cells.map((cell, n) => `0912123450${n},${cell},${cell}`);
    const { id } = await done('customers', `موبایل,زبان,شهر\n${rows.join('\n')}\n`, {
      columns: ['mobile', 'language', 'city'].map((target, column) => ({ column, target })),
    });
    expect((await errorsOf(id)).map(({ problems }) => problems.map(({ target }) => target))).toEqual(
      cells.map(() => ['language']),
    );
    expect(await customers()).toEqual([]);
  });

  it('with cells that no spreadsheet has is told row by row, and the rest is brought in', async () => {
    const wide = Array.from({ length: 10_000 }, (_, n) => `c${n}`).join(',');
    const { id } = await done(
      'customers',
      `name,mobile,city,${wide}\n` +
        `"Zari\u0000Example",09121234567,"Ya\u0000zd",${wide}\n` +
        `=cmd|'/C calc'!A0,09121234568,"${'x'.repeat(100_000)}"\n` +
        `Omid Example,09121234569,Qom\n`,
    );
    expect(await read(id)).toMatchObject({ state: 'done', result: { made: 2, failed: 1 } });
    expect((await errorsOf(id)).map(({ row }) => row)).toEqual([3]);
  });

  it('of people who belong together in nothing but the row is refused', async () => {
    await done('customers', 'name,mobile,email\nA,09121234567,\nB,,b@example.com\n');
    const one = await done('customers', 'name,mobile,email\nC,09121234567,b@example.com\n');
    expect(one.result).toMatchObject({ failed: 1 });
    expect((await errorsOf(one.id))[0]?.problems[0]?.code).toBe('severalCustomers');
  });
});

describe('a table of purchases', () => {
  it('finds its customers, makes those nobody knows, and keeps the organisation’s numbers', async () => {
    await done('customers', people);
    const one = await done('purchases', orders);
    expect(one.columns.map(({ suggests }) => suggests)).toEqual([
      'externalId',
      'mobile',
      'at',
      'amount',
      'status',
      'itemName',
    ]);
    expect(one.result).toEqual({ made: 3, updated: 0, skipped: 0, failed: 0, customers: 1 });
    const gelare = (await customers()).find(({ name }) => name === 'گلاره پارسا');
    expect(await records()).toMatchObject([
      {
        _id: 'own:purchase:1001',
        customerId: gelare?._id,
        at: new Date('2024-08-01T20:30:00.000Z'),
        amount: 1_250_000,
        currency: 'IRR',
        status: 'done',
        statusText: 'تحویل شده',
        title: 'کفش',
        todo: ['search'],
      },
      { externalId: '1002', status: 'cancelled' },
      { externalId: '1003', amount: 700_000 },
    ]);
    // The same again, and once more with one that is other.
    expect((await done('purchases', orders)).result).toMatchObject({ skipped: 3, made: 0, updated: 0 });
    const changed = await done('purchases', orders.replace('700000', '650000'), { unit: 'toman' });
    expect(changed.result).toMatchObject({ updated: 3 });
    expect(await records()).toMatchObject([{ amount: 12_500_000, version: 2 }, {}, { amount: 6_500_000 }]);
    expect(await customers()).toHaveLength(3);
  });

  it('with a row for each line puts those of one purchase together', async () => {
    const lines =
      'order number,mobile,date,item,qty,line total\n' +
      '7,09121234567,2024-08-02,shoes,1,100\n' +
      '7,09121234567,2024-08-02,socks,2,50\n' +
      '8,09121234567,2024-08-03,hat,1,30\n';
    expect((await checked('purchases', lines)).check).toMatchObject({ made: 2, failed: 1 });
    const one = await done('purchases', lines, { lines: true });
    expect(one.result).toMatchObject({ made: 2, failed: 0 });
    expect(one.progress).toEqual({ rows: 3, of: 3 });
    expect(await records()).toMatchObject([
      { externalId: '7', amount: 150, items: [{ name: 'shoes' }, { name: 'socks', quantity: 2 }] },
      { externalId: '8', amount: 30 },
    ]);
  });

  it('leaves rows of unknown customers where that is said', async () => {
    const one = await done('purchases', orders, { unknown: 'skip' });
    expect(one.result).toMatchObject({ skipped: 3, customers: 0 });
    expect(await records()).toEqual([]);
  });
});

describe('an import that is stopped', () => {
  const many = `mobile,order number,date,amount\n${Array.from({ length: 90 }, (_, at) => `0912${String(1_000_000 + Math.floor(at / 2))},${at},2024-08-02,${at}`).join('\n')}\n`;

  it('goes on after the last row that was brought in, and brings none in twice', async () => {
    const { id } = await checked('purchases', many);
    await imports.turnImport(ctx, admin, { id, turn: 'run' });
    // Killed after each commit, over and over.
    for (let killed = 0; (await read(id)).state === 'running'; killed += 1) {
      const dying = new AbortController();
      const stop = ctx.bus.on('facts.due', () => dying.abort());
      await work(id, dying.signal);
      stop();
      expect(killed).toBeLessThan(100);
    }
    expect(await read(id)).toMatchObject({ state: 'done', result: { made: 90, customers: 45, failed: 0 } });
    expect((await records()).map(({ version }) => version)).toEqual(Array.from({ length: 90 }, () => 1));
    expect(await ctx.models.importRows.countDocuments({ importId: id, phase: 'run' })).toBe(90);
  });

  it('is paused and resumed, and run by two servers at once all the same once', async () => {
    const { id } = await checked('purchases', many);
    await imports.turnImport(ctx, admin, { id, turn: 'run' });
    const stop = ctx.bus.on('facts.due', () => {
      void imports.turnImport(ctx, admin, { id, turn: 'pause' }).catch(() => undefined);
    });
    await work(id);
    stop();
    const paused = await read(id);
    expect(paused.state).toBe('paused');
    expect(paused.progress.rows).toBeGreaterThan(0);
    expect(paused.progress.rows).toBeLessThan(90);
    await imports.turnImport(ctx, admin, { id, turn: 'resume' });
    const sibling = await ctx.sibling();
    try {
      await Promise.all([work(id), workImport(sibling, id, new AbortController().signal)]);
    } finally {
      await sibling.close();
    }
    expect(await read(id)).toMatchObject({ state: 'done', result: { made: 90, customers: 45 } });
    expect(await records()).toHaveLength(90);
  });

  it('is tried by the mapping it has, also when that is another while it is tried', async () => {
    const rows = Array.from({ length: 90 }, (_, n) => `0912000${1_000 + n},Yazd\n`);
    const one = await upload('customers', `mobile,city\n${rows.join('')}`);
    const good = suggestedMapping(one);
    const wrong = { ...good, columns: [{ column: 1, target: 'mobile' }] };
    await imports.checkImport(ctx, admin, { id: one.id, mapping: wrong });
    const stop = ctx.bus.on('import.changed', () => {
      stop();
      void imports.checkImport(ctx, admin, { id: one.id, mapping: good });
    });
    await work(one.id);
    await work(one.id);
    expect(await read(one.id)).toMatchObject({ state: 'checked', check: { made: 90, failed: 0 } });
    expect(await errorsOf(one.id)).toEqual([]);
  });

  it('cannot be run before it was tried, nor twice', async () => {
    const one = await upload('customers', people);
    await expect(imports.turnImport(ctx, admin, { id: one.id, turn: 'run' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const { id } = await done('customers', people);
    await expect(imports.turnImport(ctx, admin, { id, turn: 'run' })).rejects.toMatchObject({
      reason: 'stateChanged',
    });
    await expect(
      imports.checkImport(ctx, admin, { id, mapping: suggestedMapping(await read(id)) }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('an import that is taken back', () => {
  it('leaves nothing of what it made', async () => {
    const before = await done('customers', people);
    const { id } = await done('purchases', orders);
    const back = await undone(id);
    expect(back).toMatchObject({ state: 'undone', undo: { removed: 4, restored: 0, kept: 0 } });
    expect(await records()).toEqual([]);
    expect(await customers()).toHaveLength(2);
    await undone(before.id);
    expect(await customers()).toEqual([]);
    expect(await identities()).toEqual([]);
    expect(await ctx.models.edits.countDocuments({})).toBe(0);
  });

  it('puts back what it changed, and keeps what somebody changed since', async () => {
    await done('customers', people);
    await done('purchases', orders);
    const was = await records();
    const changed = await done(
      'purchases',
      orders.replace('1,250,000', '1,250,001').replaceAll('00000', '00001'),
    );
    expect(changed.result).toMatchObject({ updated: 3 });
    await ctx.models.records.updateOne(
      { externalId: '1002' },
      { $inc: { version: 1 }, $set: { note: 'ours' } },
    );
    expect((await undone(changed.id)).undo).toEqual({ removed: 0, restored: 2, kept: 1 });
    const now = await records();
    expect(now.map(({ amount }) => amount)).toEqual([was[0]?.amount, 500_001, was[2]?.amount]);
    expect(now[1]?.note).toBe('ours');

    const moved = await done('customers', 'موبایل,شهر,شغل,ایمیل\n09121234567,رشت,نقاش,new@example.com\n');
    expect((await undone(moved.id)).undo).toEqual({ removed: 1, restored: 1, kept: 0 });
    const gelare = (await customers()).find(({ name }) => name === 'گلاره پارسا');
    expect(gelare?.profile).toMatchObject({ city: 'یزد', job: '' });
    expect((await identities()).map(({ _id }) => _id)).not.toContain('emailAddress:new@example.com');
  });

  it('takes no identity away that somebody stated anew since', async () => {
    await done('customers', 'name,mobile\nSara Example,09121234567\n');
    const { id } = await done('customers', 'mobile,email\n09121234567,sara@example.com\n');
    const [sara] = await customers();
    const other = await createCustomer(ctx, admin, { name: 'Zari Example', change: {}, identities: [] });
    const identityId = 'emailAddress:sara@example.com';
    await removeIdentity(ctx, admin, { customerId: sara?._id ?? '', identityId });
    await addIdentityByAgent(ctx, admin, {
      customerId: other.id,
      kind: 'emailAddress',
      value: 'sara@example.com',
      reason: 'she told us',
    });
    expect((await undone(id)).undo).toEqual({ removed: 0, restored: 0, kept: 1 });
    expect(await identities()).toMatchObject([
      { _id: identityId, customerId: other.id, proof: 'agent' },
      { _id: 'mobile:+989121234567' },
    ]);
  });

  it('gives a record back to nobody who is gone', async () => {
    const first = await done('purchases', 'شماره سفارش,موبایل,تاریخ,مبلغ\n77,09121110001,1403/05/12,1000\n');
    const second = await done('purchases', 'شماره سفارش,موبایل,تاریخ,مبلغ\n77,09121110002,1403/05/12,1000\n');
    await undone(first.id);
    await undone(second.id);
    const cids = (await customers()).map(({ _id }) => _id);
    for (const { customerId } of await records()) expect(cids).toContain(customerId);
  });

  it('goes on being taken back when that broke off, and is not run again in between', async () => {
    const { id } = await done('customers', people);
    await imports.turnImport(ctx, admin, { id, turn: 'undo' });
    await ctx.models.imports.updateOne({ _id: id }, { $set: { state: 'failed', error: 'broken' } });
    await imports.turnImport(ctx, admin, { id, turn: 'resume' });
    await work(id);
    expect(await read(id)).toMatchObject({ state: 'undone', undo: { removed: 2 } });
    expect(await customers()).toEqual([]);
  });

  it('after a merge keeps who was merged, and the merge can be taken back all the same', async () => {
    await done('customers', 'name,mobile\nSara Example,09121234567\n');
    const { id } = await done(
      'customers',
      'name,mobile,email,city\nSara Example,09121234567,sara@example.com,Yazd\nZari Example,09121234568,,Qom\n',
    );
    const [sara, zari] = await customers();
    const merged = await mergeByAgent(ctx, admin, {
      intoId: zari?._id ?? '',
      otherId: sara?._id ?? '',
      reason: 'same',
    });
    const { undo } = await undone(id);
    expect(undo?.kept).toBe(2);
    await unmergeByAgent(ctx, admin, { customerId: zari?._id ?? '', linkId: merged.linkId ?? '' });
    expect(await customers()).toMatchObject([
      { name: 'Sara Example', mergedInto: null, profile: { city: 'Yazd' } },
      { name: 'Zari Example', mergedInto: null },
    ]);
    expect((await identities()).map(({ _id, customerId }) => [_id, customerId])).toEqual([
      ['mobile:+989121234567', sara?._id],
      ['mobile:+989121234568', zari?._id],
    ]);
    expect(await checkInvariants(ctx.models)).toEqual([]);
  });

  it('keeps a customer who wrote since', async () => {
    const { id } = await done(
      'customers',
      'name,mobile\nSara Example,09121234567\nOmid Example,09121234568\n',
    );
    await deliver(ctx, channel, [
      written(person('+989121234567', { kind: 'mobile', display: '+989121234567' }), 'hello'),
    ]);
    expect(await customers()).toHaveLength(2);
    expect((await undone(id)).undo).toEqual({ removed: 1, restored: 0, kept: 1 });
    expect(await customers()).toMatchObject([{ name: 'Sara Example' }]);
    expect(await identities()).toMatchObject([{ _id: 'mobile:+989121234567', proof: 'transport' }]);
  });
});

describe('how a table is read', () => {
  it('is said anew by the administrator, and what was said of its columns goes with it', async () => {
    const { id } = await checked('customers', 'name;mobile\nSara Example;09121234567\n');
    expect(await read(id)).toMatchObject({ state: 'checked', dialect: { delimiter: ';' } });
    const dialect = { encoding: 'utf-8', delimiter: ',', header: false } as const;
    const anew = await imports.readImport(ctx, admin, { id, dialect });
    expect(anew).toMatchObject({ state: 'uploaded', dialect, mapping: null, check: null });
    expect(anew.columns).toMatchObject([
      { header: '', samples: ['name;mobile', 'Sara Example;09121234567'] },
    ]);
  });

  it('is settled once rows were brought in', async () => {
    const { id, dialect } = await done('customers', 'name,mobile\nSara Example,09121234567\n');
    await expect(imports.readImport(ctx, admin, { id, dialect })).rejects.toMatchObject({
      reason: 'stateChanged',
    });
  });

  it('knows an amount whose header says what it is in, and a number in Persian digits as the number it is', async () => {
    const table = 'شماره سفارش,موبایل,تاریخ,مبلغ (تومان)\n۱۰۰۱,09121234567,1403/05/12,5\n';
    const one = await done('purchases', table);
    expect(one.columns.at(-1)?.suggests).toBe('amount');
    expect(await records()).toMatchObject([{ _id: 'own:purchase:1001', externalId: '1001', amount: 5 }]);
  });
});

describe('what is no table', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), /empty/],
    ['a workbook', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(60)]), /workbook/],
    [
      'a picture',
      Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
      /image/,
    ],
  ])('as %s is refused with the reason, and not kept', async (_name, bytes, why) => {
    await expect(upload('customers', bytes)).rejects.toThrow(why);
    expect(await ctx.models.files.countDocuments({})).toBe(0);
  });

  it('is refused before it is read when it says that it is too large', async () => {
    const bytes = (async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(0);
      throw new Error('It was read.');
    })();
    await expect(
      imports.uploadImport(ctx, admin, { kind: 'customers', name: 'x', length: 300 * 1024 * 1024, bytes }),
    ).rejects.toThrow(/300 MB; at most 200 MB/);
  });

  it('is nobody’s but an administrator’s', async () => {
    const agent: Viewer = { ...admin, id: 'agent', role: 'agent' };
    await expect(imports.listImports(ctx, agent, null)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each([
    ['nobody is named', [{ column: 0, target: 'name' }], /whose a row is/],
    [
      'a column is mapped twice',
      [
        { column: 1, target: 'mobile' },
        { column: 1, target: 'name' },
      ],
      /mapped twice/,
    ],
    ['there is no such column', [{ column: 9, target: 'mobile' }], /has 5 columns/],
    ['there is no such target', [{ column: 1, target: 'amount' }], /has no “amount”/],
    [
      'two columns are one thing',
      [
        { column: 0, target: 'city' },
        { column: 1, target: 'city' },
      ],
      /only one can be/,
    ],
  ])('is not tried where %s', async (_name, columns, why) => {
    const one = await upload('customers', people);
    await expect(
      imports.checkImport(ctx, admin, { id: one.id, mapping: { ...suggestedMapping(one), columns } }),
    ).rejects.toThrow(why);
  });
});

describe('the errors of an import as a table', () => {
  it('hold no formula, and quote what needs it', async () => {
    const one = await checked('customers', 'name,mobile\n"x","=cmd|\'/c calc\'!A1"\n"y","say ""no"""\n');
    let text = '';
    for await (const line of imports.importErrorsAsCsv(ctx, admin, { id: one.id, language: null }))
      text += line;
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('\uFEFF"Row","Column","Value","What is wrong","What would be right"');
    expect(lines[1]).toContain(`"2","mobile","'=cmd|'/c calc'!A1"`);
    expect(lines[2]).toContain('"say ""no"""');
  });

  it('are in the language of who asks, with what was meant, whose it is and what there is to choose', async () => {
    const field = await createField(ctx, admin, {
      name: 'سطح',
      type: 'choice',
      group: '',
      hint: '',
      weight: 0,
      staleMonths: 0,
      options: [{ name: 'طلایی' }, { name: 'نقره‌ای' }],
    });
    await done('customers', 'name,mobile,email\nA,09121110001,\nB,,b@example.com\n');
    const both = (await customers()).map(({ _id }) => _id);
    const table = [
      'mobile,email,nationalCode,birthday,level,name',
      '09121110001,,123456789,,,',
      '09121110003,,,1404/12/30,,',
      '09121110004,,,,برنزی,',
      '09121110005,nobody@,,,,',
      '09121110001,b@example.com,,,,C',
    ].join('\n');
    const one = await upload('customers', table);
    await imports.checkImport(ctx, admin, {
      id: one.id,
      mapping: {
        ...suggestedMapping(one),
        columns: ['mobile', 'email', 'nationalCode', 'birthday', `field:${field.id}`, 'name'].map(
          (target, column) => ({
            column,
            target,
          }),
        ),
      },
    });
    await work(one.id);
    const csv = async (language: 'fa' | 'en' | null) => {
      let text = '';
      for await (const line of imports.importErrorsAsCsv(ctx, admin, { id: one.id, language })) text += line;
      return text.replace(/[\u2066-\u2069]/g, '');
    };
    const persian = await csv('fa');
    expect(persian).toContain('"ردیف","ستون","مقدار","چه نادرست است","چه درست است"');
    expect(persian).toContain('صفرهای آغاز این کد ملی افتاده است.","شاید 0123456789 باشد.');
    expect(persian).toContain('چنین روزی در تقویم نیست.');
    expect(persian).toContain('این مقدار به فیلد «سطح» نمی‌خورد.","یکی از این‌ها: «طلایی»، «نقره‌ای».');
    expect(persian).toMatch(
      new RegExp(`از آنِ چند مشتری است: (${both.join('، ')}|${both.toReversed().join('، ')})`),
    );
    expect(persian).not.toMatch(/There is|Probably|Must be/);
    const english = await csv(null);
    expect(english).toContain('Probably 0123456789.');
    expect(english).toContain('One of: “طلایی”, “نقره‌ای”.');
    expect(english).not.toContain('شاید');
  });

  it('never begins a cell as spreadsheet programs begin a formula', () => {
    for (const start of ['=', '+', '-', '@', '\t=', ' =', '\r='])
      expect(imports.csvLine([`${start}A1`])).toBe(`"'${start}A1"\r\n`);
    expect(imports.csvLine(['-12.5', '+98912'])).toBe('"-12.5","+98912"\r\n');
  });
});

it('a table is forgotten after a month, what became of it is not', async () => {
  const { id } = await done('customers', people);
  const other = await upload('customers', people);
  await sweepImports(ctx);
  expect(await ctx.models.files.countDocuments({})).toBe(2);
  await ctx.models.imports.updateMany({}, { $set: { createdAt: new Date(Date.now() - 31 * 86_400_000) } });
  await sweepImports(ctx);
  expect(await ctx.models.files.countDocuments({})).toBe(0);
  expect((await read(id)).result).toMatchObject({ made: 2 });
  await expect(
    imports.checkImport(ctx, admin, { id: other.id, mapping: suggestedMapping(other) }),
  ).rejects.toThrow(/kept for 30 days/);
  expect((await undone(id)).undo).toMatchObject({ removed: 2 });
});

it('a list of imports has the newest first', async () => {
  const first = await upload('customers', people);
  const second = await upload('purchases', orders);
  await ctx.models.imports.updateOne(
    { _id: second.id },
    { $set: { createdAt: new Date(Date.now() + 1000) } },
  );
  const page = await imports.listImports(ctx, admin, null);
  expect(page.imports.map(({ id }) => id)).toEqual([second.id, first.id]);
  expect(await ctx.models.imports.findById(first.id).lean<ImportDoc>()).toMatchObject({ state: 'uploaded' });
});
