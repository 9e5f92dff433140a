import { memo } from 'react';
import { type Direction, dirOf, isOnlyEmoji, isolateDir, type Token, tokenize } from './bidi.ts';
import { mentionFinder } from './trigger.ts';

export interface MessageTextProps {
  text: string;
  /** The direction of the interface, for paragraphs without a word. */
  fallback: Direction;
  /** Colleagues whose names stand in it after `@`. */
  people?: readonly string[];
  className?: string;
}

/** What somebody wrote: paragraphs, each in its own direction, with links; never markup of theirs. */
export const MessageText = memo(function MessageText(props: MessageTextProps) {
  const { text, fallback, people, className } = props;
  const finder = people && mentionFinder(people.map((name) => ({ name })));
  const paragraphs = text.replace(/\r\n?/g, '\n').split('\n');
  return (
    <div className={`${isOnlyEmoji(text) ? 'text-2xl ' : ''}wrap-anywhere ${className ?? ''}`}>
      {paragraphs.map((paragraph, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of one text have no other identity and hold no state
        <p key={at} dir={dirOf(paragraph, fallback)} className="min-h-[1lh] whitespace-pre-wrap">
          {finder ? (
            // A capturing group of its own keeps what it splits at: names stand at the odd places.
            paragraph.split(finder).map((piece, index) =>
              index % 2 === 1 ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <bdi key={index} className="rounded-sm bg-accent-soft px-1 font-medium text-accent-ink">
                  @{piece}
                </bdi>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <Pieces key={index} text={piece} />
              ),
            )
          ) : (
            <Pieces text={paragraph} />
          )}
        </p>
      ))}
    </div>
  );
});

function Pieces({ text }: { text: string }) {
  return tokenize(text).map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity and hold no state
    <Piece key={index} token={token} />
  ));
}

function Piece({ token: { kind, text, href } }: { token: Token }) {
  if (kind === 'text') return text;
  if (href)
    return (
      <bdi dir="ltr">
        <a
          href={href}
          className="underline decoration-current/40 underline-offset-3 hover:decoration-current"
          {...(kind === 'url' && { target: '_blank', rel: 'noopener noreferrer' })}
        >
          {text}
        </a>
      </bdi>
    );
  // A code is read as one: it does not break at its hyphens.
  const whole = kind === 'code' && text.length <= 24;
  return (
    <bdi dir={isolateDir(kind)} {...(whole && { className: 'whitespace-nowrap' })}>
      {text}
    </bdi>
  );
}

export interface PreviewTextProps {
  text: string;
  fallback: Direction;
  /** Colleagues whose names may stand in it after `@`. */
  people?: readonly string[];
  className?: string;
}

/** One line of a text, cut with an ellipsis at its own end and aligned with the page. */
export const PreviewText = memo(function PreviewText(props: PreviewTextProps) {
  const { text, fallback, people, className } = props;
  const line = text.replace(/\s+/g, ' ').trim();
  const finder = people && mentionFinder(people.map((name) => ({ name })));
  return (
    <span dir={dirOf(line, fallback)} className={`ui-start block truncate ${className ?? ''}`}>
      {finder ? (
        line.split(finder).map((piece, index) =>
          index % 2 === 1 ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line have no other identity and hold no state
            <bdi key={index}>@{piece}</bdi>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <PreviewPieces key={index} line={piece} />
          ),
        )
      ) : (
        <PreviewPieces line={line} />
      )}
    </span>
  );
});

function PreviewPieces({ line }: { line: string }) {
  return tokenize(line).map((token, index) =>
    token.kind === 'text' ? (
      token.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line have no other identity and hold no state
      <bdi key={index} dir={isolateDir(token.kind)}>
        {token.text}
      </bdi>
    ),
  );
}
