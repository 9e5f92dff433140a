import { createHmac } from 'node:crypto';
import type { IdentityKind } from '../../shared/customer.ts';
import { ConnectorError, type Manifest, type Settings } from '../connector.ts';

/**
 * A messenger whose bots speak Telegram's Bot API: what it does otherwise than others, as data. The code of this folder asks here and
 * knows no messenger's name.
 */
export interface Face {
  manifest: Manifest;
  /** In sentences for people. */
  name: string;
  kind: IdentityKind;
  endpoint: string;
  /** Public pages of people and groups: this and their name. */
  pages: string;
  /** Where a webhook call bears its secret: in Telegram's header, or below the hook's address where there is no such header. */
  secretIn: 'header' | 'path';
  /** The kinds of updates to ask for by name; null: they cannot be chosen. */
  updates: readonly string[] | null;
  /** How a message says what it answers. */
  quotesBy: 'reply_parameters' | 'reply_to_message_id';
  /** UTF-16 units. */
  maxText: number;
  maxCaption: number;
  /** Bytes. */
  maxUpload: number;
  maxPhoto: number;
  maxDownload: number;
}

export const tokenPattern = /^(\d{5,20}):[A-Za-z0-9_-]{30,80}$/;

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

const namePattern = /^@?([A-Za-z][A-Za-z0-9_]{3,63})$/;

/** The bot's user name in lower case, by which people call it in a group; null: it was not said. */
export function botName(settings: Settings): string | null {
  const written = String(settings.botName ?? '').trim();
  if (!written) return null;
  const name = namePattern.exec(written)?.[1];
  if (name) return name.toLowerCase();
  throw new ConnectorError({
    class: 'permanent',
    code: 'badName',
    field: 'botName',
    message: 'The bot’s user name has Latin letters, digits and _ alone: @shop_bot.',
  });
}

/**
 * What a webhook call repeats. Made from the token, so that it needs no setting, is the same on every server and changes with the
 * token.
 */
export function webhookSecret(settings: Settings): string {
  return createHmac('sha256', botToken(settings)).update('webhook secret token').digest('hex');
}

/** Message ids are unique within a bot and chat. */
export const scopeOf = (face: Face, bot: string): string => `${face.manifest.id}:${bot}`;
export const externalIdOf = (chat: string | number, message: string | number): string => `${chat}:${message}`;

/** The libraries put the URL, and with it the token, into some messages. */
export function withoutTokens(text: string): string {
  return text.replace(/(bot)?\d{5,20}:[A-Za-z0-9_-]{20,}/g, '$1[token]');
}

/** The setting that every face has. */
export const botNameField: Manifest['settings'][number] = {
  key: 'botName',
  label: { fa: 'نام کاربری ربات', en: 'Bot user name' },
  help: {
    fa: 'برای گروه‌ها: پیامی که این نام در آن باشد خطاب به شماست. خالی: هر نامی که به bot پایان یابد.',
    en: 'For groups: a message that names it is meant for you. Empty: any name that ends in bot.',
  },
  type: 'text',
  required: false,
  placeholder: '@shop_bot',
  pattern: {
    source: '^@?[A-Za-z][A-Za-z0-9_]{3,63}$',
    message: {
      fa: 'نام کاربری تنها حرف لاتین، رقم و _ دارد.',
      en: 'A user name has Latin letters, digits and _ alone.',
    },
  },
};
