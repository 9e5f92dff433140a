import { createHash, timingSafeEqual } from 'node:crypto';
import { withoutBidiControls } from '../../shared/text/normalise.ts';
import {
  ConnectorError,
  type InboundEvent,
  type InboundMessage,
  type RawEvent,
  type RawRequest,
  type Sender,
  type Settings,
  type Split,
} from '../connector.ts';
import { attachmentsOf, contactNumber, wordsOf } from './content.ts';
import { accountRef, externalIdOf, type Face, scopeOf, webhookSecret } from './face.ts';
import { answeredIn, isForBot, messageUrl, placeOf, postOf, threadKeyOf, userName } from './group.ts';
import { date, integer, type Json, kindOf, list, object, text } from './update.ts';

/** The secret is compared by hash: equal lengths, and no timing to measure. */
export function verify(face: Face, raw: RawRequest, settings: Settings): boolean {
  const given =
    face.secretIn === 'header' ? raw.headers['x-telegram-bot-api-secret-token'] : raw.path.replace(/^\//, '');
  if (raw.method !== 'POST' || typeof given !== 'string') return false;
  const hash = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(given), hash(webhookSecret(settings)));
}

/** One update from the webhook, or the answer of getUpdates with its list of them. */
export function split(face: Face, raw: RawRequest, settings: Settings): Split {
  const account = settings.botToken === undefined ? 'unconfigured' : accountRef(settings);
  const value = parse(face, raw.body);
  const fetched = Array.isArray(value) ? value : object(value)?.result;
  if (Array.isArray(fetched)) {
    return { events: list(fetched).map((update) => eventOf(update, account) ?? unreadable(update, account)) };
  }
  const update = object(value);
  if (!update || integer(update.update_id) === null)
    throw notOurs(face, 'it has no update_id that is a number');
  // A kind of update that is not known here is kept, to fail where somebody sees it.
  const event = eventOf(update, account) ?? unreadable(update, account);
  return { events: [event] };
}

function parse(face: Face, body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw notOurs(face, 'it is not JSON');
  }
}

/** The number of an update alone is no key: after a quiet week they may begin again with any. */
function eventOf(update: Json, account: string): RawEvent | null {
  const id = integer(update.update_id);
  const found = kindOf(update);
  if (id === null || id < 0 || !found) return null;
  const { kind, body } = found;
  const edited = integer(body.edit_date);
  const eventKey = [
    id,
    kind,
    integer(object(body.chat)?.id) ?? '',
    integer(body.message_id) ?? '',
    edited ?? '',
  ].join('/');
  return { accountRef: account, eventKey, at: date(edited) ?? date(body.date), payload: encode(update) };
}

/** It is handed out once: kept, to fail where somebody sees it. */
function unreadable(update: Json, account: string): RawEvent {
  const payload = encode(update);
  const hash = createHash('sha256').update(payload).digest('hex').slice(0, 32);
  return { accountRef: account, eventKey: `unreadable/${hash}`, at: null, payload };
}

const encode = (value: Json): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

export function inbound(face: Face, event: RawEvent, settings: Settings): InboundEvent[] {
  const update = object(JSON.parse(new TextDecoder().decode(event.payload)));
  const found = update && kindOf(update);
  const id = integer(update?.update_id);
  if (!found || id === null)
    throw new Error(`The update from ${face.name} has no update_id, or nothing beside it.`);
  const context = { face, settings, bot: event.accountRef, order: String(id).padStart(20, '0') };
  switch (found.kind) {
    case 'message':
    case 'edited_message':
      return [messageEvent(found.body, { ...context, edit: found.kind === 'edited_message' })];
    case 'message_reaction':
      return [reactionEvent(found.body, context)];
    case 'my_chat_member':
      return [reachabilityEvent(found.body, context)];
    case 'channel_post':
    case 'edited_channel_post':
      return [ignored(inChannel)];
    default:
      return [
        ignored(`An update of the kind ${withoutBidiControls(found.kind)}, which says nothing to the inbox.`),
      ];
  }
}

interface Context {
  face: Face;
  settings: Settings;
  bot: string;
  order: string;
}

const inChannel = 'Written in a channel, not to the bot itself.';

function messageEvent(message: Json, context: Context & { edit: boolean }): InboundEvent {
  const { face, bot } = context;
  const { chat, messageId } = whereOf(face, message);
  if (chat.type === 'channel') return ignored(inChannel);
  const from = object(message.from);
  if (from?.is_bot === true) return ignored('Written by a bot.');
  const externalId = externalIdOf(chatId(face, chat), messageId);
  const scope = scopeOf(face, bot);
  const attachments = attachmentsOf(message);
  const words = wordsOf(message);
  if (words === null && attachments.length === 0) return withoutContent(face, message, externalId);
  // In a group an administrator may hide behind it, and its channel posts there by itself.
  if (chat.type !== 'private' && object(message.sender_chat))
    return ignored('Written in the name of a group or a channel, not of a person.');
  if (context.edit) {
    const at = date(message.edit_date);
    return { type: 'edit', externalId, scope, text: words ?? '', at, order: context.order };
  }
  const answered = answeredIn(message);
  const album = text(message.media_group_id);
  const said: Said = {
    externalIds: [externalId],
    scope,
    sender: senderOf(face, from),
    at: date(message.date),
    text: words ?? '',
    attachments,
    ...(answered ? { inReplyTo: externalIdOf(chatId(face, chat), answered.id) } : {}),
  };
  if (chat.type !== 'private') return inGroup({ message, chat, messageId }, said, context);
  return {
    type: 'message',
    direction: 'in',
    ...said,
    threadKey: String(chatId(face, chat)),
    providerOrder: String(messageId).padStart(20, '0'),
    ...(album ? { groupKey: album } : {}),
    visibility: 'private',
    ...identitiesIn(message, from),
  };
}

type Said = Pick<
  InboundMessage,
  'externalIds' | 'scope' | 'sender' | 'at' | 'text' | 'attachments' | 'inReplyTo'
>;

/** To the bot: a public message. To others in its hearing: said about us, perhaps. */
function inGroup(
  { message, chat, messageId }: { message: Json; chat: Json; messageId: number },
  { externalIds, sender, ...said }: Said,
  { face, bot, settings }: Context,
): InboundEvent {
  const place = placeOf(message, chatId(face, chat));
  const post = postOf(face, { chat, place, bot });
  const name = userName(object(message.from) ?? {});
  const who = name ? { ...sender, url: face.pages + name } : sender;
  const url = messageUrl(face, chat, messageId);
  const common = { ...said, threadKey: threadKeyOf(place), post, ...(url ? { url } : {}) };
  if (!isForBot(message, { bot, settings }))
    return { type: 'mention', kind: 'comment', externalId: externalIds[0] ?? '', author: who, ...common };
  const album = text(message.media_group_id);
  return {
    type: 'message',
    externalIds,
    direction: 'in',
    sender: who,
    ...common,
    providerOrder: String(messageId).padStart(20, '0'),
    ...(album ? { groupKey: album } : {}),
    visibility: 'public',
  };
}

/** The messenger itself says whose number it is when somebody shares their own; any other contact is a mere word. */
function identitiesIn(message: Json, from: Json | null): Pick<InboundMessage, 'proves' | 'claims'> {
  const contact = object(message.contact);
  const value = contact && contactNumber(contact);
  if (!contact || !value) return {};
  const own = integer(contact.user_id);
  return own !== null && own === integer(from?.id)
    ? { proves: [{ kind: 'mobile', value, display: value, proof: 'sharedContact' }] }
    : { claims: [{ kind: 'mobile', value, source: 'contact' }] };
}

/** Keys that every message may have; what else there is names its content. */
const ordinary =
  /^(message_id|date|chat|from|sender_|edit_date|message_thread_id|via_bot|reply_|forward_|is_|has_|author_|link_preview|quote|external_reply|entities|caption|show_caption|media_group_id)/;
const service =
  /^(new_chat_|left_chat_|delete_chat_photo|group_chat_created|supergroup_chat_created|channel_chat_created|message_auto_delete|migrate_|pinned_message|successful_payment|refunded_payment|users?_shared|chat_shared|connected_website|write_access_allowed|passport_data|proximity_alert|boost_added|chat_background_set|forum_|general_forum_|giveaway|video_chat_|web_app_data)/;

function withoutContent(face: Face, message: Json, externalId: string): InboundEvent {
  const content = Object.keys(message).filter((name) => !ordinary.test(name));
  const known = content.find((name) => service.test(name));
  if (known) return ignored(`A notice of ${face.name}’s (${known.slice(0, 40)}), not a message.`);
  throw new Error(
    `Message ${externalId} from ${face.name} has no content that is known here (${content.join(', ').slice(0, 100) || 'none'}).`,
  );
}

function reactionEvent(body: Json, context: Context): InboundEvent {
  const { face } = context;
  const { chat, messageId } = whereOf(face, body);
  if (chat.type === 'channel') return ignored(inChannel);
  if (object(body.actor_chat))
    return ignored('Reacted in the name of a group or a channel, not of a person.');
  const emoji = list(body.new_reaction).map((reaction) =>
    // A custom emoji is a picture without a character of its own.
    reaction.type === 'emoji' ? (text(reaction.emoji) ?? '⭐') : '⭐',
  );
  return {
    type: 'reaction',
    externalId: externalIdOf(chatId(face, chat), messageId),
    scope: scopeOf(face, context.bot),
    sender: senderOf(face, object(body.user)),
    emoji,
    at: date(body.date),
    order: context.order,
  };
}

function reachabilityEvent(body: Json, context: Context): InboundEvent {
  const { face } = context;
  const chat = object(body.chat);
  if (!chat) throw new Error(`The membership update from ${face.name} names no chat.`);
  if (chat.type === 'channel') return ignored(inChannel);
  const status = text(object(body.new_chat_member)?.status);
  if (status === null) throw new Error(`The membership update from ${face.name} says no status.`);
  if (chat.type !== 'private')
    return ignored(`The bot’s own place in a group changed (${status.slice(0, 20)}).`);
  const reachable = status !== 'kicked' && status !== 'left';
  return {
    type: 'reachability',
    sender: senderOf(face, object(body.from)),
    reachable,
    at: date(body.date),
    order: context.order,
  };
}

function whereOf(face: Face, body: Json): { chat: Json; messageId: number } {
  const chat = object(body.chat);
  const messageId = integer(body.message_id);
  if (!chat || messageId === null)
    throw new Error(`The update from ${face.name} does not say which message of which chat it is about.`);
  return { chat, messageId };
}

function chatId(face: Face, chat: Json): number {
  const id = integer(chat.id);
  if (id === null) throw new Error(`The update from ${face.name} names a chat without a usable id.`);
  return id;
}

/** User ids are the same for every bot. */
function senderOf(face: Face, user: Json | null): Sender {
  const id = integer(user?.id);
  if (!user || id === null || id <= 0)
    throw new Error(`The update from ${face.name} does not say who it is from.`);
  const name = withoutBidiControls([text(user.first_name), text(user.last_name)].filter(Boolean).join(' '))
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 120);
  const username = userName(user);
  const language = text(user.language_code);
  return {
    kind: face.kind,
    value: String(id),
    display: username ? `@${username}` : name || String(id),
    ...(name ? { name } : {}),
    ...(language && /^[A-Za-z-]{2,20}$/.test(language) ? { language } : {}),
  };
}

const ignored = (reason: string): InboundEvent => ({ type: 'ignored', reason });

function notOurs(face: Face, why: string): ConnectorError {
  return new ConnectorError({
    class: 'permanent',
    code: 'notOurs',
    message: `This is no update of ${face.name}’s: ${why}.`,
  });
}
