import type { TextRange } from '../../../shared/search.ts';
import { cx } from '../../components/cx.ts';
import { MarkedLine } from '../../components/marked-line.tsx';
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
  return (
    <span dir={ltr ? 'ltr' : dirOf(text, direction)} className={cx('wrap-anywhere', ltr && 'ltr', className)}>
      {cutBefore && '… '}
      <MarkedLine text={text} marks={highlights} />
      {cutAfter && ' …'}
    </span>
  );
}
