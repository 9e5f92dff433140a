import type { InboundEvent, InboundMessage } from '../connector.ts';
import { contentOf } from './content.ts';
import { type Face, personOf, scopeOf, senderOf } from './face.ts';
import { id, integer, type Json, messageId, moment, object, text } from './json.ts';
import type { Cut } from './split.ts';
import { oneLine } from './words.ts';

/** Of our own messages, in what Messenger gives back with the echo. */
const reference = /^yekja:(\d{1,20})$/;
export const metadataOf = (sendRef: string): string => `yekja:${sendRef}`;

interface About {
  face: Face;
  account: string;
  item: Json;
  known: Json | null;
  at: Date | null;
}

/** What is said between us and one person (Meta: Messenger Platform, webhook events). @throws a sentence on what is not known here */
export function messagingEvents(face: Face, account: string, cut: Cut): InboundEvent[] {
  const { item, known } = cut;
  const about: About = { face, account, item, known, at: moment(item.timestamp) };
  const message = object(item.message);
  if (message) return messageEvents(about, message);
  const edit = object(item.message_edit);
  if (edit) return [editOf(about, edit)];
  const reaction = object(item.reaction);
  if (reaction) return [reactionOf(about, reaction)];
  const postback = object(item.postback);
  if (postback) return [postbackOf(about, postback)];
  const delivery = object(item.delivery);
  if (delivery) return receiptOf(about, delivery, 'delivered');
  const read = object(item.read);
  if (read) return receiptOf(about, read, 'read');
  return [noticeOf(about)];
}

function messageEvents(about: About, message: Json): InboundEvent[] {
  const { face, account, at } = about;
  const mid = midOf(message);
  const scope = scopeOf(face, account);
  if (message.is_deleted === true) return [{ type: 'delete', externalId: mid, scope, at }];
  const echo = message.is_echo === true || partyOf(about, 'sender') === account;
  const person = partyOf(about, echo ? 'recipient' : 'sender');
  if (!person || person === account)
    return [ignored('Its sender is not told by an id that can be answered.')];
  const content = contentOf(message, { inbox: face.inbox });
  if (!content) {
    const names = Object.keys(message).join(', ').slice(0, 100);
    throw new Error(`A message from ${face.name} has no content that is known here (${names}).`);
  }
  const replied = messageId(object(message.reply_to)?.mid);
  const sendRef = echo ? reference.exec(text(message.metadata) ?? '')?.[1] : undefined;
  return [
    {
      ...said(about, { person, externalId: mid, ...content }),
      direction: echo ? 'out' : 'in',
      ...(replied ? { inReplyTo: replied } : {}),
      ...(sendRef ? { sendRef } : {}),
    },
  ];
}

function said(
  { face, account, at, known }: About,
  words: { person: string; externalId: string; text: string; attachments: InboundMessage['attachments'] },
): InboundMessage {
  return {
    type: 'message',
    externalIds: [words.externalId],
    scope: scopeOf(face, account),
    direction: 'in',
    sender: senderOf(face, account, { ...personOf(object(known?.person)), id: words.person }),
    threadKey: words.person,
    at,
    // Nothing counts what was said in one millisecond: any order will do that is the same on all days.
    providerOrder: words.externalId,
    text: words.text,
    attachments: words.attachments,
    visibility: 'private',
  };
}

function editOf({ face, account, at }: About, edit: Json): InboundEvent {
  const times = Number(text(edit.num_edit) ?? integer(edit.num_edit) ?? 0);
  return {
    type: 'edit',
    externalId: midOf(edit),
    scope: scopeOf(face, account),
    text: text(edit.text) ?? '',
    at,
    order: String(Number.isSafeInteger(times) && times >= 0 ? times : 0).padStart(6, '0'),
  };
}

/** Where only the name of a reaction comes. */
const emojiOf: Record<string, string> = {
  love: '❤️',
  like: '👍',
  dislike: '👎',
  laugh: '😆',
  smile: '😆',
  haha: '😆',
  wow: '😮',
  sad: '😢',
  angry: '😠',
  care: '🥰',
};

export function reactionEmoji(name: unknown, emoji: unknown): string {
  const given = text(emoji);
  if (given && given.length <= 16) return given;
  const named = text(name)?.toLowerCase() ?? '';
  return Object.hasOwn(emojiOf, named) ? (emojiOf[named] as string) : '⭐';
}

function reactionOf(about: About, reaction: Json): InboundEvent {
  const { face, account, at, known } = about;
  const person = partyOf(about, 'sender');
  if (!person || person === account) return ignored('A reaction of our own account.');
  const back = reaction.action === 'unreact';
  return {
    type: 'reaction',
    externalId: midOf(reaction),
    scope: scopeOf(face, account),
    sender: senderOf(face, account, { ...personOf(object(known?.person)), id: person }),
    emoji: back ? [] : [reactionEmoji(reaction.reaction, reaction.emoji)],
    at,
    order: back ? 'b' : 'a',
  };
}

/** A button that was pressed says its title, as the person saw it. */
function postbackOf(about: About, postback: Json): InboundEvent {
  const person = partyOf(about, 'sender');
  if (!person) return ignored('A button was pressed by somebody without an id.');
  const words = text(postback.title) || text(postback.payload) || '';
  if (!words) throw new Error('A button that was pressed says neither its title nor its payload.');
  const externalId =
    messageId(postback.mid) ?? `postback:${person}:${about.at?.getTime() ?? ''}:${oneLine(words, 40)}`;
  return said(about, { person, externalId, text: words, attachments: [] });
}

/** `watermark`: all up to then. Messenger names some ids besides, Instagram one alone. */
function receiptOf(about: About, body: Json, state: 'delivered' | 'read'): InboundEvent[] {
  const { face, account, at } = about;
  const person = partyOf(about, 'sender');
  if (!person || person === account) return [ignored('Our own account read something.')];
  const named = [...(Array.isArray(body.mids) ? body.mids : []), body.mid].flatMap(
    (mid) => messageId(mid) ?? [],
  );
  const scope = scopeOf(face, account);
  const upTo = moment(body.watermark);
  const events: InboundEvent[] = named.map((externalId) => ({
    type: 'status',
    externalId,
    scope,
    state,
    at: upTo ?? at,
  }));
  if (upTo) events.push({ type: 'watermark', state, sender: senderOf(face, account, { id: person }), upTo });
  if (events.length === 0)
    throw new Error(`A receipt from ${face.name} says neither which message nor up to when.`);
  return events;
}

/** Words for the machine, of which there are many; each says what it is by its key. */
const notices =
  /^(optin|account_linking|game_play|pass_thread_control|take_thread_control|request_thread_control|app_roles|policy[-_]enforcement|messaging_feedback|messaging_customer_information|order|appointment|prior_message|checkout_update|payment|pre_checkout|response_feedback|messaging_in_thread_lead_form_submit|lead|business_login|marketing_message_clicks)$/;

function noticeOf(about: About): InboundEvent {
  const { face, item } = about;
  const referral = object(item.referral);
  if (referral) return cameBy(about, referral);
  const names = Object.keys(item).filter((name) => !/^(sender|recipient|timestamp)$/.test(name));
  const known = names.find((name) => notices.test(name));
  if (known) return ignored(`A notice of ${face.name}’s (${known}), not a message.`);
  throw new Error(
    `An event from ${face.name} is of no kind that is known here (${names.join(', ').slice(0, 100) || 'none'}).`,
  );
}

/** They opened the conversation by a link or an advertisement, and have said nothing yet. */
function cameBy(about: About, referral: Json): InboundEvent {
  const person = partyOf(about, 'sender');
  const context = object(referral.ads_context_data);
  const words = [text(referral.source), text(context?.ad_title), text(referral.ref)].flatMap((word) =>
    word ? [oneLine(word, 120)] : [],
  );
  const reason = `They came by a link (${words.join(', ') || 'unnamed'}) and said nothing with it.`;
  if (!person) return ignored(reason);
  const externalId = `referral:${person}:${about.at?.getTime() ?? ''}`;
  const restored = said(about, { person, externalId, text: `🔗 ${words.join(' · ')}`, attachments: [] });
  return { type: 'ignored', reason, restored: [restored] };
}

function midOf(body: Json): string {
  const mid = messageId(body.mid);
  if (!mid) throw new Error('An event from Meta does not say which message it is about.');
  return mid;
}

function partyOf({ item }: About, side: 'sender' | 'recipient'): string | null {
  return id(object(item[side])?.id);
}

export const ignored = (reason: string): InboundEvent => ({ type: 'ignored', reason });

/** For the completion of what came: whose profile would say more. */
export function strangerIn(account: string, item: Json): string | null {
  const says = object(item.message) ?? object(item.postback);
  if (!says || says.is_deleted === true) return null;
  const sender = id(object(item.sender)?.id);
  const echo = says.is_echo === true || sender === account;
  const person = echo ? id(object(item.recipient)?.id) : sender;
  return person === account ? null : person;
}
