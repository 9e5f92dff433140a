import { botNameField, type Face, tokenPattern } from '../telegram/face.ts';

/**
 * From Bale's documentation of bots (docs.bale.ai) where it says it: the address, the parameters of sendMessage and setWebhook, the
 * kinds of updates. The limits of files are those that its users report; the length of a text is Telegram's.
 */
const maxText = 4096;
const maxUpload = 50 * 1024 * 1024;

export const baleFace: Face = {
  manifest: {
    id: 'bale',
    name: { fa: 'بله', en: 'Bale' },
    description: {
      fa: 'گفتگو با مشتریان از راه بازوی بله، خصوصی و در گروه',
      en: 'Talk with customers through a Bale bot, in private and in groups',
    },
    glyph: 'bale',
    settings: [
      {
        key: 'botToken',
        label: { fa: 'توکن بازو', en: 'Bot token' },
        help: {
          fa: 'در بله به ‎@botfather‎ پیام ‎/newbot‎ بدهید و توکن را کامل اینجا بگذارید.',
          en: 'In Bale, write /newbot to @botfather and paste the whole token here.',
        },
        type: 'secret',
        required: true,
        placeholder: '123456789:AA…',
        pattern: {
          source: tokenPattern.source,
          message: {
            fa: 'توکن عدد بازو، دونقطه و رشته‌ای بلند است.',
            en: 'A token is the bot’s number, a colon and a long string.',
          },
        },
      },
      { ...botNameField, label: { fa: 'نام کاربری بازو', en: 'Bot user name' } },
    ],
    capabilities: {
      canStart: 'known',
      kinds: ['baleUser'],
      sessions: false,
      attachments: { maxBytes: maxUpload, types: [], perMessage: 10 },
      typing: false,
      deliveryReceipts: false,
      readReceipts: false,
      edits: true,
      reactions: false,
      templates: false,
      lookup: false,
      threading: 'reply',
      maxText,
      letters: false,
      visibility: ['private', 'public'],
      handOver: true,
      window: null,
      calls: false,
      listening: false,
      counter: 'characters',
    },
    receives: ['hook', 'listen'],
    hookHelp: {
      fa: 'نیازی به وارد کردن نشانی نیست: اگر این سرور نشانی https عمومی داشته باشد خودش آن را به بله می‌دهد، وگرنه پیام‌ها را می‌پرسد.',
      en: 'Nothing to enter: with a public https address this server registers itself at Bale, otherwise it polls.',
    },
  },
  name: 'Bale',
  kind: 'baleUser',
  endpoint: 'https://tapi.bale.ai',
  pages: 'https://ble.ir/',
  secretIn: 'path',
  updates: null,
  quotesBy: 'reply_to_message_id',
  maxText,
  maxCaption: 1024,
  maxUpload,
  maxPhoto: 10 * 1024 * 1024,
  maxDownload: 20 * 1024 * 1024,
};
