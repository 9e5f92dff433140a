import { type Json, list, object, text } from './json.ts';

const escaped: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/**
 * A text as its writer saw it: short links give way to what they stand for, those that only stand for an attached picture vanish,
 * and the five characters that X escapes are written out, once.
 * @param entities of either family: `urls` as v2 and v1.1 have them, `media` of v1.1
 */
export function wordsOf(said: string, entities: Json | null, shownMedia: boolean): string {
  let words = said.replace(/&(amp|lt|gt|quot|#39);/g, (_whole, name: string) => escaped[name] ?? '');
  const links = list(entities?.urls).map((link) => ({
    short: text(link.url),
    long: text(link.expanded_url) ?? text(link.unwound_url),
    media: typeof link.media_key === 'string',
  }));
  const pictures = list(entities?.media).map((link) => ({ short: text(link.url), long: null, media: true }));
  for (const { short, long, media } of [...pictures, ...links]) {
    if (!short || !/^https?:\/\/\S{1,100}$/.test(short)) continue;
    if (media && shownMedia) words = words.replaceAll(short, '');
    else if (long && /^https?:\/\/[^\s<>"]{1,4000}$/i.test(long)) words = words.replaceAll(short, () => long);
  }
  return words.replace(/[ \t]+$/gm, '').trim();
}

/** What a post of either family says, with its entities: long ones hold it aside. */
export function saidIn(post: Json): { said: string | null; entities: Json | null } {
  const aside = object(post.note_tweet) ?? object(post.extended_tweet);
  if (aside) {
    const said = text(aside.text) ?? text(aside.full_text);
    if (said !== null) return { said, entities: object(aside.entities) ?? object(post.entities) };
  }
  return { said: text(post.full_text) ?? text(post.text), entities: object(post.entities) };
}
