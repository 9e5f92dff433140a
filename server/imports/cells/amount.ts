import { decimalsOf } from '../../../shared/record.ts';
import { asciiDigits } from '../../../shared/text/normalise.ts';
import { type Cell, wrong } from './cell.ts';

const rial = /(ریال|ريال|﷼|rials?|irr)/giu;
const toman = /(تومان|تومن|tomans?|irt)/giu;

/** Words after a number, and how many zeros they stand for. */
const scales: readonly [RegExp, number][] = [
  [/(?<=[\d٠-٩۰-۹]\s*)هزار$/u, 3],
  [/(?<=[\d٠-٩۰-۹]\s*)م[یي]?ل[یي]ون$/u, 6],
  [/(?<=[\d٠-٩۰-۹]\s*)م[یي]?ل[یي]ارد$/u, 9],
];

/**
 * Money as people write it, as an integer of the currency's smallest unit: Persian digits, thousands apart by commas (also «،»), ٬, dots,
 * spaces or apostrophes or said by a word («۱۲۵ هزار»), with a unit of its own or without.
 * @param options.unit what Iranian money is in when the cell does not say so itself
 */
export function readAmount(
  text: string,
  options: { currency: string; unit: 'rial' | 'toman' },
): Cell<number> {
  const { currency } = options;
  const iranian = currency === 'IRR';
  const example = iranian ? '12,500,000' : '1,250.00';
  const says = iranian ? (text.match(toman) ? 'toman' : text.match(rial) ? 'rial' : null) : null;
  const bare = (iranian ? text.replace(toman, '').replace(rial, '') : text.replaceAll(currency, ''))
    .replace(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .trim();
  const signed = /^\((.*)\)$/.exec(bare);
  const { number, zeros } = scaled((signed?.[1] ?? bare).trim());
  const plain = asciiDigits(number)
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/٫/g, '.')
    .replace(/[\s\u00A0\u202F٬'’_]/g, '')
    .replace(/^(.*)-$/, '-$1');
  const match = /^([+-]?)([\d.,،]+)$/.exec(plain);
  const digits = match?.[2];
  if (!digits) return wrong(`“${text.slice(0, 40)}” is no amount of money.`, `A number such as ${example}.`);
  // Before a word for thousands a dot may as well be of a fraction.
  const parts = splitNumber(digits, iranian && zeros === 0);
  if (!parts)
    return wrong(
      `It is not clear where the thousands of “${text.slice(0, 40)}” are and where its fraction is.`,
      `A number such as ${example}.`,
      { why: 'unclearThousands' },
    );
  const decimals = decimalsOf(currency);
  const factor = (says ?? options.unit) === 'toman' && iranian ? 10 : 1;
  const most = (factor === 10 ? 1 : decimals) + zeros;
  const fraction = parts.fraction.replace(/0+$/, '');
  if (fraction.length > most)
    return wrong(
      `“${text.slice(0, 40)}” has a fraction that ${currency} does not have.`,
      most ? `At most ${most} digits after the point.` : `A whole number such as ${example}.`,
      { why: 'fraction', most, currency },
    );
  const value = Number(parts.whole + fraction.padEnd(most, '0'));
  if (!Number.isSafeInteger(value) || value > 9e15)
    return wrong('It is more than can be kept.', 'At most 9,000,000,000,000,000 of the smallest unit.', {
      why: 'tooMuch',
    });
  const negative = match[1] === '-' || signed !== null;
  return { ok: true, value: negative && value ? -value : value };
}

/** «۱۲۵ هزار» is 125 and three zeros. */
function scaled(text: string): { number: string; zeros: number } {
  for (const [word, zeros] of scales) if (word.test(text)) return { number: text.replace(word, ''), zeros };
  return { number: text, zeros: 0 };
}

/** Which marks are of thousands, and which one is of the fraction; null where both could be. */
function splitNumber(text: string, iranian: boolean): { whole: string; fraction: string } | null {
  if (/^\d+$/.test(text)) return { whole: text, fraction: '' };
  const grouped = (mark: string) => new RegExp(`^\\d{1,3}(${mark}\\d{3})+$`);
  for (const mark of [',', '،'])
    if (grouped(mark).test(text)) return { whole: text.replaceAll(mark, ''), fraction: '' };
  // Rials have no fraction to speak of: a dot before three digits parts thousands.
  if (grouped('\\.').test(text) && (iranian || text.split('.').length > 2))
    return { whole: text.replaceAll('.', ''), fraction: '' };
  const point = /^(\d+|\d{1,3}(?:,\d{3})+)\.(\d*)$/.exec(text);
  if (point && !(grouped('\\.').test(text) && !iranian))
    return { whole: (point[1] ?? '').replaceAll(',', ''), fraction: point[2] ?? '' };
  const comma = /^(\d+|\d{1,3}(?:\.\d{3})+),(\d{1,2})$/.exec(text);
  if (comma) return { whole: (comma[1] ?? '').replaceAll('.', ''), fraction: comma[2] ?? '' };
  return null;
}

/** A number of pieces: not money. */
export function readQuantity(text: string): Cell<number> {
  const plain = asciiDigits(text)
    .replace(/٫/g, '.')
    .replace(/[\s٬,]/g, '');
  const value = Number(plain);
  if (/^\d+(\.\d+)?$/.test(plain) && value <= 1e9) return { ok: true, value };
  return wrong(`“${text.slice(0, 40)}” is no quantity.`, 'A number such as 3 or 1.5.');
}
