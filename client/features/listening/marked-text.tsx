import type { Range } from '../../../shared/text/find.ts';
import { cx } from '../../components/cx.ts';
import { MarkedLine } from '../../components/marked-line.tsx';
import { useLocale } from '../../i18n/locale.tsx';
import { dirOf } from '../../lib/bidi.ts';

export interface MarkedParagraphsProps {
  text: string;
  marks: readonly Range[];
  className?: string;
}

/** What somebody said, with what was searched for in it: each paragraph in its own direction. */
export function MarkedParagraphs({ text, marks, className }: MarkedParagraphsProps) {
  const { direction } = useLocale();
  let start = 0;
  return (
    <div className={cx('wrap-anywhere', className)}>
      {text.split('\n').map((line) => {
        const from = start;
        start += line.length + 1;
        return (
          <p key={from} dir={dirOf(line, direction)} className="ui-start min-h-[1lh] whitespace-pre-wrap">
            <MarkedLine text={line} from={from} marks={marks} />
          </p>
        );
      })}
    </div>
  );
}
