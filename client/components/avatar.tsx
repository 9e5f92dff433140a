import { memo } from 'react';
import { plainName } from '../lib/bidi.ts';
import { ChannelGlyph } from './channel-glyph.tsx';
import { cx } from './cx.ts';
import { User } from './icons.ts';

const hues = 8;

/** The same person has the same colour everywhere and always: FNV-1a of the id. */
export function hueOf(seed: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < seed.length; at += 1) {
    hash ^= seed.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash % hues;
}

/** One letter for Persian, where two together would read as a word; two for Latin; none for a number. */
export function initialsOf(name: string): string {
  const words = plainName(name)
    .split(/[\s._\-()]+/)
    .map((word) => word.match(/\p{L}/u)?.[0] ?? '')
    .filter(Boolean);
  const [first = '', ...rest] = words;
  if (!/\p{Script=Latin}/u.test(first)) return first;
  return (first + (rest.findLast((letter) => /\p{Script=Latin}/u.test(letter)) ?? '')).toUpperCase();
}

const sizes = {
  xs: 'size-5 text-[0.5625rem]',
  sm: 'size-7 text-2xs',
  md: 'size-10 text-sm',
  lg: 'size-14 text-xl',
};

export interface AvatarProps {
  name: string;
  /** What the colour is drawn from: the id. */
  seed: string;
  size?: keyof typeof sizes;
  /** A channel's glyph in the corner. */
  glyph?: string;
  className?: string;
}

/** A person's letter on their colour. Decoration: the name stands beside it in words. */
export const Avatar = memo(function Avatar({ name, seed, size = 'md', glyph, className }: AvatarProps) {
  const initials = initialsOf(name);
  return (
    <span aria-hidden className={cx('relative inline-flex shrink-0', className)}>
      <span
        data-hue={hueOf(seed)}
        className={cx('avatar inline-grid place-items-center rounded-full font-semibold', sizes[size])}
      >
        {initials || <User size={size === 'xs' ? 11 : size === 'sm' ? 14 : 18} />}
      </span>
      {glyph && (
        <span className="absolute -end-1 -bottom-0.5 flex rounded-full ring-2 ring-(--ring,var(--surface))">
          <ChannelGlyph glyph={glyph} size={size === 'lg' ? 20 : 16} />
        </span>
      )}
    </span>
  );
});
