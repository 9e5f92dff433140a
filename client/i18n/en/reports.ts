import type { ReportCatalog } from '../report-words.ts';
import { count, iso } from '../words.ts';

const people = (n: number) => count(n, 'person', 'people');
const times = (n: number) => count(n, 'time');

export const reports: ReportCatalog = {
  text: 'Brand advocates, whom they reach, and what rewards brought. Each picture has its table and its file.',
  loadFailed: 'The report did not load',
  range: {
    label: 'Time',
    today: 'Today',
    week: 'This week',
    month: 'This month',
    lastMonth: 'Last month',
    days30: 'Last 30 days',
    days90: 'Last 90 days',
    exact: 'Other days',
    from: 'From',
    to: 'To',
  },
  compare: 'Compare with the time before',
  period: (from: string, to: string) => `${from} to ${to}`,
  empty: 'Nobody said anything in this time',
  emptyText: 'Choose a longer time, or save a search to listen for.',

  of: {
    label: 'What it is about',
    channel: 'Channel',
    anyChannel: 'All channels',
    product: 'Product',
    anyProduct: 'All products',
  },

  said: {
    label: 'What was said, day by day',
    answer: (positive: number, negative: number) =>
      `Praised ${times(positive)}, complained of ${times(negative)}.`,
    against: (negative: number, positive: number, day: string) =>
      `Complained of ${times(negative)}, most on ${day}; praised ${times(positive)}.`,
    nothing: 'Nobody praised us or complained in this time.',
    text: 'Words of customers, and of others who spoke of us in public, with us and against us.',
    positive: 'Praised',
    negative: 'Complained of',
  },

  channels: {
    label: 'Brand advocates by channel',
    answer: (channel: string, n: number) => `Most advocates speak on ${iso(channel)}: ${people(n)}.`,
    nobody: 'No advocate said anything in this time.',
    text: 'Whoever spoke well of us or helped others in this time. Somebody may be several of these.',
    point: 'Channel',
    advocates: 'Brand advocate',
    influencers: 'Influencer',
    helpers: 'Helper',
    unnamed: 'A channel that is gone',
  },

  products: {
    label: 'What was said of each product',
    answer: (product: string, n: number) => `“${iso(product)}” was praised most: ${times(n)}.`,
    complained: (product: string, n: number) => `“${iso(product)}” was complained of most: ${times(n)}.`,
    nothing: 'No product was named in this time.',
    text: 'What advocates and critics said, where a product is named.',
    more: (n: number) => `${count(n, 'more product')} in the table.`,
    point: 'Product',
    positive: 'Praised',
    negative: 'Complained of',
  },

  aspects: {
    label: 'What was praised and complained of',
    complained: (what: string, n: number) => `“${iso(what)}” was complained of most: ${times(n)}.`,
    praised: (what: string, n: number) => `“${iso(what)}” was praised most: ${times(n)}.`,
    nothing: 'Nothing in particular was praised or complained of in this time.',
    text: 'What was said of price, delivery, quality and the like, by product where one is named.',
    more: (n: number) => `${count(n, 'more row')} in the table.`,
    point: 'Subject',
    of: (aspect: string, product: string) => `${aspect} – ${iso(product)}`,
    positive: 'Praised',
    negative: 'Complained of',
  },

  reach: {
    label: 'Reach of advocates by day',
    answer: (reach: string, day: string) => `The widest reach was on ${day}: ${reach} followers.`,
    more: (share: string) => `Mean daily reach is ${share} above the time before.`,
    less: (share: string) => `Mean daily reach is ${share} below the time before.`,
    same: 'Mean daily reach is as in the time before.',
    nobody: 'Nobody with followers spoke well of us in this time.',
    text: 'Followers of those who spoke well of us in public that day; each person counts once a day.',
    point: 'Day',
    reach: 'Reach',
    before: 'The time before',
  },

  rewards: {
    label: 'Rewards and their results',
    answer: (given: number, referred: number) =>
      `${count(given, 'reward')} given, ${count(referred, 'purchase')} by referral.`,
    praised: (given: number, praise: number) =>
      `${count(given, 'reward')} given; who got them praised us ${times(praise)} more.`,
    none: 'No reward was given in this time.',
    text: 'What those who were rewarded did in the thirty days after.',
    point: 'Reward',
    kind: { points: 'Points', coupon: 'Coupon code', message: 'Thank-you message' },
    given: 'Given',
    praise: 'Praised us',
    help: 'Helped others',
    referred: 'Referred purchases',
    money: 'Cost and revenue of each reward',
    points: 'Points',
    cost: 'Cost',
    revenue: 'Referred revenue',
    noMoney: 'none',
  },
};
