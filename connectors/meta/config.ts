import type { SettingField } from '../../shared/connector.ts';
import { ConnectorError, type Settings } from '../connector.ts';

/** What every channel of Meta's has in its settings, and how it is read. */
export const defaultEndpoint = 'https://graph.facebook.com';
export const defaultVersion = 'v24.0';

/** An app token is `<app id>|<app secret>`: such a thing is never an access token of a page. */
const tokenPattern = /^[A-Za-z0-9_.-]{20,1000}$/;
const secretPattern = /^[0-9a-fA-F]{32}$/;

export const fields = {
  accessToken: {
    key: 'accessToken',
    label: { fa: 'توکن دسترسی', en: 'Access token' },
    type: 'secret',
    required: true,
    placeholder: 'EAA…',
    pattern: {
      source: tokenPattern.source,
      message: {
        fa: 'توکن دسترسی رشته‌ای بلند از حروف و رقم لاتین است.',
        en: 'An access token is a long string of letters and digits.',
      },
    },
  },
  appSecret: {
    key: 'appSecret',
    label: { fa: 'رمز برنامه', en: 'App secret' },
    help: {
      fa: 'در developers.facebook.com، برنامهٔ شما، Settings → Basic. با آن امضای پیام‌های رسیده سنجیده می‌شود.',
      en: 'In developers.facebook.com, your app, Settings → Basic. What comes in is held against its signature.',
    },
    type: 'secret',
    required: true,
    pattern: {
      source: secretPattern.source,
      message: {
        fa: 'رمز برنامه ۳۲ رقمِ شانزده‌شانزدهی است.',
        en: 'An app secret is 32 hexadecimal digits.',
      },
    },
  },
  verifyToken: {
    key: 'verifyToken',
    label: { fa: 'توکن تأیید وب‌هوک', en: 'Webhook verify token' },
    help: {
      fa: 'خالی بگذارید تا ساخته شود؛ سپس همین را کنار نشانی وب‌هوک در متا وارد کنید.',
      en: 'Leave it empty and one is made; then enter it at Meta beside the webhook’s address.',
    },
    type: 'text',
    required: false,
    generated: true,
    pattern: {
      source: /^[\w.-]{8,100}$/.source,
      message: {
        fa: 'دست‌کم ۸ حرف یا رقم لاتین، بی‌فاصله.',
        en: 'At least 8 Latin letters or digits, without spaces.',
      },
    },
  },
  graphVersion: {
    key: 'graphVersion',
    label: { fa: 'نسخهٔ Graph API', en: 'Graph API version' },
    help: {
      fa: 'متا هر نسخه را دو سالی نگه می‌دارد؛ فقط وقتی عوض کنید که راهنمای متا بگوید.',
      en: 'Meta keeps a version for about two years; change it only when Meta’s documentation says so.',
    },
    type: 'text',
    required: false,
    default: defaultVersion,
    placeholder: defaultVersion,
    pattern: {
      source: /^v\d{1,2}\.\d$/.source,
      message: { fa: 'مانند ‎v24.0', en: 'Like v24.0' },
    },
  },
} as const satisfies Record<string, SettingField>;

export function accessToken(settings: Settings): string {
  const token = String(settings.accessToken ?? '').trim();
  if (tokenPattern.test(token)) return token;
  throw wrong('accessToken', 'The access token is missing or incomplete: copy it whole from Meta.');
}

export function appSecret(settings: Settings): string {
  const secret = String(settings.appSecret ?? '').trim();
  if (secretPattern.test(secret)) return secret;
  throw wrong(
    'appSecret',
    'The app secret is missing or incomplete: 32 hexadecimal digits, from the app’s settings at Meta.',
  );
}

/** Empty when there is none: then no webhook can be confirmed. */
export function verifyToken(settings: Settings): string {
  return String(settings.verifyToken ?? '').trim();
}

export function graphVersion(settings: Settings): string {
  const version = String(settings.graphVersion ?? '').trim() || defaultVersion;
  if (/^v\d{1,2}\.\d$/.test(version)) return version;
  throw wrong(
    'graphVersion',
    `“${version.slice(0, 20)}” is no version of the Graph API; they are like v24.0.`,
  );
}

/** An id of an account at Meta, for `accountRef`. */
export function accountId(settings: Settings, key: string, what: string): string {
  const value = String(settings[key] ?? '').trim();
  if (/^\d{5,25}$/.test(value)) return value;
  throw wrong(key, `${what} is a number of 5 to 25 digits.`);
}

export function wrong(field: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code: 'badSetting', field, message });
}
