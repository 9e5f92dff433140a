import { describe, expect, it } from 'vitest';
import { createSecretBox } from '../channels/secrets.ts';
import { codeIn, isCode, keptCode, mintCode, typedCode } from './verification.code.ts';

const ctx = { secrets: createSecretBox('a key for tests, of no other use') };

describe('a code', () => {
  it('has six digits at both ends of chance', () => {
    expect(mintCode(() => 0)).toBe('000000');
    expect(mintCode(() => 1 - 2 ** -48)).toBe('999999');
    expect(mintCode(() => 0.0421)).toBe('042100');
  });

  it('is kept so that nobody reads it, and only with what it belongs to', () => {
    const kept = keptCode(ctx, { id: 'one', code: '123456' });
    expect(JSON.stringify(kept)).not.toContain('123456');
    expect(isCode(ctx, { _id: 'one', ...kept }, '123456')).toBe(true);
    expect(isCode(ctx, { _id: 'one', ...kept }, '123457')).toBe(false);
    expect(() => isCode(ctx, { _id: 'two', ...kept }, '123456')).toThrow('verification two');
    expect(keptCode(ctx, { id: 'one', code: '123456' }).salt).not.toBe(kept.salt);
  });

  it.each([
    ['123456', '123456'],
    ['۱۲۳۴۵۶', '123456'],
    [' 123 456 ', '123456'],
    ['123-456', '123456'],
    ['\u200e123456', '123456'],
    ['12345', null],
    ['1234567', null],
    ['12345a', null],
    ['', null],
  ])('typed as “%s” is %s', (text, code) => expect(typedCode(text)).toBe(code));

  it.each([
    ['123456', '123456'],
    ['کد ۱۲۳۴۵۶ است', '123456'],
    ['the code is 123 456.', '123456'],
    ['123-456', '123456'],
    ['my order is 1234567', null],
    ['call 09121234567', null],
    ['+123456', null],
    ['123456 or 654321', null],
    ['no digits', null],
    ['سلام، کد تأیید: ۱۲۳ ۴۵۶ ممنون', '123456'],
    ['کد\u200cتایید\n123456', '123456'],
    ['سفارش ۱۲۳۴۵۶ کجاست؟', null],
    ['where is order 123456', null],
    ['123456 was never delivered', null],
    [`${'x'.repeat(1_000)} 123456`, null],
  ])('is looked for in “%s”', (text, code) => expect(codeIn(text)).toBe(code));
});
