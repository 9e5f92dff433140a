import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ApiCustomer } from '../../shared/api.ts';
import { type Customer, unprovenKinds } from '../../shared/customer.ts';
import type { ProfileEdits } from '../../shared/profile.ts';
import { type Answer, type Program, startProgram } from '../../test/api.ts';
import type { TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, written } from '../../test/provider.ts';
import { endpoints } from './api.table.ts';

let app: TestApp;
let secret: string;
let key: Program['key'];
let ask: Program['ask'];

beforeAll(async () => {
  ({ app, secret, key, ask } = await startProgram());
});
afterAll(() => app?.end());

let counted = 0;
/** Somebody new, with a mobile number of their own. */
async function made(more: object = {}): Promise<ApiCustomer & { mobile: string }> {
  counted += 1;
  const mobile = `+9891230000${String(counted).padStart(2, '0')}`;
  const { status, body } = await ask<ApiCustomer>('POST', '/customers', {
    body: { name: `Customer ${counted}`, identities: [{ kind: 'mobile', value: mobile }], ...more },
  });
  expect(status).toBe(201);
  return { ...body, mobile };
}

describe('customers', () => {
  it('are made with identities in any spelling, found by them, and shown as stated', async () => {
    const { body } = await ask<ApiCustomer>('POST', '/customers', {
      body: {
        name: '  Sara   Example ',
        identities: [
          { kind: 'mobile', value: '۰۹۱۲ ۱۲۳ ۴۵ ۶۷' },
          { kind: 'customerNumber', value: 'C-1001' },
          { kind: 'nationalCode', value: '0123456789' },
        ],
        profile: { language: 'fa', city: 'Tehran' },
      },
    });
    expect(body).toMatchObject({
      name: 'Sara Example',
      profile: { language: 'fa', city: 'Tehran', job: '' },
    });
    expect(body.identities.map(({ id, proof, verified }) => [id, proof, verified])).toEqual([
      ['customerNumber:c-1001', 'api', false],
      ['mobile:+989121234567', 'api', false],
      ['nationalCode:0123456789', 'api', false],
    ]);
    for (const [kind, value] of [
      ['mobile', '+98 912 123 4567'],
      ['customerNumber', 'c-1001'],
      ['nationalCode', '۰۱۲۳۴۵۶۷۸۹'],
    ] as const) {
      const found = await ask<{ customers: ApiCustomer[] }>(
        'GET',
        `/customers?kind=${kind}&value=${encodeURIComponent(value)}`,
      );
      expect(found.body.customers.map(({ cid }) => cid)).toEqual([body.cid]);
    }
    const nobody = await ask('GET', '/customers?kind=mobile&value=09120000000');
    expect(nobody.body).toEqual({ customers: [], next: null });
    const edits = await app.admin.call<ProfileEdits>('GET', `/api/customers/${body.cid}/edits`);
    expect(edits.edits.map(({ by, field }) => [by, field])).toContainEqual(['api', 'city']);
  });

  it('are found by their own number, and made once, on whichever keyboard it is typed', async () => {
    const make = (value: string) =>
      ask<ApiCustomer & { reason?: string }>('POST', '/customers', {
        body: { name: 'علی', identities: [{ kind: 'customerNumber', value }] },
      });
    const { body } = await make('ك-۱۲');
    expect(body.identities).toMatchObject([{ value: 'ک-12', display: 'ك-۱۲' }]);
    for (const value of ['ك-12', 'ک-12', 'ک\u200c-۱۲']) {
      const query = `/customers?kind=customerNumber&value=${encodeURIComponent(value)}`;
      const found = await ask<{ customers: ApiCustomer[] }>('GET', query);
      expect(found.body.customers.map(({ cid }) => cid)).toEqual([body.cid]);
      expect((await make(value)).body.reason).toBe('identityOwned');
    }
  });

  it('who write from a stated number are those', async () => {
    const { cid, mobile } = await made();
    const channel = await addPlainChannel(app.context, 'plain');
    const conversation = await arrives(app.context, channel, [
      written(person(mobile, { kind: 'mobile', display: mobile }), 'hello'),
    ]);
    expect(conversation.customerId).toBe(cid);
    const { body } = await ask<ApiCustomer>('GET', `/customers/${cid}`);
    expect(body.identities).toMatchObject([{ proof: 'transport', verified: true }]);
    // Whom a channel met is found by just what this answer lists of them.
    await app.context.models.identities.collection.insertOne({
      ...(await app.context.models.identities.findOne({ customerId: cid }).lean()),
      _id: 'telegramUser:api-1001',
      kind: 'telegramUser',
      value: 'api-1001',
    } as never);
    const met = await ask<{ customers: ApiCustomer[] }>('GET', '/customers?kind=telegramUser&value=api-1001');
    expect(met.body.customers.map((one) => one.cid)).toEqual([cid]);
    await app.context.models.identities.deleteOne({ _id: 'telegramUser:api-1001' });
    const removed = await ask('DELETE', `/customers/${cid}/identities/mobile/${encodeURIComponent(mobile)}`);
    expect([removed.status, removed.body.reason]).toEqual([409, 'identityInUse']);
  });

  it.each(unprovenKinds)('are shown as verified by nothing that recognises nobody: %s', async (kind) => {
    const { cid, mobile } = await made();
    const { identities } = app.context.models;
    const id = `${kind}:${cid}`;
    await identities.collection.insertOne({
      ...(await identities.findOne({ customerId: cid }).lean()),
      _id: id,
      kind,
      value: cid,
      address: mobile,
      proof: 'transport',
    } as never);
    const expected = { proof: 'transport', verified: false };
    const { body } = await ask<ApiCustomer>('GET', `/customers/${cid}`);
    expect(body.identities.find((one) => one.id === id)).toMatchObject(expected);
    const shown = await app.admin.call<Customer>('GET', `/api/customers/${cid}`);
    expect(shown.identities.find((one) => one.id === id)).toMatchObject(expected);
  });

  it('say which of their identities a colleague stands by', async () => {
    const { cid, mobile } = await made();
    const road = `/api/customers/${cid}/identities/${encodeURIComponent(`mobile:${mobile}`)}/verify`;
    await app.admin.call('POST', road, { reason: 'I called her there' });
    const { body } = await ask<ApiCustomer>('GET', `/customers/${cid}`);
    expect(body.identities).toMatchObject([
      { proof: 'agentVerified', verified: true, source: { by: 'user' } },
    ]);
  });

  it('with an identity that somebody has are not made, and nothing of them is', async () => {
    const first = await made();
    const before = await app.context.models.customers.countDocuments({});
    const { status, body } = await ask('POST', '/customers', {
      body: {
        name: 'Another',
        identities: [
          { kind: 'username', value: 'another' },
          { kind: 'mobile', value: first.mobile },
        ],
      },
    });
    expect([status, body.reason, body.data]).toMatchObject([
      409,
      'identityOwned',
      { customer: { id: first.cid, name: first.name } },
    ]);
    expect(await app.context.models.customers.countDocuments({})).toBe(before);
    expect(await app.context.models.identities.findById('username:another').lean()).toBeNull();
  });

  it('are made once under one Idempotency-Key, however often and at once it is sent', async () => {
    const body = { name: 'Once' };
    const headers = { 'idempotency-key': 'order-77' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask<ApiCustomer>('POST', '/customers', { body, headers })),
    );
    expect(new Set(answers.map((one) => [one.status, one.body.cid].join())).size).toBe(1);
    expect(await app.context.models.customers.countDocuments({ name: 'Once' })).toBe(1);
    const other = await ask('POST', '/customers', { body: { name: 'Twice' }, headers });
    expect([other.status, other.body.message]).toEqual([422, expect.stringContaining('another request')]);
    const malformed = await ask('POST', '/customers', { body, headers: { 'idempotency-key': 'a b' } });
    expect(malformed.status).toBe(422);
    // Another key's word for the same thing is its own.
    const second = await key(['customers:write']);
    const theirs = await ask<ApiCustomer>('POST', '/customers', { body, headers, key: second.secret });
    expect(theirs.body.cid).not.toBe(answers[0]?.body.cid);
  });

  it('are changed where something is said, and come in pages', async () => {
    const { cid } = await made({ profile: { city: 'Tehran' } });
    const { body } = await ask<ApiCustomer>('PATCH', `/customers/${cid}`, { body: { job: 'Potter' } });
    expect(body).toMatchObject({ profile: { city: 'Tehran', job: 'Potter' } });
    for (let n = 0; n < 3; n += 1) await made();
    const cids: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Answer<{ customers: ApiCustomer[]; next: string | null }> = await ask(
        'GET',
        `/customers?limit=2${after && `&after=${after}`}`,
      );
      expect(page.body.customers.length).toBeLessThanOrEqual(2);
      cids.push(...page.body.customers.map((one) => one.cid));
      after = page.body.next;
    }
    expect(cids).toEqual([...cids].sort());
    expect(new Set(cids).size).toBe(await app.context.models.customers.countDocuments({ mergedInto: null }));
  });

  it('who were merged are read under the old CID too', async () => {
    const [one, two] = [await made(), await made()];
    await app.admin.call('POST', `/api/customers/${one.cid}/merge`, {
      otherId: two.cid,
      reason: 'the same',
      winners: {},
    });
    const { body } = await ask<ApiCustomer>('GET', `/customers/${two.cid}`);
    expect(body.cid).toBe(one.cid);
    expect([...body.members].sort()).toEqual([one.cid, two.cid].sort());
    const found = await ask<{ customers: ApiCustomer[] }>(
      'GET',
      `/customers?kind=mobile&value=${encodeURIComponent(two.mobile)}`,
    );
    expect(found.body.customers.map(({ cid }) => cid)).toEqual([one.cid]);
  });

  it('have identities added and taken away', async () => {
    const { cid } = await made();
    const add = (body: object) => ask<ApiCustomer>('POST', `/customers/${cid}/identities`, { body });
    const added = await add({ kind: 'emailAddress', value: 'API@Example.com' });
    expect(added.body.identities.map(({ id }) => id)).toContain('emailAddress:api@example.com');
    expect((await add({ kind: 'emailAddress', value: 'api@example.com' })).body.version).toBe(
      added.body.version,
    );
    const gone = await ask('DELETE', `/customers/${cid}/identities/emailAddress/api%40example.com`);
    expect(gone.status).toBe(204);
    const listed = await ask<{ identities: { kind: string }[] }>('GET', `/customers/${cid}/identities`);
    expect(listed.body.identities.map(({ kind }) => kind)).toEqual(['mobile']);
    expect((await ask('DELETE', `/customers/${cid}/identities/emailAddress/api%40example.com`)).status).toBe(
      404,
    );
  });
});

describe('purchases and services', () => {
  const at = '2026-03-21T10:30:00+03:30';

  it('are written under their own numbers: the same again is nothing, something else an update', async () => {
    const { cid } = await made();
    const put = (title: string) =>
      ask<{ outcome: string; record: { version: number; amount: number } }>(
        'PUT',
        `/customers/${cid}/purchases/${encodeURIComponent('ORD/1 ۲')}`,
        { body: { at, title, amount: 5_000_000 } },
      );
    expect((await put('Kettle')).body).toMatchObject({
      outcome: 'made',
      record: { version: 1, amount: 5_000_000 },
    });
    expect((await put('Kettle')).body).toMatchObject({ outcome: 'same', record: { version: 1 } });
    // The same number in other digits, on another road.
    const form = { kind: 'purchase', externalId: 'ORD/1 ۲', at, title: 'By hand' };
    await expect(app.admin.call('POST', `/api/customers/${cid}/records`, form)).rejects.toThrow(/ORD\/1 2/);
    const batch = await ask<{ records: { outcome: string; record: { externalId: string } }[] }>(
      'POST',
      '/records',
      {
        body: { records: [{ cid, ...form, externalId: 'ORD/1 ٢', title: 'Kettle', amount: 5_000_000 }] },
      },
    );
    expect(batch.body.records).toMatchObject([{ outcome: 'same', record: { externalId: 'ORD/1 2' } }]);
    expect((await put('Teapot')).body).toMatchObject({ outcome: 'updated', record: { version: 2 } });
    await ask('PUT', `/customers/${cid}/services/S-1`, { body: { at, title: 'Repair' } });
    const all = await ask<{ records: { kind: string }[] }>('GET', `/customers/${cid}/records`);
    expect(all.body.records.map(({ kind }) => kind).sort()).toEqual(['purchase', 'service']);
    const services = await ask<{ records: unknown[] }>('GET', `/customers/${cid}/records?kind=service`);
    expect(services.body.records).toHaveLength(1);
  });

  it('come in batches, and a customer who is not there is told', async () => {
    const { cid } = await made();
    const records = Array.from({ length: 250 }, (_, n) => ({
      kind: 'purchase',
      cid,
      externalId: `B-${n}`,
      at,
      title: `Order ${n}`,
    }));
    const { status, body } = await ask<{ records: { outcome: string }[] }>('POST', '/records', {
      body: { records },
    });
    expect(status).toBe(200);
    expect(body.records.map(({ outcome }) => outcome)).toEqual(records.map(() => 'made'));
    const missing = await ask('POST', '/records', {
      body: { records: [{ ...records[0], cid: '1000000000' }] },
    });
    expect([missing.status, missing.body.code]).toEqual([404, 'notFound']);
  });
});

describe('a request that is wrong', () => {
  it('is told what, where and what would be right, in the one shape of errors', async () => {
    const { cid } = await made();
    const cases: [string, string, unknown, number, string][] = [
      ['POST', '/customers', {}, 422, 'name'],
      [
        'POST',
        '/customers',
        { name: 'x', identities: [{ kind: 'mobile', value: '12' }] },
        422,
        'identities.0.value',
      ],
      [
        'POST',
        '/customers',
        { name: 'x', identities: [{ kind: 'webVisitor', value: '1' }] },
        422,
        'identities.0.kind',
      ],
      ['PATCH', `/customers/${cid}`, { birthday: '1991-02-30' }, 422, 'birthday'],
      ['PATCH', `/customers/${cid}`, { birthday: '2199-01-01' }, 422, 'birthday'],
      ['POST', '/customers', { name: 'x', profile: { birthday: '1879-12-31' } }, 422, 'profile.birthday'],
      ['PATCH', '/customers/1000000000', { city: 'x' }, 404, ''],
      ['GET', '/customers?kind=mobile', undefined, 422, 'value'],
      ['GET', '/customers?limit=101', undefined, 422, 'limit'],
      ['GET', '/customers?limit=many', undefined, 422, 'limit'],
      ['GET', '/customers?after=$ne', undefined, 422, 'after'],
      ['GET', '/customers?after[$ne]=1', undefined, 422, 'after[$ne]'],
      ['PUT', `/customers/${cid}/purchases/1`, { title: 'x', at: 'yesterday' }, 422, 'at'],
      [
        'PUT',
        `/customers/${cid}/purchases/1`,
        { title: 'x', at: '2026-03-21T10:30:00Z', amount: 1.5 },
        422,
        'amount',
      ],
      ['PUT', `/customers/${cid}/purchases/1`, { title: 'x', at: '9999-03-21T10:30:00Z' }, 422, 'at'],
      ['PUT', `/customers/${cid}/services/1`, { title: 'x', at: '0000-03-21T10:30:00Z' }, 422, 'at'],
      [
        'POST',
        '/records',
        { records: [{ cid, kind: 'purchase', externalId: '1', title: 'x', at: '1403-05-12T00:00:00Z' }] },
        422,
        'records.0.at',
      ],
      ['GET', '/nothing', undefined, 404, ''],
      ['DELETE', '/customers', undefined, 404, ''],
    ];
    for (const [method, path, body, status, field] of cases) {
      const answer = await ask(method, path, body === undefined ? {} : { body });
      expect([method, path, answer.status]).toEqual([method, path, status]);
      if (field)
        expect([path, answer.body.fields]).toEqual([
          path,
          expect.objectContaining({ [field]: expect.any(String) }),
        ]);
    }
    const plainText = await fetch(`${app.url}/api/v1/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'text/plain' },
      body: 'name=x',
    });
    expect([plainText.status, (await plainText.json()).message]).toEqual([
      422,
      expect.stringContaining('JSON'),
    ]);
    const broken = await fetch(`${app.url}/api/v1/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: '{"name":',
    });
    expect(broken.status).toBe(422);
  });
});

describe('the document', () => {
  it('is served to whoever asks, with this server’s address', async () => {
    const response = await fetch(`${app.url}/api/v1/openapi.json`);
    expect(await response.json()).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: `${app.url}/api/v1` }],
      components: { schemas: { Customer: { type: 'object' } } },
    });
  });

  it('is true of what is answered', async () => {
    const { cid, mobile } = await made();
    const fill = (path: string) =>
      path
        .replace(':cid', cid)
        .replace(':kind', 'mobile')
        .replace(':value', encodeURIComponent(mobile))
        .replace(':externalId', 'DOC-1');
    // What takes the identity away comes last.
    for (const one of [...endpoints].sort((a, b) => Number(a.status === 204) - Number(b.status === 204))) {
      const text = JSON.stringify(one.body?.example)
        ?.replaceAll('2813507469', cid)
        .replaceAll('0912 123 4567', '0912 999 0000')
        .replaceAll('C-1001', 'C-2002');
      const { status, body } = await ask<unknown>(
        one.method,
        fill(one.path),
        text ? { body: JSON.parse(text) } : {},
      );
      expect([one.id, status]).toEqual([one.id, one.status]);
      if (!one.answer) continue;
      const read = z.safeParse(one.answer.schema, body);
      expect([one.id, read.error?.issues]).toEqual([one.id, undefined]);
      expect(read.data).toEqual(body);
    }
  });
});
