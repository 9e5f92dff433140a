import { checkedValue, type Field, type FieldValue, NotAValue } from './field.ts';
import { asciiDigits, normalise } from './text/normalise.ts';

const yes = new Set(['بله', 'بلی', 'اری', 'دارد', 'هست', 'درست', 'yes', 'y', 'true', '1']);
const no = new Set(['نه', 'خیر', 'ندارد', 'نیست', 'نادرست', 'no', 'n', 'false', '0']);

/**
 * A field's value out of a cell of a table or another plain text: digits of any script, options by their names, several of them with
 * commas between.
 * @param day reads a day as people write it, in whatever calendar, and gives `YYYY-MM-DD` or null
 * @returns null for an empty text
 * @throws NotAValue with a sentence that says what would be right
 */
export function valueFromText(
  field: Pick<Field, 'type' | 'options'>,
  text: string,
  day: (text: string) => string | null,
): FieldValue | null {
  const plain = text.trim();
  if (!plain) return null;
  switch (field.type) {
    case 'number':
      return checkedValue(field, numberOf(plain));
    case 'date':
      return checkedValue(field, day(plain) ?? plain);
    case 'yesNo': {
      const word = normalise(plain);
      if (yes.has(word) || no.has(word)) return yes.has(word);
      throw new NotAValue('Must be yes or no (بله، خیر، yes, no, 1, 0).');
    }
    case 'choice':
      return checkedValue(field, optionNamed(field, plain));
    case 'choices':
      return checkedValue(
        field,
        plain
          .split(/[,،;؛|\n]/)
          .map((one) => one.trim())
          .filter(Boolean)
          .map((one) => optionNamed(field, one)),
      );
    case 'text':
    case 'link':
      return checkedValue(field, plain);
  }
}

/** Thousands may be set apart by commas, also Persian ones. */
function numberOf(text: string): number | string {
  const digits = asciiDigits(text)
    .replace(/٫/g, '.')
    .replace(/[\s٬،,](?=\d{3}(\D|$))/g, '');
  return /^[-+]?\d+(\.\d+)?$/.test(digits) ? Number(digits) : text;
}

function optionNamed(field: Pick<Field, 'options'>, name: string): string {
  const wanted = normalise(name);
  return field.options.find((one) => one.id === name || normalise(one.name) === wanted)?.id ?? name;
}
