import type { InboundAttachment } from '../connector.ts';
import { id, type Json, list, object, text } from '../meta/json.ts';
import { oneLine } from '../meta/words.ts';

const families: Record<string, { name: string; type: string }> = {
  image: { name: 'photo.jpg', type: 'image/jpeg' },
  video: { name: 'video.mp4', type: 'video/mp4' },
  audio: { name: 'audio.ogg', type: 'audio/ogg' },
  voice: { name: 'voice.ogg', type: 'audio/ogg' },
  document: { name: 'file', type: 'application/octet-stream' },
  sticker: { name: 'sticker.webp', type: 'image/webp' },
};

export interface Content {
  text: string;
  attachments: InboundAttachment[];
}

/** What a message says; null where its kind is not known here. (Meta: WhatsApp Cloud API, Webhooks, message objects) */
export function contentOf(message: Json): Content | null {
  const kind = text(message.type) ?? '';
  const family = families[kind];
  const body = object(message[kind]);
  if (family && body) return media(body, kind, family);
  const words = wordsOf(kind, message, body);
  return words === null ? null : { text: words, attachments: [] };
}

function media(body: Json, kind: string, usual: { name: string; type: string }): Content {
  const mediaId = id(body.id);
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(text(body.mime_type) ?? '')?.[0]?.toLowerCase();
  const name = oneLine((text(body.filename) ?? '').replace(/[/\\]+/g, ' '), 200).replace(/^[\s.]+/, '');
  return {
    text: text(body.caption) ?? '',
    attachments: mediaId
      ? [
          {
            ref: { mediaId },
            name: name || (kind === 'audio' && body.voice === true ? 'voice.ogg' : usual.name),
            type: type ?? usual.type,
          },
        ]
      : [],
  };
}

function wordsOf(kind: string, message: Json, body: Json | null): string | null {
  switch (kind) {
    case 'text':
      return text(body?.body);
    case 'location':
      return body && place(body);
    case 'contacts':
      return list(message.contacts).map(person).join('\n\n') || null;
    case 'button':
      return text(body?.text) ?? text(body?.payload);
    case 'interactive':
      return body && chosen(body);
    case 'order':
      return body && ordered(body);
    default:
      return null;
  }
}

function place(location: Json): string {
  const [latitude, longitude] = [location.latitude, location.longitude].map(Number);
  const known = Number.isFinite(latitude) && Number.isFinite(longitude);
  const at = known ? `${latitude?.toFixed(6)}, ${longitude?.toFixed(6)}` : '';
  const link = known ? `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}` : '';
  return [`📍 ${text(location.name) ?? ''}`.trim(), text(location.address), at, link]
    .filter(Boolean)
    .join('\n');
}

function person(contact: Json): string {
  const name = text(object(contact.name)?.formatted_name) ?? '';
  const phones = list(contact.phones).map((phone) => text(phone.phone) ?? text(phone.wa_id));
  const mails = list(contact.emails).map((mail) => text(mail.email));
  return [`👤 ${name}`.trim(), ...phones, ...mails].filter(Boolean).join('\n');
}

/** An answer by a button or out of a list; a form comes as JSON of its fields. */
function chosen(interactive: Json): string | null {
  const button = object(interactive.button_reply);
  if (button) return text(button.title);
  const row = object(interactive.list_reply);
  if (row) return [text(row.title), text(row.description)].filter(Boolean).join('\n');
  const form = object(interactive.nfm_reply);
  return form && [text(form.body), text(form.response_json)].filter(Boolean).join('\n');
}

function ordered(order: Json): string {
  const items = list(order.product_items).map((item) => {
    const price =
      item.item_price === undefined ? '' : ` · ${String(item.item_price)} ${text(item.currency) ?? ''}`;
    return `▫️ ${text(item.product_retailer_id) ?? ''} × ${String(item.quantity ?? 1)}${price}`.trim();
  });
  return ['🛒', ...items, text(order.text)].filter(Boolean).join('\n');
}

/** What somebody shares as a contact is a mere word about a number. */
export function sharedNumbers(message: Json): string[] {
  if (message.type !== 'contacts') return [];
  return list(message.contacts).flatMap((contact) =>
    list(contact.phones).flatMap((phone) => text(phone.wa_id) ?? text(phone.phone) ?? []),
  );
}
