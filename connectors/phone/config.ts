import { asciiDigits } from '../../shared/text/normalise.ts';
import { type ConnectorContext, ConnectorError, type Manifest, type Settings } from '../connector.ts';

const systemPattern = /^[A-Za-z0-9_-]{4,64}$/;
const secretPattern = /^\S{16,200}$/;
const areaPattern = /^0\d{2,3}$/;
const recordingsGroup = { fa: 'صدای ضبط‌شده', en: 'Recordings' };

export const manifest: Manifest = {
  id: 'phone',
  name: { fa: 'تماس تلفنی', en: 'Telephone calls' },
  description: {
    fa: 'تماس‌ها از مرکز تلفن، یا ثبت آن‌ها به دست همکاران',
    en: 'Calls from the telephone system, or logged by colleagues',
  },
  glyph: 'phone',
  settings: [
    {
      key: 'system',
      label: { fa: 'شناسهٔ مرکز تلفن', en: 'Telephone system' },
      help: {
        fa: 'نامی کوتاه که این مرکز تلفن را از دیگری جدا کند؛ خالی: ساخته می‌شود.',
        en: 'A short name that tells this system from another; empty: one is made.',
      },
      type: 'text',
      required: true,
      generated: true,
      pattern: {
        source: systemPattern.source,
        message: {
          fa: '۴ تا ۶۴ حرف لاتین، رقم، خط تیره یا زیرخط.',
          en: '4 to 64 Latin letters, digits, hyphens or underscores.',
        },
      },
    },
    {
      key: 'secret',
      label: { fa: 'کلید امضا', en: 'Signing key' },
      help: {
        fa: 'مرکز تلفن هر پیام را با این کلید امضا می‌کند. خالی: ساخته و یک بار نشان داده می‌شود.',
        en: 'The telephone system signs what it sends with this key. Empty: one is made, and shown once.',
      },
      type: 'secret',
      required: true,
      generated: true,
      pattern: {
        source: secretPattern.source,
        message: { fa: 'دست‌کم ۱۶ نویسه، بدون فاصله.', en: 'At least 16 characters without spaces.' },
      },
    },
    {
      key: 'areaCode',
      label: { fa: 'پیش‌شمارهٔ شهر', en: 'Area code' },
      help: {
        fa: 'پیش از شماره‌های بی‌پیش‌شماره گذاشته می‌شود.',
        en: 'Put before numbers that come without one.',
      },
      type: 'text',
      required: false,
      default: '021',
      placeholder: '021',
      pattern: {
        source: '^[0\\u0660\\u06F0][\\d\\u0660-\\u0669\\u06F0-\\u06F9]{2,3}$',
        message: { fa: 'با صفر، مانند ۰۲۱.', en: 'With its zero, like 021.' },
      },
    },
    {
      key: 'timeZone',
      label: { fa: 'منطقهٔ زمانی', en: 'Time zone' },
      help: {
        fa: 'برای ساعت‌هایی که مرکز تلفن بی‌منطقه می‌گوید.',
        en: 'For times that the system tells without one.',
      },
      type: 'text',
      required: false,
      default: 'Asia/Tehran',
      placeholder: 'Asia/Tehran',
    },
    {
      key: 'recordings',
      label: { fa: 'نشانی صداها', en: 'Address of recordings' },
      help: {
        fa: 'پوشه‌ای که صداها از آن برداشته می‌شوند؛ از جای دیگری چیزی برداشته نمی‌شود. خالی: صدایی برداشته نمی‌شود.',
        en: 'The folder that recordings are fetched from; nothing is fetched from anywhere else. Empty: none is fetched.',
      },
      type: 'url',
      required: false,
      placeholder: 'https://pbx.example/recordings/',
      group: recordingsGroup,
    },
    {
      key: 'recordingsLogin',
      label: { fa: 'نام و گذرواژهٔ آن', en: 'Its name and password' },
      help: { fa: 'به شکل نام:گذرواژه، اگر می‌خواهد.', en: 'As name:password, where it asks for one.' },
      type: 'secret',
      required: false,
      group: recordingsGroup,
      pattern: {
        source: '^[^:\\s]{1,100}:\\S{1,200}$',
        message: { fa: 'نام، دونقطه، گذرواژه.', en: 'Name, colon, password.' },
      },
    },
  ],
  capabilities: {
    canStart: 'known',
    kinds: [],
    sessions: false,
    attachments: null,
    typing: false,
    deliveryReceipts: false,
    readReceipts: false,
    edits: false,
    reactions: false,
    templates: false,
    lookup: false,
    threading: 'none',
    maxText: 1,
    letters: false,
    visibility: [],
    handOver: false,
    window: null,
    calls: true,
    listening: false,
    counter: 'characters',
  },
  receives: ['hook'],
  hookHelp: {
    fa: 'مرکز تلفن رخدادهای تماس را با POST به این نشانی می‌فرستد، با امضا در سرایند X-Yekja-Signature. راهنما: connectors/phone/README.md. ثبت تماس به دست همکاران به آن نیاز ندارد.',
    en: 'The telephone system posts its calls to this address, signed in the header X-Yekja-Signature: see connectors/phone/README.md. Calls logged by colleagues need none of it.',
  },
};

export function accountRef(settings: Settings): string {
  const system = String(settings.system ?? '').trim();
  if (systemPattern.test(system)) return system;
  throw wrong(
    'system',
    'The name of the telephone system has 4 to 64 Latin letters, digits, hyphens or underscores.',
  );
}

/** Null: there is none yet, and nothing is genuine. */
export function signingKey(settings: Settings): string | null {
  const key = String(settings.secret ?? '').trim();
  return secretPattern.test(key) ? key : null;
}

export function areaCode(settings: Settings): string {
  const code = asciiDigits(String(settings.areaCode ?? '')).trim();
  return areaPattern.test(code) ? code : '021';
}

export function timeZone(settings: Settings): string {
  const zone = String(settings.timeZone ?? '').trim() || 'Asia/Tehran';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    throw wrong('timeZone', `There is no time zone “${zone.slice(0, 60)}”: write it like Asia/Tehran.`);
  }
}

/** Ends with '/'; null: recordings are not fetched. */
export function recordingsFrom(settings: Settings): URL | null {
  const written = String(settings.recordings ?? '').trim();
  if (!written) return null;
  const url = URL.canParse(written) ? new URL(written) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search)
    throw wrong('recordings', 'The address of the recordings is a folder: https://pbx.example/recordings/');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Nothing is asked of anybody: a telephone system has no address of its own here. */
export async function check({ settings }: ConnectorContext): Promise<{ accountName: string }> {
  const system = accountRef(settings);
  if (!signingKey(settings))
    throw wrong('secret', 'The signing key has at least 16 characters and no spaces.');
  timeZone(settings);
  recordingsFrom(settings);
  return { accountName: system };
}

function wrong(field: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code: 'badSetting', field, message });
}
