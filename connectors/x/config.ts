import { mostWeighted } from '../../shared/text/weighted.ts';
import { ConnectorError, type Manifest, type Settings } from '../connector.ts';
import { conversationOf, isId } from './ids.ts';

/** Limits and behaviour from the documentation of the X API v2 (docs.x.com/x-api) unless another source is named. */
export const maxDirect = 10_000;
export const maxPost = mostWeighted;
/** Of pictures, animations and films (docs.x.com/x-api/media/quickstart/best-practices); our own uploads end at 25 MB. */
export const maxPicture = 5 * 1024 * 1024;
export const maxAnimation = 15 * 1024 * 1024;
const maxUpload = 25 * 1024 * 1024;
/** Pictures of one post; an animation or a film stands alone, and so does each file of a direct message. */
export const picturesOfPost = 4;
export const fileTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'video/mp4',
  'video/quicktime',
];
const defaultPollSeconds = 60;

const secret = (
  key: string,
  label: { fa: string; en: string },
  rest: Partial<Manifest['settings'][number]> = {},
): Manifest['settings'][number] => ({
  key,
  label,
  type: 'secret',
  required: true,
  pattern: {
    source: '^\\S{8,300}$',
    message: { fa: 'کامل و بدون فاصله وارد کنید.', en: 'Paste the whole of it; it has no spaces.' },
  },
  ...rest,
});

const keysGroup = { fa: 'کلیدهای برنامه', en: 'Keys of the app' };
const accountGroup = { fa: 'حساب', en: 'The account' };
const readingGroup = { fa: 'چه چیزهایی خوانده شود', en: 'What is read' };

export const manifest: Manifest = {
  id: 'x',
  name: { fa: 'ایکس', en: 'X' },
  description: {
    fa: 'پیام‌های خصوصی، اشاره‌ها و پاسخ‌ها در ایکس (توییتر)',
    en: 'Direct messages, mentions and replies on X (Twitter)',
  },
  glyph: 'x',
  settings: [
    secret(
      'appKey',
      { fa: 'کلید API', en: 'API key' },
      {
        group: keysGroup,
        help: {
          fa: 'در console.x.com، برنامهٔ شما، «Keys and tokens»، «API Key».',
          en: 'At console.x.com: your app, Keys and tokens, API Key.',
        },
      },
    ),
    secret(
      'appSecret',
      { fa: 'رمز API', en: 'API key secret' },
      {
        group: keysGroup,
        help: {
          fa: 'با همین رمز امضای آنچه ایکس می‌فرستد نیز بررسی می‌شود.',
          en: 'What X sends is checked by this secret too.',
        },
      },
    ),
    secret(
      'accessToken',
      { fa: 'توکن دسترسی', en: 'Access token' },
      {
        group: keysGroup,
        help: {
          fa: 'با دسترسی «Read, write and Direct Messages» برای همین حساب ساخته شود.',
          en: 'Made for this account with the permission Read, write and Direct Messages.',
        },
      },
    ),
    secret('accessSecret', { fa: 'رمز توکن دسترسی', en: 'Access token secret' }, { group: keysGroup }),
    secret(
      'bearerToken',
      { fa: 'توکن برنامه (Bearer)', en: 'Bearer token' },
      {
        group: keysGroup,
        required: false,
        help: {
          fa: 'فقط برای آن‌که این سرور خودش را نزد ایکس ثبت کند؛ بدون آن پیام‌ها پرسیده می‌شوند.',
          en: 'Only so that this server registers itself at X; without it everything is asked for.',
        },
      },
    ),
    {
      key: 'handle',
      label: { fa: 'نام کاربری', en: 'Handle' },
      type: 'text',
      group: accountGroup,
      required: true,
      placeholder: '@example_shop',
      pattern: {
        source: '^@?[A-Za-z0-9_]{1,15}$',
        message: { fa: 'مانند ‎@example_shop', en: 'For example @example_shop.' },
      },
    },
    {
      key: 'userId',
      label: { fa: 'شناسهٔ عددی حساب', en: 'User id' },
      help: {
        fa: 'خالی: از توکن دسترسی خوانده می‌شود که با همین عدد آغاز می‌شود.',
        en: 'Empty: it is read from the access token, which begins with it.',
      },
      type: 'text',
      group: accountGroup,
      required: false,
      placeholder: '1716450569358098432',
      pattern: { source: '^\\d{1,20}$', message: { fa: 'فقط رقم.', en: 'Digits only.' } },
    },
    {
      key: 'directMessages',
      label: { fa: 'پیام‌های خصوصی', en: 'Direct messages' },
      type: 'boolean',
      group: readingGroup,
      required: false,
      default: true,
    },
    {
      key: 'mentions',
      label: { fa: 'اشاره‌ها و پاسخ‌ها', en: 'Mentions and replies' },
      type: 'boolean',
      group: readingGroup,
      required: false,
      default: true,
    },
    {
      key: 'search',
      label: { fa: 'جستجوهای ذخیره‌شده (رصد شبکه‌های اجتماعی)', en: 'Saved searches (listening)' },
      help: {
        fa: 'پست‌های همگانی که جستجوهای ذخیره‌شده می‌یابند؛ از سهمیهٔ خواندن شما در ایکس کم می‌کند.',
        en: 'Public posts that the saved searches find; they count against your reading quota at X.',
      },
      type: 'boolean',
      group: readingGroup,
      required: false,
      default: true,
    },
    {
      key: 'pollSeconds',
      label: { fa: 'فاصلهٔ پرسش (ثانیه)', en: 'Seconds between polls' },
      help: {
        fa: 'خالی یعنی ۶۰. هرگز بیش از آنچه ایکس اجازه می‌دهد پرسیده نمی‌شود.',
        en: 'Empty means 60. X is never asked more often than it allows.',
      },
      type: 'number',
      group: readingGroup,
      required: false,
    },
  ],
  capabilities: {
    canStart: 'known',
    kinds: ['xUser'],
    sessions: false,
    attachments: { maxBytes: maxUpload, types: fileTypes, perMessage: 4 },
    typing: true,
    deliveryReceipts: false,
    readReceipts: true,
    edits: true,
    reactions: false,
    templates: false,
    lookup: false,
    threading: 'reply',
    maxText: maxDirect,
    letters: false,
    visibility: ['private', 'public'],
    handOver: true,
    window: null,
    calls: false,
    listening: true,
    counter: 'weighted',
  },
  receives: ['hook', 'listen'],
  hookHelp: {
    fa: 'با توکن برنامه و نشانی https عمومی، این سرور خودش را ثبت می‌کند. وگرنه نشانی زیر را در console.x.com به‌عنوان webhook وارد کنید، یا بگذارید پیام‌ها پرسیده شوند.',
    en: 'With the bearer token and a public https address this server registers itself. Otherwise enter this address at console.x.com as a webhook, or leave it to polling.',
  },
};

export interface Tokens {
  appKey: string;
  appSecret: string;
  accessToken: string;
  accessSecret: string;
}

export function tokensOf(settings: Settings): Tokens {
  const read = (key: keyof Tokens): string => {
    const value = String(settings[key] ?? '').trim();
    if (value) return value;
    throw wrong(key, 'is missing: copy it from the app’s keys and tokens at console.x.com');
  };
  return {
    appKey: read('appKey'),
    appSecret: read('appSecret'),
    accessToken: read('accessToken'),
    accessSecret: read('accessSecret'),
  };
}

/** The account's id: what the setting says, else what its access token begins with. */
export function accountRef(settings: Settings): string {
  const given = String(settings.userId ?? '').trim();
  const id = given || (/^(\d{1,20})-/.exec(String(settings.accessToken ?? '').trim())?.[1] ?? '');
  if (isId(id)) return id;
  throw wrong(
    'userId',
    'is missing or is no number: it is what the access token begins with, before the dash',
  );
}

/** Without the @. */
export function handleOf(settings: Settings): string {
  const handle = String(settings.handle ?? '')
    .trim()
    .replace(/^@/, '');
  if (/^[A-Za-z0-9_]{1,15}$/.test(handle)) return handle;
  throw wrong('handle', 'is missing or is no handle of X: letters, digits and _ only, at most 15');
}

/** Switches are on until somebody switches them off. */
export function reads(settings: Settings, what: 'directMessages' | 'mentions' | 'search'): boolean {
  return settings[what] !== false && settings[what] !== 'false';
}

export function pollMs(settings: Settings): number {
  const seconds = Number(settings.pollSeconds || defaultPollSeconds);
  return Math.min(3600, Math.max(5, Number.isFinite(seconds) ? seconds : defaultPollSeconds)) * 1000;
}

/** Ids of posts and of direct messages are two sequences, and each account sees its own side of them. */
export const scopeOfPosts = (account: string): string => `x:${account}`;
export const scopeOfDirect = (account: string): string => `x:${account}:dm`;

/** The thread of a private talk with somebody. */
export function threadFor(to: { value: string }, settings: Settings): string {
  return conversationOf(accountRef(settings), to.value);
}

export const postThread = (root: string): string => `post:${root}`;

const labels: Record<string, string> = {
  appKey: 'The API key',
  appSecret: 'The API key secret',
  accessToken: 'The access token',
  accessSecret: 'The access token secret',
  userId: 'The user id',
  handle: 'The handle',
};

function wrong(field: string, what: string): ConnectorError {
  return new ConnectorError({
    class: 'permanent',
    code: 'badSettings',
    field,
    message: `${labels[field]} ${what}.`,
  });
}
