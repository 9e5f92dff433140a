import type { ReactNode } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { Lock } from '../../components/icons.ts';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useLocale } from '../../i18n/locale.tsx';
import { dirOf } from '../../lib/bidi.ts';
import { useChannelLook } from '../directory.ts';
import { useWay } from './queries.ts';

export interface MessagePreviewProps {
  customerId: string;
  /** With its places; empty: nothing is sent. */
  text: string;
  /** It goes where a template goes. */
  byTemplate: boolean;
  values: PlaceValues;
}

/** What stands in each place; what is not known yet is drawn as a place. */
export type PlaceValues = Readonly<Record<string, { text: string } | { place: string }>>;

/** The message as it will read, on the channel that it will go by; or why it cannot go. */
export function MessagePreview({ customerId, text, byTemplate, values }: MessagePreviewProps) {
  const w = useAdvocateWords();
  const { direction } = useLocale();
  const look = useChannelLook();
  const way = useWay(customerId);
  const place = byTemplate ? way.data?.template : way.data?.text;
  const channel = place && look(place.channelId);
  const reason = way.error instanceof AppError ? way.error.reason : undefined;
  return (
    <section aria-label={w.reward.preview} className="rounded-lg border border-line bg-sunken/60 p-3">
      <h3 className="mb-2 flex items-center gap-2 text-xs font-medium text-ink-muted">
        {channel && <ChannelGlyph glyph={channel.glyph} size={16} />}
        <span>{channel ? w.reward.previewOn(channel.name) : w.reward.preview}</span>
        {place && (
          <bdi dir="ltr" className="truncate text-ink-faint">
            {place.display}
          </bdi>
        )}
      </h3>
      {reason === 'optedOut' || reason === 'badTarget' || reason === 'windowClosed' ? (
        <p className="flex items-start gap-1.5 text-xs text-warn-ink">
          <Lock size={13} aria-hidden className="mt-0.5 shrink-0" />
          {reason === 'optedOut'
            ? w.board.optedOutText
            : reason === 'windowClosed'
              ? w.reward.closedText
              : w.person.noWayText}
        </p>
      ) : text.trim() ? (
        <p
          dir={dirOf(text, direction)}
          className="ui-start w-fit max-w-full rounded-lg border border-bubble-out-line bg-bubble-out px-3 py-2 text-sm whitespace-pre-wrap wrap-anywhere"
        >
          {filled(text, values)}
        </p>
      ) : (
        <p className="text-xs text-ink-muted">{w.reward.noMessage}</p>
      )}
      {!byTemplate && (
        <ul className="flex flex-col gap-1 text-xs text-warn-ink not-empty:mt-2">
          {way.data?.text &&
            way.data.passed.map((each) => (
              <li key={`${each.identityId} ${each.channelId}`} className="text-pretty">
                {(each.templates ? w.reward.passedTemplates : w.reward.passed)(look(each.channelId).name)}
              </li>
            ))}
        </ul>
      )}
    </section>
  );
}

function filled(text: string, values: PlaceValues): ReactNode[] {
  return text.split(/(\{[a-z]+\})/).map((piece, at) => {
    const value = values[piece.slice(1, -1)];
    const key = `${at} ${piece}`;
    if (!piece.startsWith('{') || !value) return piece;
    return 'text' in value ? (
      <bdi key={key}>{value.text}</bdi>
    ) : (
      <span key={key} className="rounded-sm bg-surface px-1 text-xs text-ink-muted">
        {value.place}
      </span>
    );
  });
}
