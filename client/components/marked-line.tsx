import { Fragment, type ReactNode } from 'react';
import { isolateDir, tokenize } from '../lib/bidi.ts';

export interface MarkedLineProps {
  text: string;
  /** From and to, in order; what lies outside the text is passed over. */
  marks: readonly (readonly [number, number])[];
  /** Where the text begins in what the marks are of. */
  from?: number;
}

/** One paragraph with what was found in it. Handles, links and numbers are isolated, as in a message: their signs stay where they belong. */
export function MarkedLine({ text, marks, from = 0 }: MarkedLineProps) {
  let start = 0;
  return tokenize(text).map((token) => {
    const at = start;
    start += token.text.length;
    const pieces = piecesOf(token.text, from + at, marks);
    if (token.kind === 'text') return <Fragment key={at}>{pieces}</Fragment>;
    return (
      <bdi key={at} dir={isolateDir(token.kind)}>
        {pieces}
      </bdi>
    );
  });
}

function piecesOf(text: string, from: number, marks: MarkedLineProps['marks']): ReactNode[] {
  const pieces: ReactNode[] = [];
  let done = 0;
  for (const [start, end] of marks) {
    const [left, right] = [Math.max(done, start - from), Math.min(text.length, end - from)];
    if (left >= right) continue;
    if (left > done) pieces.push(text.slice(done, left));
    pieces.push(
      <mark key={from + left} className="rounded-xs bg-warn-soft px-px text-inherit">
        {text.slice(left, right)}
      </mark>,
    );
    done = right;
  }
  if (done < text.length) pieces.push(text.slice(done));
  return pieces;
}
