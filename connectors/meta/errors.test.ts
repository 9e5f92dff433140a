import { describe, expect, it } from 'vitest';
import { graphError, retryAt, usageOf } from './errors.ts';

const now = new Date('2026-05-01T10:00:00Z');
const answered = (
  error: Record<string, unknown> | string,
  change: { status?: number; effect?: boolean; headers?: Record<string, string> } = {},
) =>
  graphError({
    status: change.status ?? 400,
    headers: new Headers(change.headers ?? {}),
    body: new TextEncoder().encode(typeof error === 'string' ? error : JSON.stringify({ error })),
    effect: change.effect ?? true,
    now,
  });

describe('an error of the Graph API', () => {
  it.each([
    [{ code: 190, message: 'Invalid OAuth access token.' }, 'auth'],
    [{ code: 190, error_subcode: 463, message: 'Session has expired' }, 'auth'],
    [{ code: 102, message: 'Session' }, 'auth'],
    [{ code: 1, message: 'Unknown' }, 'retryable'],
    [{ code: 1, error_subcode: 1357046, message: 'Received invalid JSON reply.' }, 'unknown'],
    [{ code: 2, message: 'Service' }, 'retryable'],
    [{ code: 9999, is_transient: true, message: 'x' }, 'retryable'],
    [{ code: 4, message: 'limit' }, 'rateLimited'],
    [{ code: 17, message: 'limit' }, 'rateLimited'],
    [{ code: 32, message: 'limit' }, 'rateLimited'],
    [{ code: 613, message: 'limit' }, 'rateLimited'],
    [{ code: 80006, message: 'limit' }, 'rateLimited'],
    [{ code: 80014, message: 'limit' }, 'rateLimited'],
    [{ code: 10, error_subcode: 2018278, message: 'window' }, 'windowClosed'],
    [{ code: 10, error_subcode: 2534022, message: 'window' }, 'windowClosed'],
    [{ code: 10, message: 'permission' }, 'permanent'],
    [{ code: 200, message: 'permission' }, 'permanent'],
    [{ code: 100, message: 'parameter' }, 'permanent'],
    [{ message: 'without a code' }, 'permanent'],
    [{ code: 'x', error_subcode: {}, message: 5 }, 'permanent'],
  ])('%o is %s', (error, expected) => {
    expect(answered(error).class).toBe(expected);
  });

  it('says who cannot be reached any more', () => {
    for (const error of [
      { code: 551, message: 'x' },
      { code: 551, error_subcode: 1545041, message: 'x' },
      { code: 200, error_subcode: 1545041, message: 'x' },
      { code: 100, error_subcode: 2018001, message: 'x' },
    ])
      expect(answered(error)).toMatchObject({ class: 'permanent', unreachable: true });
    expect(answered({ code: 200, message: 'x' }).unreachable).toBeUndefined();
  });

  it('keeps tokens out of its sentence, and Meta’s words for people in', () => {
    const token = 'EAAG1234567890abcdefghijkl';
    const error = answered({
      code: 100,
      message: `Bad ${token} access_token=${token}&x`,
      error_user_msg: undefined,
    });
    expect(error.message).not.toContain(token);
    expect(answered({ code: 1, message: 'x', error_user_msg: 'Try later.' }).message).toBe(
      'Meta: Try later (1).',
    );
    expect(answered({ code: 1, message: 'x'.repeat(5000) }).message.length).toBeLessThan(400);
  });

  it('of a gateway in front leaves nothing known where a message was sent', () => {
    expect(answered('<html>502</html>', { status: 502 }).class).toBe('unknown');
    expect(answered('<html>502</html>', { status: 502, effect: false }).class).toBe('retryable');
    expect(answered('<html>moved</html>', { status: 302 }).class).toBe('unknown');
    expect(answered('no', { status: 403 }).class).toBe('permanent');
    expect(answered('slow down', { status: 429, headers: { 'retry-after': '7' } })).toMatchObject({
      class: 'rateLimited',
      retryAt: new Date(now.getTime() + 7_000),
    });
    expect(answered({ code: 2, message: 'x' }, { status: 500 }).class).toBe('retryable');
  });
});

describe('the headers of usage', () => {
  const businessUse = (change: Record<string, unknown>): Headers =>
    new Headers({
      'x-business-use-case-usage': JSON.stringify({ '1234': [{ type: 'messenger', ...change }] }),
    });

  it('say when calls are taken again', () => {
    const waitOf = (headers: Headers): number => (retryAt(headers, now).getTime() - now.getTime()) / 1000;
    expect(waitOf(businessUse({ estimated_time_to_regain_access: 9 }))).toBe(540);
    expect(waitOf(new Headers({ 'retry-after': '30' }))).toBe(30);
    expect(waitOf(new Headers())).toBe(60);
    expect(waitOf(businessUse({ estimated_time_to_regain_access: 1e9 }))).toBe(24 * 3600);
    expect(waitOf(new Headers({ 'retry-after': 'soon', 'x-business-use-case-usage': 'no JSON' }))).toBe(60);
  });

  it('say how much has been used', () => {
    expect(
      usageOf(new Headers({ 'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":35}' })),
    ).toBe(35);
    expect(usageOf(businessUse({ call_count: 90, total_time: 1, total_cputime: 1 }))).toBe(90);
    expect(usageOf(new Headers({ 'x-app-usage': '[1]' }))).toBe(0);
  });
});
