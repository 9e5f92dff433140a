import { parsePhone } from '../../shared/text/phone.ts';
import type { InboundEvent, InboundMessage, ProvenIdentity, RawEvent, Sender } from '../connector.ts';
import { integer, type Json, list, messageId, moment, object, parse, text } from '../meta/json.ts';
import { oneLine } from '../meta/words.ts';
import { isPhone, isScopedId, scopeOf } from './config.ts';
import { contentOf, sharedNumbers } from './content.ts';
import { rules } from './errors.ts';
import type { Cut } from './split.ts';

export function inbound(event: RawEvent): InboundEvent[] {
  const cut = object(parse(event.payload)) as unknown as Cut | null;
  const item = object(cut?.item);
  if (!cut || !item) throw new Error('The stored event is none of WhatsApp’s.');
  const context: Context = { number: event.accountRef, item, contact: object(cut.contact) };
  switch (cut.what) {
    case 'message':
      return [messageEvent(context, 'in')];
    case 'echo':
      return [messageEvent(context, 'out')];
    case 'status':
      return [statusEvent(context)];
    default:
      return [
        ignored(
          `A notice of Meta’s (${oneLine(String(cut.field ?? ''), 60) || 'without a name'}), no message.`,
        ),
      ];
  }
}

interface Context {
  number: string;
  item: Json;
  contact: Json | null;
}

function messageEvent(context: Context, direction: 'in' | 'out'): InboundEvent {
  const { item, number } = context;
  const externalId = messageId(item.id);
  if (!externalId) throw new Error('The message from WhatsApp has no id.');
  const scope = scopeOf(number);
  const at = moment(item.timestamp);
  const kind = text(item.type) ?? '';
  const changed = changeEvent({ kind, item, scope, at });
  if (changed) return changed;
  const who = partyOf(context, direction);
  if (kind === 'reaction') return reactionEvent(item, { who, scope, at });
  if (kind === 'system')
    return ignored(
      `A notice of WhatsApp’s: ${oneLine(text(object(item.system)?.body) ?? 'something changed', 150)}`,
    );
  if (kind === 'request_welcome') return ignored('They opened the chat and have not written yet.');
  const content = contentOf(item) ?? unknownContent(item);
  const answered = messageId(object(item.context)?.id) ?? messageId(object(item.context)?.message_id);
  const claims = direction === 'in' ? claimsOf(item, who) : [];
  return {
    type: 'message',
    externalIds: [externalId],
    scope,
    direction,
    sender: who.sender,
    threadKey: who.sender.value,
    at,
    providerOrder: '',
    ...content,
    ...(answered ? { inReplyTo: answered } : {}),
    visibility: 'private',
    ...(direction === 'in' && who.proves.length > 0 ? { proves: who.proves } : {}),
    ...(claims.length > 0 ? { claims } : {}),
  };
}

/** (Meta: Webhooks, `edit` and `revoke`) */
function changeEvent(change: {
  kind: string;
  item: Json;
  scope: string;
  at: Date | null;
}): InboundEvent | null {
  const { kind, item, scope, at } = change;
  if (kind !== 'edit' && kind !== 'revoke') return null;
  const body = object(item[kind]);
  const externalId = messageId(body?.original_message_id);
  if (!externalId) throw new Error(`The ${kind} from WhatsApp does not say which message it is about.`);
  if (kind === 'revoke') return { type: 'delete', externalId, scope, at };
  const message = object(body?.message);
  const content = message && contentOf(message);
  if (!content) throw new Error('The edit from WhatsApp does not say what the message says now.');
  return { type: 'edit', externalId, scope, text: content.text, at, order: messageId(item.id) ?? '' };
}

interface Party {
  sender: Sender;
  proves: ProvenIdentity[];
}

/**
 * The customer: by the number where WhatsApp gives one, else by the id that this business alone knows them by. WhatsApp has verified the
 * number by itself, so it proves a telephone; and both ids in one event are one person's.
 */
function partyOf({ item, contact }: Context, direction: 'in' | 'out'): Party {
  const profile = object(contact?.profile);
  const said = direction === 'in' ? [item.from, item.from_user_id] : [item.to, item.to_user_id];
  const ids = [...said, contact?.wa_id, contact?.user_id].flatMap(
    (one) => text(one)?.replace(/^\+/, '') ?? [],
  );
  const phone = ids.find(isPhone);
  const scoped = ids.find(isScopedId);
  const value = phone ?? scoped;
  if (!value) throw new Error('The event from WhatsApp does not say who it is from.');
  const name = oneLine(text(profile?.name) ?? '', 120);
  const username = /^[\w.]{1,60}$/.exec(text(profile?.username) ?? '')?.[0];
  const display = phone ? `+${phone}` : username ? `@${username}` : name || value;
  const telephone = phone ? parsePhone(`+${phone}`) : null;
  return {
    sender: { kind: 'whatsappUser', value, display, ...(name ? { name } : {}) },
    proves: [
      ...(telephone
        ? [
            {
              kind: telephone.mobile ? ('mobile' as const) : ('phone' as const),
              value: telephone.e164,
              display: telephone.e164,
              proof: 'signed' as const,
            },
          ]
        : []),
      ...(phone && scoped
        ? [
            {
              kind: 'whatsappUser' as const,
              value: scoped,
              display: username ? `@${username}` : scoped,
              proof: 'signed' as const,
            },
          ]
        : []),
    ],
  };
}

function claimsOf(item: Json, who: Party): NonNullable<InboundMessage['claims']> {
  const own = new Set(who.proves.map(({ value }) => value));
  return sharedNumbers(item).flatMap((number) => {
    const phone = parsePhone(/^[+0]/.test(number) ? number : `+${number}`);
    return phone?.mobile && !own.has(phone.e164)
      ? [{ kind: 'mobile' as const, value: phone.e164, source: 'contact' }]
      : [];
  });
}

function reactionEvent(item: Json, about: { who: Party; scope: string; at: Date | null }): InboundEvent {
  const body = object(item.reaction);
  const externalId = messageId(body?.message_id);
  if (!externalId) throw new Error('The reaction from WhatsApp does not say what it is to.');
  const emoji = text(body?.emoji)?.slice(0, 40) ?? '';
  return {
    type: 'reaction',
    externalId,
    scope: about.scope,
    sender: about.who.sender,
    emoji: emoji ? [emoji] : [],
    at: about.at,
    order: messageId(item.id) ?? '',
  };
}

/** Polls, what may be seen once, and whatever is new: WhatsApp says that there was something, and not what. */
function unknownContent(item: Json): { text: string; attachments: [] } {
  const kind = oneLine(text(item.type) ?? '', 40);
  const why = list(item.errors).map((error) => text(object(error.error_data)?.details) ?? text(error.title));
  if (kind !== 'unsupported' && kind !== 'unknown' && why.length === 0)
    throw new Error(`A message of the kind “${kind}” from WhatsApp is not known here.`);
  return {
    text: '⚠️ واتساپ این پیام را تحویل نمی‌دهد · WhatsApp does not hand this message out',
    attachments: [],
  };
}

const states: Record<string, 'sent' | 'delivered' | 'read' | 'failed'> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  // Of a voice message: they have heard it.
  played: 'read',
  failed: 'failed',
};

function statusEvent({ item, number, contact }: Context): InboundEvent {
  const externalId = messageId(item.id);
  const said = text(item.status) ?? '';
  if (!externalId) throw new Error('The status from WhatsApp does not say what it is about.');
  const state = Object.hasOwn(states, said) ? states[said] : undefined;
  if (!state) return ignored(`A status of WhatsApp’s (${oneLine(said, 40)}) that says nothing of delivery.`);
  const [error] = list(item.errors);
  const ids = [item.recipient_id, contact?.wa_id, item.recipient_user_id, contact?.user_id];
  const recipient = ids
    .flatMap((one) => text(one)?.replace(/^\+/, '') ?? [])
    .find((one) => isPhone(one) || isScopedId(one));
  return {
    type: 'status',
    externalId,
    scope: scopeOf(number),
    state,
    at: moment(item.timestamp),
    ...(state === 'failed' ? { error: failure(error ?? null) } : {}),
    ...(recipient ? { recipient } : {}),
  };
}

function failure(error: Json | null): { code: string; message: string; unreachable?: boolean } {
  const code = String(integer(error?.code) ?? 'unknown');
  const rule = Object.hasOwn(rules, code) ? rules[code] : undefined;
  const words =
    text(object(error?.error_data)?.details) ??
    text(error?.title) ??
    text(error?.message) ??
    'no reason given';
  return {
    code,
    message: `${rule?.explain ? `${rule.explain} ` : ''}WhatsApp: ${oneLine(words, 300)} (${code}).`,
    ...(rule?.unreachable ? { unreachable: true } : {}),
  };
}

const ignored = (reason: string): InboundEvent => ({ type: 'ignored', reason });
