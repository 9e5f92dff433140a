import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiCustomer } from '../../shared/api.ts';
import type { ApiKey } from '../../shared/api-key.ts';
import { type Program, startProgram } from '../../test/api.ts';
import type { TestApp } from '../../test/app.ts';
import { createApiLimits } from './api.limit.ts';
import { endpoints } from './api.table.ts';

let app: TestApp;
let secret: string;
let key: Program['key'];
let ask: Program['ask'];

beforeAll(async () => {
  ({ app, secret, key, ask } = await startProgram());
});
afterAll(() => app?.end());

describe('an API key', () => {
  it('is shown once, kept hashed, and listed by how it begins', async () => {
    const one = await key(['customers:read']);
    expect(one.secret).toMatch(/^yk_[0-9a-f]{12}_[\w-]{43}$/);
    expect(one.secret.startsWith(one.prefix)).toBe(true);
    const { apiKeys } = await app.admin.call<{ apiKeys: ApiKey[] }>('GET', '/api/api-keys');
    const hidden = one.secret.slice(one.prefix.length + 1);
    expect(JSON.stringify(apiKeys)).not.toContain(hidden);
    expect(JSON.stringify(await app.context.models.apiKeys.find({}).lean())).not.toContain(hidden);
    expect(app.logged()).not.toContain(hidden);
    expect(apiKeys.find(({ id }) => id === one.id)?.lastUsedAt).toBeNull();
    await ask('GET', '/customers', { key: one.secret });
    const after = await app.admin.call<{ apiKeys: ApiKey[] }>('GET', '/api/api-keys');
    expect(after.apiKeys.find(({ id }) => id === one.id)?.lastUsedAt).not.toBeNull();
  });

  it('opens nothing when it is none, half right, revoked or absent', async () => {
    const one = await key(['customers:read']);
    expect((await ask('GET', '/customers', { key: one.secret })).status).toBe(200);
    const other = `${one.prefix}_${'A'.repeat(43)}`;
    for (const wrong of [
      other,
      one.prefix,
      `${one.secret}x`,
      'yk_',
      secret.replace(/^yk_.{12}/, one.prefix),
    ]) {
      const { status, body, headers } = await ask('GET', '/customers', { key: wrong });
      expect([wrong, status, body.code]).toEqual([wrong, 401, 'unauthenticated']);
      expect(headers.get('www-authenticate')).toBe('Bearer');
    }
    await app.admin.call('DELETE', `/api/api-keys/${one.id}`);
    expect((await ask('GET', '/customers', { key: one.secret })).status).toBe(401);
    expect((await fetch(`${app.url}/api/v1/customers`)).status).toBe(401);
  });

  it('does only what its scopes say', async () => {
    const { cid } = (await ask<ApiCustomer>('POST', '/customers', { body: { name: 'Sara Example' } })).body;
    const reader = await key(['customers:read']);
    const writer = await key(['records:write']);
    for (const one of endpoints) {
      const path = one.path.replace(':cid', cid).replace(/:\w+/g, 'x');
      const body = one.body ? {} : undefined;
      for (const of of [reader, writer]) {
        const { status, body: said } = await ask(one.method, path, { body, key: of.secret });
        const may = of.scopes.includes(one.scope);
        expect([one.id, of.scopes, status === 403 && said.message.includes(one.scope)]).toEqual([
          one.id,
          of.scopes,
          !may,
        ]);
      }
    }
  });

  it('is made and revoked by administrators alone', async () => {
    const { agent } = await app.join({ channelIds: 'all' });
    for (const [method, path] of [
      ['GET', '/api/api-keys'],
      ['POST', '/api/api-keys'],
      ['DELETE', '/api/api-keys/x'],
    ] as const)
      await expect(
        agent.call(method, path, method === 'POST' ? { name: 'x', scopes: ['customers:read'] } : undefined),
      ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is no way for a page: no cookie opens the API, and no origin is let in', async () => {
    const cookies = await app.admin.answer('GET', '/api/v1/customers');
    expect(cookies.status).toBe(401);
    const preflight = await fetch(`${app.url}/api/v1/customers`, {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'GET' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    const { headers } = await ask('GET', '/customers', { headers: { origin: 'https://example.com' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is told what is left of its requests, and to wait when nothing is', async () => {
    const { headers } = await ask('GET', '/customers');
    expect(Number(headers.get('ratelimit-limit'))).toBe(600);
    expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(600);
    expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    const limits = createApiLimits({ requests: 2 });
    const said: Record<string, string> = {};
    const response = {
      setHeader: (name: string, value: string) => Object.assign(said, { [name]: value }),
    } as never;
    await limits.count('one', response);
    await limits.count('one', response);
    expect(said['RateLimit-Remaining']).toBe('0');
    await expect(limits.count('one', response)).rejects.toMatchObject({
      code: 'tooMany',
      body: { retryAfter: expect.any(Number) },
    });
    await limits.count('another', response);
  });

  it('is not to be guessed: a place with wrong ones is held up', async () => {
    const limits = createApiLimits();
    for (let n = 0; n < 60; n += 1) await limits.wrongKey('place');
    await expect(limits.mayTry('place')).rejects.toMatchObject({ code: 'tooMany' });
    await limits.mayTry('elsewhere');
  });
});
