import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiCustomer } from '../../shared/api.ts';
import { type Program, startProgram } from '../../test/api.ts';

let app: Program['app'];
let ask: Program['ask'];
let secret: string;

beforeAll(async () => {
  ({ app, ask, secret } = await startProgram());
});
afterAll(() => app?.end());

describe('what is not known', () => {
  const unknown: [string, string, unknown, string, string][] = [
    ['GET', '/customers?name=Sara', undefined, 'name', 'kind, value, after, limit'],
    ['GET', '/customers?q=ali', undefined, 'q', 'kind, value, after, limit'],
    ['GET', '/customers?mobile=09121234567&limit=1', undefined, 'mobile', 'kind=mobile&value=…'],
    ['GET', '/customers?email=a%40example.com', undefined, 'email', 'kind=emailAddress&value=…'],
    ['GET', '/customers/CID?fields=name', undefined, 'fields', 'None is known'],
    ['GET', '/customers/CID/records?limt=1', undefined, 'limt', 'meant: limit'],
    ['POST', '/customers?dryRun=1', { name: 'U' }, 'dryRun', 'None is known'],
    ['POST', '/customers', { name: 'U', foo: 1 }, 'foo', 'name, identities, profile'],
    ['POST', '/customers', { name: 'U', mobile: '1' }, 'mobile', 'identities: [{ "kind": "mobile"'],
    ['POST', '/customers', { name: 'U', profile: { name: 'V' } }, 'profile.name', 'There is no such field'],
    [
      'POST',
      '/customers',
      { name: 'U', identities: [{ kind: 'mobile', valeu: '1' }] },
      'identities.0.valeu',
      'meant: value',
    ],
    ['PATCH', '/customers/CID', { tagIds: ['nope'] }, 'tagIds', 'meant: tags'],
    ['PATCH', '/customers/CID', { companyIds: ['nope'] }, 'companyIds', 'meant: companies'],
    ['PATCH', '/customers/CID', { tags: { set: ['nope'] } }, 'tags.set', 'add, remove'],
    [
      'PUT',
      '/customers/CID/purchases/U-1',
      { at: '2026-03-21T10:30:00Z', title: 'x', items: [{ name: 'x', price: 1 }] },
      'items.0.price',
      'name, code, quantity, amount',
    ],
    ['POST', '/records', { records: [{ titel: 'x' }] }, 'records.0.titel', 'meant: title'],
  ];

  it.each(unknown)('is refused, with what was probably meant: %s %s %j', async (...one) => {
    const [method, path, body, field, meant] = one;
    const { cid } = (await ask<ApiCustomer>('POST', '/customers', { body: { name: 'Somebody' } })).body;
    const before = await app.context.models.customers.countDocuments({});
    const answer = await ask(method, path.replace('CID', cid), body === undefined ? {} : { body });
    expect([answer.status, answer.body.fields?.[field]]).toEqual([422, expect.stringContaining(meant)]);
    expect(answer.body.message.startsWith(`${field}: `)).toBe(true);
    expect(await app.context.models.customers.countDocuments({})).toBe(before);
  });

  it('is told of twenty names and no more, however many and long they are', async () => {
    const names = Array.from({ length: 5_000 }, (_, n) => `unknown${n}`);
    const body = Object.fromEntries([...names, 'x'.repeat(50_000)].map((name) => [name, 1]));
    const answer = await ask('POST', '/customers', { body });
    expect([answer.status, Object.keys(answer.body.fields ?? {}).length]).toEqual([422, 21]);
    const long = await ask('POST', '/customers', { body: { name: 'U', ['x'.repeat(50_000)]: 1 } });
    expect(JSON.stringify(long.body).length).toBeLessThan(2_000);
  });

  it('is refused under the names that every object has, too', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const response = await fetch(`${app.url}/api/v1/customers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: `{"name":"U","${name}":1}`,
      });
      expect([name, response.status]).toEqual([name, 422]);
    }
  });
});
