import type { TextRange } from '../../../shared/search.ts';
import { cx } from '../../components/cx.ts';
import { useLocale } from '../../i18n/locale.tsx';
import { dirOf } from '../../lib/bidi.ts';

export interface MarkedTextProps {
  text: string;
  highlights: readonly TextRange[];
  /** Where to begin and end in the text, as of which `highlights` do not count. */
  cutBefore?: boolean;
  cutAfter?: boolean;
  /** Numbers, addresses and codes. */
  ltr?: boolean;
  className?: string;
}

/** A text with what was found in it, in its own direction. */
export function MarkedText({ text, highlights, cutBefore, cutAfter, ltr, className }: MarkedTextProps) {
  const { direction } = useLocale();
  const pieces: { text: string; found: boolean; start: number }[] = [];
  let at = 0;
  for (const [start, end] of highlights) {
    if (start > at) pieces.push({ text: text.slice(at, start), found: false, start: at });
    pieces.push({ text: text.slice(start, end), found: true, start });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), found: false, start: at });
  return (
    <span dir={ltr ? 'ltr' : dirOf(text, direction)} className={cx('wrap-anywhere', ltr && 'ltr', className)}>
      {cutBefore && '… '}
      {pieces.map((piece) =>
        piece.found ? (
          <mark key={piece.start} className="rounded-xs bg-warn-soft px-px text-inherit">
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
      {cutAfter && ' …'}
    </span>
  );
}
