import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { SetUp, UserCreate } from '../../../shared/user.ts';
import { fa } from '../../i18n/fa.ts';
import { check, issuesFrom, issueText } from './check.ts';

const user = {
  name: 'نگار',
  email: 'negar@example.com',
  password: 'ten letters',
  role: 'agent' as const,
  channelIds: 'all' as const,
};

describe('a form read by the server’s schema', () => {
  it('gives the data as the server will read it', () => {
    expect(check(UserCreate, { ...user, email: ' Negar@Example.COM ' }).data?.email).toBe(
      'negar@example.com',
    );
  });

  it('says of an empty field that it is empty, and nothing else', () => {
    const { issues } = check(UserCreate, { ...user, name: '', email: '', password: '' });
    expect(issues).toEqual({
      name: { kind: 'required' },
      email: { kind: 'required' },
      password: { kind: 'required' },
    });
  });

  it('says how long a password has to be, and what an email looks like', () => {
    const { issues } = check(UserCreate, { ...user, password: 'short', email: 'negar' });
    expect(issueText(fa, issues?.['password'])).toBe('دست‌کم ۱۰ نویسه بنویسید.');
    expect(issueText(fa, issues?.['email'])).toBe(fa.fields.email);
  });

  it('says that a name is too long', () => {
    expect(check(UserCreate, { ...user, name: 'ن'.repeat(81) }).issues).toEqual({
      name: { kind: 'tooLong', limit: 80 },
    });
  });

  it('finds a name of blanks empty', () => {
    expect(
      check(SetUp, {
        code: 'ABCD',
        organisation: '   ',
        language: 'fa',
        calendar: 'jalali',
        timeZone: 'Asia/Tehran',
        name: 'نگار',
        email: 'negar@example.com',
        password: 'ten letters',
      }).issues,
    ).toEqual({ organisation: { kind: 'required' } });
  });
});

describe('what the server objects to', () => {
  const error = new AppError({ code: 'invalid', message: '', fields: { email: 'in use', channelIds: 'no' } });

  it('is put beside its field, in the meaning that the form knows', () => {
    expect(issuesFrom(error, { email: { kind: 'taken' } })).toEqual({
      email: { kind: 'taken' },
      channelIds: { kind: 'invalid' },
    });
  });

  it('is nothing when it is not about fields', () => {
    expect(issuesFrom(new AppError({ code: 'conflict', message: '' }))).toEqual({});
    expect(issuesFrom(new TypeError('fetch failed'))).toEqual({});
  });
});
