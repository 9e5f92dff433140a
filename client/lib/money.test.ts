import { expect, it } from 'vitest';
import { money } from './money.ts';

it('speaks of rials as tomans, with digits of the language', () => {
  expect(money('fa', { amount: 452_000_000, currency: 'IRR' })).toBe('۴۵٬۲۰۰٬۰۰۰ تومان');
  expect(money('en', { amount: 452_000_000, currency: 'IRR' })).toBe('45,200,000 tomans');
});

it('keeps a rial that no toman holds', () => {
  expect(money('fa', { amount: 1_005, currency: 'IRR' })).toBe('۱٬۰۰۵ ریال');
});

it('sets the decimals that a currency has', () => {
  expect(money('en', { amount: 1_250, currency: 'EUR' })).toBe('12.50 EUR');
  expect(money('en', { amount: 1_250, currency: 'KWD' })).toBe('1.250 KWD');
  expect(money('fa', { amount: 1_250, currency: 'USD' })).toBe('۱۲٫۵۰ دلار');
});
