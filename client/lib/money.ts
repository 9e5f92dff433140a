import { decimalsOf } from '../../shared/record.ts';
import type { Preferences } from '../../shared/user.ts';

type Language = Preferences['language'];

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(language: Language, currency: string): Intl.NumberFormat {
  const id = `${language} ${currency}`;
  let known = formatters.get(id);
  if (!known) {
    const digits = currency === 'toman' ? 0 : decimalsOf(currency);
    known = new Intl.NumberFormat(language === 'fa' ? 'fa-IR' : 'en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formatters.set(id, known);
  }
  return known;
}

const units: Record<Language, Record<string, string>> = {
  fa: { toman: 'تومان', IRR: 'ریال', USD: 'دلار', EUR: 'یورو', AED: 'درهم', TRY: 'لیر' },
  en: { toman: 'tomans', IRR: 'rials' },
};

/**
 * An amount with its unit. Money of Iran is kept in rials and spoken of in tomans, unless that would lose a rial.
 * @param amount whole, in the smallest unit of the currency
 */
export function money(
  language: Language,
  { amount, currency }: { amount: number; currency: string },
): string {
  const toman = currency === 'IRR' && amount % 10 === 0;
  const unit = toman ? 'toman' : currency;
  const value = toman ? amount / 10 : amount / 10 ** decimalsOf(currency);
  return `${formatter(language, unit).format(value)} ${units[language]?.[unit] ?? currency}`;
}
