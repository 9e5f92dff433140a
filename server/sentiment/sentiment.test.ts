import { describe, expect, it } from 'vitest';
import { Sentiment, type SentimentLabel } from '../../shared/sentiment.ts';
import { productsFrom } from './products.ts';
import { sentimentOf } from './sentiment.ts';
import { mostRead } from './tokens.ts';

const of = (text: string, names: readonly string[] = []) => {
  const sentiment = sentimentOf(text, { products: productsFrom({ bought: names, searches: [] }) });
  if (!sentiment) throw new Error(`Nothing is made of "${text}".`);
  return sentiment;
};
const shown = (text: string) => of(text).words.map(({ at: [from, to] }) => text.slice(from, to));

describe('how a message is meant', () => {
  it.each<[string, SentimentLabel]>([
    ['کیفیتش عالی بود، خیلی ممنون', 'positive'],
    ['کیفیت خوب نیست', 'negative'],
    ['کيفيتش عالي بود، خيلي ممنون', 'positive'],
    ['عاااالی بود دمتون گرم', 'positive'],
    ['هیچ مشکلی نداشت', 'positive'],
    ['دیر رسید ولی خیلی راضی‌ام', 'positive'],
    ['رنگش قشنگه ولی دو روزه خراب شد', 'negative'],
    ['سه هفته‌ست منتظرم و کسی جواب نمیده', 'negative'],
    ['قیمت این مدل چنده؟', 'neutral'],
    ['سلام وقت بخیر', 'neutral'],
    ['The quality is excellent, thank you', 'positive'],
    ['It is not good at all', 'negative'],
    ['Oh great, another update that breaks everything', 'negative'],
    ['When will it ship?', 'neutral'],
    ['kheili aali bud, mersi', 'positive'],
    ['aslan khub nabud, pulamo pas bedid', 'negative'],
    ['😍', 'positive'],
    ['😡😡', 'negative'],
  ])('of "%s" is %s', (text, label) => {
    expect(of(text).label).toBe(label);
  });

  it('is nothing where nothing is said', () => {
    for (const text of [
      '',
      '  \n',
      'https://example.com/a?b=خوب',
      '۱۲۳۴۵ 67',
      '@support',
      'a@example.com',
      '...',
      '```code```',
    ])
      expect(sentimentOf(text), text).toBeNull();
  });

  it('is one of the contract’s, whatever comes in', () => {
    const strange = [
      '\uD83D',
      '\u200c\u200c',
      'ا'.repeat(5_000),
      'aaa '.repeat(5_000),
      '😍'.repeat(3_000),
      'ﷺ ﻻ',
      '((((((',
      '🏳️‍🌈🇮🇷',
      'ـــــ',
    ];
    for (const text of strange) {
      const sentiment = sentimentOf(text);
      if (sentiment) expect(() => Sentiment.parse(sentiment)).not.toThrow();
    }
  });

  it('has a score between its extremes and is as sure as its label is likely', () => {
    for (const text of ['عالی', 'بد', 'good', 'سفارشم کجاست؟']) {
      const { score, confidence } = of(text);
      expect(Math.abs(score)).toBeLessThanOrEqual(1);
      expect(confidence).toBeGreaterThanOrEqual(0.33);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });
});

describe('the language', () => {
  it.each([
    ['سفارشم نرسیده', 'fa'],
    ['این app خیلی slow شده', 'fa'],
    ['my order has not arrived', 'en'],
    ['sefaresham hanuz nareside chera javab nemidid', 'finglish'],
    ['Спасибо большое', 'other'],
    ['أين طلبي من فضلك لم يصل المنتج', 'other'],
    ['👍', 'other'],
  ])('of "%s" is %s', (text, language) => {
    expect(of(text).language).toBe(language);
  });
});

describe('the words that made the score', () => {
  it('are where they stand in the text as it was written', () => {
    expect(shown('😀 سلام! کیفیتش افتضاحه 😡')).toContain('افتضاحه');
    expect(shown('گوشی نمی رسه')).toContain('نمی رسه');
    expect(shown('It was AMAZING, really')[0]).toBe('AMAZING');
  });

  it('are eight at the most, the weightiest first, none outside what was read', () => {
    const text = 'bad terrible awful good excellent '.repeat(200);
    const { words } = of(text);
    expect(words.length).toBe(8);
    const sizes = words.map(({ weight }) => Math.abs(weight));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    for (const { at } of words) expect(at[1]).toBeLessThanOrEqual(mostRead);
  });

  it('weigh to the side they speak for', () => {
    const { words } = of('این گوشی عالی است');
    expect(words[0]?.weight).toBeGreaterThan(0);
    expect(of('این گوشی افتضاح است').words[0]?.weight).toBeLessThan(0);
  });
});

describe('what it is about', () => {
  it('is told clause by clause', () => {
    expect(of('ارسال سریع بود ولی کیفیت پارچه افتضاحه').about).toEqual([
      { aspect: 'delivery', product: null, label: 'positive' },
      { aspect: 'quality', product: null, label: 'negative' },
    ]);
  });

  it('is a product by the name the organisation gives it, however its letters are written', () => {
    expect(of('كيف چرمي‌ش عالیه', ['کیف چرمی']).about).toContainEqual({
      aspect: null,
      product: 'کیف چرمی',
      label: 'positive',
    });
    expect(of('The price of the blue kettle is terrible', ['Blue Kettle']).about).toEqual([
      { aspect: 'price', product: 'Blue Kettle', label: 'negative' },
    ]);
    for (const [said, name] of [
      ['قهوهساز k30 عالیه', 'قهوه‌ساز K30'],
      ['کتری برقی ۱.۷ لیتری رو دوست دارم', 'کتری برقی 1.7 لیتری'],
      ['I love the k30 coffee maker', 'K30 Coffee Maker'],
    ] as const)
      expect(of(said, [name]).about.map(({ product }) => product)).toEqual([name]);
    expect(of('I love the k31 coffee maker', ['K30 Coffee Maker']).about).toEqual([]);
    expect(of('سلام وقت بخیر', ['کیف چرمی']).about).toEqual([]);
  });

  describe('by a saved search for a product', () => {
    const product = (terms: string[], exclude: string[] = [], bought: string[] = []) =>
      productsFrom({ bought, searches: [{ name: 'P', terms, exclude }] });
    const about = (text: string, products: ReturnType<typeof product>) => [
      ...new Set(sentimentOf(text, { products })?.about.flatMap((one) => one.product ?? [])),
    ];

    it('shares its name with the bought titles that it finds', () => {
      const products = product(['K30'], ['K30 mini'], ['قهوه‌ساز K30 نقره‌ای', 'کیف چرمی', 'K30 mini']);
      expect(products.map(({ name, titles }) => [name, titles])).toEqual([
        ['P', ['قهوه‌ساز K30 نقره‌ای']],
        ['کیف چرمی', ['کیف چرمی']],
        ['K30 mini', ['K30 mini']],
      ]);
      expect(about('قهوه‌ساز K30 نقره‌ای خراب شد', products)).toEqual(['P']);
      expect(about('the K30 mini is great', products)).toEqual(['K30 mini']);
    });

    it.each<[string, string, boolean]>([
      ['K30', 'I love my k30!', true],
      ['#مهتاب_K30', 'عاشقشم #مهتاب_k30', true],
      ['@mahtab', '@mahtab عالی است', true],
      ['@mahtab', 'info@mahtab.example عالی است', false],
      ['mahtab maker', 'the Mahtab maker is great', true],
      ['mahtab maker', 'the Mahtab people love every maker', false],
      ['گوشی', 'گوشی‌تون عالیه', true],
      ['گوشی', 'گوشیتون عالیه', true],
      ['phone', 'Mahtab phones are great', true],
      ['کیف', 'این کیف عالیه', true],
      ['bag', 'I love this bag', true],
      ['قهوه‌ساز مهتاب', 'قهوه ساز مهتاب عالیه', true],
      ['قهوه ساز مهتاب', 'قهوه‌ساز مهتاب عالیه', true],
      ['K30', 'the K31 is great', false],
    ])('finds %s in "%s": %s', (term, text, found) => {
      expect(about(text, product([term]))).toEqual(found ? ['P'] : []);
    });

    it('names nothing that has one of the words it leaves out', () => {
      const products = product(['گوشی'], ['سامسونگ'], ['گوشی ماه']);
      expect(about('گوشی ماه عالیه', products)).toEqual(['P']);
      expect(about('گوشی سامسونگ عالیه', products)).toEqual([]);
    });

    it('hears how each clause speaks of it', () => {
      expect(
        sentimentOf('The delivery was awful but I love the phone', { products: product(['phone']) }),
      ).toMatchObject({
        about: [
          { product: null, label: 'negative' },
          { product: 'P', label: 'positive' },
        ],
      });
    });
  });
});
