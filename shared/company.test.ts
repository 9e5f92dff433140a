import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { CompanyCreate, isCompanyId } from './company.ts';

describe('the national identifier of a company', () => {
  it.each(['10380284790', '10861677542', '10320894878'])('%s is one', (id) => {
    expect(isCompanyId(id)).toBe(true);
  });

  it('is told from every other that differs in one digit', () => {
    // Not one whose last digit is 0: a remainder of 10 is written as 0 too.
    const right = '10861677542';
    for (let place = 0; place < right.length; place += 1) {
      const others = [...'0123456789'].filter((digit) => digit !== right[place]);
      const wrong = others.filter((digit) =>
        isCompanyId(right.slice(0, place) + digit + right.slice(place + 1)),
      );
      expect(wrong, `digit ${place + 1}`).toEqual([]);
    }
  });

  it.each(['', '1038028479', '103802847900', '11111111111', '1038028479x'])('“%s” is none', (id) => {
    expect(isCompanyId(id)).toBe(false);
  });
});

describe('a company as it is written', () => {
  const read = (form: Record<string, unknown>) => z.safeParse(CompanyCreate, { name: 'n', ...form });

  it.each([
    ['۱۰۳۸۰۲۸۴۷۹۰', '10380284790'],
    ['1038-0284790', '10380284790'],
    [' ', ''],
  ])('its identifier “%s” is kept as “%s”', (nationalId, kept) => {
    expect(read({ nationalId }).data?.nationalId).toBe(kept);
  });

  it.each([
    ['10380284791', /last one does not fit/],
    ['1234', /eleven digits/],
  ])('the identifier “%s” is refused with what is wrong', (nationalId, sentence) => {
    expect(read({ nationalId }).error?.issues[0]?.message).toMatch(sentence);
  });

  it.each([
    ['Example.COM', 'example.com'],
    ['@example.com', 'example.com'],
    ['نمونه.example.com', 'xn--mgb3cwa7a.example.com'],
  ])('its domain “%s” is kept as “%s”', (domain, kept) => {
    const { data } = read({ domains: [domain] });
    expect(data?.domains[0]).toBe(kept.startsWith('xn--') ? new URL(`http://${domain}`).hostname : kept);
  });

  it.each(['example', 'http://example.com', 'a@example.com', 'example.com/path', 'example.com:80', ''])(
    'the domain “%s” is refused',
    (domain) => {
      expect(read({ domains: [domain] }).success).toBe(false);
    },
  );
});
