import type { InboundAttachment } from '../connector.ts';
import { count, id, type Json, list, object, text } from './json.ts';

/** Where X keeps what people attach; nothing is fetched from anywhere else. */
export const mediaHosts = new Set(['ton.twitter.com', 'ton.x.com', 'pbs.twimg.com', 'video.twimg.com']);
/** What was sent privately is given only to whom it was sent: these want our signature. */
export const privateHosts = new Set(['ton.twitter.com', 'ton.x.com']);

const typeOf: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  mp4: 'video/mp4',
};

/** Media of either family: v2 objects of `includes.media`, or v1.1 entities. */
export function attachmentsOf(media: readonly Json[]): InboundAttachment[] {
  return media.slice(0, 20).flatMap((one) => {
    const film = bestFilm(one);
    const url = film?.url ?? text(one.media_url_https) ?? text(one.url) ?? text(one.preview_image_url);
    if (!url || !mediaUrl(url)) return [];
    return [
      {
        ref: { url },
        ...nameAndType(url, film?.type ?? null),
        ...sizeOf(one),
      },
    ];
  });
}

/** An address of X's own, over https. */
export function mediaUrl(value: string): URL | null {
  if (value.length > 2000 || !URL.canParse(value)) return null;
  const url = new URL(value);
  const own =
    url.protocol === 'https:' && mediaHosts.has(url.hostname) && !url.port && !url.username && !url.password;
  return own ? url : null;
}

/** An animation is a film without sound. The streaming list (`m3u8`) is no file. */
function bestFilm(media: Json): { url: string; type: string } | null {
  const variants = [...list(media.variants), ...list(object(media.video_info)?.variants)].flatMap(
    (variant) => {
      const url = text(variant.url);
      return variant.content_type === 'video/mp4' && url
        ? [{ url, type: 'video/mp4', rate: count(variant.bit_rate) ?? count(variant.bitrate) ?? 0 }]
        : [];
    },
  );
  return variants.sort((a, b) => b.rate - a.rate)[0] ?? null;
}

function nameAndType(url: string, type: string | null): { name: string; type: string } {
  const { pathname, searchParams } = new URL(url);
  const last = decoded(pathname.split('/').at(-1) ?? '').replace(/[^\w.-]+/g, '');
  const ending = (/\.(\w{2,4})$/.exec(last)?.[1] ?? searchParams.get('format') ?? '').toLowerCase();
  const kind = type ?? typeOf[ending] ?? 'image/jpeg';
  const usual = kind === 'video/mp4' ? 'video.mp4' : `picture.${kind.split('/')[1]?.replace('jpeg', 'jpg')}`;
  return {
    name: last && Object.hasOwn(typeOf, ending) && last.includes('.') ? last.slice(-100) : usual,
    type: kind,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function sizeOf(media: Json): Pick<InboundAttachment, 'width' | 'height' | 'duration'> {
  const size = object(media.original_info) ?? object(object(media.sizes)?.large) ?? media;
  const width = count(size.width) ?? count(size.w);
  const height = count(size.height) ?? count(size.h);
  const ms = count(media.duration_ms) ?? count(object(media.video_info)?.duration_millis);
  return {
    ...(width ? { width } : {}),
    ...(height ? { height } : {}),
    ...(ms ? { duration: Math.round(ms / 1000) } : {}),
  };
}

/** Of v2: those of `includes.media` that an item names. */
export function mediaNamed(item: Json, media: unknown): Json[] {
  const keys = object(item.attachments)?.media_keys;
  const wanted = new Set(Array.isArray(keys) ? keys : []);
  return list(media).filter((one) => wanted.has(one.media_key));
}

/** Of v1.1: the extended entities name each picture, the plain ones only the first. */
export function mediaOfOld(post: Json): Json[] {
  const aside = object(post.extended_tweet);
  const places = [
    object(aside?.extended_entities),
    object(post.extended_entities),
    object(aside?.entities),
    object(post.entities),
  ];
  const found = places.map((place) => list(place?.media)).find((entries) => entries.length > 0) ?? [];
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = id(one.id_str) ?? id(one.id) ?? JSON.stringify(one);
    return !seen.has(key) && Boolean(seen.add(key));
  });
}
