import type { Manifest, Settings } from '../connector.ts';
import { manifest as messenger, pageField, pageId, accountRef as pageSettings } from '../messenger/config.ts';
import { accountId } from '../meta/config.ts';
import type { Face } from '../meta/face.ts';

/** Limits and behaviour from Meta's documentation (developers.facebook.com, Instagram Messaging and Instagram Platform) unless another source is named. */
export const maxTextBytes = 1000;
/** "The total length of the comment cannot exceed 300 characters." */
export const maxComment = 300;
export const maxUpload = 25 * 1024 * 1024;
export const maxPicture = 8 * 1024 * 1024;

/** Instagram's fields are chosen in the app's panel; the page must send the app any one of its own besides. */
export const subscribedFields = ['messages'] as const;

export const manifest: Manifest = {
  ...messenger,
  id: 'instagram',
  name: { fa: 'اینستاگرام', en: 'Instagram' },
  description: {
    fa: 'پیام‌ها، نظرها و یادکردهای یک حساب حرفه‌ای اینستاگرام',
    en: 'Messages, comments and mentions of a professional Instagram account',
  },
  glyph: 'instagram',
  settings: [
    {
      key: 'instagramId',
      label: { fa: 'شناسهٔ حساب اینستاگرام', en: 'Instagram account ID' },
      help: {
        fa: 'نه نام کاربری: عددی که Graph API با ‎/{page}?fields=instagram_business_account‎ می‌دهد.',
        en: 'Not the user name: the number that the Graph API gives for /{page}?fields=instagram_business_account.',
      },
      type: 'text',
      required: true,
      placeholder: '17841400000000001',
      pattern: pageField.pattern,
    },
    {
      ...pageField,
      label: { fa: 'شناسهٔ صفحهٔ پیوندخورده', en: 'ID of the linked Facebook page' },
    },
    ...messenger.settings.filter(({ key }) => key !== 'pageId'),
  ],
  capabilities: {
    ...messenger.capabilities,
    kinds: ['instagramUser'],
    // Of whoever names the account elsewhere only the user name is told.
    nameOnly: '^\\d+:@',
    attachments: {
      maxBytes: maxUpload,
      types: ['image/png', 'image/jpeg', 'image/gif', 'audio/*', 'video/*'],
      perMessage: 10,
    },
    // Instagram says when something was read, not when it arrived.
    deliveryReceipts: false,
    edits: false,
    maxText: maxTextBytes,
  },
  hookHelp: {
    fa: 'در برنامهٔ خود در developers.facebook.com، بخش Webhooks، موضوع Instagram را انتخاب کنید، این نشانی را با توکن تأیید بالا وارد کنید و messages، message_reactions، messaging_seen، messaging_postbacks، messaging_referral، comments، live_comments و mentions را مشترک شوید.',
    en: 'In your app at developers.facebook.com, under Webhooks, choose the object “Instagram”, enter this address with the verify token above, and subscribe to messages, message_reactions, messaging_seen, messaging_postbacks, messaging_referral, comments, live_comments and mentions.',
  },
};

export const face: Face = {
  id: 'instagram',
  name: 'Instagram',
  object: 'instagram',
  platform: 'instagram',
  kind: 'instagramUser',
  inbox: 'https://www.instagram.com/direct/inbox/',
  metadata: false,
  accountOf: instagramId,
  pageOf: pageId,
  profileFields: 'name,username,follower_count',
};

export function instagramId(settings: Settings): string {
  return accountId(settings, 'instagramId', 'The ID of an Instagram account');
}

/** Everything that must be right before any call. @throws ConnectorError naming the field */
export function accountRef(settings: Settings): string {
  const account = instagramId(settings);
  pageSettings(settings);
  return account;
}
