import { withoutBidiControls } from '../../shared/text/normalise.ts';
import { parsePhone } from '../../shared/text/phone.ts';
import type { InboundAttachment } from '../connector.ts';
import { integer, type Json, list, number, object, text } from './update.ts';

/** What a message says in words: its text or caption, or a line that stands for what has none. Null when it says nothing known. */
export function wordsOf(message: Json): string | null {
  const said = text(message.text) ?? text(message.caption);
  if (said !== null) return said;
  const venue = object(message.venue);
  if (venue) {
    return [`📍 ${text(venue.title) ?? ''}`.trim(), text(venue.address), place(object(venue.location))]
      .filter(Boolean)
      .join('\n');
  }
  const location = object(message.location);
  if (location) return place(location);
  const contact = object(message.contact);
  if (contact) {
    const name = [text(contact.first_name), text(contact.last_name)].filter(Boolean).join(' ');
    return [`👤 ${name}`.trim(), text(contact.phone_number)].filter(Boolean).join('\n');
  }
  const poll = object(message.poll);
  if (poll)
    return [
      `📊 ${text(poll.question) ?? ''}`,
      ...list(poll.options).map((option) => `▫️ ${text(option.text) ?? ''}`),
    ].join('\n');
  const dice = object(message.dice);
  if (dice) return `${text(dice.emoji) ?? '🎲'} ${integer(dice.value) ?? ''}`.trim();
  return null;
}

function place(location: Json | null): string | null {
  const latitude = number(location?.latitude);
  const longitude = number(location?.longitude);
  if (latitude === null || longitude === null) return null;
  return `📍 ${latitude.toFixed(6)}, ${longitude.toFixed(6)}\nhttps://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}`;
}

/** The mobile in a shared contact: Telegram leaves the plus away. */
export function contactNumber(contact: Json): string | null {
  const written = text(contact.phone_number)?.trim() ?? '';
  const phone = parsePhone(/^[+0]/.test(written) ? written : `+${written}`);
  return phone?.mobile ? phone.e164 : null;
}

const media: { key: string; name: string; type: string }[] = [
  { key: 'animation', name: 'animation.mp4', type: 'video/mp4' },
  { key: 'video', name: 'video.mp4', type: 'video/mp4' },
  { key: 'video_note', name: 'video-note.mp4', type: 'video/mp4' },
  { key: 'voice', name: 'voice.ogg', type: 'audio/ogg' },
  { key: 'audio', name: 'audio.mp3', type: 'audio/mpeg' },
  { key: 'document', name: 'file', type: 'application/octet-stream' },
];

export function attachmentsOf(message: Json): InboundAttachment[] {
  const photo = list(message.photo).reduce<Json | null>(
    (best, size) => (area(size) >= area(best) ? size : best),
    null,
  );
  if (photo) return attachment(photo, { name: 'photo.jpg', type: 'image/jpeg' });
  const sticker = object(message.sticker);
  if (sticker) return attachment(sticker, stickerAs(sticker));
  // An animation comes as a document as well: the first that fits is the file.
  const found = media.find(({ key }) => object(message[key]));
  return found ? attachment(object(message[found.key]) as Json, found) : [];
}

function area(size: Json | null): number {
  return (integer(size?.width) ?? 0) * (integer(size?.height) ?? 0);
}

function stickerAs(sticker: Json): { name: string; type: string } {
  if (sticker.is_animated === true) return { name: 'sticker.tgs', type: 'application/x-tgsticker' };
  return sticker.is_video === true
    ? { name: 'sticker.webm', type: 'video/webm' }
    : { name: 'sticker.webp', type: 'image/webp' };
}

function attachment(file: Json, usual: { name: string; type: string }): InboundAttachment[] {
  const fileId = text(file.file_id);
  if (!fileId) return [];
  const type = text(file.mime_type);
  const bytes = integer(file.file_size);
  const width = integer(file.width) ?? integer(file.length);
  const height = integer(file.height) ?? integer(file.length);
  const duration = integer(file.duration);
  return [
    {
      ref: { fileId, ...(bytes === null ? {} : { bytes }) },
      name: fileName(text(file.file_name)) ?? usual.name,
      type: type && /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type.toLowerCase() : usual.type,
      ...(bytes === null ? {} : { bytes }),
      ...(width === null ? {} : { width }),
      ...(height === null ? {} : { height }),
      ...(duration === null ? {} : { duration }),
    },
  ];
}

/** Without folders, control characters and those that turn "gpj.exe" around. */
function fileName(name: string | null): string | null {
  const clean = withoutBidiControls(name ?? '')
    .replace(/[\p{Cc}/\\]+/gu, ' ')
    .replace(/^[\s.]+/, '')
    .trim()
    .slice(0, 200);
  return clean || null;
}
