import type { ImportProblem, ImportProblemCode, importProblemReasons } from './import.ts';

/** What a table of wrong rows says, in the language of whoever reads it: the page and the file alike. */
export interface ImportProblemWords {
  headings: { row: string; column: string; value: string; wrong: string; right: string };
  /** A column without a heading of its own, from 1. */
  column(n: number): string;
  wrong(problem: Told): string;
  right(problem: Told): string;
}

type Told = Pick<ImportProblem, 'code' | 'target' | 'message' | 'right' | 'value' | 'data'>;

const number = new Intl.NumberFormat('fa-IR');
const fa = (n: number) => number.format(n);
const ltr = (text: string) => `\u2066${text}\u2069`;
const name = (text: string) => `«\u2068${text}\u2069»`;

/** What a column may be. */
export const importTargetFa: Readonly<Record<string, string>> = {
  cid: 'شناسهٔ مشتری در این برنامه',
  customerNumber: 'شمارهٔ مشتری',
  mobile: 'موبایل',
  phone: 'تلفن',
  email: 'ایمیل',
  nationalCode: 'کد ملی',
  username: 'نام کاربری',
  name: 'نام مشتری',
  birthday: 'تاریخ تولد',
  city: 'شهر',
  address: 'نشانی',
  job: 'شغل',
  language: 'زبان',
  externalId: 'شمارهٔ سفارش یا خدمت',
  at: 'تاریخ',
  title: 'عنوان',
  amount: 'مبلغ',
  currency: 'ارز',
  status: 'وضعیت',
  statusText: 'وضعیت به واژهٔ خودتان',
  note: 'یادداشت',
  referralCode: 'کد معرفی',
  itemName: 'نام کالا',
  itemCode: 'کد کالا',
  itemQuantity: 'تعداد',
  itemAmount: 'مبلغ قلم',
};

/** What would be right in a column. */
const rightInFa: Readonly<Record<string, string>> = {
  cid: 'شناسهٔ ده‌رقمی همان‌گونه که در پروندهٔ مشتری است؛ برای مشتری تازه خالی بماند.',
  mobile: `شمارهٔ موبایل کامل، مانند ${ltr('09123456789')}.`,
  phone: `شمارهٔ تلفن با پیش‌شماره، مانند ${ltr('02188776655')}.`,
  email: `نشانی ایمیل، مانند ${ltr('name@example.com')}.`,
  nationalCode: 'کد ملی ده‌رقمی با رقم کنترل درست.',
  at: `تاریخی که هست، مانند ۱۴۰۳/۰۵/۱۲ یا ${ltr('2024-08-02')}، با ساعت یا بی‌ساعت.`,
  birthday: 'تاریخی که هست، مانند ۱۳۶۷/۰۴/۲۱.',
  amount: 'عدد، مانند ۱٬۲۵۰٬۰۰۰ یا «۱۲۵ هزار تومان».',
  itemAmount: 'عدد، مانند ۱٬۲۵۰٬۰۰۰.',
  itemQuantity: 'عدد، مانند ۳ یا ۱٫۵.',
  currency: `کد سه‌حرفی ارز، مانند ${ltr('IRR')} یا ${ltr('EUR')}.`,
  status: 'بگویید این واژه چه معنایی دارد، یا بنویسید باز، انجام‌شده، لغوشده یا مرجوع.',
  language: 'فارسی، انگلیسی یا عربی.',
  title: 'عنوان، نام کالا یا شماره.',
  externalId: 'هر شماره یک بار؛ اگر هر قلمِ خرید یک ردیف است، آن را در بخش ستون‌ها بگویید.',
};

const wrongFa: Record<ImportProblemCode, string> = {
  empty: 'خالی است.',
  malformed: 'این مقدار درست نیست.',
  tooLong: 'بیش از اندازه بلند است.',
  unknownValue: 'این واژه شناخته نیست.',
  noCustomer: 'معلوم نیست این ردیف از آنِ کدام مشتری است.',
  severalCustomers: 'مقدارهای این ردیف از آنِ چند مشتری است.',
  otherOwner: 'این مقدار نزد مشتری دیگری ثبت شده است و به مشتری این ردیف داده نمی‌شود.',
  contradicted: 'این ردیف با آنچه از این مشتری ثبت شده است نمی‌خواند.',
  landlineAlone: 'تلفن ثابت به‌تنهایی نمی‌گوید ردیف از آنِ کیست: شاید چند نفر یک تلفن دارند.',
  repeated: 'این شماره در ردیف دیگری هم آمده است.',
  columns: 'این ردیف به ستون‌های جدول نمی‌خورد.',
  fieldGone: 'فیلد این ستون دیگر نیست.',
};

const whyFa: Record<(typeof importProblemReasons)[number], string> = {
  encoding: 'برخی حروفش خوانده نمی‌شود: جدول رمزگذاری دیگری دارد، یا این خانه آسیب دیده است.',
  noClock: 'چنین ساعتی نیست.',
  yearOfTwoDigits: 'سال دو رقم دارد و معلوم نیست کدام سال است.',
  noSuchDay: 'چنین روزی در تقویم نیست.',
  notYet: 'این روز هنوز نیامده است.',
  tooFarAhead: 'این تاریخ بیش از ده سال دیگر است.',
  tooLongAgo: 'این تاریخ دورتر از آن است که درست باشد.',
  unclearThousands: 'معلوم نیست جداکنندهٔ هزارگان کدام است و اعشار کدام.',
  fraction: 'اعشاری دارد که این ارز ندارد.',
  tooMuch: 'بیش از آن است که بتوان نگه داشت.',
};

const rightWhyFa: Partial<Record<(typeof importProblemReasons)[number], string>> = {
  encoding: `رمزگذاری‌ای را برگزینید که حروف در آن درست است (بیشتر ${ltr('Windows-1256')})، یا این خانه را در فایل از نو بنویسید.`,
  yearOfTwoDigits: `سال کامل، مانند ۱۴۰۳/۰۵/۱۲ یا ${ltr('2024-08-02')}.`,
  noSuchDay: 'روزی که هست؛ اگر تقویم نادرست است، تقویم دیگر را برگزینید.',
  notYet: 'روزی تا امروز؛ اگر تقویم نادرست است، تقویم دیگر را برگزینید.',
  tooFarAhead: 'تاریخی تا ده سال دیگر؛ اگر تقویم نادرست است، تقویم دیگر را برگزینید.',
  tooLongAgo: 'تاریخی نزدیک‌تر؛ اگر تقویم نادرست است، تقویم دیگر را برگزینید.',
  tooMuch: 'تا ۹٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ از کوچک‌ترین واحد.',
};

const rightOfFa: Partial<Record<ImportProblemCode, string>> = {
  noCustomer: 'دست‌کم یکی از ستون‌هایی که مشتری با آن پیدا می‌شود پر باشد.',
  severalCustomers: 'اگر یک نفرند نخست پرونده‌ها را ادغام کنید؛ وگرنه ردیف را اصلاح کنید.',
  otherOwner:
    'در پروندهٔ مشتری این ردیف زیر «گفته شده، ولی ثابت نشده» می‌ماند. اگر یک نفرند پرونده‌ها را ادغام کنید.',
  contradicted: 'ردیف یا پروندهٔ آن مشتری را اصلاح کنید.',
  landlineAlone: 'موبایل، ایمیل، کد ملی یا شمارهٔ مشتری؛ یا نام کسی که این تلفن از آنِ اوست.',
  columns: 'گیومه‌ها جفت باشند؛ گیومهٔ درون خانه دو بار نوشته شود.',
  tooLong: 'کوتاه‌ترش کنید.',
  fieldGone: 'برای این ستون فیلد دیگری برگزینید، یا هیچ.',
};

const rightTypeFa: Readonly<Record<string, string>> = {
  number: 'عدد.',
  date: `تاریخی که هست، مانند ۱۴۰۳/۰۵/۱۲ یا ${ltr('2024-08-02')}.`,
  yesNo: 'بله یا خیر.',
  link: `نشانی، مانند ${ltr('https://example.com')}.`,
};

function wrongInFa({ code, target, value, data = {} }: Told): string {
  const { why, suggestion, cids, most, has, field, by } = data;
  if (code === 'noCustomer' && target === 'cid') return `مشتری ${ltr(value)} نیست.`;
  if (code === 'severalCustomers' && cids?.length)
    return `مقدارهای این ردیف از آنِ چند مشتری است: ${cids.map(ltr).join('، ')}.`;
  const whose = cids?.length ? `مشتری ${cids.map(ltr).join('، ')}` : 'مشتریِ یکی از ردیف‌های پیشین';
  if (code === 'otherOwner' && cids) return `از آنِ ${whose} است و به مشتری این ردیف داده نمی‌شود.`;
  if (code === 'contradicted' && by)
    return `${importTargetFa[by]} این ردیف از آنِ ${whose} است، ولی ${importTargetFa[target ?? '']} او این نیست.`;
  if (code === 'tooLong' && has !== undefined) return `${fa(has)} نویسه دارد.`;
  if (code === 'unknownValue' && value) return `${name(value)} شناخته نیست.`;
  if (code !== 'malformed') return wrongFa[code] ?? wrongFa.malformed;
  if (why) return whyFa[why];
  if (field) return `این مقدار به فیلد ${name(field.name)} نمی‌خورد.`;
  if (target === 'nationalCode' && suggestion && value.replace(/\P{Nd}/gu, '').length < 10)
    return 'صفرهای آغاز این کد ملی افتاده است.';
  if (target === 'at' || target === 'birthday') return 'این تاریخ خوانده نشد.';
  const column = target && importTargetFa[target];
  if (most !== undefined) return wrongFa.malformed;
  return column ? `این ${column} درست نیست.` : wrongFa.malformed;
}

function rightInColumnFa({ code, target, data = {} }: Told): string {
  const { why, suggestion, options, most, field, by } = data;
  if (suggestion) return `شاید ${ltr(suggestion)} باشد.`;
  if (code === 'tooLong' && most !== undefined) return `تا ${fa(most)} نویسه.`;
  if (why === 'fraction' && most) return `تا ${fa(most)} رقم پس از ممیز.`;
  if (why && rightWhyFa[why]) return rightWhyFa[why];
  if (options?.length) return `یکی از این‌ها: ${options.map(name).join('، ')}.`;
  const ofType = field && rightTypeFa[field.type];
  if (ofType) return ofType;
  if (code === 'contradicted' && (by === 'mobile' || by === 'email'))
    return 'اگر کس دیگری است، نخست با جدول مشتری‌ها واردش کنید؛ وگرنه ردیف را اصلاح کنید.';
  if (code === 'noCustomer' && target === 'cid') return 'شناسهٔ مشتری‌ای که هست؛ برای مشتری تازه خالی بماند.';
  return rightOfFa[code] ?? rightInFa[target ?? ''] ?? 'مقداری که به این ستون بخورد.';
}

/** What would be right, where the server has said it with what is wrong. */
const rightInEn: Readonly<Record<string, string>> = {
  mobile: 'A whole mobile number, such as 09123456789.',
  phone: 'A number with its area code, such as 02188776655.',
  email: 'An address such as name@example.com.',
  nationalCode: 'Ten digits of which the last fits the others.',
  customerNumber: 'The number as your own programs have it.',
  username: 'The name as your site has it.',
};

/** What is quoted may run the other way: the words around it stay in their order. */
const apart = (text: string) => text.replace(/“([^“”]*)”/g, '“\u2068$1\u2069”');

function rightInColumnEn({ target, right, data = {} }: Told): string {
  const { options } = data;
  if (options?.length) return `One of: ${options.map((one) => `“${one}”`).join(', ')}.`;
  return right || rightInEn[target ?? ''] || 'A value that fits this column.';
}

export const importProblemWords: Record<'fa' | 'en', ImportProblemWords> = {
  fa: {
    headings: { row: 'ردیف', column: 'ستون', value: 'مقدار', wrong: 'چه نادرست است', right: 'چه درست است' },
    column: (n) => `ستون ${fa(n)}`,
    wrong: wrongInFa,
    right: rightInColumnFa,
  },
  en: {
    headings: {
      row: 'Row',
      column: 'Column',
      value: 'Value',
      wrong: 'What is wrong',
      right: 'What would be right',
    },
    column: (n) => `Column ${n}`,
    wrong: ({ message }) => apart(message || 'This value is not right.'),
    right: (problem) => apart(rightInColumnEn(problem)),
  },
};
