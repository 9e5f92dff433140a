import { ConnectorError, type Manifest, type Settings, type VisitorSite } from '../connector.ts';
import { originsIn } from './origins.ts';

/** What a visitor may write and send; the team's own messages may be longer. */
export const maxVisitorText = 4_000;
export const maxText = 20_000;
export const maxFileBytes = 10 * 1024 * 1024;
export const filesPerMessage = 5;
const defaultFollowUp = 3;
const defaultVisitorsPerHour = 50;
const defaultColour = '#0f766e';

const sitePattern = /^[A-Za-z0-9_-]{8,64}$/;

const looks = { fa: 'ظاهر', en: 'Appearance' };
const words = { fa: 'متن‌ها', en: 'Words' };
const conduct = { fa: 'رفتار', en: 'Behaviour' };
const safety = { fa: 'امنیت', en: 'Security' };

export const manifest: Manifest = {
  id: 'webchat',
  name: { fa: 'چت آنلاین', en: 'Web chat' },
  description: {
    fa: 'گفتگو با بازدیدکنندگان سایت شما، از درون صفحه',
    en: 'Talk with the visitors of your site, from within its pages',
  },
  glyph: 'webchat',
  settings: [
    {
      key: 'name',
      label: { fa: 'نام روی ابزارک', en: 'Name on the widget' },
      help: { fa: 'بازدیدکننده آن را بالای گفتگو می‌بیند.', en: 'Visitors see it at the top of the chat.' },
      type: 'text',
      required: true,
      group: looks,
      placeholder: 'فروشگاه نمونه',
      pattern: {
        source: '^[^\\n]{1,60}$',
        message: { fa: 'حداکثر ۶۰ نویسه، در یک سطر.', en: 'At most 60 characters, on one line.' },
      },
    },
    {
      key: 'allowedOrigins',
      label: { fa: 'نشانی سایت‌ها', en: 'Sites' },
      help: {
        fa: 'هر سطر یک نشانی، مثل ‎https://shop.example‎؛ برای زیردامنه‌ها ‎*.shop.example‎. خالی: ابزارک در هیچ سایتی نشان داده نمی‌شود.',
        en: 'One address a line, such as https://shop.example; for subdomains *.shop.example. Empty: the widget is shown on no site.',
      },
      type: 'longText',
      required: false,
      group: safety,
      placeholder: 'https://shop.example',
    },
    {
      key: 'language',
      label: { fa: 'زبان', en: 'Language' },
      type: 'select',
      required: false,
      group: looks,
      default: 'auto',
      options: [
        { value: 'auto', label: { fa: 'زبان صفحه', en: 'The page’s' } },
        { value: 'fa', label: { fa: 'فارسی', en: 'Persian' } },
        { value: 'en', label: { fa: 'انگلیسی', en: 'English' } },
      ],
    },
    {
      key: 'colour',
      label: { fa: 'رنگ', en: 'Colour' },
      type: 'colour',
      required: false,
      group: looks,
      default: defaultColour,
      pattern: {
        source: '^#[0-9A-Fa-f]{6}$',
        message: { fa: 'مثل ‎#0f766e‎.', en: 'Such as #0f766e.' },
      },
    },
    {
      key: 'position',
      label: { fa: 'جای دکمه', en: 'Side of the button' },
      type: 'select',
      required: false,
      group: looks,
      default: 'end',
      options: [
        { value: 'end', label: { fa: 'پایان سطر', en: 'End of the line' } },
        { value: 'start', label: { fa: 'آغاز سطر', en: 'Start of the line' } },
      ],
    },
    text('welcomeFa', { fa: 'خوش‌آمد (فارسی)', en: 'Welcome (Persian)' }, words),
    text('welcomeEn', { fa: 'خوش‌آمد (انگلیسی)', en: 'Welcome (English)' }, words),
    text('offlineFa', { fa: 'بیرون از ساعت کار (فارسی)', en: 'Out of hours (Persian)' }, words),
    text('offlineEn', { fa: 'بیرون از ساعت کار (انگلیسی)', en: 'Out of hours (English)' }, words),
    {
      key: 'preChat',
      label: { fa: 'پرسیدن نام و نشانی پیش از گفتگو', en: 'Ask for name and address first' },
      type: 'select',
      required: false,
      group: conduct,
      default: 'off',
      options: [
        { value: 'off', label: { fa: 'نه', en: 'No' } },
        { value: 'optional', label: { fa: 'اختیاری', en: 'Optional' } },
        { value: 'required', label: { fa: 'لازم', en: 'Required' } },
      ],
    },
    {
      key: 'sound',
      label: { fa: 'صدای پیام تازه', en: 'Sound of a new message' },
      type: 'boolean',
      required: false,
      group: conduct,
      default: true,
    },
    {
      key: 'followUpAfter',
      label: { fa: 'پیگیری پس از چند دقیقه', en: 'Follow up after minutes' },
      help: {
        fa: 'اگر بازدیدکننده رفته و نشانی گذاشته باشد، پاسخی که نرسیده پس از این زمان با ایمیل یا پیامک فرستاده می‌شود.',
        en: 'When the visitor is gone and left an address, an answer that has not arrived is sent there by e-mail or SMS after this time.',
      },
      type: 'number',
      required: false,
      group: conduct,
      default: defaultFollowUp,
    },
    {
      key: 'site',
      label: { fa: 'کلید سایت', en: 'Site key' },
      help: {
        fa: 'عمومی است و در کد صفحه می‌آید. خالی بگذارید تا ساخته شود؛ بعداً عوض نمی‌شود.',
        en: 'Public: it stands in the page. Leave it empty to have one made; it stays for good.',
      },
      type: 'text',
      required: true,
      generated: true,
      group: safety,
      pattern: {
        source: sitePattern.source,
        message: {
          fa: '۸ تا ۶۴ حرف لاتین، رقم، خط تیره یا زیرخط.',
          en: '8 to 64 Latin letters, digits, hyphens or underscores.',
        },
      },
    },
    {
      key: 'identitySecret',
      label: { fa: 'کلید امضای کاربران', en: 'Secret for signed users' },
      help: {
        fa: 'سرور سایت شما با آن برای کاربران واردشده امضا می‌سازد. خالی بگذارید تا ساخته شود؛ هرگز در صفحه نیاید.',
        en: 'Your site’s server signs its own users with it. Leave it empty to have one made; it must never be in a page.',
      },
      type: 'secret',
      required: false,
      generated: true,
      group: safety,
      pattern: {
        source: '^\\S{16,200}$',
        message: { fa: 'دست‌کم ۱۶ نویسه، بدون فاصله.', en: 'At least 16 characters without spaces.' },
      },
    },
    {
      key: 'visitorsPerHour',
      label: {
        fa: 'بازدیدکنندهٔ تازه از یک نشانی اینترنتی در ساعت',
        en: 'New visitors from one place an hour',
      },
      type: 'number',
      required: false,
      group: safety,
      default: defaultVisitorsPerHour,
    },
  ],
  capabilities: {
    canStart: 'known',
    kinds: ['webVisitor'],
    sessions: true,
    attachments: { maxBytes: maxFileBytes, types: [], perMessage: filesPerMessage },
    typing: true,
    deliveryReceipts: true,
    readReceipts: true,
    edits: false,
    reactions: false,
    templates: false,
    lookup: true,
    threading: 'none',
    maxText,
    letters: false,
    visibility: ['private'],
    handOver: false,
    window: null,
    calls: false,
    listening: false,
    counter: 'characters',
  },
  receives: [],
};

function text(
  key: string,
  label: Manifest['settings'][number]['label'],
  group: { fa: string; en: string },
): Manifest['settings'][number] {
  return { key, label, type: 'longText', required: false, group };
}

/** The site's public key. */
export function accountRef(settings: Settings): string {
  const site = String(settings.site ?? '').trim();
  if (sitePattern.test(site)) return site;
  throw wrong('site', 'The site key is missing or is not 8 to 64 letters, digits, hyphens and underscores.');
}

export function site(settings: Settings): VisitorSite {
  accountRef(settings);
  return {
    name: said(settings, 'name'),
    language: oneOf(settings, 'language', ['auto', 'fa', 'en']),
    colour: colour(settings),
    position: oneOf(settings, 'position', ['end', 'start']),
    welcome: {
      fa: said(settings, 'welcomeFa') || 'سلام! چطور می‌توانیم کمک کنیم؟',
      en: said(settings, 'welcomeEn') || 'Hello! How can we help?',
    },
    offline: {
      fa: said(settings, 'offlineFa') || 'اکنون بیرون از ساعت کار هستیم. پیام بگذارید تا پاسخ بدهیم.',
      en: said(settings, 'offlineEn') || 'We are out of hours now. Leave a message and we will answer.',
    },
    preChat: oneOf(settings, 'preChat', ['off', 'optional', 'required']),
    sound: settings.sound !== false,
    origins: originsIn(said(settings, 'allowedOrigins')),
    identitySecret: said(settings, 'identitySecret') || null,
    followUpAfter: number(settings, 'followUpAfter', { least: 1, most: 1_440, fallback: defaultFollowUp }),
    visitorsPerHour: number(settings, 'visitorsPerHour', {
      least: 1,
      most: 1_000_000,
      fallback: defaultVisitorsPerHour,
    }),
  };
}

function said(settings: Settings, key: string): string {
  return String(settings[key] ?? '').trim();
}

function oneOf<const T extends string>(settings: Settings, key: string, values: readonly [T, ...T[]]): T {
  return values.find((value) => value === settings[key]) ?? values[0];
}

function colour(settings: Settings): string {
  const value = said(settings, 'colour') || defaultColour;
  if (/^#[0-9A-Fa-f]{6}$/.test(value)) return value.toLowerCase();
  throw wrong('colour', 'A colour is # and six hexadecimal digits, such as #0f766e.');
}

function number(
  settings: Settings,
  key: string,
  options: { least: number; most: number; fallback: number },
): number {
  const given = settings[key];
  if (given === undefined || given === '') return options.fallback;
  const value = Number(given);
  if (value >= options.least && value <= options.most) return value;
  throw wrong(key, `This must be a number from ${options.least} to ${options.most}.`);
}

function wrong(field: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code: 'badSetting', field, message });
}
