import { parsePhone } from '../../shared/text/phone.ts';
import type { Manifest, Settings } from '../connector.ts';
import { appField } from '../messenger/config.ts';
import { accountId, fields } from '../meta/config.ts';

/** Limits from Meta's documentation of the WhatsApp Cloud API (Messages; Media, Supported Media Types). */
export const maxText = 4096;
export const maxCaption = 1024;
const megabyte = 1024 * 1024;
/** Of documents; what is no image, sound or film within its own limit goes as one. */
export const maxFile = 100 * megabyte;
export const limits = { image: 5 * megabyte, audio: 16 * megabyte, video: 16 * megabyte } as const;

const idPattern = {
  source: '^\\d{5,25}$',
  message: { fa: 'فقط رقم، ۵ تا ۲۵ رقم.', en: 'Digits only, 5 to 25 of them.' },
};

export const manifest: Manifest = {
  id: 'whatsapp',
  name: { fa: 'واتساپ', en: 'WhatsApp' },
  description: {
    fa: 'گفتگو با مشتریان با شمارهٔ واتساپ کسب‌وکار (Cloud API متا)',
    en: 'Talk with customers from a WhatsApp business number (Meta’s Cloud API)',
  },
  glyph: 'whatsapp',
  settings: [
    {
      key: 'phoneNumberId',
      label: { fa: 'شناسهٔ شماره', en: 'Phone number ID' },
      help: {
        fa: 'در developers.facebook.com، برنامهٔ شما، WhatsApp → API Setup. خودِ شماره نیست.',
        en: 'In developers.facebook.com, your app, WhatsApp → API Setup. It is not the number itself.',
      },
      type: 'text',
      required: true,
      placeholder: '106540000000001',
      pattern: idPattern,
    },
    {
      key: 'businessAccountId',
      label: { fa: 'شناسهٔ حساب واتساپ کسب‌وکار', en: 'WhatsApp Business Account ID' },
      help: {
        fa: 'در همان صفحه. قالب‌های پیام از آن خوانده می‌شوند.',
        en: 'On the same page. Message templates are read from it.',
      },
      type: 'text',
      required: true,
      placeholder: '102290000000001',
      pattern: idPattern,
    },
    {
      ...fields.accessToken,
      help: {
        fa: 'توکنِ بی‌پایانِ یک System User با دسترسی‌های whatsapp_business_messaging و whatsapp_business_management.',
        en: 'A System User’s token that does not end, with whatsapp_business_messaging and whatsapp_business_management.',
      },
    },
    appField,
    fields.appSecret,
    fields.verifyToken,
    fields.graphVersion,
  ],
  capabilities: {
    // To whom never wrote, by a template.
    canStart: 'anyone',
    kinds: ['whatsappUser'],
    sessions: false,
    attachments: { maxBytes: maxFile, types: [], perMessage: 10 },
    typing: false,
    deliveryReceipts: true,
    readReceipts: true,
    edits: true,
    reactions: true,
    templates: true,
    lookup: false,
    threading: 'reply',
    maxText,
    letters: false,
    visibility: ['private'],
    handOver: false,
    window: { hours: 24, taggedHours: null },
    calls: false,
    listening: false,
    counter: 'characters',
  },
  receives: ['hook'],
  hookHelp: {
    fa: 'در developers.facebook.com، برنامهٔ شما، WhatsApp → Configuration: نشانی زیر را با «توکن تأیید» وارد کنید و messages را (و اگر برنامهٔ WhatsApp Business هم به کار است، smb_message_echoes را) فعال کنید.',
    en: 'In developers.facebook.com, your app, WhatsApp → Configuration: enter the address below with the verify token, and subscribe to messages (and to smb_message_echoes where the WhatsApp Business app is in use as well).',
  },
};

/** Events name the number they are for. */
export function accountRef(settings: Settings): string {
  return accountId(settings, 'phoneNumberId', 'The phone number ID');
}

export function businessId(settings: Settings): string {
  return accountId(settings, 'businessAccountId', 'The WhatsApp Business Account ID');
}

/** Message ids are unique within a number of ours. */
export const scopeOf = (number: string): string => `whatsapp:${number}`;

/** Digits of a mobile number, with its country's; null when it is none. */
export function waIdOf(text: string): string | null {
  const phone = parsePhone(text.trim());
  return phone?.mobile ? phone.e164.slice(1) : null;
}

/** `98912…` is a telephone; `IR.1349…` somebody who hides theirs, known to this business alone (Business-scoped user IDs). */
export const isPhone = (value: string): boolean => /^\d{5,20}$/.test(value);
export const isScopedId = (value: string): boolean => /^[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}$/.test(value);
