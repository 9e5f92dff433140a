import type { Preferences } from '../../shared/user.ts';
import { catalogs, type Desk } from './desk.ts';

/** Whatever people wrote and named is in one language: what is left in another is a fault of ours. */
export const worlds = {
  fa: {
    admin: 'نگار مهربان',
    channels: {
      sms: 'پیامک',
      email: 'ایمیل',
      telegram: 'تلگرام',
      bale: 'بله',
      webchat: 'چت آنلاین',
      x: 'ایکس',
      instagram: 'اینستاگرام',
      messenger: 'مسنجر',
      whatsapp: 'واتساپ',
      phone: 'تلفن',
    } as Record<string, string>,
    customer: 'سارا احمدی',
    question: 'سلام، سفارش من کجاست؟',
    answer: 'فردا می‌رسد.',
  },
  en: {
    admin: 'Admin Example',
    channels: {
      sms: 'Text messages',
      email: 'E-mail desk',
      telegram: 'Telegram shop',
      bale: 'Bale shop',
      webchat: 'Web chat',
      x: 'X account',
      instagram: 'Instagram shop',
      messenger: 'Messenger desk',
      whatsapp: 'WhatsApp line',
      phone: 'Telephone',
    } as Record<string, string>,
    customer: 'Daniel Brooks',
    question: 'Hello, where is my order?',
    answer: 'It arrives tomorrow.',
  },
};

/**
 * What a person can see, hear or point at and what is written in the other script. Not looked at: names of keys, codes,
 * addresses and numbers (always left to right), and what says itself to be of another language.
 */
export async function foreign(desk: Desk, language: Preferences['language']): Promise<string[]> {
  return desk.page.evaluate((own) => {
    const other = own === 'en' ? /[\u0600-\u06ff]/ : /[A-Za-z]{2,}/;
    const apart = `kbd, code, pre, script, style, [lang]:not(html):not([lang="${own}"])`;
    const found = new Set<string>();
    const strange = (text: string | null | undefined) =>
      other.test(
        (text ?? '')
          // An address in a sentence, isolated left to right.
          .replace(/\u2066[^\u2069]*\u2069/g, '')
          // A place in a text, as the program reads it.
          .replace(/\{[a-z]+\}/g, '')
          .replace(/\b(Ctrl|Alt|Shift|Enter|Esc|API|OpenAPI)\b/g, ''),
      );
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node as HTMLElement;
      if (element.closest(apart) || element.closest('bdi[dir="ltr"], .ltr')) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'])
        if (strange(element.getAttribute(name))) found.add(`${name}: ${element.getAttribute(name)}`);
      for (const child of element.childNodes)
        if (child.nodeType === Node.TEXT_NODE && strange(child.textContent))
          found.add(`text: ${child.textContent}`);
    }
    return [...found];
  }, language);
}

/** Sentences that name the other language in that language, so that whoever reads only it finds it. */
export const expected = (language: Preferences['language']) =>
  new Set([`text: ${catalogs[language].rail.switchLanguage}`]);
