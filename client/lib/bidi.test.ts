import { describe, expect, it } from 'vitest';
import { dirOf, isOnlyEmoji, plainName, tokenize } from './bidi.ts';

describe('the direction of a paragraph', () => {
  it.each([
    // Persian that begins with Latin
    ['Sure! کد رهگیری شما IR-998-221 است و تا فردا می‌رسد.', 'rtl'],
    ['@acme_shop سلام، کد تخفیف WINTER-20 کار نمی‌کند', 'rtl'],
    ['iPhone 15 Pro (256GB) چنده؟', 'rtl'],
    ['https://acme.ir/p/12?utm=ig کار نمی‌کند 😕', 'rtl'],
    ['سفارش #A-1290 هنوز نرسیده، لطفاً پیگیری کنید.', 'rtl'],
    ['(فوری) پرداخت شد ولی status هنوز pending است', 'rtl'],
    ['Price is 45,000,000 تومان — ok?', 'ltr'],
    ['sara.a@gmail.com ایمیل من است', 'rtl'],
    ['#تخفیف', 'rtl'],
    ['Order status: در حال ارسال', 'rtl'],
    // English with a little Persian
    ['Hi! Do you ship to شیراز? I need it before Friday afternoon.', 'ltr'],
    ['ok', 'ltr'],
  ])('%s is %s', (text, expected) => {
    expect(dirOf(text, expected === 'rtl' ? 'ltr' : 'rtl')).toBe(expected);
  });

  it.each(['', '👍👍', '123', '+98 912 123 4567', 'https://acme.ir', '...', 'IR-998-221'])(
    'without a word, %j takes the direction of the page',
    (text) => {
      expect(dirOf(text, 'rtl')).toBe('rtl');
      expect(dirOf(text, 'ltr')).toBe('ltr');
    },
  );
});

describe('tokens', () => {
  it.each([
    ['لینک: https://acme.ir/p/12?x=1&y=2 کار نمی‌کند (error 500)', [['url', 'https://acme.ir/p/12?x=1&y=2']]],
    ['ببینید (https://acme.ir/a).', [['url', 'https://acme.ir/a']]],
    ['https://en.wikipedia.org/wiki/Yek_(x)', [['url', 'https://en.wikipedia.org/wiki/Yek_(x)']]],
    ['به www.acme.ir، سپس', [['url', 'www.acme.ir']]],
    ['سایت acme.ir/shop را ببینید', [['url', 'acme.ir/shop']]],
    ['ایمیل sara.a@gmail.com است.', [['mail', 'sara.a@gmail.com']]],
    ['شماره‌ام +98 912 123 4567 است', [['phone', '+98 912 123 4567']]],
    ['09121234567', [['phone', '09121234567']]],
    ['۰۹۱۲۱۲۳۴۵۶۷ بنده هستم', [['phone', '۰۹۱۲۱۲۳۴۵۶۷']]],
    ['سلام @acme_shop.', [['mention', '@acme_shop']]],
    [
      '#تخفیف_ویژه و #sale',
      [
        ['hashtag', '#تخفیف_ویژه'],
        ['hashtag', '#sale'],
      ],
    ],
    [
      'سفارش #A-1290 و IR-998-221 و WINTER-20',
      [
        ['code', '#A-1290'],
        ['code', 'IR-998-221'],
        ['code', 'WINTER-20'],
      ],
    ],
    ['شماره #12345', [['code', '#12345']]],
  ])('of %s', (text, expected) => {
    const found = tokenize(text).filter((token) => token.kind !== 'text');
    expect(found.map(({ kind, text: own }) => [kind, own])).toEqual(expected);
  });

  it.each([
    ['dates', '1405/08/29 و ۱۴۰۵/۰۸/۲۹'],
    ['amounts', '45,000,000 تومان'],
    ['compound words', 'state-of-the-art e-mail'],
    ['file names', 'file.txt version 1.2.3'],
    ['times', 'ساعت 14:30'],
  ])('are not made of %s', (_, text) => {
    expect(tokenize(text)).toEqual([{ kind: 'text', text }]);
  });

  it('lead nowhere but to the web, a mailbox or a telephone', () => {
    expect(tokenize('javascript:alert(1) data:text/html,x').every((token) => !token.href)).toBe(true);
    expect(tokenize('www.acme.ir')[0]?.href).toBe('https://www.acme.ir');
    expect(tokenize('۰۹۱۲ ۱۲۳ ۴۵۶۷')[0]?.href).toBe('tel:09121234567');
    expect(tokenize('a@b.co')[0]?.href).toBe('mailto:a@b.co');
  });

  it('joined again are the text, whatever it is', () => {
    for (const text of [
      '',
      'a',
      'https://',
      '@',
      '#',
      'x@',
      'سلام https://a.ir. @b #c D-1 +98 912 123 4567!',
      'http://[bad',
      '\u202eabc',
    ])
      expect(
        tokenize(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text);
  });

  it('of a long hostile text are found in no time to speak of', () => {
    for (const text of [
      'a'.repeat(20_000),
      'a-'.repeat(10_000),
      '0 '.repeat(10_000),
      'a.'.repeat(10_000),
      '#'.repeat(20_000),
    ])
      expect(
        tokenize(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text);
  });
});

describe('names', () => {
  it('lose the signs that could disguise them and keep their half-space', () => {
    expect(plainName('gpj.\u202eexe')).toBe('gpj.exe');
    expect(plainName('\u200b\u200c \u2068\u2069')).toBe('');
    expect(plainName('👩‍👩‍👧‍👦')).toBe('👩‍👩‍👧‍👦');
    expect(plainName('  علی\u200cرضا   \u2067کریمی\u2069 ')).toBe('علی\u200cرضا کریمی');
  });
});

it('knows a message of emoji only', () => {
  expect(['👍👍', '🙏', '👩‍👩‍👧', '👍🏽'].map(isOnlyEmoji)).toEqual([true, true, true, true]);
  expect(['👍👍👍👍', 'ok 👍', '12', '', '#'].map(isOnlyEmoji)).toEqual([false, false, false, false, false]);
});
