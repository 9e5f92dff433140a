import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HistoryPage } from '../../shared/history.ts';
import type { Import, ImportErrors } from '../../shared/import.ts';
import type { CustomerRecord } from '../../shared/record.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { until } from '../../test/world.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app?.end());

const table = Buffer.from(
  'order number,mobile,customer name,date,amount,status\n' +
    '1,09121234567,Sara Example,2024-08-02,100,paid\n' +
    '2,09121234567,Sara Example,2024-08-03,200,paid\n' +
    '3,0912123,Omid Example,2024-08-03,200,paid\n',
);

const upload = (bytes: Uint8Array<ArrayBuffer>, name = 'orders.csv') =>
  app.admin.answer('POST', `/api/imports?kind=purchases&name=${name}`, bytes);

it('a table is brought in over the wire, heard of while it works, and seen in the history of its customers', async () => {
  const socket = await app.admin.socket();
  const heard: Import['state'][] = [];
  socket.on('import.changed', (event) => heard.push(event.import.state));
  const answer = await upload(new Uint8Array(table));
  expect(answer.status).toBe(200);
  const one = (await answer.json()) as Import;
  const columns = one.columns.flatMap(({ suggests }, column) =>
    suggests ? [{ column, target: suggests }] : [],
  );
  await app.admin.call('POST', `/api/imports/${one.id}/check`, {
    mapping: { columns, dialect: one.dialect },
  });
  const state = async () => (await app.admin.call<Import>('GET', `/api/imports/${one.id}`)).state;
  await until('it was tried', async () => (await state()) === 'checked');
  const wrong = await app.admin.call<ImportErrors>('GET', `/api/imports/${one.id}/errors`);
  expect(wrong).toMatchObject({
    of: 'check',
    rows: [{ row: 4, problems: [{ column: 'mobile' }] }],
    next: null,
  });
  const csv = await app.admin.answer('GET', `/api/imports/${one.id}/errors.csv`);
  expect(csv.headers.get('content-disposition')).toMatch(/attachment/);
  expect((await csv.text()).split('\r\n')).toHaveLength(3);
  const persian = await app.admin.answer('GET', `/api/imports/${one.id}/errors.csv?language=fa`);
  expect(await persian.text()).toContain('"ردیف","ستون","مقدار"');

  await app.admin.call('POST', `/api/imports/${one.id}/run`);
  await until('it was brought in', async () => (await state()) === 'done');
  await until('its end was heard of', () => heard.includes('done'));
  expect(heard).toContain('running');

  const customer = await app.context.models.customers.findOne({ name: 'Sara Example' }).lean();
  const page = await app.admin.call<HistoryPage>(
    'GET',
    `/api/customers/${customer?._id}/history?kinds=purchase`,
  );
  expect(page.entries.map((entry) => ('record' in entry ? entry.record.externalId : ''))).toEqual(['2', '1']);
  await until('what they spent is known', async () => {
    const facts = await app.context.models.facts.findById(customer?._id).lean();
    return facts?.values.spent === 300;
  });
});

it('a purchase is written down by hand, changed on top of what was seen, and taken back', async () => {
  const customer = await app.admin.call<{ customer?: { id: string }; id?: string }>(
    'POST',
    '/api/customers',
    {
      name: 'Nima Example',
    },
  );
  const id = customer.customer?.id ?? customer.id;
  const form = { kind: 'service', title: 'Repair', at: '2024-08-02T10:00:00Z', amount: 5, externalId: 'S-1' };
  const path = `/api/customers/${id}/records`;
  const record = await app.admin.call<CustomerRecord>('POST', path, form);
  expect(record).toMatchObject({ source: { by: 'agent' }, version: 1, currency: 'IRR', status: 'done' });
  await expect(app.admin.call('POST', path, form)).rejects.toMatchObject({ reason: 'inUse' });
  const at = `/api/records/${encodeURIComponent(record.id)}`;
  const after = await app.admin.call<CustomerRecord>('PATCH', at, { ifVersion: 1, change: { amount: 7 } });
  expect(after).toMatchObject({ amount: 7, title: 'Repair', version: 2 });
  await expect(app.admin.call('PATCH', at, { ifVersion: 1, change: { amount: 8 } })).rejects.toMatchObject({
    reason: 'stateChanged',
    body: { data: { record: { amount: 7 } } },
  });
  await expect(app.admin.call('DELETE', at)).rejects.toMatchObject({ code: 'conflict' });
  const { externalId: _, ...own } = form;
  const mine = await app.admin.call<CustomerRecord>('POST', path, own);
  await app.admin.call('DELETE', `/api/records/${encodeURIComponent(mine.id)}`);
  const list = await app.admin.call<{ records: CustomerRecord[] }>('GET', path);
  expect(list.records.map(({ id: one }) => one)).toEqual([record.id]);
});

it.each(['utf-16le', 'utf-16be'])(
  'a table as Excel saves “Unicode text” is taken, in %s',
  async (encoding) => {
    const rows = 'نام\tموبایل\r\nگلاره پارسا\t۰۹۱۲۱۲۳۴۵۶۷\r\n';
    const bytes = new Uint8Array(iconv.encode(rows, encoding, { addBOM: true }));
    const answer = await app.admin.answer('POST', '/api/imports?kind=customers&name=people.txt', bytes);
    expect(await answer.json()).toMatchObject({
      dialect: { encoding, delimiter: '\t', header: true },
      columns: [
        { header: 'نام', samples: ['گلاره پارسا'], suggests: 'name' },
        { header: 'موبایل', samples: ['۰۹۱۲۱۲۳۴۵۶۷'], suggests: 'mobile' },
      ],
    });
  },
);

it('what only begins like such a table is told for what it is', async () => {
  const sound = Buffer.concat([Buffer.from([0xff, 0xfe, 0x90, 0x64]), Buffer.alloc(600)]);
  const refused = await upload(new Uint8Array(sound), 'a.csv');
  expect(refused.status).toBe(422);
});

it('a table that nobody ran is deleted, and that is heard of', async () => {
  const one = (await (await upload(new Uint8Array(table))).json()) as Import;
  const { agent } = await app.join({ channelIds: 'all' });
  await expect(agent.call('DELETE', `/api/imports/${one.id}`)).rejects.toMatchObject({ code: 'forbidden' });
  const socket = await app.admin.socket();
  const heard: string[] = [];
  socket.on('import.removed', ({ importId }) => heard.push(importId));
  expect((await app.admin.answer('DELETE', `/api/imports/${one.id}`)).status).toBe(204);
  await until('it was heard of', () => heard.includes(one.id));
  await expect(app.admin.call('GET', `/api/imports/${one.id}`)).rejects.toMatchObject({ code: 'notFound' });
});

it('an agent brings no table in, and what is no table is told', async () => {
  const { agent } = await app.join({ channelIds: 'all' });
  await expect(agent.call('GET', '/api/imports')).rejects.toMatchObject({ code: 'forbidden' });
  const refused = await upload(new Uint8Array(Buffer.from('PK\x03\x04 not a table at all')), 'a.xlsx');
  expect(refused.status).toBe(422);
  expect(JSON.stringify(await refused.json())).toMatch(/workbook/);
});
