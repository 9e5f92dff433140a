import { withoutBidiControls } from '../../shared/text/normalise.ts';

/** Names and titles of strangers: one line, without what turns text around. */
export function oneLine(words: string, most: number): string {
  const clean = withoutBidiControls(words)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return Array.from(clean.slice(0, most * 2))
    .slice(0, most)
    .join('');
}

/** An address as Meta gives it; null when it is none that a person may open. */
export function webAddress(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 4000 || !URL.canParse(value)) return null;
  const url = new URL(value);
  return url.protocol === 'https:' || url.protocol === 'http:' ? value : null;
}
