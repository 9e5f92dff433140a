import { describe, expect, it } from 'vitest';
import { readAddress } from './address.ts';

describe('the address a visitor leaves', () => {
  it.each([
    ['name@example.com', { email: 'name@example.com', mobile: '' }],
    ['  Name@Example.co.ir ', { email: 'Name@Example.co.ir', mobile: '' }],
    ['09123456789', { email: '', mobile: '09123456789' }],
    ['۰۹۱۲ ۳۴۵ ۶۷۸۹', { email: '', mobile: '09123456789' }],
    ['٠٩١٢٣٤٥٦٧٨٩', { email: '', mobile: '09123456789' }],
    ['+98 (912) 345-6789', { email: '', mobile: '+989123456789' }],
    ['\u200e+989123456789\u200e', { email: '', mobile: '+989123456789' }],
  ])('%s is understood', (written, read) => {
    expect(readAddress(written)).toEqual(read);
  });

  it.each(['', 'name', 'name@', 'name@example', '@example.com', 'a b@example.com', '1234', 'call me'])(
    '“%s” is neither',
    (written) => {
      expect(readAddress(written)).toBeNull();
    },
  );
});
