import { expect, it } from 'vitest';
import { readQuery } from '../../shared/text/find.ts';
import { customerTokens, tokenPatterns, tokensMatch } from './customer.tokens.ts';

const mobile = { kind: 'mobile' as const, value: '+989121234567', display: '+989121234567' };
const mail = {
  kind: 'emailAddress' as const,
  value: 'ali.rezaei@example.com',
  display: 'ali.rezaei@example.com',
};
const code = { kind: 'nationalCode' as const, value: '0012345679', display: '0012345679' };
const order = { kind: 'customerNumber' as const, value: 'C-10457', display: 'C-10457' };
const tokens = customerTokens('علی‌رضا محمّدی نژاد', [mobile, mail, code, order]);

const finds = [
  'علی',
  'علیرضا',
  'علی رضا',
  'علي‌رضا',
  'عليرضا محمدي',
  'محمدی علی',
  'محم',
  'نژاد علی',
  'نژاد محمدی علیرضا',
  '09121234567',
  '۰۹۱۲۱۲۳۴۵۶۷',
  '+98 912 123 4567',
  '00989121234567',
  '9121234567',
  '0912',
  '4567',
  '1234',
  '123 45',
  'محمدی 4567',
  'ali',
  'rezaei',
  'alirezaei',
  'ali.rezaei@example.com',
  'example.com',
  '0012345679',
  '۰۰۱۲۳۴۵۶۷۹',
  'C-10457',
  'c10457',
  '10457',
];
const misses = [
  'رضایی',
  'علی کاظمی',
  '4568',
  '456',
  '5679',
  '0012345',
  '2345679',
  'sara',
  'ali@sample',
  'ژاد',
];

it.each(finds)('a customer is found by «%s», and by a pattern that the index is read by', (text) => {
  const query = readQuery(text);
  expect(tokensMatch(query, tokens)).toBe(true);
  const patterns = tokenPatterns(query);
  expect(patterns.some((some) => some.some((pattern) => tokens.some((token) => pattern.test(token))))).toBe(
    true,
  );
});

it.each(misses)('a customer is not found by «%s»', (text) => {
  expect(tokensMatch(readQuery(text), tokens)).toBe(false);
});

it('what a stranger writes is no pattern, and never without end', () => {
  for (const text of ['(((', '.*', 'a'.repeat(5_000), '[\\', 'x+y+z'])
    for (const pattern of tokenPatterns(readQuery(text)).flat())
      expect(pattern.source.length).toBeLessThan(200);
  expect(customerTokens('کلمه '.repeat(3_000), [mobile]).length).toBeLessThanOrEqual(160);
});
