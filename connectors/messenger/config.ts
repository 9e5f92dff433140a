import type { Manifest, Settings } from '../connector.ts';
import { accessToken, accountId, appSecret, fields, graphVersion } from '../meta/config.ts';
import type { Face } from '../meta/face.ts';

/** Limits and behaviour from Meta's documentation (developers.facebook.com, Messenger Platform and Pages API) unless another source is named. */
export const maxText = 2000;
export const maxComment = 8000;
export const maxUpload = 25 * 1024 * 1024;

/** What the page sends us of itself. */
export const subscribedFields = [
  'messages',
  'message_echoes',
  'message_edits',
  'message_reactions',
  'message_deliveries',
  'message_reads',
  'messaging_postbacks',
  'messaging_referrals',
  'standby',
  'feed',
  'mention',
] as const;

export const pageField = {
  key: 'pageId',
  label: { fa: 'شناسهٔ صفحهٔ فیس‌بوک', en: 'Facebook page ID' },
  help: {
    fa: 'در صفحهٔ فیس‌بوک: About → Page transparency، یا در Business Suite، تنظیمات صفحه.',
    en: 'On the page: About → Page transparency, or in Business Suite, the page’s settings.',
  },
  type: 'text' as const,
  required: true,
  placeholder: '104000000000001',
  pattern: {
    source: /^\d{5,25}$/.source,
    message: { fa: 'شناسه ۵ تا ۲۵ رقم است.', en: 'An ID has 5 to 25 digits.' },
  },
};

export const appField = {
  key: 'appId',
  label: { fa: 'شناسهٔ برنامه', en: 'App ID' },
  help: {
    fa: 'با آن از متا پرسیده می‌شود که توکن تا کی اعتبار دارد.',
    en: 'With it Meta is asked how long the token holds.',
  },
  type: 'text' as const,
  required: true,
  placeholder: '700000000000001',
  pattern: pageField.pattern,
};

export const manifest: Manifest = {
  id: 'messenger',
  name: { fa: 'مسنجر فیس‌بوک', en: 'Messenger' },
  description: {
    fa: 'پیام‌ها و نظرهای صفحهٔ فیس‌بوک',
    en: 'Messages to a Facebook page, and comments under its posts',
  },
  glyph: 'messenger',
  settings: [
    pageField,
    {
      ...fields.accessToken,
      help: {
        fa: 'توکن همیشگی صفحه: توکن کاربر را بلندمدت کنید و از آن توکن صفحه بگیرید، یا از System user بسازید.',
        en: 'The page’s own long-lived token: from a system user, or derived from a long-lived user token.',
      },
    },
    appField,
    fields.appSecret,
    fields.verifyToken,
    fields.graphVersion,
  ],
  capabilities: {
    canStart: 'known',
    kinds: ['messengerUser'],
    sessions: false,
    attachments: { maxBytes: maxUpload, types: [], perMessage: 10 },
    typing: false,
    deliveryReceipts: true,
    readReceipts: true,
    edits: true,
    reactions: true,
    templates: false,
    lookup: false,
    threading: 'reply',
    maxText,
    letters: false,
    visibility: ['private', 'public'],
    handOver: true,
    window: { hours: 24, taggedHours: 168 },
    calls: false,
    listening: false,
    counter: 'characters',
  },
  receives: ['hook', 'listen'],
  hookHelp: {
    fa: 'در برنامهٔ خود در developers.facebook.com، بخش Webhooks، موضوع Page را انتخاب کنید و این نشانی را با توکن تأیید بالا وارد کنید. صفحه را خود این سرور مشترک می‌کند.',
    en: 'In your app at developers.facebook.com, under Webhooks, choose the object “Page” and enter this address with the verify token above. The page is subscribed by this server itself.',
  },
};

export const face: Face = {
  id: 'messenger',
  name: 'Facebook',
  object: 'page',
  platform: 'messenger',
  kind: 'messengerUser',
  inbox: 'https://business.facebook.com/latest/inbox',
  metadata: true,
  accountOf: pageId,
  pageOf: pageId,
  profileFields: 'name',
};

export function pageId(settings: Settings): string {
  return accountId(settings, 'pageId', 'The ID of a Facebook page');
}

/** Everything that must be right before any call. @throws ConnectorError naming the field */
export function accountRef(settings: Settings): string {
  const page = pageId(settings);
  accessToken(settings);
  appSecret(settings);
  graphVersion(settings);
  return page;
}
