import type { ConversationStatus } from '../../../shared/conversation.ts';
import type { IdentityKind } from '../../../shared/customer.ts';
import type { DeliveryState } from '../../../shared/message.ts';
import { fa, iso } from '../words.ts';

/** The agent's inbox: views, list, timeline, composer and what is done to a conversation. */
export const inbox = {
  inbox: {
    title: 'صندوق ورودی',
    list: 'فهرست گفتگوها',
    timeline: 'گاه‌شمار گفتگو',
    composer: 'نوشتن پاسخ',
    customer: 'پروندهٔ مشتری',
    toggleViews: 'نمایش یا پنهان کردن نماها',
    toggleCustomer: 'نمایش یا پنهان کردن پروندهٔ مشتری',
    backToList: 'بازگشت به فهرست',
    nothingOpen: 'گفتگویی باز نیست',
    nothingOpenText: 'از فهرست، گفتگویی را برگزینید.',
    goneTitle: 'این گفتگو در دسترس شما نیست',
    goneText: 'شاید جابه‌جا شده باشد یا کانال آن به شما سپرده نشده باشد.',
    openSuccessor: 'باز کردن گفتگوی تازه',
    newConversation: 'گفتگوی تازه',
    openActive: 'باز کردن گفتگوی باز',
  },

  /** Writing first: what the address field asks for, by the kind of address that the channel writes to. */
  begin: {
    channel: 'کانال',
    address: 'نشانی مشتری',
    or: ' یا ',
    help: {
      mobile: 'شماره را با صفر یا با کد کشور بنویسید.',
      emailAddress: 'مانند name@example.com.',
    } as Partial<Record<IdentityKind, string>>,
    wrong: {
      mobile: 'شمارهٔ موبایل را کامل وارد کنید.',
      emailAddress: 'ایمیل باید مانند name@example.com باشد.',
    } as Partial<Record<IdentityKind, string>>,
    active: 'این مشتری گفتگوی باز دارد.',
    known: 'انتخاب از مشتری‌ها',
    toAddress: 'نوشتن به نشانی تازه',
    begun: (channel: string) => `گفتگوی تازه در کانال «${iso(channel)}» آغاز شد`,
  },

  row: {
    you: 'شما:',
    colleague: (name: string) => `${iso(name)}:`,
    note: 'یادداشت:',
    draft: 'پیش‌نویس',
    unread: 'خوانده‌نشده',
    unreadCount: (n: number) => `${fa(n)} پیام خوانده‌نشده`,
    waiting: (duration: string) => `${duration} در انتظار پاسخ`,
    attachments: (n: number) => (n === 1 ? 'یک پیوست' : `${fa(n)} پیوست`),
    noMessages: 'بدون پیام',
    undelivered: 'پیام ارسال‌نشده',
    negative: 'آخرین پیام مشتری منفی است',
    call: 'تماس تلفنی',
    assignedTo: (name: string) => `مسئول گفتگو: ${iso(name)}`,
    unassigned: 'بدون مسئول',
    viewing: (names: string) => `${names} همین گفتگو را می‌بیند`,
    snoozedUntil: (date: string) => `تعویق تا ${date}`,
    status: {
      open: 'باز',
      snoozed: 'تعویق‌شده',
      resolved: 'بسته',
      continued: 'ادامه‌یافته',
      spam: 'هرزنامه',
    } satisfies Record<ConversationStatus, string>,
    newActivity: (n: number) => (n === 1 ? 'یک گفتگوی تازه' : `${fa(n)} گفتگوی تازه`),
    select: 'انتخاب گفتگو',
    unnamed: 'مشتری بی‌نام',
  },

  timeline: {
    newMessages: 'پیام‌های تازه',
    late: (n: number) => (n === 1 ? 'یک پیام با تأخیر رسید' : `${fa(n)} پیام با تأخیر رسید`),
    lateMark: 'با تأخیر رسید',
    jumpToLate: 'رفتن به پیام دیررسیده',
    jumpToLatest: 'رفتن به تازه‌ترین پیام',
    newBelow: (n: number) => (n === 1 ? 'یک پیام تازه' : `${fa(n)} پیام تازه`),
    loadOlderFailed: 'پیام‌های قدیمی‌تر بارگذاری نشد',
    beginning: 'آغاز سابقهٔ این مشتری',
    loadFailed: 'گاه‌شمار بارگذاری نشد',
    emptyTitle: 'هنوز پیامی نیست',
    emptyText: 'نخستین پیام را شما بنویسید.',
    events: (n: number) => `${fa(n)} رویداد`,
    conversationLine: (date: string) => `گفتگوی ${date}`,
    note: 'یادداشت',
    noteOnly: 'فقط همکاران می‌بینند',
    edited: 'ویرایش‌شده',
    deleted: 'فرستنده این پیام را پاک کرد.',
    sentElsewhere: 'از جای دیگری ارسال شده است',
    automatic: 'پیام خودکار',
    reactedWith: (name: string, emoji: string) => `واکنش ${iso(name)}: ${emoji}`,
    messageMenu: 'کارهای این پیام',
    copyText: 'رونوشت از متن',
    quote: 'پاسخ به همین پیام',
    showOriginal: 'نمایش پیام اصلی',
    newInbound: (name: string, text: string) => `پیام تازه از ${iso(name)}: ${iso(text)}`,
    photo: 'تصویر',
    audio: 'صدا',
    play: 'پخش',
    pause: 'توقف پخش',
    speed: (times: string) => `سرعت پخش: ${times}`,
    file: 'پرونده',
    attachmentPending: 'در حال دریافت پیوست…',
    attachmentFailed: 'پیوست دریافت نشد',
    download: 'دریافت فایل',
    openImage: (name: string) => `باز کردن تصویر ${iso(name)}`,
  },

  /** Words for `eventTypes` of the contract, told by who did it; without a name the system did. */
  event: {
    begun: (who: string | null) => (who ? `${iso(who)} گفتگو را آغاز کرد` : 'گفتگو آغاز شد'),
    assigned: (who: string | null, to: string) =>
      who ? `${iso(who)} گفتگو را به ${iso(to)} سپرد` : `گفتگو به ${iso(to)} سپرده شد`,
    assignedToSelf: (who: string) => `${iso(who)} گفتگو را برداشت`,
    unassigned: (who: string | null) => (who ? `${iso(who)} مسئول گفتگو را برداشت` : 'گفتگو بدون مسئول شد'),
    snoozed: (who: string | null, until: string) =>
      who ? `${iso(who)} گفتگو را تا ${until} به تعویق انداخت` : `گفتگو تا ${until} به تعویق افتاد`,
    wokenByMessage: 'با پیام مشتری از تعویق درآمد',
    wokenByTime: 'زمان تعویق به پایان رسید',
    wokenByAgent: (who: string) => `${iso(who)} گفتگو را از تعویق درآورد`,
    resolved: (who: string | null) => (who ? `${iso(who)} گفتگو را بست` : 'گفتگو بسته شد'),
    reopenedByMessage: 'با پیام مشتری بازگشایی شد',
    reopenedByAgent: (who: string) => `${iso(who)} گفتگو را بازگشایی کرد`,
    reopenedByReply: (who: string) => `با پاسخ ${iso(who)} بازگشایی شد`,
    linked: (who: string | null, identity: string | null) => {
      const what = identity ? `هویت ${iso(identity)}` : 'پروندهٔ دیگری';
      return who ? `${iso(who)} ${what} را پیوند داد` : `${what} پیوند داده شد`;
    },
    unmerged: (who: string | null, name: string | null) => {
      const from = name ? `از ${iso(name)} ` : '';
      return who ? `${iso(who)} ادغام را برگرداند؛ دوباره ${from}جدا شد` : `دوباره ${from}جدا شد`;
    },
    teamed: (who: string | null, team: string) =>
      who ? `${iso(who)} گفتگو را به تیم ${iso(team)} سپرد` : `گفتگو به تیم ${iso(team)} سپرده شد`,
    unteamed: (who: string | null) =>
      who ? `${iso(who)} گفتگو را از تیم بیرون آورد` : 'گفتگو از تیم بیرون آمد',
    prioritised: (who: string | null, level: string) =>
      who ? `${iso(who)} اولویت را ${level} کرد` : `اولویت ${level} شد`,
    tagged: (who: string | null, tags: string) =>
      who ? `${iso(who)} برچسب ${tags} را افزود` : `برچسب ${tags} اضافه شد`,
    untagged: (who: string | null, tags: string) =>
      who ? `${iso(who)} برچسب ${tags} را برداشت` : `برچسب ${tags} برداشته شد`,
    splitTo: (who: string | null, count: number) =>
      who ? `${iso(who)} ${fa(count)} پیام را جدا کرد` : `${fa(count)} پیام جدا شد`,
    splitFrom: (who: string | null, count: number) =>
      who ? `${iso(who)} این گفتگو را با ${fa(count)} پیام جدا کرد` : `این گفتگو با ${fa(count)} پیام جدا شد`,
    broughtBack: (who: string | null, count: number) =>
      who ? `${iso(who)} ${fa(count)} پیام را بازگرداند` : `${fa(count)} پیام بازگشت`,
    broughtBackTo: (who: string | null) =>
      who ? `${iso(who)} پیام‌ها را به گفتگوی پیشین بازگرداند` : 'پیام‌ها به گفتگوی پیشین بازگشت',
    spam: (who: string | null) => (who ? `${iso(who)} گفتگو را هرزنامه دانست` : 'گفتگو به هرزنامه رفت'),
    notSpam: (who: string | null) =>
      who ? `${iso(who)} گفتگو را از هرزنامه برگرداند` : 'گفتگو از هرزنامه برگشت',
    blocked: (who: string | null, identity: string) =>
      who ? `${iso(who)} راه ${iso(identity)} را بست` : `راه ${iso(identity)} بسته شد`,
    unblocked: (who: string | null, identity: string) =>
      who ? `${iso(who)} راه ${iso(identity)} را باز کرد` : `راه ${iso(identity)} باز شد`,
    codeSent: (who: string | null, to: string) =>
      who ? `${iso(who)} کد تأیید به ${iso(to)} فرستاد` : `کد تأیید به ${iso(to)} فرستاده شد`,
    verified: (who: string | null, to: string) =>
      who ? `${iso(who)} با کد مشتری، ${iso(to)} را تأیید کرد` : `مشتری ${iso(to)} را با کد تأیید کرد`,
    handedOver: (who: string | null) =>
      who ? `${iso(who)} گفتگو را از عمومی به خصوصی برد` : 'گفتگو از عمومی به خصوصی رفت',
    mentionsCame: (n: number) => `${fa(n)} اشارهٔ پیشین به این گفتگو آمد`,
    followedUp: (channel: string) => `پاسخ‌های خوانده‌نشده از ${iso(channel)} ارسال شد`,
    continuedIn: 'این گفتگو در گفتگوی دیگری ادامه یافت',
    continuedFrom: 'ادامهٔ گفتگوی پیشین',
  },

  delivery: {
    state: {
      queued: 'در صف ارسال',
      sending: 'در حال ارسال',
      sent: 'ارسال شد',
      delivered: 'تحویل شد',
      read: 'خوانده شد',
      failed: 'ارسال نشد',
      unknown: 'نتیجهٔ ارسال معلوم نیست',
    } satisfies Record<DeliveryState, string>,
    waiting: 'در انتظار ارتباط',
    pieces: (sent: number, of: number) => `${fa(sent)} بخش از ${fa(of)} بخش ارسال شد`,
    nextTry: (time: string) => `تلاش بعدی: ${time}`,
    attempt: (n: number) => `تلاش ${fa(n)}`,
    retry: 'تلاش دوباره',
    copy: 'رونوشت از متن',
    cancel: 'لغو ارسال',
    cancelled: 'ارسال لغو شد',
    resend: 'ارسال دوباره',
    markSent: 'ثبت به‌عنوان ارسال‌شده',
    unknownTitle: 'معلوم نیست این پیام رسیده باشد',
    unknownText:
      'ارتباط با سرویس‌دهنده پیش از رسیدن پاسخ قطع شد. اگر مشتری پیام را دیده است، آن را ارسال‌شده ثبت کنید؛ وگرنه دوباره ارسال کنید.',
    confirmTitle: 'این پیام بیش از یک روز در صف مانده است',
    confirmText: 'کانال دوباره وصل شده است. هنوز می‌خواهید این پیام ارسال شود؟',
    sendNow: 'ارسال',
    moveToActive: 'انتقال به گفتگوی باز',
    reason: {
      retryable: 'سرویس‌دهنده پاسخ نداد.',
      rateLimited: 'سرویس‌دهنده ارسال را محدود کرده است.',
      permanent: 'سرویس‌دهنده این پیام را نپذیرفت.',
      auth: 'دسترسی کانال معتبر نیست. مدیر سامانه باید آن را دوباره وصل کند.',
      windowClosed: 'مهلت پاسخ در این کانال گذشته است.',
      unknown: 'نتیجهٔ ارسال معلوم نیست.',
    },
  },

  composer: {
    reply: 'پاسخ',
    note: 'یادداشت',
    mode: 'نوع نوشته',
    replyPlaceholder: 'پاسخ خود را بنویسید…',
    notePlaceholder: 'یادداشت برای همکاران؛ مشتری آن را نمی‌بیند.',
    textLabel: 'متن پاسخ',
    noteLabel: 'متن یادداشت',
    send: 'ارسال',
    sendAndResolve: 'ارسال و بستن گفتگو',
    sendMenu: 'گزینه‌های ارسال',
    addNote: 'ثبت یادداشت',
    to: 'به',
    target: 'مقصد پاسخ',
    targetOf: (channel: string, address: string) => `${iso(channel)}، ${iso(address)}`,
    noTarget: 'برای این مشتری راه ارتباطی فعالی نیست.',
    unreachable: 'این راه ارتباطی دیگر پیام نمی‌پذیرد.',
    channelPaused: 'این کانال متوقف است.',
    removeQuote: 'حذف نقل‌قول',
    attach: 'افزودن پیوست',
    dropHere: 'فایل را اینجا رها کنید',
    removeAttachment: (name: string) => `حذف پیوست ${iso(name)}`,
    uploading: (percent: string) => `در حال بارگذاری ${percent}`,
    noAttachments: 'این کانال پیوست نمی‌پذیرد.',
    tooManyFiles: (n: number) => `هر پیام این کانال حداکثر ${fa(n)} پیوست می‌پذیرد.`,
    fileEmpty: (name: string) => `در ${iso(name)} چیزی نیست.`,
    fileFailed: (name: string) => `${iso(name)} بارگذاری نشد. دوباره تلاش کنید یا آن را بردارید.`,
    fileTooLarge: (name: string, limit: string) => `حجم ${iso(name)} بیش از ${limit} است.`,
    fileType: (name: string) => `این کانال فایلی از نوع ${iso(name)} نمی‌پذیرد.`,
    characters: (used: number, limit: number) => `${fa(used)} از ${fa(limit)} نویسه`,
    parts: (parts: number) => `${fa(parts)} پیامک`,
    partsDetail: (left: number, parts: number) => `${fa(left)} نویسه تا پایان پیامک ${fa(parts)}`,
    splitInto: (n: number) => `در ${fa(n)} پیام ارسال می‌شود`,
    draftSaved: 'پیش‌نویس ذخیره شد',
    draftSaving: 'در حال ذخیرهٔ پیش‌نویس…',
    draftLocal: 'پیش‌نویس در همین مرورگر ذخیره شد',
    discardDraft: 'پاک کردن پیش‌نویس',
    sendWithEnter: 'Enter: ارسال؛ Shift+Enter: خط تازه',
    sendWithCtrlEnter: 'Ctrl+Enter: ارسال',
    resolvedHint: 'این گفتگو بسته است؛ با پاسخ شما بازگشایی می‌شود.',
    continuedHint: 'این گفتگو در گفتگوی دیگری ادامه دارد و پاسخ آنجا ثبت می‌شود.',
    offlineHint: 'پیام در صف می‌ماند و با وصل شدن ارتباط ارسال می‌شود.',
  },

  assign: {
    title: 'سپردن گفتگو',
    button: 'مسئول گفتگو',
    toMe: 'برداشتن برای خودم',
    nobody: 'بدون مسئول',
    assigned: (name: string) => `گفتگو به ${iso(name)} سپرده شد`,
    assignedToMe: 'گفتگو به شما سپرده شد',
    unassigned: 'گفتگو بدون مسئول شد',
  },

  snooze: {
    title: 'تعویق گفتگو',
    button: 'تعویق',
    hour: 'یک ساعت دیگر',
    laterToday: 'امروز، دیرتر',
    tomorrow: 'فردا ساعت ۰۹:۰۰',
    saturday: 'شنبه ساعت ۰۹:۰۰',
    nextWeek: 'یک هفتهٔ دیگر، ساعت ۰۹:۰۰',
    pick: 'انتخاب تاریخ و ساعت…',
    until: 'تعویق تا',
    past: 'زمانی پس از اکنون را برگزینید.',
    done: (until: string) => `گفتگو تا ${until} به تعویق افتاد`,
    wake: 'پایان تعویق',
    woken: 'گفتگو از تعویق درآمد',
  },

  resolve: {
    button: 'بستن گفتگو',
    done: 'گفتگو بسته شد',
    reopen: 'بازگشایی',
    reopened: 'گفتگو بازگشایی شد',
    markUnread: 'علامت خوانده‌نشده',
    markedUnread: 'گفتگو خوانده‌نشده شد',
  },

  collision: {
    title: 'همکار شما پاسخ داده است',
    text: (name: string) => `${iso(name)} پس از شروع نوشتن شما به همین گفتگو پاسخ داد.`,
    theirReply: 'پاسخ همکار',
    yourReply: 'پاسخ شما',
    sendAnyway: 'ارسال به هر حال',
    edit: 'ویرایش',
    discard: 'کنار گذاشتن پاسخ من',
  },

  presence: {
    viewing: (names: string) => `${names} همین گفتگو را می‌بیند`,
    replying: (name: string) => `${iso(name)} در حال نوشتن پاسخ است`,
    noting: (name: string) => `${iso(name)} در حال نوشتن یادداشت است`,
    customerTyping: 'مشتری در حال نوشتن…',
    online: 'اکنون در سایت',
    onPage: 'صفحه:',
    lastPage: 'آخرین صفحه:',
  },
};
