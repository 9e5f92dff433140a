import type { AttributeType, SegmentAttribute, SegmentOperator } from '../../../shared/segment.ts';
import { fa, iso } from '../words.ts';

/** The headings under which attributes are offered. */
export type AttributeGroup = 'profile' | 'custom' | 'belongs' | 'contact' | 'activity' | 'value' | 'care';

/** Segments and companies. */
export const segments = {
  segments: {
    text: 'هر بخش، مشتری‌هایی است که با شرط‌های شما می‌خوانند. با هر تغییر، خودش به‌روز می‌شود.',
    list: 'بخش‌ها',
    add: 'بخش تازه',
    everyone: 'برای همه',
    mine: 'فقط برای من',
    ownedBy: (name: string) => `ساختهٔ ${iso(name)}`,
    customers: (n: number) => `${fa(n)} مشتری`,
    about: (n: number) => `حدود ${fa(n)} مشتری`,
    aboutHint: 'این شمار از روی نمونه برآورد شده است.',
    menu: (name: string) => `کارهای بخش «${iso(name)}»`,
    show: 'دیدن مشتری‌ها',
    showOf: (name: string) => `دیدن مشتری‌های بخش «${iso(name)}»`,
    edit: 'ویرایش',
    open: 'دیدن شرط‌ها',
    duplicate: 'ساختن نسخه‌ای دیگر',
    copyOf: (name: string) => `${name} (نسخهٔ دوم)`,
    delete: 'حذف',
    deleted: (name: string) => `بخش «${iso(name)}» حذف شد`,
    saved: (name: string) => `بخش «${iso(name)}» ذخیره شد`,
    created: (name: string) => `بخش «${iso(name)}» ساخته شد`,
    emptyTitle: 'هنوز بخشی نساخته‌اید',
    emptyText: 'برای نمونه: کسانی که در ۹۰ روز گذشته خرید کرده‌اند و پیامک دوست دارند.',
    loadFailed: 'بخش‌ها بارگذاری نشد',
    goneTitle: 'این بخش پیدا نشد',
    goneText: 'شاید حذف شده باشد، یا از آنِ همکاری است که آن را با همه در میان نگذاشته است.',
    back: 'همهٔ بخش‌ها',
    left: 'بخش ذخیره نشد',
    goOn: 'ادامهٔ ویرایش',
    name: 'نام بخش',
    nameHint: 'برای نمونه: خریداران وفادار تهران',
    share: 'همهٔ همکاران آن را ببینند',
    shareHelp: 'هر کس فقط مشتری‌هایی را می‌بیند که به آن‌ها دسترسی دارد.',
    shareNot: 'فقط مدیر سامانه می‌تواند بخشی را با همه در میان بگذارد.',
    readOnly: 'این بخش از آنِ همه است و فقط مدیر سامانه آن را تغییر می‌دهد. می‌توانید نسخه‌ای برای خود بسازید.',
  },

  rule: {
    title: 'چه کسانی؟',
    which: 'مشتری‌های دارای',
    groupWhich: 'دارای',
    match: { all: 'همهٔ شرط‌ها', any: 'دست‌کم یکی' },
    matchLabel: 'چند شرط برقرار باشد',
    and: 'و',
    or: 'یا',
    addCondition: 'افزودن شرط',
    addToGroup: 'افزودن شرط به گروه',
    addGroup: 'افزودن گروه',
    group: 'گروه شرط‌ها',
    removeGroup: 'برداشتن گروه',
    removed: 'شرط برداشته شد',
    groupRemoved: 'گروه شرط‌ها برداشته شد',
    attribute: 'ویژگی',
    findAttribute: 'جستجوی ویژگی',
    operator: 'رابطه',
    value: 'مقدار',
    remove: (sentence: string) => `برداشتن شرط: ${iso(sentence)}`,
    choose: 'برگزیدن…',
    chooseFor: (attribute: string) => `${attribute}: برگزیدن`,
    more: (n: number) => `و ${fa(n)} مورد دیگر`,
    typeName: 'جستجو یا نوشتن نام',
    addName: (name: string) => `افزودن «${iso(name)}»`,
    days: 'روز',
    toman: 'تومان',
    percent: 'درصد',
    unfinished: 'این شرط ناتمام است.',
    needs: {
      text: 'یک متن بنویسید.',
      number: 'یک عدد بنویسید.',
      days: 'شمار روزها را از ۱ تا ۳۶٬۵۰۰ بنویسید.',
      list: 'دست‌کم یک مورد را برگزینید.',
      gone: 'این ویژگی دیگر نیست. شرط را بردارید.',
    },
    everybody: 'همهٔ مشتری‌ها',
    noneYet: 'هنوز شرطی نیست؛ این بخش همهٔ مشتری‌ها را در بر می‌گیرد.',
    preview: 'پیش‌نمایش',
    leftOut: (n: number) => `${fa(n)} شرط ناتمام در این شمارش نیست.`,
    countFailed: 'شمارش انجام نشد',
    nobody: 'اکنون کسی با این شرط‌ها نمی‌خواند.',
    members: 'چند نفر از آن‌ها',
    inWords: 'به زبان ساده',
    unknown: 'موردی که دیگر نیست',
    most: 'در هر گروه بیش از ۲۰ شرط جا نمی‌گیرد.',
    groups: {
      profile: 'مشخصات',
      custom: 'فیلدهای سفارشی',
      belongs: 'برچسب و شرکت',
      contact: 'راه‌های ارتباطی و موافقت',
      activity: 'گفتگوها',
      value: 'خریدها و خدمات',
      care: 'کیفیت پرونده',
    } satisfies Record<AttributeGroup, string>,
    moods: { positive: 'مثبت', neutral: 'خنثی', negative: 'منفی' },
    attributes: {
      name: 'نام',
      city: 'شهر',
      address: 'نشانی',
      job: 'شغل',
      language: 'زبان',
      birthday: 'تاریخ تولد',
      tags: 'برچسب‌ها',
      companies: 'شرکت‌ها',
      channels: 'کانال‌هایی که در آن‌ها گفتگو کرده است',
      identities: 'راه‌های ارتباطی',
      verified: 'راه‌های ارتباطی تأییدشده',
      reachable: 'راه‌هایی که پیام به آن‌ها می‌رسد',
      consent: 'موافقت با دریافت پیام',
      consentWithdrawn: 'لغو دریافت پیام',
      preferredChannel: 'کانال دلخواه',
      boughtItems: 'کالاهای خریداری‌شده',
      boughtItems365: 'کالاهای خریداری‌شده (۳۶۵ روز)',
      boughtCodes: 'کد کالاهای خریداری‌شده',
      spent: 'جمع خریدها',
      spent90: 'جمع خریدها (۹۰ روز)',
      spent365: 'جمع خریدها (۳۶۵ روز)',
      purchases: 'شمار خریدها',
      firstPurchaseAt: 'نخستین خرید',
      lastPurchaseAt: 'آخرین خرید',
      services: 'شمار خدمات',
      serviceNames: 'خدمات انجام‌شده',
      serviceNames365: 'خدمات انجام‌شده (۳۶۵ روز)',
      firstServiceAt: 'نخستین خدمت',
      lastServiceAt: 'آخرین خدمت',
      conversations: 'شمار گفتگوها',
      firstAt: 'نخستین آشنایی',
      lastAt: 'آخرین پیام از دو سو',
      lastInboundAt: 'آخرین پیام از مشتری',
      lastOutboundAt: 'آخرین پیام ما',
      lastSentiment: 'احساس آخرین پیام مشتری',
      positiveMessages: 'شمار پیام‌های مثبت (۹۰ روز)',
      negativeMessages: 'شمار پیام‌های منفی (۹۰ روز)',
      createdAt: 'ساخته شدن پرونده',
      completeness: 'درصد تکمیل پرونده',
      problems: 'ایرادهای پرونده',
    } satisfies Record<SegmentAttribute, string>,
    operators: {
      text: {
        is: 'برابر است با',
        isNot: 'برابر نیست با',
        contains: 'دارد',
        startsWith: 'آغاز می‌شود با',
        isSet: 'ثبت شده است',
        notSet: 'ثبت نشده است',
      },
      number: {
        equals: 'برابر است با',
        notEquals: 'برابر نیست با',
        moreThan: 'بیشتر از',
        atLeast: 'دست‌کم',
        lessThan: 'کمتر از',
        atMost: 'حداکثر',
        isSet: 'ثبت شده است',
        notSet: 'ثبت نشده است',
      },
      moment: {
        before: 'پیش از',
        since: 'از این روز به بعد',
        inLast: 'در چند روز گذشته',
        notInLast: 'نه در چند روز گذشته',
        isSet: 'رخ داده است',
        notSet: 'رخ نداده است',
      },
      day: {
        before: 'پیش از',
        since: 'از این روز به بعد',
        inLast: 'در چند روز گذشته',
        notInLast: 'نه در چند روز گذشته',
        isSet: 'ثبت شده است',
        notSet: 'ثبت نشده است',
      },
      yesNo: { isYes: 'بله', isNo: 'خیر', isSet: 'ثبت شده است', notSet: 'ثبت نشده است' },
      one: {
        anyOf: 'یکی از این‌ها',
        noneOf: 'هیچ‌یک از این‌ها',
        isSet: 'ثبت شده است',
        notSet: 'ثبت نشده است',
      },
      many: {
        anyOf: 'دست‌کم یکی از',
        allOf: 'همهٔ این‌ها',
        noneOf: 'هیچ‌یک از',
        isSet: 'ثبت شده است',
        notSet: 'ثبت نشده است',
      },
      names: {
        anyOf: 'دست‌کم یکی از',
        allOf: 'همهٔ این‌ها',
        noneOf: 'هیچ‌یک از',
        contains: 'دارد',
        isSet: 'ثبت شده است',
        notSet: 'ثبت نشده است',
      },
    } satisfies { [Type in AttributeType]: Partial<Record<SegmentOperator, string>> },
    quoted: (text: string) => `«${iso(text)}»`,
    /** One condition in a sentence; `several`: the value names more than one. */
    sentence: (type: AttributeType, { operator, attribute: a, value: v, several }: SentenceParts): string => {
      switch (operator) {
        case 'is':
          return `${a} ${v} است`;
        case 'isNot':
          return `${a} ${v} نیست`;
        case 'contains':
          return `در ${a} ${v} آمده است`;
        case 'startsWith':
          return `${a} با ${v} آغاز می‌شود`;
        case 'equals':
          return `${a} برابر ${v} است`;
        case 'notEquals':
          return `${a} برابر ${v} نیست`;
        case 'moreThan':
          return `${a} بیشتر از ${v} است`;
        case 'atLeast':
          return `${a} دست‌کم ${v} است`;
        case 'lessThan':
          return `${a} کمتر از ${v} است`;
        case 'atMost':
          return `${a} حداکثر ${v} است`;
        case 'before':
          return `${a} پیش از ${v} است`;
        case 'since':
          return `${a} از ${v} به بعد است`;
        case 'inLast':
          return `${a} در ${v} گذشته است`;
        case 'notInLast':
          return `${a} در ${v} گذشته نیست`;
        case 'isYes':
          return `${a}: بله`;
        case 'isNo':
          return `${a}: خیر`;
        case 'isSet':
          return type === 'moment' ? `${a} رخ داده است` : `${a} ثبت شده است`;
        case 'notSet':
          return type === 'moment' ? `${a} رخ نداده است` : `${a} ثبت نشده است`;
        case 'anyOf':
          if (type === 'one') return several ? `${a} یکی از ${v} است` : `${a} ${v} است`;
          return several ? `${a} شامل یکی از ${v} است` : `${a} شامل ${v} است`;
        case 'noneOf':
          if (type === 'one') return several ? `${a} هیچ‌یک از ${v} نیست` : `${a} ${v} نیست`;
          return several ? `${a} شامل هیچ‌یک از ${v} نیست` : `${a} شامل ${v} نیست`;
        case 'allOf':
          return `${a} شامل ${v} است`;
      }
    },
    inDays: (n: number) => `${fa(n)} روز`,
    blank: '…',
    inBrackets: (text: string) => `(${text})`,
  },

  companies: {
    text: 'سازمان‌هایی که مشتری‌ها در آن‌ها کار می‌کنند یا به نام آن‌ها می‌خرند.',
    add: 'شرکت تازه',
    create: 'ساختن شرکت',
    edit: (name: string) => `ویرایش «${iso(name)}»`,
    search: 'جستجوی نام یا دامنه',
    name: 'نام شرکت',
    nationalId: 'شناسهٔ ملی',
    nationalIdHelp: 'یازده رقم؛ رقم آخر درستی بقیه را نشان می‌دهد.',
    nationalIdLength: 'شناسهٔ ملی باید ۱۱ رقم باشد.',
    nationalIdWrong: 'این یازده رقم شناسهٔ ملی نیست؛ رقم آخر با بقیه نمی‌خواند.',
    domains: 'دامنه‌های ایمیل',
    domainsHelp: 'هر دامنه در یک سطر؛ برای نمونه:',
    domainWrong: (domain: string) => `«${iso(domain)}» دامنه نیست. برای نمونه: example.com`,
    note: 'یادداشت',
    taken: 'شرکت دیگری همین نام را دارد.',
    idTaken: 'شرکت دیگری همین شناسهٔ ملی را دارد.',
    created: (name: string) => `شرکت «${iso(name)}» ساخته شد`,
    saved: (name: string) => `شرکت «${iso(name)}» ذخیره شد`,
    archive: (name: string) => `بایگانی «${iso(name)}»`,
    archived: (name: string) => `شرکت «${iso(name)}» بایگانی شد`,
    restore: (name: string) => `برگرداندن «${iso(name)}»`,
    restored: (name: string) => `شرکت «${iso(name)}» برگشت`,
    state: 'کدام شرکت‌ها',
    working: 'فعال',
    archivedTitle: 'بایگانی‌شده',
    people: (n: number) => `${fa(n)} نفر`,
    nobody: 'بدون مشتری',
    peopleOf: (name: string, n: number) => `${fa(n)} مشتری شرکت «${iso(name)}»`,
    more: 'نمایش بیشتر',
    emptyTitle: 'هنوز شرکتی نیست',
    emptyText: 'شرکت را اینجا بسازید یا در پروندهٔ مشتری نامش را بنویسید.',
    noneFound: 'شرکتی با این نام یا دامنه پیدا نشد.',
    noneArchived: 'شرکتی بایگانی نشده است.',
    loadFailed: 'شرکت‌ها بارگذاری نشد',
    only: (name: string) => `شرکت: ${iso(name)}`,
    all: 'برداشتن فیلتر شرکت',
    emptyPeople: (name: string) => `کسی از شرکت «${iso(name)}» نیست`,
    emptyPeopleText: 'در پروندهٔ هر مشتری می‌توانید شرکتش را ثبت کنید.',
  },
};

export interface SentenceParts {
  operator: SegmentOperator;
  attribute: string;
  value: string;
  several: boolean;
}
