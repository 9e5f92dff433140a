import type { InboundAttachment } from '../connector.ts';
import { type Json, list, object, text } from './json.ts';
import { oneLine, webAddress } from './words.ts';

/** What an attachment is to us: a file behind a link that soon ends, or a line of text. */
interface Media {
  name: string;
  type: string;
}

/** Attachments that are files (Meta: Messenger Platform, messages; Instagram Messaging, webhooks). */
const media: Record<string, Media> = {
  image: { name: 'image.jpg', type: 'image/jpeg' },
  animated_image: { name: 'image.gif', type: 'image/gif' },
  video: { name: 'video.mp4', type: 'video/mp4' },
  audio: { name: 'audio.mp4', type: 'audio/mp4' },
  file: { name: 'file', type: 'application/octet-stream' },
  sticker: { name: 'sticker.png', type: 'image/png' },
  story_mention: { name: 'story', type: 'application/octet-stream' },
  reel: { name: 'reel.mp4', type: 'video/mp4' },
  ig_reel: { name: 'reel.mp4', type: 'video/mp4' },
  ig_story: { name: 'story', type: 'application/octet-stream' },
};

export interface Content {
  text: string;
  attachments: InboundAttachment[];
}

/** What a message says, in words and files. Null when there is nothing in it that is known here. */
export function contentOf(message: Json, options: { inbox: string }): Content | null {
  const mid = text(message.mid);
  const lines: string[] = [];
  const attachments: InboundAttachment[] = [];
  const said = text(message.text) ?? '';
  for (const [n, one] of list(message.attachments).entries()) {
    const kind = text(one.type) ?? '';
    const payload = object(one.payload);
    const url = webAddress(payload?.url) ?? webAddress(one.url);
    const file = Object.hasOwn(media, kind) ? media[kind] : shareOf(kind, url);
    if (file && url) {
      // A sticker comes as an image and as a sticker while Meta changes from the one to the other.
      if (!attachments.some(({ ref }) => ref.url === url))
        attachments.push({ ref: { url, ...(mid ? { mid, n } : {}) }, ...named(file, url) });
      if (kind === 'story_mention') lines.push('📣 Story');
      continue;
    }
    const line = lineOf(one, payload, url);
    if (line && !said.includes(line)) lines.push(line);
  }
  const story = object(object(message.reply_to)?.story);
  const storyUrl = webAddress(story?.url);
  if (storyUrl) attachments.push({ ref: { url: storyUrl }, name: 'story', type: 'application/octet-stream' });
  const words = [said, ...lines].filter(Boolean).join('\n');
  if (words || attachments.length > 0) return { text: words, attachments };
  // It can be seen in Meta's own inbox alone: so much is said.
  return message.is_unsupported === true || list(message.attachments).length > 0
    ? { text: `📎 ${options.inbox}`, attachments: [] }
    : null;
}

/** A shared post of Instagram's is its picture or film; any other share is a link. */
function shareOf(kind: string, url: string | null): Media | null {
  if (!url || (kind !== 'share' && kind !== 'ig_post')) return null;
  const { hostname, pathname } = new URL(url);
  return /(^|\.)(fbcdn\.net|fbsbx\.com|cdninstagram\.com)$/.test(hostname) || pathname.startsWith('/media/')
    ? { name: 'post', type: 'application/octet-stream' }
    : null;
}

function named(file: Media, url: string): Media {
  if (file.name !== 'file') return file;
  const last = decoded(new URL(url).pathname.split('/').pop() ?? '');
  const name = oneLine(last.replace(/[/\\]+/g, ' '), 200).replace(/^[\s.]+/, '');
  return { ...file, name: name.includes('.') ? name : file.name };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function lineOf(one: Json, payload: Json | null, url: string | null): string | null {
  const place = object(payload?.coordinates);
  if (typeof place?.lat === 'number' && typeof place.long === 'number') {
    const [lat, long] = [place.lat, place.long];
    return `📍 ${lat.toFixed(6)}, ${long.toFixed(6)}\nhttps://www.openstreetmap.org/?mlat=${lat}&mlon=${long}`;
  }
  const product = list(object(payload?.product)?.elements).map((element) => text(element.title));
  const title = text(payload?.title) ?? text(one.title) ?? product.find(Boolean) ?? null;
  const words = [title === null ? null : oneLine(title, 300), url].filter(Boolean);
  return words.length > 0 ? `🔗 ${words.join('\n')}` : null;
}
