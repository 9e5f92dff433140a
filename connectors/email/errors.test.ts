import { describe, expect, it } from 'vitest';
import { smtpSide } from './config.ts';
import { imapError, nobodyThere, smtpError } from './errors.ts';

const side = smtpSide({
  address: 'support@example.net',
  password: 'p',
  imapHost: 'imap.example.net',
  smtpHost: 'smtp.example.net',
});
const now = new Date('2026-11-22T00:00:00Z');
const live = new AbortController().signal;
const aborted = AbortSignal.abort();

/** As nodemailer 10.6 makes them; the shapes were seen against smtp-server. */
const reply = (code: string, responseCode: number, response: string) =>
  Object.assign(new Error(response), { code, responseCode, response });
const broken = (code: string, originalCode?: string) =>
  Object.assign(new Error('broken'), { code, originalCode });

describe('what went wrong while sending', () => {
  it.each([
    ['all recipients refused', reply('EENVELOPE', 550, '550 5.7.1 No'), false, 'permanent', '5.7.1'],
    ['spam', reply('EMESSAGE', 554, '554 5.7.1 Spam'), true, 'permanent', '5.7.1'],
    [
      'greylist',
      reply('EENVELOPE', 451, '451 4.7.1 Greylisted, try again in 5 minutes'),
      false,
      'retryable',
      '4.7.1',
    ],
    [
      'greylist of 450',
      reply('EENVELOPE', 450, '450 4.2.0 Recipient graylisted'),
      false,
      'retryable',
      '4.2.0',
    ],
    ['too much', reply('ECONNECTION', 421, '421 4.7.0 Too many messages'), false, 'rateLimited', '4.7.0'],
    [
      'too many recipients',
      reply('EENVELOPE', 452, '452 4.5.3 Too many recipients'),
      false,
      'rateLimited',
      '4.5.3',
    ],
    ['closing down', reply('ECONNECTION', 421, '421 Service closing'), true, 'retryable', '421'],
    ['bad login', reply('EAUTH', 535, '535 5.7.8 Bad credentials'), false, 'auth', '5.7.8'],
    [
      'login not now',
      reply('EAUTH', 454, '454 4.7.0 Temporary authentication failure'),
      false,
      'retryable',
      '4.7.0',
    ],
    ['no way to log in', broken('EAUTH'), false, 'auth', 'EAUTH'],
    ['STARTTLS missing', reply('ETLS', 500, '500 unknown command'), false, 'permanent', 'noTls'],
    ['too large by its size', broken('EMESSAGE'), false, 'permanent', 'EMESSAGE'],
    ['an address that is none', broken('EENVELOPE'), false, 'permanent', 'EENVELOPE'],
    ['refused connection', broken('ESOCKET', 'ECONNREFUSED'), false, 'retryable', 'ECONNREFUSED'],
    ['no name', broken('EDNS', 'ENOTFOUND'), false, 'retryable', 'ENOTFOUND'],
    ['no greeting', broken('ETIMEDOUT', 'GREETING_TIMEOUT'), false, 'retryable', 'GREETING_TIMEOUT'],
    ['dropped before the mail', broken('ECONNECTION'), false, 'retryable', 'ECONNECTION'],
    ['dropped after the mail', broken('ECONNECTION'), true, 'unknown', 'ECONNECTION'],
    ['reset after the mail', broken('ESOCKET', 'ECONNRESET'), true, 'unknown', 'ECONNRESET'],
    [
      'certificate',
      broken('ESOCKET', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
      false,
      'retryable',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    ],
    [
      'no TLS there',
      broken('ESOCKET', 'ERR_SSL_WRONG_VERSION_NUMBER'),
      false,
      'permanent',
      'ERR_SSL_WRONG_VERSION_NUMBER',
    ],
    ['nothing known', {}, false, 'retryable', 'network'],
  ])('%s', (_name, error, handedOver, expected, code) => {
    const found = smtpError(error, { side, now, signal: live, handedOver });
    expect({ class: found.class, code: found.code }).toEqual({ class: expected, code });
    if (expected === 'rateLimited') expect(found.retryAt?.getTime()).toBe(now.getTime() + 60_000);
    expect(found.message).toMatch(/\.$/);
  });

  it('is doubt once the whole mail had left and the time was over, and not before', () => {
    const late = (handedOver: boolean) =>
      smtpError(new Error('aborted'), { side, now, signal: aborted, handedOver });
    expect(late(true)).toMatchObject({ class: 'unknown', code: 'timeout' });
    expect(late(false)).toMatchObject({ class: 'retryable', code: 'timeout' });
  });
});

describe('what went wrong while receiving', () => {
  const no = (serverResponseCode: string | undefined, responseText = 'no', more = {}) => ({
    responseStatus: 'NO',
    serverResponseCode,
    responseText,
    ...more,
  });
  const login = { authenticationFailed: true };
  it.each([
    ['bad login', no('AUTHENTICATIONFAILED', 'Authentication failed', login), 'auth', 'password'],
    ['bad login without a code', no(undefined, 'Invalid credentials', login), 'auth', 'password'],
    ['login not now', no('UNAVAILABLE', 'Temporary failure', login), 'retryable', undefined],
    [
      'too many connections',
      no(undefined, 'Too many simultaneous connections', login),
      'retryable',
      undefined,
    ],
    ['login only with TLS', { ...login, message: 'Login is disabled' }, 'permanent', 'smtpSecurity'],
    ['no folder', no('NONEXISTENT', 'Mailbox does not exist'), 'permanent', 'folder'],
    ['no folder, without a code', no(undefined, 'no', { mailboxMissing: true }), 'permanent', 'folder'],
    ['throttled', no('THROTTLED'), 'rateLimited', undefined],
    ['broken inside', no('SERVERBUG'), 'retryable', undefined],
    ['connection gone', { code: 'NoConnection', reason: 'Server shutting down' }, 'retryable', undefined],
    ['connection gone while signing in', { ...login, code: 'NoConnection' }, 'retryable', undefined],
    ['refused', { code: 'ECONNREFUSED', syscall: 'connect' }, 'retryable', undefined],
    ['no greeting', { code: 'GREETING_TIMEOUT' }, 'retryable', undefined],
    ['expired certificate', { code: 'CERT_HAS_EXPIRED' }, 'retryable', 'smtpHost'],
    ['certificate of another', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'retryable', 'smtpHost'],
    ['certificate of nobody known', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'retryable', 'smtpHost'],
    ['no STARTTLS', { message: 'Server does not support STARTTLS' }, 'permanent', 'smtpSecurity'],
    ['nonsense', { code: 'ParserError11' }, 'retryable', undefined],
    ['nothing known', undefined, 'retryable', undefined],
  ])('%s', (_name, error, expected, field) => {
    const found = imapError(error, { side, now, signal: live });
    expect({ class: found.class, field: found.field }).toEqual({ class: expected, field });
  });
});

describe('nobody there', () => {
  it.each([
    ['550 5.1.1 The email account that you tried to reach does not exist', true],
    ['550 5.1.10 RESOLVER.ADR.RecipientNotFound', true],
    ['550 No such user here', true],
    ['553 sorry, user unknown', true],
    ['550 mailbox not found', true],
    ['550 5.7.1 Message rejected as spam', false],
    ['552 5.2.2 Mailbox full', false],
    ['554 5.7.1 Relay access denied', false],
    ['450 4.1.1 user unknown for now', false],
  ])('%s: %s', (said, expected) => {
    expect(nobodyThere(said)).toBe(expected);
  });
});
