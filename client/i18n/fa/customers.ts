import { fa, iso, ltrIso } from '../words.ts';

/** Empty: of somebody whom the reader may not see. */
const recordNamed = (name: string) => (name ? `پروندهٔ «${iso(name)}»` : 'پرونده‌ای دیگر');

/** Customers: their list, the 360 view, their history and profile, and search. */
export const customers = {
  customersArea: {
    label: 'بخش‌های مشتری‌ها',
    all: 'همهٔ مشتری‌ها',
    segments: 'بخش‌بندی مشتریان',
    companies: 'شرکت‌ها',
    duplicates: 'پرونده‌های تکراری',
    quality: 'کیفیت داده‌ها',
    imports: 'وارد کردن داده',
  },
  searchPage: {
    title: 'جستجو در همه‌چیز',
    placeholder: 'نام، شماره، شمارهٔ سفارش یا واژه‌ای از پیام‌ها',
    kinds: 'جستجو در',
    kind: { all: 'همه', customers: 'مشتری‌ها', messages: 'پیام‌ها', records: 'خریدها و خدمات' },
    record: { purchase: 'خرید', service: 'خدمات' },
    note: 'یادداشت',
    by: (name: string | null) => (name ? `از ${iso(name)}` : 'از ما'),
    unwanted: 'هرزنامه یا مسدود',
    more: 'نمایش بیشتر',
    others: 'مشتری‌های دیگری هم پیدا شدند. نام یا شمارهٔ کامل‌تری بنویسید، یا',
    allNamed: 'همهٔ کسانی را ببینید که این در نامشان هست.',
    recent: 'جستجوهای تازه',
    beforeTitle: 'چه چیزی پیدا شود؟',
    hint: 'آغاز هر واژه بس است. ی و ک، نیم‌فاصله و رقم‌های فارسی و لاتین را هر طور بنویسید پیدا می‌شود؛ از شمارهٔ تلفن چهار رقم کافی است.',
    nothing: (q: string) => `برای «${iso(q)}» چیزی پیدا نشد`,
    nothingText: 'واژهٔ کوتاه‌تر یا نوشتار دیگری را امتحان کنید. پیام‌های تازه پس از یکی دو ثانیه پیدا می‌شوند.',
    failed: 'جستجو انجام نشد',
  },

  customerList: {
    segment: 'بخش',
    sort: 'ترتیب',
    sorts: {
      name: 'نام',
      lastAt: 'تازه‌ترین تماس',
      spent: 'بیشترین خرید',
      completeness: 'ناقص‌ترین پرونده',
      createdAt: 'تازه‌ترین مشتری',
    },
    columns: {
      customer: 'مشتری',
      belongs: 'شرکت و برچسب‌ها',
      lastAt: 'آخرین تماس',
      spent: 'خرید',
      completeness: 'تکمیل پرونده',
    },
    comma: '، ',
    purchases: (n: number) => `${fa(n)} خرید`,
    noPurchase: 'بدون خرید',
    loadFailed: 'فهرست مشتری‌ها بارگذاری نشد',
    emptyTitle: 'هنوز مشتری‌ای نیست',
    emptyText: 'هر کس پیام بدهد خودش اینجا می‌آید. می‌توانید مشتری‌ها را دستی یا از فایل هم وارد کنید.',
    named: (name: string) => `«${iso(name)}» در نام`,
    emptyNamed: (name: string) => `کسی با «${iso(name)}» در نامش نیست`,
    emptySegment: (name: string) => `کسی در بخش «${iso(name)}» نیست`,
    emptySegmentText: 'شرط‌های این بخش را بازبینی کنید.',
  },

  createCustomer: {
    title: 'مشتری تازه',
    knownBy: 'شناخته می‌شود با',
    create: 'ساختن پرونده',
    reason: 'هنگام ساختن پرونده ثبت شد',
    done: (name: string) => `پروندهٔ «${iso(name)}» ساخته شد`,
  },

  completeness: {
    of: (share: string) => `درصد تکمیل پرونده: ${share}`,
  },

  identityKind: {
    mobile: 'موبایل',
    smsLine: 'خط پیامک',
    emailAddress: 'ایمیل',
    unprovenAddress: 'ایمیل تأییدنشده',
    telegramUser: 'تلگرام',
    baleUser: 'بله',
    webVisitor: 'چت آنلاین',
    siteUser: 'کاربر سایت',
    leftAddress: 'ایمیلی که گذاشته است',
    leftMobile: 'موبایلی که گذاشته است',
    xUser: 'ایکس',
    instagramUser: 'اینستاگرام',
    messengerUser: 'مسنجر',
    whatsappUser: 'واتساپ',
    phone: 'تلفن',
    nationalCode: 'کد ملی',
    customerNumber: 'شمارهٔ مشتری',
    username: 'نام کاربری',
  },

  yes: 'بله',
  no: 'خیر',

  profileField: {
    consent: 'موافقت با دریافت پیام',
    consentOn: (channel: string) => `موافقت دربارهٔ ${channel}`,
    name: 'نام',
    birthday: 'تاریخ تولد',
    language: 'زبان',
    city: 'شهر',
    address: 'نشانی',
    job: 'شغل',
    preferredChannels: 'کانال دلخواه',
    hours: 'ساعت‌های تماس',
    concerns: 'دغدغه‌ها',
    likes: 'ترجیح‌ها',
    companyIds: 'شرکت‌ها',
    tagIds: 'برچسب‌ها',
    'advocate.stage': 'مرحله در طرفداران برند',
    'advocate.owner': 'مسئول طرفدار',
    'advocate.nextTask': 'کار بعدی با طرفدار',
    custom: 'فیلد سفارشی',
  },

  editedBy: {
    agent: 'یک همکار',
    api: 'برنامه‌ای با کلید API',
    import: 'وارد کردن داده',
    merge: 'ادغام',
    channel: 'کانال',
  },

  proof: {
    transport: 'از خود این نشانی پیام داده است',
    code: 'با کد تأیید شد',
    sharedContact: 'شمارهٔ خود را در تلگرام فرستاد',
    signed: 'سایت شما امضا کرده است',
    agentVerified: 'همکار با ذکر دلیل تأیید کرده است',
    agent: 'همکار ثبت کرده است',
    import: 'از فایل وارد شده است',
    api: 'برنامهٔ دیگری ثبت کرده است',
  },

  /** Of kinds that no proof makes anybody’s. */
  unproven: {
    leftAddress: 'در چت آنلاین گذاشته است؛ تأیید نشده',
    leftMobile: 'در چت آنلاین گذاشته است؛ تأیید نشده',
    unprovenAddress: 'فرستندهٔ ایمیل تأیید نشد',
  },

  history: {
    quoted: (text: string) => `«${iso(text)}»`,
    aCompany: 'یک شرکت',
    title: 'سابقهٔ خدمات',
    search: 'جستجو در این سابقه',
    channel: 'کانال',
    allChannels: 'همهٔ کانال‌ها',
    kinds: 'چه چیزهایی نمایش داده شود',
    groups: {
      messages: 'پیام‌ها',
      notes: 'یادداشت‌ها',
      calls: 'تماس‌ها',
      purchases: 'خریدها',
      services: 'خدمات',
      rewards: 'پاداش و نقل‌قول',
      changes: 'تغییرها',
    },
    goToDay: 'رفتن به تاریخ',
    day: 'تاریخ',
    go: 'رفتن',
    from: (day: string) => `از ${day}`,
    toNewest: 'رفتن به تازه‌ترین',
    open: 'باز کردن گفتگو',
    call: 'تماس تلفنی',
    status: { open: 'باز', done: 'انجام‌شده', cancelled: 'لغوشده', returned: 'مرجوع' },
    pieces: (n: string) => `${n} عدد`,
    moreItems: (n: number) => `و ${fa(n)} قلم دیگر`,
    merged: (who: string | null, gone: string, stays: string) => {
      const [one, other] = [recordNamed(gone), recordNamed(stays)];
      return who ? `${iso(who)} ${one} را در ${other} ادغام کرد` : `${one} در ${other} ادغام شد`;
    },
    unmerged: (who: string | null, gone: string, stays: string) => {
      const [one, other] = [recordNamed(gone), recordNamed(stays)];
      return who
        ? `${iso(who)} ادغام ${one} در ${other} را لغو کرد؛ این دو دوباره از هم جدا شدند`
        : `ادغام ${one} در ${other} لغو شد؛ این دو دوباره از هم جدا شدند`;
    },
    edited: (who: string, field: string, before: string | null, after: string | null) => {
      if (after === null) return `${iso(who)} «${field}» را خالی کرد${before ? `؛ پیش‌تر ${before} بود` : ''}`;
      if (before === null) return `${iso(who)} «${field}» را ${after} ثبت کرد`;
      return `${iso(who)} «${field}» را از ${before} به ${after} تغییر داد`;
    },
    verified: (kind: string, display: string, proof: string) => `${kind} ${display}: ${proof}`,
    /** What somebody did with a way to the customer, or with a record of theirs; `what` says which. */
    did: {
      added: (who: string, what: string) => `${iso(who)} ${what} را افزود`,
      removed: (who: string, what: string) => `${iso(who)} ${what} را حذف کرد`,
      restored: (who: string, what: string) => `${iso(who)} ${what} را برگرداند`,
      blocked: (who: string, what: string) => `${iso(who)} راه ${what} را بست`,
      unblocked: (who: string, what: string) => `${iso(who)} راه ${what} را باز کرد`,
      verified: (who: string, what: string, reason: string) =>
        `${iso(who)} ${what} را تأیید کرد: ${iso(reason)}`,
      unverified: (who: string, what: string) => `${iso(who)} تأیید ${what} را پس گرفت`,
      unreachable: (who: string, what: string) => `${iso(who)} ثبت کرد که کسی در ${what} در دسترس نیست`,
      reachable: (who: string, what: string) => `${iso(who)} ثبت کرد که در ${what} پاسخ می‌دهند`,
      changed: (who: string, what: string, list: string) => `${iso(who)} ${what} را تغییر داد: ${list}`,
    },
    recordOf: (kind: string, title: string) => `${kind} «${iso(title)}»`,
    fromTo: (field: string, before: string, after: string) =>
      before && after
        ? `${field} از ${before} به ${after}`
        : after
          ? `${field} شد ${after}`
          : before
            ? `${field} خالی شد؛ پیش‌تر ${before} بود`
            : field,
    recordField: {
      at: 'تاریخ',
      title: 'عنوان',
      amount: 'مبلغ',
      currency: 'ارز',
      items: 'اقلام',
      status: 'وضعیت',
      statusText: 'وضعیت به واژهٔ خودتان',
      note: 'توضیح',
      referralCode: 'کد معرفی',
    },
    points: (n: string) => `${n} امتیاز`,
    couponOf: (list: string) => `کد تخفیف «${iso(list)}»`,
    thanks: 'پیام قدردانی',
    rewarded: (who: string, what: string) => `${iso(who)} ${what} داد`,
    rewardUndone: (who: string, what: string) => `${iso(who)} ${what} را پس گرفت`,
    rewardFor: (reason: string) => `برای: ${iso(reason)}`,
    testimonial: {
      asked: (who: string | null) => `${who ? iso(who) : 'یک همکار'} اجازهٔ نقل این جمله را خواست`,
      given: (who: string | null) =>
        who ? `به ثبت ${iso(who)}، اجازهٔ نقل این جمله را داد` : 'اجازهٔ نقل این جمله را داد',
      refused: (who: string | null) =>
        who ? `به ثبت ${iso(who)}، اجازهٔ نقل این جمله را نداد` : 'اجازهٔ نقل این جمله را نداد',
      withdrawn: (who: string | null) =>
        who ? `به ثبت ${iso(who)}، اجازهٔ نقل این جمله را پس گرفت` : 'اجازهٔ نقل این جمله را پس گرفت',
    },
    loadFailed: 'سابقهٔ این مشتری بارگذاری نشد',
    emptyTitle: 'هنوز چیزی در سابقه نیست',
    emptyText: 'پیام‌ها، خریدها و هر چه با این مشتری رخ دهد اینجا می‌آید.',
    noneFound: 'چیزی با این فیلتر پیدا نشد',
    noneFoundText: 'فیلترها را بردارید یا واژهٔ دیگری را جستجو کنید.',
  },

  customerPage: {
    back: 'همهٔ مشتری‌ها',
    notFoundTitle: 'این مشتری پیدا نشد',
    notFoundText: 'شاید نشانی درست نباشد، یا گفتگوهای این مشتری در کانال‌های شما نیست.',
    loadFailed: 'پروندهٔ مشتری بارگذاری نشد',
    openConversation: 'باز کردن گفتگو',
    lastConversation: 'باز کردن آخرین گفتگو',
    record: 'پرونده',
    merged: (name: string) => `این پرونده در «${iso(name)}» ادغام شده است.`,
    askNext: 'پرسش بعدی:',
    spent: (sum: string, n: number) => `${sum} در ${fa(n)} خرید`,
  },

  /** Writing first to a customer: where, and whether they want it now. */
  writing: {
    button: 'پیام تازه',
    more: 'راه‌های دیگر پیام تازه',
    another: 'انتخاب راه ارتباطی',
    title: (name: string) => `پیام تازه به ${iso(name)}`,
    goes: (channel: string, display: string) => `از ${iso(channel)} به ${ltrIso(display)}`,
    points: 'راه ارتباطی',
    chosen: 'کانال دلخواه',
    learnt: 'از این راه می‌نویسد',
    templates: 'اکنون فقط با قالب',
    nothing: 'تا مشتری پیام ندهد، نمی‌توان نوشت',
    optedOut: 'لغو دریافت پیام',
    none: 'هیچ‌یک از کانال‌های متصل شما به این مشتری نمی‌رسد. یک راه ارتباطی به پرونده بیفزایید یا از مدیر سامانه بخواهید کانالی وصل کند.',
    refused:
      'این مشتری دریافت پیام را در کانال‌هایی که به او می‌رسند لغو کرده است. اگر باید بنویسید، خودتان راهی را برگزینید.',
    closed:
      'اکنون در هیچ‌یک از کانال‌های شما نمی‌توان به این مشتری نوشت. منتظر پیام او بمانید یا یک راه ارتباطی دیگر به پرونده بیفزایید.',
    loadFailed: 'راه‌های ارتباطی بارگذاری نشد.',
    outside: (days: string | null, from: string, to: string) =>
      `این مشتری دوست دارد ${days ? `${days}، ` : ''}از ${from} تا ${to} پیام بگیرد.`,
  },
};
