/** @jsxImportSource preact */
import { type Direction, dirOf, isOnlyEmoji, tokenize } from '../lib/bidi.ts';

/** What somebody wrote: paragraphs, each in its own direction, with links; never markup of theirs. */
export function Text({ text, fallback }: { text: string; fallback: Direction }) {
  return (
    <div class={isOnlyEmoji(text) ? 'text emoji' : 'text'}>
      {text.split(/\r\n?|\n/).map((paragraph, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of one text have no other identity and hold no state
        <p key={at} dir={dirOf(paragraph, fallback)}>
          {tokenize(paragraph).map(({ kind, text: piece, href }, index) =>
            kind === 'text' ? (
              piece
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <bdi key={index} dir={kind === 'hashtag' ? 'auto' : 'ltr'}>
                {href ? (
                  <a href={href} target="_blank" rel="noopener noreferrer nofollow">
                    {piece}
                  </a>
                ) : (
                  piece
                )}
              </bdi>
            ),
          )}
        </p>
      ))}
    </div>
  );
}
