import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { blankSetUp, issuesOf, progressFrom, readSetUp, refused } from './setup-form.ts';

const locality = { language: 'fa', calendar: 'jalali', timeZone: 'Asia/Tehran' } as const;
const form = {
  code: 'ABCD-EFGH-JKMN',
  organisation: 'فروشگاه نمونه',
  name: 'نگار',
  email: 'negar@example.com',
  password: 'ten letters',
};

describe('the first run', () => {
  it('is read as the server reads it', () => {
    expect(readSetUp(form, locality).data).toEqual({ ...form, ...locality });
  });

  it('names the first step that has something wrong, and only what belongs there', () => {
    const read = readSetUp({ ...form, organisation: ' ', password: 'short' }, locality);
    expect(read.step).toBe('organisation');
    expect(issuesOf('organisation', read.issues)).toEqual({ organisation: { kind: 'required' } });
    expect(issuesOf('administrator', read.issues)).toEqual({ password: { kind: 'tooShort', limit: 10 } });
    expect(issuesOf('language', read.issues)).toBeNull();
  });

  it('asks for the code first', () => {
    expect(readSetUp(blankSetUp, locality).step).toBe('code');
  });

  it('leads back to the code that the server refused, and to an address in use', () => {
    const bad = new AppError({ code: 'forbidden', reason: 'badSetupCode', message: '' });
    expect(refused(bad).step).toBe('code');
    const taken = new AppError({ code: 'invalid', message: '', fields: { email: '' } });
    expect(refused(taken)).toEqual({ issues: { email: { kind: 'taken' } }, step: 'administrator' });
    expect(refused(new AppError({ code: 'internal', message: '' })).step).toBeNull();
  });

  it('resumes where it was left, without a password', () => {
    expect(progressFrom({ ...form, step: 'administrator' })).toEqual({
      form: { ...form, password: '' },
      step: 'administrator',
    });
    expect(progressFrom({ step: 'elsewhere', code: 7 })).toEqual({ form: blankSetUp, step: 'code' });
    expect(progressFrom('nonsense')).toEqual({ form: blankSetUp, step: 'code' });
  });
});
