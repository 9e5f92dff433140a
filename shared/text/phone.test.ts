import { describe, expect, it } from 'vitest';
import { readPhone } from './phone.ts';

describe('a mobile number', () => {
  it.each([
    '09121234567',
    '9121234567',
    '+989121234567',
    '00989121234567',
    '989121234567',
    '+98 (0)912 123 45 67',
    '+98-912-123-4567',
    '0912 123 4567',
    '0912.123.4567',
    '(0912) 123-4567',
    '۰۹۱۲۱۲۳۴۵۶۷',
    '٠٩١٢١٢٣٤٥٦٧',
    '۰۹۱۲ ۱۲۳ ۴۵ ۶۷',
    '\u202a+98 912-123-4567\u202c',
    '۰۹۱۲\u200c۱۲۳\u200c۴۵\u200c۶۷',
    '\ufeff0912\u00ad123\u200b4567\u2060',
    '0912\u200d123\u061c4567',
    '０９１２１２３４５６７',
    'tel:+989121234567',
    '+9809121234567',
  ])('of Iran has one form, however it is written: %s', (text) => {
    expect(readPhone(text, 'mobile')).toEqual({ ok: true, value: '+989121234567', display: '+989121234567' });
  });

  it.each([
    ['+44 7400 123456', '+447400123456'],
    ['0044 7400 123456', '+447400123456'],
    ['+1 212 555 0123', '+12125550123'],
    ['+49 1512 3456789', '+4915123456789'],
    ['+971 50 123 4567', '+971501234567'],
    ['+93 70 123 4567', '+93701234567'],
    ['+964 770 123 4567', '+9647701234567'],
    ['+90 532 123 45 67', '+905321234567'],
  ])('of another country is told by its code: %s', (text, value) => {
    expect(readPhone(text, 'mobile')).toEqual({ ok: true, value, display: value });
  });

  it.each([
    ['0912123456', 'has ten digits after the first zero and this has 9', null],
    ['091212345678', 'has ten digits after the first zero and this has 11', null],
    ['09871234567', 'begin with 0987', null],
    ['02188776655', 'is a fixed line', null],
    ['+982188776655', 'is a fixed line', null],
    ['no number', 'There is no number', null],
    ['', 'There is no number', null],
    ['447400123456', 'no valid mobile number', '+447400123456'],
    ['12', 'no valid mobile number', null],
    ['30005050', 'no valid mobile number', null],
  ])('that is none is refused with what would be right: %s', (text, words, suggestion) => {
    expect([text, readPhone(text, 'mobile')]).toEqual([
      text,
      { ok: false, message: expect.stringContaining(words), suggestion },
    ]);
  });
});

describe('a telephone number', () => {
  it.each([
    ['02188776655', '+982188776655'],
    ['021-88776655', '+982188776655'],
    ['+98 21 8877 6655', '+982188776655'],
    ['+44 20 7946 0018', '+442079460018'],
    ['09121234567', '+989121234567'],
  ])('%s is %s', (text, value) => {
    expect(readPhone(text, 'phone')).toMatchObject({ ok: true, value });
  });
});
