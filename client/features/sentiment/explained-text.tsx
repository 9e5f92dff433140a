import type { Sentiment } from '../../../shared/sentiment.ts';
import { cx } from '../../components/cx.ts';
import { type Direction, dirOf, isolateDir } from '../../lib/bidi.ts';
import { type Piece, paragraphsOf, tokensOf } from './words.ts';

/** A text with the words in it that made its score: a full line under what is positive, dots under what is negative. */
export default function ExplainedText(props: { text: string; sentiment: Sentiment; fallback: Direction }) {
  const { text, sentiment, fallback } = props;
  return (
    <div className="wrap-anywhere">
      {paragraphsOf(text, sentiment.words).map((pieces, at) => (
        <p
          // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of one text have no other identity and hold no state
          key={at}
          dir={dirOf(pieces.map((piece) => piece.text).join(''), fallback)}
          className="min-h-[1lh] whitespace-pre-wrap"
        >
          {tokensOf(pieces).map((token) =>
            token.kind === 'text' ? (
              <Weighed key={token.at} pieces={token.pieces} />
            ) : (
              <bdi key={token.at} dir={isolateDir(token.kind)}>
                <Weighed pieces={token.pieces} />
              </bdi>
            ),
          )}
        </p>
      ))}
    </div>
  );
}

const Weighed = ({ pieces }: { pieces: readonly Piece[] }) =>
  pieces.map((piece) =>
    piece.weight === 0 ? (
      piece.text
    ) : (
      <mark
        key={piece.at}
        className={cx(
          'rounded-sm underline decoration-2 underline-offset-4',
          piece.weight > 0
            ? 'bg-ok-soft text-ok-ink decoration-solid'
            : 'bg-danger-soft text-danger-ink decoration-dotted',
        )}
      >
        {piece.text}
      </mark>
    ),
  );
