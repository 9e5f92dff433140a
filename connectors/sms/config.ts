import { asciiDigits } from '../../shared/text/normalise.ts';
import { parsePhone, serviceLine } from '../../shared/text/phone.ts';
import { ConnectorError, type Manifest, type Settings } from '../connector.ts';

/** Sources of provider facts: the REST documentation of Kavenegar (kavenegar.com/rest.html) and its official SDKs. */
export const defaultEndpoint = 'https://api.kavenegar.com';
/** Reported limit of one message; the provider answers 413 beyond it. A setting can lower or raise it. */
const defaultMaxText = 900;
const defaultPollSeconds = 15;
/** A push is a few hundred bytes; what is much larger is not one. */
export const maxPushBytes = 8 * 1024;

export const manifest: Manifest = {
  id: 'sms',
  name: { fa: 'پیامک', en: 'SMS' },
  description: {
    fa: 'ارسال و دریافت پیامک با خط اختصاصی کاوه‌نگار',
    en: 'Send and receive text messages over your own Kavenegar line',
  },
  glyph: 'sms',
  settings: [
    {
      key: 'apiKey',
      label: { fa: 'کلید API', en: 'API key' },
      help: {
        fa: 'در پنل کاوه‌نگار: «تنظیمات»، «تنظیمات حساب»، «API Key».',
        en: 'In the Kavenegar panel: Settings, Account settings, API Key.',
      },
      type: 'secret',
      required: true,
      pattern: {
        source: '^\\S{8,200}$',
        message: {
          fa: 'کلید را کامل و بدون فاصله وارد کنید.',
          en: 'Paste the whole key; it has no spaces.',
        },
      },
    },
    {
      key: 'line',
      label: { fa: 'شمارهٔ خط', en: 'Line number' },
      help: {
        fa: 'خطی که پیامک‌ها از آن فرستاده و به آن دریافت می‌شوند.',
        en: 'The line that sends and receives the messages.',
      },
      type: 'text',
      required: true,
      placeholder: '30005050',
      pattern: {
        source: '^[+\\d\\u0660-\\u0669\\u06F0-\\u06F9 ()-]{4,24}$',
        message: { fa: 'فقط رقم، مثلاً ۳۰۰۰۵۰۵۰.', en: 'Digits only, for example 30005050.' },
      },
    },
    {
      key: 'pollSeconds',
      label: { fa: 'فاصلهٔ پرسش (ثانیه)', en: 'Seconds between polls' },
      help: {
        fa: 'هر چند ثانیه یک بار پیام‌های تازه پرسیده شود؛ خالی یعنی ۱۵.',
        en: 'How often new messages are asked for; empty means 15.',
      },
      type: 'number',
      required: false,
    },
    {
      key: 'maxText',
      label: { fa: 'بیشترین طول پیام', en: 'Longest message' },
      help: {
        fa: 'متن بلندتر در چند پیامک فرستاده می‌شود؛ خالی یعنی ۹۰۰ نویسه.',
        en: 'Longer text leaves as several messages; empty means 900 characters.',
      },
      type: 'number',
      required: false,
    },
  ],
  capabilities: {
    canStart: 'anyone',
    kinds: ['mobile'],
    sessions: false,
    attachments: null,
    typing: false,
    deliveryReceipts: true,
    readReceipts: false,
    edits: false,
    reactions: false,
    templates: false,
    lookup: true,
    threading: 'none',
    maxText: defaultMaxText,
    letters: false,
    visibility: ['private'],
    handOver: false,
    window: null,
    calls: false,
    listening: false,
    counter: 'smsParts',
  },
  receives: ['hook', 'listen'],
  hookHelp: {
    fa: 'نشانی زیر را در پنل کاوه‌نگار برای همین خط وارد کنید: با پایان ‎/inbound‎ در «دریافت پیام» و با پایان ‎/status‎ در «گزارش وضعیت». بدون آن هم پیام‌ها با پرسش دوره‌ای می‌رسند.',
    en: 'Enter this address for the line in the Kavenegar panel: ending in /inbound as the receive URL, ending in /status as the status URL. Without it messages still arrive, by polling.',
  },
};

/** The line's one spelling; null when the text is no line at all. */
export function canonicalLine(text: string): string | null {
  const line = serviceLine(text) ?? parsePhone(text)?.e164;
  if (line) return line;
  const digits = asciiDigits(text).replace(/\D/g, '');
  return digits.length >= 4 && digits.length <= 20 ? digits : null;
}

export function accountRef(settings: Settings): string {
  const line = canonicalLine(String(settings.line ?? ''));
  if (line) return line;
  throw new ConnectorError({
    class: 'permanent',
    code: 'badLine',
    field: 'line',
    message:
      'The line number is missing or is no number: enter it as in the Kavenegar panel, for example 30005050.',
  });
}

export function apiKey(settings: Settings): string {
  const key = String(settings.apiKey ?? '').trim();
  if (key) return key;
  throw new ConnectorError({
    class: 'auth',
    code: 'noApiKey',
    field: 'apiKey',
    message: 'The API key is missing: copy it from the account settings of the Kavenegar panel.',
  });
}

export function pollMs(settings: Settings): number {
  return Math.min(3600, Math.max(1, positive(settings.pollSeconds) ?? defaultPollSeconds)) * 1000;
}

export function maxText(settings: Settings): number {
  return Math.min(5000, Math.max(70, positive(settings.maxText) ?? defaultMaxText));
}

function positive(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(asciiDigits(value)) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? Math.floor(number) : null;
}

/** Incoming and outgoing ids are two sequences: they never meet. */
export const scopeIn = (line: string): string => `kavenegar:${line}:in`;
export const scopeOut = (line: string): string => `kavenegar:${line}:out`;
