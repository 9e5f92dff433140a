import { createHmac } from 'node:crypto';
import { ConnectorError, type Manifest, type Settings } from '../connector.ts';

/** Limits and behaviour from the Bot API documentation (core.telegram.org/bots/api) unless another source is named. */
export const defaultEndpoint = 'https://api.telegram.org';
export const maxText = 4096;
export const maxCaption = 1024;
/** Bots upload 50 MB at most, of photos 10 MB, and download 20 MB. */
export const maxUpload = 50 * 1024 * 1024;
export const maxPhoto = 10 * 1024 * 1024;
export const maxDownload = 20 * 1024 * 1024;
/** Reactions come only to those who ask for them by name. */
export const allowedUpdates = ['message', 'edited_message', 'message_reaction', 'my_chat_member'] as const;

const tokenPattern = /^(\d{5,20}):[A-Za-z0-9_-]{30,80}$/;

export const manifest: Manifest = {
  id: 'telegram',
  name: { fa: 'تلگرام', en: 'Telegram' },
  description: {
    fa: 'گفتگو با مشتریان از راه ربات تلگرام',
    en: 'Talk with customers through a Telegram bot',
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
    visibility: ['private'],
    handOver: false,
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
};

export function botToken(settings: Settings): string {
  const token = String(settings.botToken ?? '').trim();
  if (tokenPattern.test(token)) return token;
  throw new ConnectorError({
    class: 'permanent',
    code: 'badToken',
    field: 'botToken',
    message:
      'The bot token is missing or incomplete: copy it whole from @BotFather (number, colon, long string).',
  });
}

/** The bot's id is the number its token begins with. */
export function accountRef(settings: Settings): string {
  return tokenPattern.exec(botToken(settings))?.[1] ?? '';
}

/**
 * What Telegram repeats in the header of every webhook call. Made from the token, so that it needs no setting, is the same on every
 * server and changes with the token.
 */
export function webhookSecret(settings: Settings): string {
  return createHmac('sha256', botToken(settings)).update('webhook secret token').digest('hex');
}

/** Message ids are unique within a bot and chat. */
export const scopeOf = (bot: string): string => `telegram:${bot}`;
export const externalIdOf = (chat: string | number, message: string | number): string => `${chat}:${message}`;

/** The libraries put the URL, and with it the token, into some messages. */
export function withoutTokens(text: string): string {
  return text.replace(/(bot)?\d{5,20}:[A-Za-z0-9_-]{20,}/g, '$1[token]');
}
