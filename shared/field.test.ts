import { describe, expect, it } from 'vitest';
import { valueFromText } from './field.text.ts';
import { type FieldType, isDate, NotAValue } from './field.ts';

const options = [
  { id: 'o1', name: 'طلایی', archived: false },
  { id: 'o2', name: 'Silver', archived: false },
  { id: 'o3', name: 'کهنه', archived: true },
];
const read = (type: FieldType, text: string) =>
  valueFromText({ type, options }, text, (day) => (day === '۱۴۰۳/۱/۱' ? '2024-03-20' : null));

describe('a field’s value out of a cell', () => {
  it.each<[FieldType, string, unknown]>([
    ['text', '  سلام ', 'سلام'],
    ['text', '   ', null],
    ['number', '12', 12],
    ['number', '۱۲٫۵', 12.5],
    ['number', '۱٬۲۰۰٬۰۰۰', 1_200_000],
    ['number', '1,200,000', 1_200_000],
    ['number', '-3', -3],
    ['date', '۱۴۰۳/۱/۱', '2024-03-20'],
    ['date', '2024-03-20', '2024-03-20'],
    ['yesNo', 'بله', true],
    ['yesNo', 'بلي', true],
    ['yesNo', 'خير', false],
    ['yesNo', 'No', false],
    ['yesNo', '۱', true],
    ['choice', 'طلائی', 'o1'],
    ['choice', 'silver', 'o2'],
    ['choice', 'o3', 'o3'],
    ['choices', 'طلایی، Silver', ['o1', 'o2']],
    ['choices', 'silver; silver', ['o2']],
    ['link', 'https://example.com', 'https://example.com/'],
    ['number', '', null],
  ])('%s “%s” is %j', (type, text, value) => {
    expect(read(type, text)).toEqual(value);
  });

  it.each<[FieldType, string, RegExp]>([
    ['number', 'دوازده', /a number/],
    ['number', '1.2.3', /a number/],
    ['date', 'فردا', /YYYY-MM-DD/],
    ['yesNo', 'شاید', /yes or no/],
    ['choice', 'برنزی', /one of: طلایی, Silver\./],
    ['choices', 'طلایی، برنزی', /one of/],
    ['link', 'example.com', /https/],
    ['text', 'x'.repeat(1_001), /1,000/],
  ])('%s “%s” is refused with what would be right', (type, text, sentence) => {
    expect(() => read(type, text)).toThrow(NotAValue);
    expect(() => read(type, text)).toThrow(sentence);
  });
});

it.each([
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['2024-13-01', false],
  ['1403-01-01', false],
  ['24-01-01', false],
  ['2024-1-1', false],
])('the day %s exists: %s', (day, exists) => {
  expect(isDate(day)).toBe(exists);
});
