import { describe, expect, it } from 'vitest';
import { canonicalLine } from './config.ts';
import { senderOf } from './inbound.ts';
import { address } from './outbound.ts';

const spellings = [
  '09901234567',
  '9901234567',
  '+989901234567',
  '00989901234567',
  '989901234567',
  '+98 (0)990 123 45 67',
  '۰۹۹۰۱۲۳۴۵۶۷',
  '٠٩٩٠١٢٣٤٥٦٧',
  '\u202a+98 990-123-4567\u202c',
];

describe('an Iranian mobile', () => {
  it.each(spellings)('is the same person as %s', (text) => {
    expect(senderOf(text, '1')).toEqual({ kind: 'mobile', value: '+989901234567', display: '+989901234567' });
    expect(address(text)?.value).toBe('+989901234567');
  });

  it('in the 0900 range is a person, not a 9000 line, however it is spelled', () => {
    for (const text of ['09001234567', '9001234567', '+989001234567', '989001234567']) {
      expect(senderOf(text, '1')).toMatchObject({ kind: 'mobile', value: '+989001234567' });
    }
  });
});

describe('a service line', () => {
  it.each([
    ['10004346', '10004346'],
    ['+9810004346', '10004346'],
    ['30005050', '30005050'],
    ['۳۰۰۰۵۰۵۰', '30005050'],
    ['50004001234567', '50004001234567'],
    ['20123', '20123'],
    ['02187654321', '02187654321'],
    ['+982187654321', '02187654321'],
    ['V.Hamrah-e', 'V.Hamrah-e'],
    ['بانک', 'بانک'],
  ])('%s is a line of its own, to which no agent can write', (text, value) => {
    expect(senderOf(text, '1')).toMatchObject({ kind: 'smsLine', value });
    expect(address(text)).toBeNull();
  });

  it('has one spelling as a setting', () => {
    for (const text of ['30005050', '+9830005050', '۳۰۰۰ ۵۰۵۰']) expect(canonicalLine(text)).toBe('30005050');
    expect(canonicalLine('')).toBeNull();
    expect(canonicalLine('no line')).not.toBe('30005050');
  });
});

it('a message from nobody is an error that says so', () => {
  expect(() => senderOf('', '77')).toThrow('77');
  expect(() => senderOf('+++', '77')).toThrow('77');
});
