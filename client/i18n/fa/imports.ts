import type {
  ImportKind,
  ImportProblemCode,
  ImportState,
  importDelimiters,
  importEncodings,
} from '../../../shared/import.ts';
import { fa, iso, ltrIso } from '../words.ts';

/** What a column may be. */
const target: Readonly<Record<string, string>> = {
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

/** What would be right in a column. Targets that are not here are told by `rightElse`. */
const right: Readonly<Record<string, string>> = {
  cid: 'شناسهٔ ده‌رقمی همان‌گونه که در پروندهٔ مشتری است؛ برای مشتری تازه خالی بماند.',
  mobile: `شمارهٔ موبایل کامل، مانند ${ltrIso('09123456789')}.`,
  phone: `شمارهٔ تلفن با پیش‌شماره، مانند ${ltrIso('02188776655')}.`,
  email: `نشانی ایمیل، مانند ${ltrIso('name@example.com')}.`,
  nationalCode: 'کد ملی ده‌رقمی با رقم کنترل درست.',
  at: `تاریخی که هست، مانند ۱۴۰۳/۰۵/۱۲ یا ${ltrIso('2024-08-02')}، با ساعت یا بی‌ساعت.`,
  birthday: 'تاریخی که هست، مانند ۱۳۶۷/۰۴/۲۱.',
  amount: 'عدد، مانند ۱٬۲۵۰٬۰۰۰ یا «۱۲۵ هزار تومان».',
  itemAmount: 'عدد، مانند ۱٬۲۵۰٬۰۰۰.',
  itemQuantity: 'عدد، مانند ۳ یا ۱٫۵.',
  currency: `کد سه‌حرفی ارز، مانند ${ltrIso('IRR')} یا ${ltrIso('EUR')}.`,
  status: 'بگویید این واژه چه معنایی دارد، یا بنویسید باز، انجام‌شده، لغوشده یا مرجوع.',
  language: 'فارسی، انگلیسی یا عربی.',
  title: 'عنوان، نام کالا یا شماره.',
  externalId: 'هر شماره یک بار؛ اگر هر قلمِ خرید یک ردیف است، آن را در بخش ستون‌ها بگویید.',
};

const wrong: Record<ImportProblemCode, string> = {
  empty: 'خالی است.',
  malformed: 'این مقدار درست نیست.',
  tooLong: 'بیش از اندازه بلند است.',
  unknownValue: 'این واژه شناخته نیست.',
  noCustomer: 'معلوم نیست این ردیف از آنِ کدام مشتری است.',
  severalCustomers: 'مقدارهای این ردیف از آنِ چند مشتری است.',
  otherOwner: 'این مقدار نزد مشتری دیگری ثبت شده است.',
  repeated: 'این شماره در ردیف دیگری هم آمده است.',
  columns: 'این ردیف به ستون‌های جدول نمی‌خورد.',
  fieldGone: 'فیلد این ستون دیگر نیست.',
};

const rightOf: Partial<Record<ImportProblemCode, string>> = {
  noCustomer: 'دست‌کم یکی از ستون‌هایی که مشتری با آن پیدا می‌شود پر باشد.',
  severalCustomers: 'اگر یک نفرند نخست پرونده‌ها را ادغام کنید؛ وگرنه ردیف را اصلاح کنید.',
  otherOwner: 'مقدار را اصلاح کنید، یا اگر یک نفرند پرونده‌ها را ادغام کنید.',
  columns: 'گیومه‌ها جفت باشند؛ گیومهٔ درون خانه دو بار نوشته شود.',
  tooLong: 'کوتاه‌ترش کنید.',
  fieldGone: 'برای این ستون فیلد دیگری برگزینید، یا هیچ.',
};

function wrongOf(code: ImportProblemCode, what: string | null): string {
  if (code === 'malformed' && (what === 'at' || what === 'birthday'))
    return 'این تاریخ خوانده نشد یا چنین روزی نیست.';
  const name = what && target[what];
  return code === 'malformed' && name ? `این ${name} درست نیست.` : (wrong[code] ?? 'این مقدار درست نیست.');
}

/** Tables that are brought in. */
export const imports = {
  imports: {
    text: `مشتری‌ها، خریدها و خدمات را از فایل ${ltrIso('CSV')} بیاورید. نخست همه چیز آزمایشی بررسی می‌شود، و هر چه وارد شد برگشت‌پذیر است.`,
    start: 'وارد کردن فایل',
    list: 'فایل‌های واردشده',
    back: 'همهٔ فایل‌ها',
    emptyTitle: 'هنوز فایلی وارد نشده است',
    emptyText: 'فهرست مشتری‌ها یا سفارش‌های خود را از نرم‌افزار فروش، انبار یا اکسل بیاورید.',
    loadFailed: 'فایل‌های واردشده بارگذاری نشد',
    oneFailed: 'این فایل بارگذاری نشد',
    goneTitle: 'چنین فایلی نیست',
    goneText: 'شاید نشانی درست نباشد.',
    kind: { customers: 'مشتری‌ها', purchases: 'خریدها', services: 'خدمات' } satisfies Record<
      ImportKind,
      string
    >,
    kindText: {
      customers: 'نام، راه‌های ارتباطی و مشخصات هر کس.',
      purchases: 'سفارش‌ها و فاکتورها، با اقلام یا بی‌اقلام.',
      services: 'تعمیر، نصب و هر کاری که برای مشتری انجام شده است.',
    } satisfies Record<ImportKind, string>,
    state: {
      uploaded: 'در انتظار ستون‌ها',
      checking: 'در حال بررسی',
      checked: 'آمادهٔ وارد کردن',
      running: 'در حال وارد شدن',
      paused: 'مکث',
      done: 'وارد شد',
      undoing: 'در حال واگرد',
      undone: 'واگرد شد',
      failed: 'ناتمام ماند',
    } satisfies Record<ImportState, string>,
    by: (who: string, when: string) => `${iso(who)}، ${when}`,
    figures: (made: number, updated: number, failed: number) =>
      [
        `${fa(made)} تازه`,
        updated > 0 ? `${fa(updated)} به‌روز` : '',
        failed > 0 ? `${fa(failed)} نادرست` : '',
      ]
        .filter(Boolean)
        .join('، '),
    columnsCount: (n: number) => `${fa(n)} ستون`,

    steps: 'گام‌های وارد کردن',
    step: { file: 'فایل', columns: 'ستون‌ها', check: 'بررسی آزمایشی', run: 'وارد کردن' },
    stepDone: 'انجام شد',

    what: 'در این فایل چیست؟',
    file: 'فایل',
    drop: `فایل ${ltrIso('CSV')} را اینجا رها کنید`,
    choose: 'انتخاب فایل',
    limit: (size: string, rows: string) =>
      `تا ${size} و ${rows} ردیف. از اکسل با «${ltrIso('CSV UTF-8')}» ذخیره کنید.`,
    uploading: (name: string) => `در حال فرستادن «${iso(name)}»`,
    stop: 'توقف',
    tooLarge: (size: string) => `این فایل از ${size} بزرگ‌تر است. آن را چند فایل کنید.`,
    empty: 'این فایل خالی است. فایلی را برگزینید که دست‌کم یک ردیف دارد.',
    workbook: `این فایل اکسل است. در اکسل آن را با «${ltrIso('CSV UTF-8')}» ذخیره کنید و همان را بیاورید.`,
    notTable: `این فایل جدول متنی (${ltrIso('CSV')}) نیست. جدول را با «${ltrIso('CSV UTF-8')}» ذخیره کنید و همان را بیاورید.`,
    oneFile: 'هر بار یک فایل بیاورید.',

    reading: 'نحوهٔ خواندن فایل',
    readingText: 'اگر حروف یا ستون‌ها در پایین درست نیست، اینجا اصلاح کنید.',
    encoding: 'رمزگذاری حروف',
    encodings: {
      'utf-8': ltrIso('UTF-8'),
      'utf-16le': ltrIso('UTF-16 LE'),
      'utf-16be': ltrIso('UTF-16 BE'),
      'windows-1256': `${ltrIso('Windows-1256')} (فارسی و عربی)`,
      'windows-1252': `${ltrIso('Windows-1252')} (لاتین)`,
    } satisfies Record<(typeof importEncodings)[number], string>,
    delimiter: 'جداکنندهٔ ستون‌ها',
    delimiters: {
      ',': `ویرگول ${ltrIso(',')}`,
      ';': `نقطه‌ویرگول ${ltrIso(';')}`,
      '\t': ltrIso('Tab'),
      '|': 'خط عمودی |',
    } satisfies Record<(typeof importDelimiters)[number], string>,
    header: 'ردیف نخست نام ستون‌هاست',

    columns: 'هر ستون چیست؟',
    columnsText: 'پیشنهادها را از روی نام و محتوای ستون‌ها چیده‌ایم؛ بازبینی کنید.',
    column: (n: number) => `ستون ${fa(n)}`,
    isWhat: (name: string) => `ستون «${iso(name)}» چیست`,
    noSamples: 'خالی',
    leaveOut: 'وارد نشود',
    taken: 'ستون دیگری همین است',
    used: (n: number, of: number) => `${fa(n)} از ${fa(of)} ستون وارد می‌شود`,
    target,

    how: 'چگونه وارد شود؟',
    foundBy: (list: string) => `مشتری هر ردیف با ${list} پیدا می‌شود.`,
    unknown: 'اگر مشتری را نمی‌شناسیم',
    unknowns: { make: 'پروندهٔ تازه بساز', skip: 'از ردیف بگذر' },
    known: 'اگر مشتری را می‌شناسیم',
    knowns: {
      update: 'با فایل به‌روز کن',
      fill: 'فقط جاهای خالی را پر کن',
      skip: 'دست نزن',
    },
    currency: 'ارز مبلغ‌ها',
    currencies: {
      IRR: 'پول ایران',
      USD: 'دلار آمریکا',
      EUR: 'یورو',
      AED: 'درهم امارات',
      TRY: 'لیر ترکیه',
      GBP: 'پوند بریتانیا',
    } as Readonly<Record<string, string>>,
    unit: 'واحد مبلغ‌ها',
    units: { toman: 'تومان', rial: 'ریال' },
    unitHelp: 'خانه‌ای که خودش «تومان» یا «ریال» دارد همان خوانده می‌شود.',
    calendar: 'تقویم تاریخ‌ها',
    calendars: { auto: 'از روی سال', jalali: 'شمسی', gregorian: 'میلادی' },
    monthFirst: 'در تاریخ‌هایی که سال آخر است، ماه پیش از روز آمده است (۰۸/۰۲/۲۰۲۴ دوم اوت است)',
    lines: 'هر ردیف یک قلم خرید است؛ ردیف‌های پیاپی با یک شماره، یک خرید',
    lacksCustomer:
      'هنوز معلوم نیست مشتری هر ردیف چگونه پیدا شود. ستون موبایل، ایمیل، کد ملی یا شمارهٔ مشتری را مشخص کنید.',
    lacksDate: 'هنوز معلوم نیست کدام ستون تاریخ است.',
    check: 'بررسی آزمایشی',
    checkHelp: 'در این گام چیزی وارد نمی‌شود.',

    checking: 'همهٔ ردیف‌ها آزمایشی بررسی می‌شود. چیزی نوشته نمی‌شود.',
    running: 'ردیف‌ها وارد می‌شود. می‌توانید این صفحه را ببندید؛ کار ادامه دارد.',
    pausedText: 'وارد کردن متوقف است. آنچه وارد شده می‌ماند.',
    undoing: 'آنچه این فایل آورده بود برداشته می‌شود.',
    progress: 'پیشرفت',
    rows: (n: number, of: number | null) => (of === null ? `${fa(n)} ردیف` : `${fa(n)} از ${fa(of)} ردیف`),
    counting: 'در حال خواندن ردیف‌ها…',
    pause: 'مکث',
    resume: 'ادامه',

    report: 'اگر وارد شود',
    result: 'نتیجه',
    would: {
      made: 'ساخته می‌شود',
      updated: 'به‌روز می‌شود',
      skipped: 'بی‌تغییر می‌ماند',
      failed: 'نادرست است',
    },
    did: { made: 'ساخته شد', updated: 'به‌روز شد', skipped: 'بی‌تغییر ماند', failed: 'وارد نشد' },
    wouldCustomers: (n: number) => `${fa(n)} مشتری تازه ساخته می‌شود.`,
    didCustomers: (n: number) => `${fa(n)} مشتری تازه ساخته شد.`,
    allGood: 'هیچ ردیفی نادرست نیست.',
    nothingToDo:
      'در این فایل چیزی برای وارد کردن نماند. ردیف‌های نادرست را در فایل اصلاح کنید و دوباره بیاورید.',
    failedStay: (n: number) => `${fa(n)} ردیف نادرست کنار می‌ماند و بقیه وارد می‌شود.`,
    run: (n: number) => `وارد کردن ${fa(n)} ردیف`,
    changeColumns: 'تغییر ستون‌ها',
    errors: 'ردیف‌های نادرست',
    errorsCsv: `دانلود با ${ltrIso('CSV')}`,
    errorsFailed: 'ردیف‌های نادرست بارگذاری نشد',
    errorsFirst: (n: number) => `فقط ${fa(n)} ردیف نخست نگه داشته شده است.`,
    row: 'ردیف',
    rowN: (n: number) => `ردیف ${fa(n)}`,
    columnHead: 'ستون',
    value: 'مقدار',
    wrong: 'چه نادرست است',
    right: 'چه درست است',
    wholeRow: 'همهٔ ردیف',
    /** `said`: the server's own words, in English. */
    wrongIn: (code: ImportProblemCode, what: string | null, _said: string): string => wrongOf(code, what),
    rightIn: (code: ImportProblemCode, what: string | null, _said: string): string =>
      rightOf[code] ?? right[what ?? ''] ?? 'مقداری که به این ستون بخورد.',

    statusWords: 'این وضعیت‌ها چه معنایی دارد؟',
    statusWordsText: 'بگویید تا ردیف‌هایشان هم وارد شود.',
    statusOf: (word: string) => `معنای «${iso(word)}»`,
    status: { open: 'باز', done: 'انجام‌شده', cancelled: 'لغوشده', returned: 'مرجوع' },
    checkAgain: 'بررسی دوباره',

    doneText: 'این فایل وارد شد.',
    failedText: 'کار پیش از پایان ایستاد. آنچه وارد شده می‌ماند؛ می‌توانید ادامه دهید یا واگرد کنید.',
    checkFailed: 'بررسی آزمایشی به پایان نرسید. فایل یا ستون‌ها را بازبینی کنید.',
    said: 'سرور گفت:',
    undo: 'واگرد',
    undoTitle: 'آنچه این فایل آورد برداشته شود؟',
    undoMade: (n: number, kind: ImportKind) =>
      `${fa(n)} ${kind === 'customers' ? 'مشتری' : kind === 'purchases' ? 'خرید' : 'خدمت'} که ساخته شد برداشته می‌شود.`,
    undoCustomers: (n: number) => `${fa(n)} مشتری تازه که چیز دیگری ندارند هم برداشته می‌شوند.`,
    undoUpdated: (n: number) => `${fa(n)} تغییر به مقدار پیشین برمی‌گردد.`,
    undoKept: 'آنچه از آن پس کسی تغییر داده یا ادامه داده است می‌ماند.',
    undoOnce: 'پس از واگرد، برای وارد کردن دوباره باید فایل را از نو بیاورید.',
    undoDo: 'برداشتن',
    undone: 'آنچه این فایل آورده بود برداشته شد.',
    undoFigures: { removed: 'برداشته شد', restored: 'به مقدار پیشین برگشت', kept: 'ماند' },
    keptWhy: 'آنچه ماند را کسی از آن پس تغییر داده یا ادامه داده است.',
    again: 'وارد کردن فایلی دیگر',
    toCustomers: 'دیدن مشتری‌ها',
    announce: (state: string, name: string) => `فایل ${iso(name)}: ${state}`,
  },
};
