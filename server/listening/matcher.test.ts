import { describe, expect, it } from 'vitest';
import { Draw } from '../../test/draw.ts';
import { seeded, seedsOf } from '../../test/random.ts';
import { hashtagsOf } from './hashtags.ts';
import { canBeFound, compileSearch, readText } from './matcher.ts';

interface Asked {
  terms: string[];
  exclude?: string[];
  excludeAuthors?: string[];
  kind?: 'brand' | 'hashtag' | 'keyword';
  channelIds?: 'all' | string[];
}

function finds(asked: Asked, text: string, by: { handle?: string; channelId?: string } = {}): boolean {
  const { matches } = compileSearch({
    kind: 'keyword',
    exclude: [],
    excludeAuthors: [],
    channelIds: 'all',
    ...asked,
  });
  return matches({
    channelId: by.channelId ?? 'one',
    handle: by.handle ?? '@somebody',
    text: readText(text),
  });
}

describe('a term', () => {
  const cases: [term: string, text: string, found: boolean][] = [
    // Words, in both scripts, however they are typed.
    ['نارون', 'گوشی نارون خریدم', true],
    ['نارون', 'گوشی ناروند خریدم', false],
    ['نارون', 'نارونی‌ها', false],
    ['کتاب', 'كتاب خوب', true],
    ['گوشی', 'گوشی‌ها گران شدند', true],
    ['گوشی', 'گوشیها گران شدند', true],
    ['گوشی', 'گوشیهای تازه', true],
    ['گوش', 'گوشی تازه', false],
    ['مسئول', 'مسؤول فروش', true],
    ['Elm', 'I bought an ELM phone.', true],
    ['elm', 'overwhelm', false],
    ['elm', "Elm's new phone", true],
    ['café', 'the cafe is closed', true],
    // In its plural, and with whose it is.
    ['phone', 'Your PHONES are late', true],
    ['phone', "my phone's screen", true],
    ['phone', 'all phones’ screens', true],
    ['phone', 'phonetic', false],
    ['phone', 'phonesque', false],
    ['phones', 'a phone', false],
    ['box', 'two boxes came', true],
    ['box', 'boxs', false],
    ['battery', 'Batteries die', true],
    ['battery', 'batterys', false],
    ['toy', 'toys', true],
    ['as', 'asses', false],
    ['power bank', 'Power banks, all of them', true],
    ['power bank', 'powers bank', false],
    ['power bank', 'power bankers', false],
    ['power bank', 'powerbanks', true],
    ['خانه‌ی', 'خانهٔ ما', true],
    // Joined with a half-space, written as one, apart.
    ['پیش‌نویس', 'پیشنویس را دیدم', true],
    ['پیشنویس', 'پیش‌نویس را دیدم', true],
    ['می‌خرم', 'می خرم', true],
    ['wi-fi', 'the wifi is slow', true],
    ['wifi', 'the wi-fi is slow', true],
    // Phrases.
    ['نارون پلاس', 'گوشی نارون پلاس', true],
    ['نارون پلاس', 'پلاس نارون', false],
    ['نارون پلاس', 'نارون، پلاس', false],
    ['نارون پلاس', 'نارون‌پلاس رسید', true],
    ['نارون پلاس', '#نارون_پلاس رسید', true],
    ['elm plus', 'the Elm  Plus is here', true],
    ['elm plus', 'elm and plus', false],
    ['elm plus', '#ElmPlus', true],
    ['elm 15', 'elm ۱۵ is out', true],
    ['elm15', 'elm15', true],
    // Hashtags, in every spelling.
    ['#بلک_فرایدی', 'تخفیف #بلک‌فرایدی شروع شد', true],
    ['#بلک فرایدی', 'تخفیف #بلک_فرایدی شروع شد', true],
    ['#بلک_فرایدی', 'بلک فرایدی شروع شد', false],
    ['#elm', 'my #ELM!', true],
    ['#elm', 'elm', false],
    ['#elm', 'see page.html#elm', false],
    ['#elm', '#elmtree', false],
    // Names with their @.
    ['@narvan_ir', 'سلام @Narvan_IR چرا جواب نمی‌دهید', true],
    ['@narvan_ir', 'narvan_ir', false],
    ['@narvan', '@narvan_ir', false],
    ['@narvan', 'mail a@narvan', false],
    ['@narvan', 'hello @narvan.', true],
  ];
  it.each(cases)('%s in “%s”: %s', (term, text, found) => {
    expect(finds({ terms: [term] }, text)).toBe(found);
  });

  // What people join to a name: whose it is, «را», «است».
  const joined: [term: string, text: string, found: boolean][] = [
    ['پاوربانک', 'پاوربانکتون داغ میشه', true],
    ['پاوربانک', 'این پاوربانکم خراب شد', true],
    ['پاوربانک', 'پاوربانکش', true],
    ['پاوربانک', 'پاوربانکت', true],
    ['پاوربانک', 'پاوربانکو پس دادم', true],
    ['پاوربانک', 'این که پاوربانکه', true],
    ['پاوربانک', 'پاوربانکمون', true],
    ['پاوربانک', 'پاوربانکشون', true],
    ['پاوربانک', 'پاوربانکمان پاوربانکتان', true],
    ['پاوربانک', 'پاوربانکشان', true],
    ['پاوربانک', 'پاوربانک‌تون داغ میشه', true],
    ['پاوربانک', 'پاوربانک‌ام', true],
    ['پاوربانک', 'پاوربانكم', true],
    ['نارون', 'نارونه', true],
    ['گوشی', 'گوشیم شکست', true],
    ['گوشی', 'گوشیاش', true],
    ['گوشی', 'گوشیات', true],
    ['گوشی', 'گوشیهام', true],
    ['گوشی', 'گوشیهامون', true],
    ['گوشی', 'گوشیهاتان', true],
    ['گوشی', 'گوشی‌هاشون', true],
    ['گوشی', 'گوشیهاو', true],
    ['پاور بانک', 'پاور بانکم داغ میشه', true],
    ['پاور بانک', 'پاوربانکتون', true],
    ['پاور بانک', 'پاورم بانک', false],
    ['پیش‌نویس', 'پیش‌نویسم کجاست', true],
    ['پیشنویس', 'پیش نویستون', true],
    // Other words.
    ['نارون', 'نارونی', false],
    ['نارون', 'نارونستان', false],
    ['نارون', 'نارونمند', false],
    ['گوشی', 'خوشگوشیم', false],
    ['گوش', 'گوشی گوشت گوشه گوشم', false],
    ['کار', 'کارت کارش کاره', false],
    ['سلام', 'سلامت باشید', false],
    ['سلام', 'سلامم را برسانید', true],
    ['کتاب', 'کتابت', false],
    ['کتاب', 'کتابتون کتابو', true],
    ['مدرس', 'مدرسه', false],
    ['جامع', 'جامعه', false],
    ['ساخت', 'ساختمان', false],
    ['نگار', 'نگارش', false],
    ['نگار', 'نگارم', true],
    ['سامان', 'سامانه', false],
    ['سامان', 'سامانم', true],
    ['انتخاب', 'انتخابات', false],
    ['تراز', 'ترازو', false],
    ['بانکی', 'بانک', false],
    ['elm', 'elmم', false],
  ];
  it.each(joined)('%s in “%s”: %s, and leaves out the same', (term, text, found) => {
    expect(finds({ terms: [term] }, text)).toBe(found);
    expect(finds({ terms: ['کالا'], exclude: [term] }, `کالا، ${text}`)).toBe(!found);
  });

  it('is no news in any of its forms', () => {
    const { own } = compileSearch({
      kind: 'product',
      terms: ['پاور بانک', '#شارژ'],
      exclude: [],
      excludeAuthors: [],
      channelIds: 'all',
    });
    expect(['پاور', 'بانک', 'بانکم', 'پاوربانکتون', 'شارژ'].filter((word) => !own.has(word))).toEqual([]);
    expect(['بانکی', 'داغ', 'شارژم'].filter((word) => own.has(word))).toEqual([]);
  });

  it('of a search for a hashtag is one with and without its #', () => {
    for (const term of ['#نارون', 'نارون']) {
      expect(finds({ kind: 'hashtag', terms: [term] }, '#نارون')).toBe(true);
      expect(finds({ kind: 'hashtag', terms: [term] }, 'نارون')).toBe(false);
    }
  });

  it('without a letter or a digit is none', () => {
    expect(canBeFound('…', 'keyword')).toBe(false);
    expect(canBeFound('#', 'keyword')).toBe(false);
    expect(canBeFound('@', 'keyword')).toBe(false);
    expect(canBeFound('۱۵', 'keyword')).toBe(true);
    expect(finds({ terms: ['!'] }, '!')).toBe(false);
  });
});

describe('a search', () => {
  it('finds any of its terms and none of what it excludes', () => {
    const asked = { terms: ['نارون', 'elm'], exclude: ['درخت', 'elm street'] };
    expect(finds(asked, 'نارون خوب است')).toBe(true);
    expect(finds(asked, 'an elm')).toBe(true);
    expect(finds(asked, 'درخت نارون')).toBe(false);
    expect(finds(asked, 'درخت‌های نارون')).toBe(false);
    expect(finds(asked, 'A nightmare on Elm Street')).toBe(false);
    expect(finds(asked, 'elm is a street')).toBe(true);
  });

  it('leaves out what some people say, and other channels', () => {
    const asked = { terms: ['elm'], excludeAuthors: ['@Elm_Shop'], channelIds: ['one'] };
    expect(finds(asked, 'elm', { handle: 'elm_shop' })).toBe(false);
    expect(finds(asked, 'elm', { handle: '@ELM_shop' })).toBe(false);
    expect(finds(asked, 'elm', { handle: '@elm_shopper' })).toBe(true);
    expect(finds(asked, 'elm', { channelId: 'two' })).toBe(false);
  });
});

it('hashtags are listed folded, once, without their #', () => {
  expect(hashtagsOf('#نارون #نارون #Elm_Plus, #بلک‌فرایدی #1 a#b ＃۲۰۲۴ #_x_')).toEqual([
    'نارون',
    'elm_plus',
    'بلک_فرایدی',
    'x',
  ]);
});

describe('whatever is written', () => {
  const letters = [...'ابپتسشفقکگلمنeioklrt'];
  const seeds = seedsOf('MATCHER', 300);
  class Words extends Draw {
    word = () => this.some([3, 7], () => this.one(letters)).join('');
    text = (words: readonly string[]) => words.join(this.one([' ', '  ', '، ', '. ', '\n']));
  }
  const each = (play: (draw: Words) => void) => {
    for (let seed = seeds.first; seed <= seeds.last; seed += 1) play(new Words(seeded(seed)));
  };

  it('a word is found exactly where it stands, in any case and with any marks', () => {
    each((draw) => {
      const words = draw.some([1, 9], draw.word);
      const term = draw.chance(0.5) ? draw.one(words) : draw.word();
      const loud = draw.text(words.map((word) => (draw.chance(0.5) ? word.toUpperCase() : `${word}\u064E`)));
      const ended = /^[ا-ی]{4,}$/.test(term) ? '|م|ت|ش|[متش]ان|ام|ات|اش' : '';
      const bare = words.some((word) => new RegExp(`^${term}(?:${ended})$`).test(word));
      expect(finds({ terms: [term] }, loud), `${term} in ${loud}`).toBe(bare);
    });
  });

  it('a phrase is found in all its spellings, a hashtag in all of its own', () => {
    each((draw) => {
      const parts = draw.some([2, 3], draw.word);
      const [before, after] = [draw.word(), draw.word()];
      const spelt = parts.join(draw.one([' ', '\u200C', '_', '']));
      for (const asked of [parts.join(' '), parts.join('\u200C')])
        expect(finds({ terms: [asked] }, `${before} ${spelt} ${after}`), `${asked} as ${spelt}`).toBe(true);
      const tag = `#${parts.join(draw.one(['_', '\u200C', '']))}`;
      expect(
        finds({ terms: [`#${parts.join(draw.one([' ', '_', '\u200C', '']))}`] }, `${before} ${tag}`),
      ).toBe(true);
    });
  });

  it('more terms find no less, more exclusions no more, and their order is nothing', () => {
    each((draw) => {
      const words = draw.some([1, 8], draw.word);
      const text = draw.text(words);
      const terms = draw.some([1, 4], () => (draw.chance(0.4) ? draw.one(words) : draw.word()));
      const exclude = draw.some([0, 3], () => (draw.chance(0.3) ? draw.one(words) : draw.word()));
      const found = finds({ terms, exclude }, text);
      expect(finds({ terms: [...terms].reverse(), exclude: [...exclude].reverse() }, text)).toBe(found);
      if (found) {
        expect(finds({ terms: [...terms, draw.word()], exclude }, text)).toBe(true);
        expect(finds({ terms, exclude: exclude.slice(1) }, text)).toBe(true);
        expect(finds({ terms, exclude: [...exclude, ...words] }, text)).toBe(false);
      }
    });
  });
});
