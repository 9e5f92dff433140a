import { botNameField, type Face, tokenPattern } from './face.ts';

/** Limits and behaviour from the Bot API documentation (core.telegram.org/bots/api) unless another source is named. */
const maxText = 4096;
/** Bots upload 50 MB at most, of photos 10 MB, and download 20 MB. */
const maxUpload = 50 * 1024 * 1024;

export const telegramFace: Face = {
  manifest: {
    id: 'telegram',
    name: { fa: 'تلگرام', en: 'Telegram' },
    description: {
      fa: 'گفتگو با مشتریان از راه ربات تلگرام، خصوصی و در گروه',
      en: 'Talk with customers through a Telegram bot, in private and in groups',
    },
    glyph: 'telegram',
    settings: [
      {
        key: 'botToken',
        label: { fa: 'توکن ربات', en: 'Bot token' },
        help: {
          fa: 'در تلگرام به ‎@BotFather‎ پیام ‎/newbot‎ (یا برای رباتِ موجود ‎/token‎) بدهید و توکن را کامل اینجا بگذارید.',
          en: 'In Telegram, write /newbot (or /token for a bot you have) to @BotFather and paste the whole token here.',
        },
        type: 'secret',
        required: true,
        placeholder: '123456789:AA…',
        pattern: {
          source: tokenPattern.source,
          message: {
            fa: 'توکن عدد ربات، دونقطه و رشته‌ای بلند است.',
            en: 'A token is the bot’s number, a colon and a long string.',
          },
        },
      },
      botNameField,
    ],
    capabilities: {
      canStart: 'known',
      kinds: ['telegramUser'],
      sessions: false,
      attachments: { maxBytes: maxUpload, types: [], perMessage: 10 },
      typing: false,
      deliveryReceipts: false,
      readReceipts: false,
      edits: true,
      reactions: true,
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
      fa: 'نیازی به وارد کردن نشانی نیست: اگر این سرور نشانی https عمومی داشته باشد خودش آن را به تلگرام می‌دهد، وگرنه پیام‌ها را می‌پرسد.',
      en: 'Nothing to enter: with a public https address this server registers itself at Telegram, otherwise it polls.',
    },
  },
  name: 'Telegram',
  kind: 'telegramUser',
  endpoint: 'https://api.telegram.org',
  pages: 'https://t.me/',
  secretIn: 'header',
  /** Reactions come only to those who ask for them by name. */
  updates: ['message', 'edited_message', 'message_reaction', 'my_chat_member'],
  quotesBy: 'reply_parameters',
  maxText,
  maxCaption: 1024,
  maxUpload,
  maxPhoto: 10 * 1024 * 1024,
  maxDownload: 20 * 1024 * 1024,
};
