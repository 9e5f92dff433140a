import { describe, expect, it } from 'vitest';
import { canonicalAddress, readEmail } from './email.ts';

describe('an e-mail address', () => {
  it.each([
    ['Sara@Example.COM', 'sara@example.com'],
    ['  sara@example.com ', 'sara@example.com'],
    ['Sara Example <Sara@Example.com>', 'sara@example.com'],
    ['mailto:sara@example.com', 'sara@example.com'],
    ['sara@example.com.', 'sara@example.com'],
    ['sara@مثال.com', 'sara@xn--mgbh0fb.com'],
    ['sara@bücher.example', 'sara@xn--bcher-kva.example'],
    ['sara@ＥＸＡＭＰＬＥ.com', 'sara@example.com'],
    ["o'brien+news@mail.example.co.uk", "o'brien+news@mail.example.co.uk"],
    ['\u202asara@example.com\u202c', 'sara@example.com'],
    ['\u200csara@exam\u00adple.com\ufeff', 'sara@example.com'],
    ['sa\u200bra\u2060@example\u200c.com', 'sara@example.com'],
    ['sara@مثال\u200c.com', 'sara@xn--mgbh0fb.com'],
    ['sara@نامه\u200cای.com', 'sara@xn--mgba3gch31f060k.com'],
  ])('%s is kept as %s', (text, value) => {
    expect(readEmail(text)).toEqual({ ok: true, value, display: value });
    expect(canonicalAddress(value)).toBe(value);
  });

  it('keeps dots and what follows a plus: two addresses of one host may be two people', () => {
    expect(canonicalAddress('sara.example@gmail.com')).toBe('sara.example@gmail.com');
    expect(canonicalAddress('sara+shop@gmail.com')).toBe('sara+shop@gmail.com');
  });

  it.each([
    ['sara', 'has an @', null],
    ['', 'has an @', null],
    ['@example.com', 'Before the @', null],
    ['sara@', 'no domain of mail', null],
    ['sara@localhost', 'no domain of mail', null],
    ['sara@example', 'no domain of mail', null],
    ['sara@[127.0.0.1]', 'no domain of mail', null],
    ['sara@127.0.0.1', 'no domain of mail', null],
    ['sara@example..com', 'no domain of mail', 'sara@example.com'],
    ['sara@exam ple.com', 'no domain of mail', 'sara@example.com'],
    ['sara@example,com', 'no domain of mail', null],
    ['sara.@example.com', 'cannot stand before the @', null],
    ['sa..ra@example.com', 'cannot stand before the @', null],
    ['sara@example.com, reza@example.com', 'more than one address', null],
    ['sara example@example.com', 'more than one address', null],
    [`${'a'.repeat(400)}@example.com`, 'at most 320', null],
  ])('%s is refused with what is wrong', (text, words, suggestion) => {
    const read = readEmail(text);
    expect([text, read]).toEqual([text, { ok: false, message: expect.stringContaining(words), suggestion }]);
  });
});
