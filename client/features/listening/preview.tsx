import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { SavedSearchCreate } from '../../../shared/listening.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { cx } from '../../components/cx.ts';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useNow } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { useChannelLook } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { MarkedParagraphs } from './marked-text.tsx';
import { matchedIn } from './matched.ts';

/** Milliseconds without a change after which the server is asked. */
const pause = 300;

/** What is asked, as it was when nobody had changed it for a moment. */
function useRested(form: SavedSearchCreate): SavedSearchCreate {
  const text = JSON.stringify(form);
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return useMemo(() => JSON.parse(rested) as SavedSearchCreate, [rested]);
}

export interface PreviewProps {
  form: SavedSearchCreate;
  /** A word that is being written: it counts already. */
  typed: string;
  className?: string;
}

/** What the search would have found of late, while it is being written. */
export function Preview({ form, typed, className }: PreviewProps) {
  const t = useT();
  const w = useListeningWords().editor;
  const fmt = useFmt();
  const now = useNow();
  const look = useChannelLook();
  const { calls } = useWorkspace();
  const terms = typed ? [...new Set([...form.terms, typed])].slice(0, 50) : form.terms;
  // What it is called, and whether it alerts, finds nothing else.
  const asked = useRested({ ...form, terms, name: '-', alert: false });
  const able = asked.terms.length > 0 && (asked.channelIds === 'all' || asked.channelIds.length > 0);
  const query = useQuery({
    queryKey: ['searchPreview', asked],
    queryFn: () => calls.previewSearch(asked),
    enabled: able,
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
  const { data } = query;
  const count = data && fmt.number(data.count);
  return (
    <section
      aria-label={w.preview}
      className={cx('rounded-xl border border-line bg-surface p-4 shadow-soft', className)}
    >
      <h2 className="mb-1 text-xs font-semibold text-ink-muted">{w.preview}</h2>
      <p
        role="status"
        className={cx('text-md font-bold transition-opacity', query.isPlaceholderData && 'opacity-60')}
      >
        {!able ? (
          <span className="text-sm font-normal text-ink-muted">{w.previewEmpty}</span>
        ) : data && count !== undefined ? (
          data.count === 0 ? (
            w.previewNone
          ) : (
            (data.more ? w.previewMore : w.previewCount)(count)
          )
        ) : query.isError ? (
          <span className="text-sm font-medium text-danger-ink">{w.previewFailed}</span>
        ) : (
          <Delayed>
            <Skeleton className="my-1.5 h-4 w-40" />
          </Delayed>
        )}
      </p>
      {able && query.isError && (
        <p className="mt-1 flex flex-wrap items-center gap-2 text-xs text-ink-muted">
          {errorText(t, query.error)}
          <Button size="sm" onPress={() => void query.refetch()}>
            {t.common.retry}
          </Button>
        </p>
      )}
      {able && data && data.found.length > 0 && (
        <ul
          className={cx('mt-3 flex flex-col divide-y divide-line', query.isPlaceholderData && 'opacity-60')}
        >
          {data.found.map(({ id, channelId, author, text, at }) => (
            <li key={id} className="py-2">
              <p className="flex items-center gap-1.5 text-xs text-ink-muted">
                <ChannelGlyph glyph={look(channelId).glyph} size={15} label={look(channelId).name} />
                <bdi
                  {...(/^[@+]/.test(author) && { dir: 'ltr' })}
                  className="ui-start min-w-0 truncate font-medium"
                >
                  {plainName(author)}
                </bdi>
                <time dateTime={at} title={fmt.both(at)} className="ms-auto shrink-0 text-2xs text-ink-faint">
                  {fmt.relative(at, now)}
                </time>
              </p>
              <MarkedParagraphs
                text={text}
                marks={matchedIn(text, [asked])}
                className="mt-0.5 line-clamp-3 text-sm"
              />
            </li>
          ))}
        </ul>
      )}
      <p className="mt-3 text-xs text-pretty text-ink-faint">{w.looks}</p>
    </section>
  );
}
