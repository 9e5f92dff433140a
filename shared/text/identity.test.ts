import { describe, expect, it } from 'vitest';
import { readIdentity } from './identity.ts';

describe('a stated identity', () => {
  it('of each kind has the spelling that channels give to who writes from there', () => {
    expect(readIdentity('mobile', '۰۹۱۲۱۲۳۴۵۶۷')).toMatchObject({ kind: 'mobile', value: '+989121234567' });
    expect(readIdentity('emailAddress', 'Sara@Example.com')).toMatchObject({
      kind: 'emailAddress',
      value: 'sara@example.com',
    });
    expect(readIdentity('nationalCode', '۰۱۲۳۴۵۶۷۸۹')).toMatchObject({
      kind: 'nationalCode',
      value: '0123456789',
    });
    expect(readIdentity('phone', '021 8877 6655')).toMatchObject({ kind: 'phone', value: '+982188776655' });
  });

  it('a mobile number given as a telephone is a mobile number: one person is not kept as two', () => {
    expect(readIdentity('phone', '09121234567')).toMatchObject({ kind: 'mobile', value: '+989121234567' });
  });

  it('of the organisation’s own system is found whatever its case and digits, and shown as it was written', () => {
    expect(readIdentity('customerNumber', ' A-۱۲۳ ')).toEqual({
      ok: true,
      kind: 'customerNumber',
      value: 'a-123',
      display: 'A-۱۲۳',
    });
    expect(readIdentity('username', 'Sara.Example')).toMatchObject({ value: 'sara.example' });
  });

  it.each([
    ['ك-12', 'ک-12'],
    ['ک\u200c-۱۲', 'ک-12'],
    ['\ufeffک\u2060-12', 'ک-12'],
    ['کـ-۱۲', 'ک-12'],
    ['علي', 'علی'],
    ['على', 'علی'],
    ['عَلِیّ', 'علی'],
    ['علی\u200cرضا', 'علیرضا'],
    ['ﻋﻠﻲ', 'علی'],
    ['Ｓａｒａ＿１', 'sara_1'],
    ['sa\u00adra\u200b_1', 'sara_1'],
  ])('of the organisation’s own system is one in whatever spelling: %s', (text, value) => {
    for (const kind of ['customerNumber', 'username'] as const)
      expect(readIdentity(kind, text)).toMatchObject({ ok: true, value });
  });

  it('of the organisation’s own system is shown as it was written, and is another where it is read otherwise', () => {
    expect(readIdentity('username', 'علي\u200cرضا')).toMatchObject({ display: 'علي\u200cرضا' });
    expect(readIdentity('username', 'آرمان')).toMatchObject({ value: 'آرمان' });
    expect(readIdentity('username', 'ا\u0653رمان')).toMatchObject({ value: 'آرمان' });
  });

  it.each([
    ['customerNumber', '  ', 'empty'],
    ['customerNumber', '\u200c\u200b', 'empty'],
    ['username', '', 'empty'],
    ['username', 'x'.repeat(101), 'at most 100'],
    ['customerNumber', '12\u00003', 'control characters'],
  ] as const)('a %s that cannot be one is refused', (kind, text, words) => {
    expect(readIdentity(kind, text)).toMatchObject({ ok: false, message: expect.stringContaining(words) });
  });
});
