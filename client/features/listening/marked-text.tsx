import type { Range } from '../../../shared/text/find.ts';
import { cx } from '../../components/cx.ts';
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
            {piecesOf(line, from, marks).map(({ at, text: piece, found }) =>
              found ? (
                <mark key={at} className="rounded-xs bg-warn-soft px-px text-inherit">
                  {piece}
                </mark>
              ) : (
                piece
              ),
            )}
          </p>
        );
      })}
    </div>
  );
}

function piecesOf(line: string, from: number, marks: readonly Range[]) {
  const pieces: { at: number; text: string; found: boolean }[] = [];
  let done = 0;
  const take = (to: number, found: boolean) => {
    if (to > done) pieces.push({ at: from + done, text: line.slice(done, to), found });
    done = Math.max(done, to);
  };
  for (const [start, end] of marks) {
    const [left, right] = [Math.max(0, start - from), Math.min(line.length, end - from)];
    if (left >= right) continue;
    take(left, false);
    take(right, true);
  }
  take(line.length, false);
  return pieces;
}
