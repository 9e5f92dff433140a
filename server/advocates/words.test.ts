import { describe, expect, it } from 'vitest';
import type { Sentiment } from '../../shared/sentiment.ts';
import { evidenceOf, type Word } from './heard.ts';
import {
  isAnswer,
  isCourtesy,
  isQuestion,
  isRecommendation,
  isTestimonial,
  isThanks,
  sentenceOf,
} from './words.ts';

describe('a recommendation', () => {
  it.each([
    'این گوشی رو به همه پیشنهاد می‌کنم',
    'پیشنهاد میکنم حتما امتحانش کنید',
    'من که راضی بودم، توصیه می‌کنیم',
    'حتماً بخرید، ارزشش رو داره',
    'حتما از این بگیرید',
    'شک نکنید، عالیه',
    'به دوستام معرفی کردم',
    'شدیدا پیشنهاد می‌شود',
    'I would recommend it to anyone',
    'Highly recommended!',
    "I'd definitely recommend this kettle",
    'You should buy it before it is gone',
    'Worth every penny.',
    'kheili khoobe, pishnahad mikonam',
    'hatman bekharid',
  ])('is heard in: %s', (text) => expect(isRecommendation(text)).toBe(true));

  it.each([
    'اصلاً پیشنهاد نمی‌کنم',
    'به هیچ وجه پیشنهاد نمی‌کنم بخرید',
    'شما چی پیشنهاد می‌کنید؟',
    'پیشنهاد شما چیه؟',
    'توصیه نمی‌کنم',
    "I don't recommend it",
    'I would never recommend this to anyone',
    'What would you recommend?',
    'Can you recommend a shop?',
    'You should never buy it',
    'My recommendation letter is attached',
    'سلام، سفارش من کجاست؟',
  ])('is none in: %s', (text) => expect(isRecommendation(text)).toBe(false));
});

it('a testimonial is long and lived through', () => {
  const fa =
    'من سه ماه پیش این کتری را خریدم و هر روز استفاده می‌کنم. هنوز مثل روز اول کار می‌کند، صدایش کم است و پشتیبانی هم هر بار زود جواب داد.';
  const en =
    'I bought this kettle three months ago and have used it every single day since. It is quiet, quick, and looks as good as on the first day.';
  expect(isTestimonial(fa)).toBe(true);
  expect(isTestimonial(en)).toBe(true);
  expect(isTestimonial('خریدم، عالی بود')).toBe(false);
  expect(isTestimonial(`The kettle is quiet ${'and quick '.repeat(20)}`)).toBe(false);
});

it('thanks, questions, courtesies and answers are told apart', () => {
  for (const text of ['ممنونم', 'دمت گرم حل شد', 'thanks a lot, it worked', 'mersi', 'متشکرم از راهنمایی'])
    expect(isThanks(text), text).toBe(true);
  for (const text of ['کتری کار نمی‌کند', 'حلقه شد', 'the thankless task'])
    expect(isThanks(text), text).toBe(false);
  for (const text of [
    'چطور روشنش کنم',
    'کسی می‌دونه کجا بخرم',
    'how do I reset it',
    'Is it quiet?',
    'chetor reset konam',
  ])
    expect(isQuestion(text), text).toBe(true);
  for (const text of ['روشنش کردم', 'it is quiet']) expect(isQuestion(text), text).toBe(false);
  expect(isCourtesy('ممنون از شما')).toBe(true);
  expect(isCourtesy('ممنون بابت کتری عالی‌تان')).toBe(false);
  expect(isAnswer('@sara دکمه را پنج ثانیه نگه دارید')).toBe(true);
  for (const text of ['@sara', 'منم همین سؤال رو دارم؟', 'ممنون از راهنمایی شما', 'خوبه'])
    expect(isAnswer(text), text).toBe(false);
});

it('an excerpt is the sentence that counts, short and whole', () => {
  const text = 'سلام. کتری را دیروز گرفتم! به همه پیشنهاد می‌کنم. ممنون';
  expect(sentenceOf(text, isRecommendation)).toBe('به همه پیشنهاد می‌کنم.');
  expect(sentenceOf('nothing of it fits', isRecommendation)).toBe('nothing of it fits');
  const long = sentenceOf(`${'word '.repeat(200)}`, () => true);
  expect(long.length).toBeLessThanOrEqual(281);
  expect(long.endsWith('word…')).toBe(true);
});

describe('what one word counts for', () => {
  const feeling = (label: Sentiment['label'], more: Partial<Sentiment> = {}): Sentiment => ({
    label,
    score: label === 'positive' ? 0.9 : label === 'negative' ? -0.9 : 0,
    confidence: 0.9,
    language: 'en',
    about: [],
    words: [],
    by: 'model',
    byUserId: null,
    ...more,
  });
  const word = (text: string, more: Partial<Word> = {}): Word => ({
    customerId: '1',
    source: 'message',
    sourceId: 'm:1',
    authorId: 'xUser:1',
    channelId: 'c',
    conversationId: 'k',
    postId: null,
    url: null,
    public: false,
    at: new Date(0),
    text,
    sentiment: feeling('positive'),
    answers: null,
    ...more,
  });
  const parts = (one: Word) => evidenceOf(one).map(({ part, weight }) => [part, weight]);

  it('praise is sure, and counts for more in public', () => {
    expect(parts(word('The kettle is wonderful, so quiet'))).toEqual([['praise', 0.9]]);
    expect(parts(word('The kettle is wonderful, so quiet', { public: true }))).toEqual([['praise', 1.35]]);
    expect(parts(word('wonderful', { sentiment: feeling('positive', { confidence: 0.5 }) }))).toEqual([]);
    expect(
      parts(word('wonderful', { sentiment: feeling('positive', { confidence: 0.5, by: 'agent' }) })),
    ).toEqual([['praise', 1]]);
    expect(parts(word('thank you very'))).toEqual([]);
    expect(parts(word('it is here', { sentiment: null }))).toEqual([]);
  });

  it('a recommendation needs no model, and a warning is none', () => {
    expect(parts(word('I recommend it to anyone', { sentiment: null }))).toEqual([['recommendation', 1]]);
    expect(parts(word('I recommend it, not!', { sentiment: feeling('negative') }))).toEqual([
      ['criticism', 0.9],
    ]);
  });

  it('help is an answer to another; thanks double it', () => {
    const answer = word('Hold the button for five seconds', {
      sentiment: feeling('neutral'),
      public: true,
      answers: { thanked: false },
    });
    expect(parts(answer)).toEqual([['help', 1]]);
    expect(parts({ ...answer, answers: { thanked: true } })).toEqual([['help', 2]]);
    // In a group to which one is invited somebody is helped all the same.
    expect(parts({ ...answer, public: false })).toEqual([['help', 1]]);
    expect(parts({ ...answer, answers: null })).toEqual([]);
    expect(parts({ ...answer, text: 'me too?' })).toEqual([]);
  });

  it('names the products that it speaks well of, and shows the sentence', () => {
    const text = 'Hello there. The kettle is wonderful. Bye';
    const [one] = evidenceOf(
      word(text, {
        sentiment: feeling('positive', {
          about: [
            { aspect: null, product: 'Kettle', label: 'positive' },
            { aspect: null, product: 'Toaster', label: 'negative' },
            { aspect: 'price', product: null, label: 'positive' },
          ],
          words: [{ at: [text.indexOf('wonderful'), text.indexOf('wonderful') + 9], weight: 2 }],
        }),
      }),
    );
    expect(one).toMatchObject({
      excerpt: 'The kettle is wonderful.',
      products: ['Kettle'],
      _id: '1:praise:m%3A1',
    });
  });
});
