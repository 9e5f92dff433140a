import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Agent } from '../../test/agent.ts';
import { password, startTestApp, type TestApp } from '../../test/app.ts';
import { isOurOrigin } from './session.ts';

let app: TestApp;
let clock = 0;
beforeAll(async () => {
  app = await startTestApp({ now: () => new Date(Date.now() + clock) });
});
afterAll(() => app.end());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const signIn = (email: string, word: string) =>
  post('/api/session', { email, password: word }, { origin: app.url });

const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

const me = (cookie: string) => fetch(`${app.url}/api/session`, { headers: { cookie } });

describe('signing in', () => {
  it('gives a cookie that no script reads and that no other site sends with a write', async () => {
    const response = await signIn('admin@example.com', password);
    expect(response.status).toBe(200);
    const cookie = response.headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).not.toMatch(/Secure/);
    expect(await response.json()).toMatchObject({ email: 'admin@example.com', role: 'administrator' });
  });

  it('keeps of the cookie only its hash', async () => {
    const token = cookieOf(await signIn('admin@example.com', password)).slice('session='.length);
    const sessions = await app.context.models.sessions.find({}).lean();
    expect(JSON.stringify(sessions)).not.toContain(token);
    expect(app.logged()).not.toContain(token);
  });

  it('answers alike for a wrong password and for nobody', async () => {
    const wrong = await signIn('admin@example.com', 'not the password');
    const nobody = await signIn('nobody@example.com', 'not the password');
    expect(wrong.status).toBe(401);
    expect(nobody.status).toBe(401);
    expect(await wrong.json()).toEqual(await nobody.json());
  });

  it('is throttled for one address, also when the right password comes at last; others still get in', async () => {
    const { user } = await app.join({ channelIds: [] });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) statuses.push((await signIn(user.email, `guess ${n}`)).status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    const refused = await signIn(user.email, password);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn('admin@example.com', password)).status).toBe(200);
  });

  it('counts guesses that come side by side', async () => {
    const { user } = await app.join({ channelIds: [] });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => signIn(user.email, `guess ${n}`)));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(8);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(4);
  });
});

describe('a session', () => {
  it('is needed', async () => {
    for (const path of ['/api/session', '/api/bootstrap', '/api/conversations', '/api/users', '/api/files/x'])
      expect((await fetch(`${app.url}${path}`)).status).toBe(401);
    expect((await me('session=made-up')).status).toBe(401);
  });

  it('ends when its person signs out', async () => {
    const cookie = cookieOf(await signIn('admin@example.com', password));
    expect((await me(cookie)).status).toBe(200);
    const out = await fetch(`${app.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie, origin: app.url },
    });
    expect(out.status).toBe(204);
    expect((await me(cookie)).status).toBe(401);
  });

  it('lasts while it is used and ends two weeks after', async () => {
    const cookie = cookieOf(await signIn('admin@example.com', password));
    const day = 24 * 3_600_000;
    try {
      clock = 10 * day;
      expect((await me(cookie)).status).toBe(200);
      clock = 20 * day;
      expect((await me(cookie)).status).toBe(200);
      clock = 34 * day + 1;
      expect((await me(cookie)).status).toBe(401);
    } finally {
      clock = 0;
    }
  });

  it.each([
    ['the role', { role: 'administrator' }],
    ['the password', { password: 'a completely new password' }],
    ['the account being switched off', { active: false }],
  ])('dies with a change of %s', async (_what, change) => {
    const { agent, user } = await app.join({ channelIds: [] });
    await agent.call('GET', '/api/session');
    await app.admin.call('PATCH', `/api/users/${user.id}`, change);
    await expect(agent.call('GET', '/api/session')).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('outlives a change of its own password; the others of that person do not', async () => {
    const { agent, user } = await app.join({ channelIds: [] });
    const elsewhere = new Agent(app.url);
    await elsewhere.signIn(user.email, password);
    await expect(
      agent.call('POST', '/api/profile/password', { current: 'wrong', next: 'a completely new password' }),
    ).rejects.toMatchObject({ body: { fields: { current: expect.any(String) } } });
    await agent.call('POST', '/api/profile/password', {
      current: password,
      next: 'a completely new password',
    });
    await agent.call('GET', '/api/session');
    await expect(elsewhere.call('GET', '/api/session')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect((await signIn(user.email, password)).status).toBe(401);
    expect((await signIn(user.email, 'a completely new password')).status).toBe(200);
  });
});

describe('a write from another page', () => {
  it('is refused with the right cookie and the wrong Origin, or none', async () => {
    const cookie = cookieOf(await signIn('admin@example.com', password));
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', undefined]) {
      const response = await fetch(`${app.url}/api/profile`, {
        method: 'PATCH',
        headers: { cookie, 'content-type': 'application/json', ...(origin && { origin }) },
        body: JSON.stringify({ name: 'Somebody else' }),
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ reason: 'badOrigin' });
    }
    expect(await (await me(cookie)).json()).toMatchObject({ name: 'Admin Example' });
  });

  it('is known by the address of the program, and by the host that was asked', () => {
    const publicUrl = 'https://inbox.example';
    expect(isOurOrigin('https://inbox.example', { host: 'internal:3000', publicUrl })).toBe(true);
    expect(isOurOrigin('http://localhost:5173', { host: 'localhost:5173', publicUrl: null })).toBe(true);
    expect(isOurOrigin('https://inbox.example.evil.example', { host: 'inbox.example', publicUrl })).toBe(
      false,
    );
    expect(isOurOrigin('http://inbox.example:81', { host: 'inbox.example', publicUrl })).toBe(false);
    expect(isOurOrigin('not an origin', { host: 'inbox.example', publicUrl })).toBe(false);
  });
});

describe('what is not right', () => {
  it('is answered with what would be', async () => {
    const broken = await fetch(`${app.url}/api/session`, {
      method: 'POST',
      headers: { origin: app.url, 'content-type': 'application/json' },
      body: '{"email":',
    });
    expect(broken.status).toBe(422);
    const large = await post('/api/session', { email: 'x'.repeat(300_000), password }, { origin: app.url });
    expect(large.status).toBe(413);
    const wrong = await post('/api/session', { email: 'no address' }, { origin: app.url });
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toMatchObject({
      code: 'invalid',
      fields: { email: expect.any(String), password: expect.any(String) },
    });
    await expect(app.admin.call('GET', '/api/conversations?limit=5000')).rejects.toMatchObject({
      body: { fields: { limit: expect.stringContaining('1 to 50') } },
    });
    await expect(app.admin.call('GET', '/api/conversations?after=%FF')).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(app.admin.call('GET', '/api/nothing')).rejects.toMatchObject({ code: 'notFound' });
    await expect(app.admin.call('GET', '/api/customers/%E0%A4%A')).rejects.toMatchObject({ code: 'invalid' });
  });
});
