import type { RecordStatus } from '../../../shared/record.ts';
import { normalise } from '../../../shared/text/normalise.ts';
import type { Cell } from './cell.ts';

/** What shops and their programs call the states of an order, normalised. */
const words: Record<RecordStatus, readonly string[]> = {
  done: [
    'انجام شده',
    'تکمیل',
    'تکمیل شده',
    'تحویل',
    'تحویل شده',
    'تحویل داده شده',
    'پرداخت شده',
    'پرداخت',
    'ارسال شده',
    'موفق',
    'بسته',
    'بسته شده',
    'پایان یافته',
    'done',
    'complete',
    'completed',
    'paid',
    'delivered',
    'shipped',
    'fulfilled',
    'closed',
    'success',
    'successful',
  ],
  open: [
    'باز',
    'جدید',
    'در حال انجام',
    'در حال بررسی',
    'در حال پردازش',
    'در حال ارسال',
    'در انتظار',
    'در انتظار پرداخت',
    'منتظر پرداخت',
    'ثبت شده',
    'معلق',
    'open',
    'new',
    'pending',
    'processing',
    'in progress',
    'on hold',
    'on-hold',
    'unpaid',
    'awaiting payment',
    'draft',
  ],
  cancelled: [
    'لغو',
    'لغو شده',
    'کنسل',
    'کنسل شده',
    'ابطال',
    'باطل',
    'باطل شده',
    'ناموفق',
    'رد شده',
    'cancelled',
    'canceled',
    'cancel',
    'void',
    'voided',
    'failed',
    'rejected',
    'expired',
  ],
  returned: [
    'مرجوع',
    'مرجوعی',
    'مرجوع شده',
    'برگشتی',
    'برگشت',
    'برگشت خورده',
    'برگشت داده شده',
    'عودت',
    'استرداد',
    'مسترد شده',
    'returned',
    'return',
    'refunded',
    'refund',
  ],
};

const known = new Map(
  Object.entries(words).flatMap(([status, list]) =>
    list.map((word) => [spelled(word), status as RecordStatus] as const),
  ),
);

function spelled(word: string): string {
  return normalise(word).replace(/[\s_-]+/g, '');
}

/** @param own what the organisation's own words mean: they go before ours */
export function readStatus(
  text: string,
  own: readonly { word: string; status: RecordStatus }[],
): Cell<RecordStatus> {
  const word = spelled(text);
  const status = own.find((one) => spelled(one.word) === word)?.status ?? known.get(word);
  if (status) return { ok: true, value: status };
  return {
    ok: false,
    code: 'unknownValue',
    message: `Nobody said what the status “${text.slice(0, 40)}” means.`,
    right: 'Say in the mapping whether it is open, done, cancelled or returned; or one of our own words.',
  };
}
