import { describe, expect, it } from 'vitest';
import { readAmount, readQuantity } from './amount.ts';
import { readDay, readMoment } from './date.ts';
import { readStatus } from './status.ts';

const said = <T>(cell: { ok: true; value: T } | { ok: false; code: string }) =>
  cell.ok ? cell.value : cell.code;

describe('an amount in a cell', () => {
  it.each([
    ['12500000', 12_500_000],
    ['12,500,000', 12_500_000],
    ['۱۲٬۵۰۰٬۰۰۰', 12_500_000],
    ['١٢٬٥٠٠٬٠٠٠', 12_500_000],
    ['12.500.000', 12_500_000],
    ['12 500 000', 12_500_000],
    ["12'500'000", 12_500_000],
    ['۱۲٬۵۰۰٬۰۰۰ ریال', 12_500_000],
    ['1,250,000 تومان', 12_500_000],
    ['۱۲۵۰۰۰۰تومن', 12_500_000],
    ['1250000 Toman', 12_500_000],
    ['IRR 500', 500],
    ['0', 0],
    ['-500', -500],
    ['500-', -500],
    ['(500)', -500],
    ['+500', 500],
    ['500.00', 500],
    ['500.5', 'malformed'],
    ['2.5 تومان', 25],
    ['۱۲،۵۰۰', 12_500],
    ['۱۲،۵۰۰،۰۰۰ ریال', 12_500_000],
    ['۱۲،۵۰', 'malformed'],
    ['۱۲۵ هزار تومان', 1_250_000],
    ['125 هزار', 125_000],
    ['۱۲۵هزارتومان', 1_250_000],
    ['۱۲۵\u200Cهزار تومان', 1_250_000],
    ['(۱۲۵ هزار)', -125_000],
    ['-۱۲۵ هزار', -125_000],
    ['1.5 میلیون', 1_500_000],
    ['۱٫۵ ميليون تومان', 15_000_000],
    ['1,250 میلیون ریال', 1_250_000_000],
    ['۲ میلیارد', 2_000_000_000],
    ['2.0000001 میلیون تومان', 20_000_001],
    ['2.0000001 میلیون', 'malformed'],
    ['1.250 میلیون', 'malformed'],
    ['هزار تومان', 'malformed'],
    ['۲ هزار میلیارد', 'malformed'],
    ['۹۹۹۹۹۹۹۹ میلیارد', 'malformed'],
    ['', 'malformed'],
    ['رایگان', 'malformed'],
    ['12,50,000', 'malformed'],
    ['1e9', 'malformed'],
    ['=1+1', 'malformed'],
    ['99999999999999999999', 'malformed'],
  ])('%s in rials is %s', (text, value) => {
    expect(said(readAmount(text, { currency: 'IRR', unit: 'rial' }))).toBe(value);
  });

  it.each([
    ['1250000', 12_500_000],
    ['1250000 ریال', 1_250_000],
    ['12.5', 125],
  ])('%s in tomans is %s rials', (text, value) => {
    expect(said(readAmount(text, { currency: 'IRR', unit: 'toman' }))).toBe(value);
  });

  it.each([
    ['12.50', 1250],
    ['12,50', 1250],
    ['1,250.00', 125_000],
    ['1.250,00', 125_000],
    ['1,250', 125_000],
    ['1.250', 'malformed'],
    ['1.250.000', 125_000_000],
    ['12.505', 'malformed'],
    ['EUR 7', 700],
    ['1.5 هزار EUR', 150_000],
    ['۱،۲۵۰', 125_000],
  ])('%s in euros is %s cents', (text, value) => {
    expect(said(readAmount(text, { currency: 'EUR', unit: 'toman' }))).toBe(value);
  });

  it.each([
    ['3', 3],
    ['۱٫۵', 1.5],
    ['1,000', 1000],
    ['-1', 'malformed'],
    ['three', 'malformed'],
  ])('a quantity %s is %s', (text, value) => {
    expect(said(readQuantity(text))).toBe(value);
  });
});

describe('a date in a cell', () => {
  const auto = { calendar: 'auto', monthFirst: false, timeZone: 'Asia/Tehran' } as const;
  it.each([
    ['1403/05/12', '2024-08-02'],
    ['۱۴۰۳/۰۵/۱۲', '2024-08-02'],
    ['١٤٠٣/٥/١٢', '2024-08-02'],
    ['1403-5-12', '2024-08-02'],
    ['1403.05.12', '2024-08-02'],
    ['14030512', '2024-08-02'],
    ['12/05/1403', '2024-08-02'],
    ['12 مرداد 1403', '2024-08-02'],
    ['۱۲ مرداد ۱۴۰۳', '2024-08-02'],
    ['جمعه ۱۲ مرداد ۱۴۰۳', '2024-08-02'],
    ['1403 مرداد 12', '2024-08-02'],
    ['12 Mordad 1403', '2024-08-02'],
    ['1403/01/01', '2024-03-20'],
    ['1399/12/30', '2021-03-20'],
    ['1403/12/30', '2025-03-20'],
    ['1404/12/30', 'malformed'],
    ['1403/07/31', 'malformed'],
    ['1403/13/01', 'malformed'],
    ['1403/00/10', 'malformed'],
    ['2024-08-02', '2024-08-02'],
    ['2024/8/2', '2024-08-02'],
    ['20240802', '2024-08-02'],
    ['02.08.2024', '2024-08-02'],
    ['2/8/2024', '2024-08-02'],
    ['2 August 2024', '2024-08-02'],
    ['Aug 2, 2024', '2024-08-02'],
    ['2nd Aug 2024', '2024-08-02'],
    ['2 اوت 2024', '2024-08-02'],
    ['2024-02-29', '2024-02-29'],
    ['2023-02-29', 'malformed'],
    ['03/05/12', 'malformed'],
    ['دیروز', 'malformed'],
    ['', 'malformed'],
    ['45506', 'malformed'],
  ])('%s is %s', (text, value) => {
    expect(said(readDay(text, auto))).toBe(value);
  });

  it('is read month first, and in a calendar that is told, where that is said', () => {
    expect(said(readDay('8/2/2024', { ...auto, monthFirst: true }))).toBe('2024-08-02');
    expect(said(readDay('1403/05/12', { ...auto, calendar: 'gregorian' }))).toBe('malformed');
    expect(said(readDay('2024/05/12', { ...auto, calendar: 'jalali' }))).toBe('malformed');
  });

  it.each([
    ['1403/05/12', '2024-08-01T20:30:00.000Z'],
    ['1403/05/12 14:30', '2024-08-02T11:00:00.000Z'],
    ['14:30 1403/05/12', '2024-08-02T11:00:00.000Z'],
    ['۱۴۰۳/۰۵/۱۲ ساعت ۱۴:۳۰', '2024-08-02T11:00:00.000Z'],
    ['1403/05/12 - 14:30:15', '2024-08-02T11:00:15.000Z'],
    ['2024-08-02 14:30:00', '2024-08-02T11:00:00.000Z'],
    ['2024-08-02T14:30', '2024-08-02T11:00:00.000Z'],
    ['2024-08-02T11:00:00Z', '2024-08-02T11:00:00.000Z'],
    ['2024-08-02T14:30:00+03:30', '2024-08-02T11:00:00.000Z'],
    ['8/2/2024 2:30 PM', '2024-02-08T11:00:00.000Z'],
    ['1403/05/12 02:30 ب.ظ', '2024-08-02T11:00:00.000Z'],
    ['1403/05/12 12:10 ق.ظ', '2024-08-01T20:40:00.000Z'],
    // Clocks were an hour ahead that summer.
    ['1400/05/12 14:30', '2021-08-03T10:00:00.000Z'],
    ['1403/05/12 25:00', 'malformed'],
    ['1403/05/12 13:00 PM', 'malformed'],
  ])('at %s it is %s', (text, value) => {
    const read = readMoment(text, auto);
    expect(read.ok ? read.value.toISOString() : read.code).toBe(value);
  });
});

describe('a status in a cell', () => {
  it.each([
    ['تحویل‌شده', 'done'],
    ['تحویل شده', 'done'],
    ['Completed', 'done'],
    ['در حال پردازش', 'open'],
    ['لغو شده', 'cancelled'],
    ['كنسل', 'cancelled'],
    ['CANCELED', 'cancelled'],
    ['مرجوعی', 'returned'],
    ['on_hold', 'open'],
    ['بایگانی', 'unknownValue'],
  ])('%s is %s', (text, status) => {
    expect(said(readStatus(text, []))).toBe(status);
  });

  it("goes by the organisation's own word first", () => {
    expect(said(readStatus('بايگانى', [{ word: 'بایگانی', status: 'cancelled' }]))).toBe('cancelled');
    expect(said(readStatus('ارسال شده', [{ word: 'ارسال شده', status: 'open' }]))).toBe('open');
  });
});
