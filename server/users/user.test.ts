import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserDetails } from '../../shared/user.ts';
import { Agent } from '../../test/agent.ts';
import { password, startTestApp, type TestApp } from '../../test/app.ts';
import { createTestDatabase } from '../../test/database.ts';
import { createApp } from '../app.ts';
import { createLog } from '../log.ts';
import { mintPassword } from './password.ts';
import { resetPassword } from './user.service.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.end());

const setUpForm = {
  code: '',
  organisation: 'Example Shop',
  language: 'fa' as const,
  calendar: 'jalali' as const,
  timeZone: 'Asia/Tehran',
  name: 'First',
  email: 'first@example.com',
  password,
};

describe('the first run', () => {
  it('needs the code of the terminal, lets nobody guess it, and happens once', async () => {
    const database = await createTestDatabase();
    const fresh = await createApp({
      mongoUri: database.uri,
      database: database.name,
      secretKey: 'another key for tests, of no other use',
      host: '127.0.0.1',
      port: 0,
      log: createLog({ level: 'silent' }),
    });
    try {
      const agent = new Agent(fresh.url);
      expect(await agent.call('GET', '/api/welcome')).toMatchObject({ needsSetUp: true, organisation: null });
      await expect(agent.setUp({ ...setUpForm, code: 'AAAA-BBBB-CCCC' })).rejects.toMatchObject({
        reason: 'badSetupCode',
      });
      expect(await fresh.context.models.users.countDocuments({})).toBe(0);
      const code = (fresh.setUpCode ?? '').toLowerCase().replaceAll('-', ' ');
      const both = await Promise.allSettled([
        agent.setUp({ ...setUpForm, code }),
        new Agent(fresh.url).setUp({ ...setUpForm, code, email: 'second@example.com' }),
      ]);
      expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await fresh.context.models.users.countDocuments({})).toBe(1);
      expect(await agent.call('GET', '/api/welcome')).toMatchObject({
        needsSetUp: false,
        organisation: 'Example Shop',
      });
    } finally {
      await fresh.close();
      await database.close();
    }
  });

  it('counts wrong codes', async () => {
    const database = await createTestDatabase();
    const fresh = await createApp({
      mongoUri: database.uri,
      database: database.name,
      secretKey: 'another key for tests, of no other use',
      host: '127.0.0.1',
      port: 0,
      log: createLog({ level: 'silent' }),
    });
    try {
      const agent = new Agent(fresh.url);
      for (let n = 0; n < 10; n += 1)
        await expect(agent.setUp({ ...setUpForm, code: `WRONG${n}` })).rejects.toMatchObject({
          reason: 'badSetupCode',
        });
      await expect(agent.setUp({ ...setUpForm, code: fresh.setUpCode ?? '' })).rejects.toMatchObject({
        code: 'tooMany',
      });
    } finally {
      await fresh.close();
      await database.close();
    }
  });
});

describe('users', () => {
  it('are managed by administrators alone, and shown to colleagues without what is private', async () => {
    const { agent } = await app.join({ channelIds: [] });
    for (const [method, path, body] of [
      [
        'POST',
        '/api/users',
        { name: 'X', email: 'x@example.com', password, role: 'agent', channelIds: 'all' },
      ],
      ['PATCH', '/api/users/anyone', { role: 'administrator' }],
      ['GET', '/api/channels', undefined],
      ['GET', '/api/inbound', undefined],
    ] as const)
      await expect(agent.call(method, path, body)).rejects.toMatchObject({ code: 'forbidden' });
    const seen = await agent.call<Record<string, unknown>[]>('GET', '/api/users');
    expect(seen.length).toBeGreaterThan(1);
    for (const user of seen)
      expect(Object.keys(user).sort()).toEqual(['active', 'id', 'name', 'role', 'teamIds']);
    const all = await app.admin.call<UserDetails[]>('GET', '/api/users');
    expect(JSON.stringify(all)).not.toMatch(/argon2|passwordHash/);
  });

  it('have an address of their own', async () => {
    const { user } = await app.join({ channelIds: [] });
    await expect(
      app.admin.call('POST', '/api/users', {
        name: 'Twin',
        email: user.email.toUpperCase(),
        password,
        role: 'agent',
        channelIds: [],
      }),
    ).rejects.toMatchObject({ body: { fields: { email: expect.any(String) } } });
  });

  it('cannot be given channels that do not exist, nor short passwords', async () => {
    const form = { name: 'X', email: 'y@example.com', password, role: 'agent', channelIds: ['nowhere'] };
    await expect(app.admin.call('POST', '/api/users', form)).rejects.toMatchObject({
      body: { fields: { channelIds: expect.stringContaining('nowhere') } },
    });
    await expect(
      app.admin.call('POST', '/api/users', { ...form, channelIds: [], password: 'short' }),
    ).rejects.toMatchObject({ body: { fields: { password: expect.any(String) } } });
  });

  it('keep an administrator, also when two give it up at the same moment', async () => {
    const me = await app.admin.call<UserDetails>('GET', '/api/session');
    await expect(app.admin.call('PATCH', `/api/users/${me.id}`, { role: 'agent' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(app.admin.call('PATCH', `/api/users/${me.id}`, { active: false })).rejects.toMatchObject({
      code: 'conflict',
    });
    for (let round = 0; round < 5; round += 1) {
      const second = await app.join({ role: 'administrator', channelIds: 'all' });
      const answers = await Promise.allSettled([
        app.admin.call('PATCH', `/api/users/${second.user.id}`, { role: 'agent' }),
        second.agent.call('PATCH', `/api/users/${me.id}`, { active: false }),
      ]);
      const { users } = app.context.models;
      const left = await users.find({ role: 'administrator', active: true }).lean();
      expect(left.length).toBeGreaterThanOrEqual(1);
      if (answers[1]?.status === 'fulfilled') {
        // The first administrator is the one of this file: back again for the next round.
        await users.updateOne({ _id: me.id }, { $set: { active: true } });
        await users.updateOne({ _id: second.user.id }, { $set: { role: 'agent' } });
        await app.admin.signIn('admin@example.com', password);
      }
    }
  });

  it('choose their own ways, within what there is', async () => {
    const { agent } = await app.join({ channelIds: [] });
    expect(
      await agent.call('PATCH', '/api/profile', { name: 'نرگس', preferences: { theme: 'dark' } }),
    ).toMatchObject({ name: 'نرگس', preferences: { theme: 'dark', language: 'en', density: 'cosy' } });
    await expect(
      agent.call('PATCH', '/api/profile', { preferences: { timeZone: 'Mars/Olympus' } }),
    ).rejects.toMatchObject({ body: { fields: { 'preferences.timeZone': expect.any(String) } } });
  });

  it('get a new password at the terminal, which ends their sessions', async () => {
    const { agent, user } = await app.join({ channelIds: [] });
    const fresh = mintPassword();
    expect(await resetPassword(app.context, user.email, fresh)).toBe(true);
    expect(await resetPassword(app.context, 'nobody@example.com', fresh)).toBe(false);
    await expect(agent.call('GET', '/api/session')).rejects.toMatchObject({ code: 'unauthenticated' });
    await agent.signIn(user.email, fresh);
  });
});
