import { type ImportKind, importTargets, severalTargets } from '../../shared/import.ts';
import { isCid } from '../../shared/text/cid.ts';
import { isNationalCode } from '../../shared/text/national-code.ts';
import { asciiDigits, normalise } from '../../shared/text/normalise.ts';
import { parsePhone } from '../../shared/text/phone.ts';
import type { FieldDoc } from '../fields/field.model.ts';

/** What programs and people call the columns of their tables; the first that fits holds. */
const words: readonly [target: string, header: readonly string[]][] = [
  ['cid', ['cid']],
  [
    'customerNumber',
    [
      'شماره مشتری',
      'کد مشتری',
      'شناسه مشتری',
      'شماره اشتراک',
      'کد اشتراک',
      'شماره عضویت',
      'کد عضویت',
      'customer number',
      'customer no',
      'customer id',
      'customer code',
      'account number',
      'member number',
      'membership number',
    ],
  ],
  ['nationalCode', ['کد ملی', 'کدملی', 'شماره ملی', 'national code', 'national id', 'melli code']],
  [
    'mobile',
    [
      'موبایل',
      'شماره موبایل',
      'تلفن همراه',
      'شماره همراه',
      'همراه',
      'شماره تلفن همراه',
      'mobile',
      'mobile number',
      'mobile phone',
      'cell',
      'cell phone',
      'cellphone',
    ],
  ],
  [
    'phone',
    [
      'تلفن',
      'شماره تلفن',
      'تلفن ثابت',
      'شماره تماس',
      'phone',
      'phone number',
      'telephone',
      'tel',
      'billing phone',
    ],
  ],
  [
    'email',
    [
      'ایمیل',
      'پست الکترونیک',
      'پست الکترونیکی',
      'رایانامه',
      'نشانی ایمیل',
      'email',
      'e mail',
      'email address',
      'mail',
      'billing email',
    ],
  ],
  ['username', ['نام کاربری', 'username', 'user name', 'login', 'user']],
  [
    'name',
    [
      'نام',
      'نام خانوادگی',
      'نام و نام خانوادگی',
      'نام مشتری',
      'نام کامل',
      'مشتری',
      'خریدار',
      'گیرنده',
      'name',
      'full name',
      'fullname',
      'customer name',
      'customer',
      'first name',
      'firstname',
      'last name',
      'lastname',
      'surname',
      'family name',
      'family',
      'billing first name',
      'billing last name',
    ],
  ],
  ['birthday', ['تاریخ تولد', 'تولد', 'birthday', 'birth date', 'date of birth', 'birthdate', 'dob']],
  ['city', ['شهر', 'شهرستان', 'city', 'town', 'billing city']],
  ['address', ['نشانی', 'ادرس', 'نشانی پستی', 'ادرس پستی', 'address', 'street', 'postal address']],
  ['job', ['شغل', 'حرفه', 'سمت', 'job', 'occupation', 'profession', 'job title']],
  ['language', ['زبان', 'language', 'lang']],
  [
    'externalId',
    [
      'شماره سفارش',
      'کد سفارش',
      'شناسه سفارش',
      'شماره فاکتور',
      'شماره فاکتور فروش',
      'شماره صورتحساب',
      'شماره خدمت',
      'شماره سرویس',
      'کد پیگیری',
      'شماره پیگیری',
      'شماره پذیرش',
      'شماره',
      'شناسه',
      'کد',
      'order number',
      'order no',
      'order id',
      'order',
      'invoice number',
      'invoice no',
      'invoice',
      'service number',
      'ticket',
      'reference',
      'number',
      'id',
    ],
  ],
  [
    'at',
    [
      'تاریخ',
      'تاریخ سفارش',
      'تاریخ خرید',
      'تاریخ ثبت',
      'تاریخ فاکتور',
      'تاریخ خدمت',
      'تاریخ پذیرش',
      'زمان',
      'تاریخ و زمان',
      'date',
      'order date',
      'created',
      'created at',
      'date created',
      'time',
      'purchase date',
      'service date',
    ],
  ],
  [
    'amount',
    [
      'مبلغ',
      'مبلغ کل',
      'جمع',
      'جمع کل',
      'مبلغ سفارش',
      'مبلغ نهایی',
      'مبلغ قابل پرداخت',
      'قیمت',
      'قیمت کل',
      'هزینه',
      'amount',
      'total',
      'order total',
      'grand total',
      'price',
      'sum',
      'cost',
    ],
  ],
  ['currency', ['ارز', 'واحد پول', 'currency']],
  ['status', ['وضعیت', 'وضعیت سفارش', 'حالت', 'status', 'order status', 'state']],
  [
    'itemName',
    [
      'کالا',
      'نام کالا',
      'محصول',
      'نام محصول',
      'شرح کالا',
      'قلم',
      'item',
      'item name',
      'product',
      'product name',
    ],
  ],
  ['itemCode', ['کد کالا', 'کد محصول', 'بارکد', 'sku', 'item code', 'product code', 'barcode']],
  ['itemQuantity', ['تعداد', 'مقدار', 'quantity', 'qty', 'count']],
  [
    'itemAmount',
    ['مبلغ ردیف', 'جمع ردیف', 'قیمت کالا', 'line total', 'item total', 'item amount', 'line amount'],
  ],
  [
    'title',
    [
      'عنوان',
      'شرح',
      'خدمت',
      'نام خدمت',
      'نوع خدمت',
      'موضوع',
      'سفارش',
      'title',
      'description',
      'service',
      'service name',
      'subject',
    ],
  ],
  [
    'note',
    ['یادداشت', 'توضیح', 'توضیحات', 'ملاحظات', 'note', 'notes', 'comment', 'comments', 'remark', 'remarks'],
  ],
  [
    'referralCode',
    ['کد معرف', 'کد معرفی', 'معرف', 'referral code', 'referral', 'ref code', 'referrer', 'referred by'],
  ],
];

const spelled = (text: string) =>
  normalise(text)
    .replace(/[_\-./:()[\]]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** «مبلغ (تومان)» is an amount: what it is in does not belong to its name. */
const unitless = (header: string) =>
  header.replace(/(^| )(به |in )?(تومان|ریال|tomans?|rials?|irr|irt)(?= |$)/g, '').trim();

const byWord = words.map(([target, headers]) => ({ target, headers: new Set(headers.map(spelled)) }));

/** Whether this is what people call a column of any table. */
export function namesColumn(header: string): boolean {
  const word = spelled(header);
  return byWord.some(({ headers }) => headers.has(word) || headers.has(unitless(word)));
}

/**
 * What a column probably is: by its header, else by what stands in it.
 * @param options.taken what earlier columns are
 */
export function suggestTarget(
  column: { header: string; samples: readonly string[] },
  options: { kind: ImportKind; fields: readonly FieldDoc[]; taken: ReadonlySet<string> },
): string | null {
  const offered = new Set<string>(importTargets[options.kind]);
  const free = (target: string) =>
    (offered.has(target) || target.startsWith('field:')) &&
    (!options.taken.has(target) || severalTargets.includes(target));
  const header = spelled(column.header);
  if (header) {
    const field =
      options.kind === 'customers' &&
      options.fields.find((one) => !one.archived && spelled(one.name) === header);
    if (field && free(`field:${field._id}`)) return `field:${field._id}`;
    const bare = unitless(header);
    const found =
      byWord.find(({ target, headers }) => headers.has(header) && free(target)) ??
      byWord.find(({ target, headers }) => headers.has(bare) && /amount/i.test(target) && free(target));
    // A telephone column of Iran mostly holds mobile numbers.
    if (found?.target === 'phone' && allAre(column.samples, isMobile)) return 'mobile';
    if (found) return found.target;
  }
  const told = byContent.find(({ target, is }) => free(target) && allAre(column.samples, is));
  return told?.target ?? null;
}

const isMobile = (text: string) => parsePhone(text)?.mobile === true;

const byContent: readonly { target: string; is: (text: string) => boolean }[] = [
  { target: 'email', is: (text) => /^\S+@\S+\.\S+$/.test(text) },
  { target: 'mobile', is: isMobile },
  { target: 'nationalCode', is: (text) => isNationalCode(asciiDigits(text)) },
  { target: 'cid', is: (text) => isCid(asciiDigits(text)) },
];

const allAre = (samples: readonly string[], is: (text: string) => boolean) =>
  samples.length > 0 && samples.every(is);
