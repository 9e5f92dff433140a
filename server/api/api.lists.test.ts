import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiCustomer } from '../../shared/api.ts';
import type { Company } from '../../shared/company.ts';
import type { CustomerRecord } from '../../shared/record.ts';
import type { Tag } from '../../shared/tag.ts';
import { type Program, startProgram } from '../../test/api.ts';

let app: Program['app'];
let key: Program['key'];
let ask: Program['ask'];

beforeAll(async () => {
  ({ app, key, ask } = await startProgram());
});
afterAll(() => app?.end());

const made = async () =>
  (await ask<ApiCustomer>('POST', '/customers', { body: { name: 'Somebody' } })).body.cid;

describe('what profiles name by ids', () => {
  it('is listed: tags, archived ones too', async () => {
    const regular = await app.admin.call<Tag>('POST', '/api/tags', { name: 'Regular', colour: 'teal' });
    const old = await app.admin.call<Tag>('POST', '/api/tags', { name: 'Old', colour: 'grey' });
    await app.admin.call('PATCH', `/api/tags/${old.id}`, { archived: true });
    const { status, body } = await ask<{ tags: Tag[] }>('GET', '/tags');
    expect([status, body.tags]).toEqual([200, [regular, { ...old, archived: true }]]);
    const tags = { add: body.tags.filter(({ archived }) => !archived).map(({ id }) => id) };
    const changed = await ask<ApiCustomer>('PATCH', `/customers/${await made()}`, { body: { tags } });
    expect(changed.body.profile.tagIds).toEqual([regular.id]);
  });

  it('is listed: companies, in pages, by name or domain, archived ones too', async () => {
    const make = (name: string, more: object = {}) =>
      app.admin.call<Company>('POST', '/api/companies', { name, ...more });
    const first = await make('Example A', { domains: ['a.example.com'] });
    const second = await make('Example B');
    const third = await make('کارخانهٔ نمونه');
    await app.admin.call('PATCH', `/api/companies/${second.id}`, { archived: true });
    const found: Company[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { body }: { body: { companies: Company[]; next: string | null } } = await ask(
        'GET',
        `/companies?limit=1${after && `&after=${after}`}`,
      );
      expect(body.companies).toHaveLength(1);
      found.push(...body.companies);
      after = body.next;
    }
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining([first, { ...second, archived: true }, third]));
    const named = async (q: string) =>
      (await ask<{ companies: Company[] }>('GET', `/companies?q=${encodeURIComponent(q)}`)).body.companies;
    expect(await named('كارخانه')).toEqual([third]);
    expect(await named('a.example.com')).toEqual([first]);
    expect((await ask('GET', '/companies?after=x')).body.fields).toHaveProperty('after');
    const companies = { add: [first.id] };
    const changed = await ask<ApiCustomer>('PATCH', `/customers/${await made()}`, { body: { companies } });
    expect(changed.body.profile.companyIds).toEqual([first.id]);
  });
});

describe('one record', () => {
  const at = '2026-03-21T10:30:00Z';
  const read = (path: string, options: { key?: string } = {}) =>
    ask<{ record: CustomerRecord }>('GET', path, options);

  it('is read by the organisation’s own number, in whatever digits, of its own kind', async () => {
    const cid = await made();
    await ask('PUT', `/customers/${cid}/purchases/A%2F12`, { body: { at, title: 'Kettle' } });
    await ask('PUT', `/customers/${cid}/services/S-1`, { body: { at, title: 'Repair' } });
    for (const number of ['A/12', 'A/۱۲', ' A/12 ']) {
      const { status, body } = await read(`/purchases/${encodeURIComponent(number)}`);
      expect([number, status, body.record?.title, body.record?.customerId]).toEqual([
        number,
        200,
        'Kettle',
        cid,
      ]);
    }
    expect((await read('/services/S-1')).body.record).toMatchObject({ kind: 'service', title: 'Repair' });
    for (const path of ['/services/A%2F12', '/purchases/S-1', '/purchases/none'])
      expect([path, (await read(path)).status]).toEqual([path, 404]);
  });

  it('is of whoever its customer was merged into', async () => {
    const [one, two] = [await made(), await made()];
    await ask('PUT', `/customers/${two}/purchases/M-1`, { body: { at, title: 'Kettle' } });
    await app.admin.call('POST', `/api/customers/${one}/merge`, {
      otherId: two,
      reason: 'same',
      winners: {},
    });
    expect((await read('/purchases/M-1')).body.record.customerId).toBe(one);
  });

  it('is not read with a key for customers alone', async () => {
    const { secret } = await key(['customers:read']);
    expect((await read('/purchases/M-1', { key: secret })).status).toBe(403);
  });
});
