import type { RewardKind } from '../../../shared/reward.ts';
import { fa, iso } from '../words.ts';

/** The report on advocates. */
export const reports = {
  text: 'طرفداران برند، گسترهٔ مخاطبشان، و آنچه پاداش‌ها آورده‌اند. هر نمودار جدول و فایل خودش را دارد.',
  loadFailed: 'گزارش بارگذاری نشد',
  range: {
    label: 'بازهٔ زمان',
    today: 'امروز',
    week: 'این هفته',
    month: 'این ماه',
    lastMonth: 'ماه پیش',
    days30: '۳۰ روز گذشته',
    days90: '۹۰ روز گذشته',
    exact: 'روزهای دلخواه',
    from: 'از',
    to: 'تا',
  },
  compare: 'مقایسه با دورهٔ پیش',
  period: (from: string, to: string) => `از ${from} تا ${to}`,
  empty: 'در این بازه کسی سخنی نگفته است',
  emptyText: 'بازهٔ بلندتری را برگزینید، یا جستجویی برای رصد بسازید.',

  of: {
    label: 'گزارشِ چه',
    channel: 'کانال',
    anyChannel: 'همهٔ کانال‌ها',
    product: 'محصول',
    anyProduct: 'همهٔ محصول‌ها',
  },

  said: {
    label: 'آنچه روزبه‌روز گفته‌اند',
    answer: (positive: number, negative: number) =>
      `${fa(positive)} بار خوب گفته‌اند و ${fa(negative)} بار گله کرده‌اند.`,
    against: (negative: number, positive: number, day: string) =>
      `${fa(negative)} بار گله کرده‌اند، بیش از همه ${day}، و ${fa(positive)} بار خوب گفته‌اند.`,
    nothing: 'در این بازه نه خوب گفته‌اند و نه گله کرده‌اند.',
    text: 'سخنان مشتریان و کسانی که در جمع از ما گفته‌اند، با ما و بر ما.',
    positive: 'خوب گفته‌اند',
    negative: 'گله کرده‌اند',
  },

  channels: {
    label: 'طرفداران برند در هر کانال',
    answer: (channel: string, n: number) => `بیشتر طرفداران در ${iso(channel)} سخن می‌گویند: ${fa(n)} نفر.`,
    nobody: 'در این بازه هیچ طرفداری سخنی نگفته است.',
    text: 'کسانی که در این بازه از ما خوب گفتند یا به دیگران کمک کردند. یک نفر می‌تواند چند نقش داشته باشد.',
    point: 'کانال',
    advocates: 'طرفدار برند',
    influencers: 'تأثیرگذار',
    helpers: 'یاری‌رسان',
    unnamed: 'کانال پاک‌شده',
  },

  products: {
    label: 'آنچه دربارهٔ هر محصول گفته‌اند',
    answer: (product: string, n: number) => `از «${iso(product)}» بیش از همه خوب گفته‌اند: ${fa(n)} بار.`,
    complained: (product: string, n: number) => `از «${iso(product)}» بیش از همه گله کرده‌اند: ${fa(n)} بار.`,
    nothing: 'در این بازه نام هیچ محصولی نیامده است.',
    text: 'سخنان طرفداران و منتقدان، آنجا که نام محصولی آمده است.',
    more: (n: number) => `${fa(n)} محصول دیگر در جدول است.`,
    point: 'محصول',
    positive: 'خوب گفته‌اند',
    negative: 'گله کرده‌اند',
  },

  aspects: {
    label: 'از چه خوب گفته‌اند و از چه گله کرده‌اند',
    complained: (what: string, n: number) => `از «${iso(what)}» بیش از همه گله کرده‌اند: ${fa(n)} بار.`,
    praised: (what: string, n: number) => `از «${iso(what)}» بیش از همه خوب گفته‌اند: ${fa(n)} بار.`,
    nothing: 'در این بازه از چیز مشخصی خوب نگفته و گله نکرده‌اند.',
    text: 'آنچه دربارهٔ قیمت، تحویل، کیفیت و مانند آن گفته‌اند؛ برای هر محصول جدا، آنجا که نامش آمده است.',
    more: (n: number) => `${fa(n)} ردیف دیگر در جدول است.`,
    point: 'موضوع',
    of: (aspect: string, product: string) => `${aspect}: ${iso(product)}`,
    positive: 'خوب گفته‌اند',
    negative: 'گله کرده‌اند',
  },

  reach: {
    label: 'گسترهٔ مخاطب در هر روز',
    answer: (reach: string, day: string) => `بیشترین گسترهٔ مخاطب ${day} بود: ${reach} دنبال‌کننده.`,
    more: (share: string) => `میانگین روزانهٔ گسترهٔ مخاطب ${share} بیشتر از دورهٔ پیش است.`,
    less: (share: string) => `میانگین روزانهٔ گسترهٔ مخاطب ${share} کمتر از دورهٔ پیش است.`,
    same: 'میانگین روزانهٔ گسترهٔ مخاطب همانند دورهٔ پیش است.',
    nobody: 'در این بازه کسی که دنبال‌کننده دارد از ما نگفته است.',
    text: 'دنبال‌کنندگان کسانی که آن روز در جمع از ما خوب گفتند؛ هر کس در روز یک بار شمرده می‌شود.',
    point: 'روز',
    reach: 'گسترهٔ مخاطب',
    before: 'دورهٔ پیش',
  },

  rewards: {
    label: 'پاداش‌ها و نتیجه‌شان',
    answer: (given: number, referred: number) =>
      `${fa(given)} پاداش داده شد و ${fa(referred)} خرید از معرفی آمد.`,
    praised: (given: number, praise: number) =>
      `${fa(given)} پاداش داده شد و گیرندگان ${fa(praise)} بار دیگر خوب گفتند.`,
    none: 'در این بازه پاداشی داده نشده است.',
    text: 'آنچه گیرندگان در سی روز پس از پاداش کردند.',
    point: 'پاداش',
    kind: { points: 'امتیاز', coupon: 'کد تخفیف', message: 'پیام قدردانی' } satisfies Record<
      RewardKind,
      string
    >,
    given: 'داده شد',
    praise: 'خوب گفتند',
    help: 'کمک کردند',
    referred: 'خرید از معرفی',
    money: 'هزینه و فروش هر پاداش',
    points: 'امتیاز',
    cost: 'هزینه',
    revenue: 'فروش از معرفی',
    noMoney: '—',
  },
};
