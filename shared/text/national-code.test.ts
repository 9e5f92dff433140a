import { describe, expect, it } from 'vitest';
import { isNationalCode, maskedNationalCode, nationalCheckDigit, readNationalCode } from './national-code.ts';

/** Of made-up digits, with each sort of remainder. */
const right = [
  '0123456789',
  '1234567891',
  '0024681350',
  '9876543210',
  '1357924682',
  '0012345679',
  '0070070075',
];

describe('the check digit of a national code', () => {
  it('is the weighted sum of the nine before it, modulo 11', () => {
    // 0·10 + 1·9 + 2·8 + 3·7 + 4·6 + 5·5 + 6·4 + 7·3 + 8·2 = 156 = 14·11 + 2: 11 − 2 = 9.
    expect(nationalCheckDigit('012345678')).toBe(9);
    // 1·10 + 2·9 + 3·8 + 4·7 + 5·6 + 6·5 + 7·4 + 8·3 + 9·2 = 210 = 19·11 + 1: a remainder of 1 stands for itself.
    expect(nationalCheckDigit('123456789')).toBe(1);
    // 1·10: 11 − 10 = 1, so two remainders share that digit.
    expect(nationalCheckDigit('100000000')).toBe(1);
    // 9·10 + 8·9 + … + 1·2 = 330 = 30·11: so does 0.
    expect(nationalCheckDigit('987654321')).toBe(0);
  });

  it.each(right)('%s is right', (code) => expect(isNationalCode(code)).toBe(true));

  it('finds every single slip of a digit and every swap of two neighbours', () => {
    for (const code of right) {
      for (let at = 0; at < 10; at += 1) {
        for (let digit = 0; digit < 10; digit += 1) {
          const slip = code.slice(0, at) + digit + code.slice(at + 1);
          if (slip !== code) expect([slip, isNationalCode(slip)]).toEqual([slip, slipPasses(code, slip)]);
        }
        const swap = code.slice(0, at) + (code[at + 1] ?? '') + code[at] + code.slice(at + 2);
        if (swap !== code) expect([swap, isNationalCode(swap)]).toEqual([swap, slipPasses(code, swap)]);
      }
    }
  });
});

/** The rule's one weakness: remainders 1 and 10 both end in the check digit 1. */
function slipPasses(code: string, slip: string): boolean {
  const rest = (text: string) =>
    [...text.slice(0, 9)].reduce((sum, digit, at) => sum + Number(digit) * (10 - at), 0) % 11;
  return (
    code[9] === slip[9] && code[9] === '1' && [rest(code), rest(slip)].sort((a, b) => a - b).join() === '1,10'
  );
}

describe('a national code as somebody wrote it', () => {
  it.each([
    ['0123456789', '0123456789'],
    ['۰۱۲۳۴۵۶۷۸۹', '0123456789'],
    ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
    [' 012-345678-9 ', '0123456789'],
    ['012 345 6789', '0123456789'],
    ['\u200e0123456789\u200f', '0123456789'],
    ['۰۱۲\u200c۳۴۵۶۷۸\u200c۹', '0123456789'],
    ['\ufeff012\u00ad345\u20606789', '0123456789'],
    ['０１２３４５６７８９', '0123456789'],
    ['012–345678–9', '0123456789'],
  ])('%s is kept as %s', (text, value) => {
    expect(readNationalCode(text)).toEqual({ ok: true, value, display: value });
  });

  it.each([
    ['123456789', '9 digits: zeros at its beginning were lost', '0123456789'],
    ['12345679', '8 digits: zeros at its beginning were lost', '0012345679'],
    ['123456788', 'zeros added at its beginning do not make it right', null],
    ['1234567', '7 digits', null],
    ['01234567891', '11 digits', null],
    ['0123456788', 'check digit is wrong', null],
    ['1111111111', 'Ten times the same digit', null],
    ['0000000000', 'Ten times the same digit', null],
    ['9999999999', 'Ten times the same digit', null],
    ['01234A6789', 'digits alone', null],
    ['', 'digits alone', null],
    ['   ', 'digits alone', null],
  ])('%s is refused with what is wrong', (text, words, suggestion) => {
    const read = readNationalCode(text);
    expect(read).toMatchObject({ ok: false, suggestion });
    expect(read.ok ? '' : read.message).toContain(words);
  });
});

it('a masked code shows its last three digits', () => {
  expect(maskedNationalCode('0123456789')).toBe('•••••••789');
});
