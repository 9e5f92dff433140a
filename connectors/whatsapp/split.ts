import type { RawEvent, RawRequest, Settings, Split } from '../connector.ts';
import { appSecret } from '../meta/config.ts';
import { entriesOf, hashOf } from '../meta/envelope.ts';
import { encode, id, type Json, list, messageId, moment, object, text } from '../meta/json.ts';
import { verifySignature } from '../meta/signature.ts';
import { accountRef } from './config.ts';

/** One thing out of a change: what is stored, and what `inbound` reads. */
export interface Cut {
  what: 'message' | 'status' | 'echo' | 'other';
  /** The field of the webhook. */
  field: string;
  item: Json;
  /** Who is behind the ids in it: names, and the number where Meta says it. */
  contact: Json | null;
}

export function verify(raw: RawRequest, settings: Settings): boolean {
  if (!settings.appSecret) return false;
  return verifySignature(raw, appSecret(settings));
}

/** Every message, status and echo of every change, for whichever number it is. (Meta: WhatsApp Cloud API, Webhooks, `messages`) */
export function split(raw: RawRequest, settings: Settings): Split {
  const events = entriesOf(raw.body, 'whatsapp_business_account').flatMap(({ body, time }) =>
    list(body.changes).flatMap((change): RawEvent[] => {
      const value = object(change.value) ?? {};
      const number = id(object(value.metadata)?.phone_number_id);
      const field = text(change.field)?.slice(0, 100) ?? '';
      const contacts = list(value.contacts);
      const cut = (what: Cut['what'], item: Json, key: string): RawEvent => ({
        accountRef: number ?? ownNumber(settings),
        eventKey: key,
        at: moment(item.timestamp) ?? moment(time),
        payload: encode({ what, field, item, contact: contactOf(contacts, item) } satisfies Cut),
      });
      const found = [
        ...list(value.messages).map((item) => cut('message', item, keyOf('message', item))),
        ...list(value.message_echoes).map((item) => cut('echo', item, keyOf('echo', item))),
        ...list(value.statuses).map((item) => cut('status', item, statusKey(item))),
      ];
      return found.length > 0
        ? found
        : [cut('other', value, `other/${field}/${time ?? ''}/${hashOf(value)}`)];
    }),
  );
  return { events };
}

const ownNumber = (settings: Settings): string =>
  settings.phoneNumberId === undefined ? 'unconfigured' : accountRef(settings);

function keyOf(what: string, item: Json): string {
  return `${what}/${messageId(item.id) ?? hashOf(item)}`;
}

function statusKey(item: Json): string {
  const status = /^\w{1,30}$/.exec(text(item.status) ?? '')?.[0] ?? hashOf(item);
  return `status/${messageId(item.id) ?? hashOf(item)}/${status}`;
}

/** One event may carry many people's messages and their contacts beside them, in no given order. */
function contactOf(contacts: Json[], item: Json): Json | null {
  const ids = [
    item.from,
    item.to,
    item.from_user_id,
    item.recipient_id,
    item.recipient_user_id,
    item.to_user_id,
  ];
  const named = contacts.find((contact) =>
    [contact.wa_id, contact.user_id].some((one) => typeof one === 'string' && ids.includes(one)),
  );
  return named ?? (contacts.length === 1 ? (contacts[0] ?? null) : null);
}
