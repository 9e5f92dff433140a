import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Hit } from '../../../shared/listening.ts';
import { useLink, useWorkspace } from '../../state/hooks.tsx';
import { askOf, type ListenFilter } from './address.ts';
import { continued, refreshed, replaced, type Stream, streamOf, withAgain, without } from './stream.state.ts';

const page = 40;
/** So far down a change by somebody else is seen without asking anew. */
const watched = 100;

export interface LiveStream {
  /** Null while the first page is on its way, or when it failed. */
  stream: Stream | null;
  error: unknown;
  retry: () => void;
  /** The next page: on its way, or failed. */
  more: 'idle' | 'loading' | 'failed';
  fetchMore: () => void;
  /** Shows what came since, from the top; resolves with what stands there now. */
  showFresh: () => Promise<Hit | null>;
  replace: (hit: Hit) => void;
  remove: (id: string) => void;
  putBack: (hit: Hit) => void;
}

/** What searches found, with what comes while somebody reads. For one filter: another one is another stream. */
export function useStream(filter: ListenFilter): LiveStream {
  const { calls } = useWorkspace();
  const { connected } = useLink();
  const [stream, setStream] = useState<Stream | null>(null);
  const [more, setMore] = useState<LiveStream['more']>('idle');
  const ask = () => askOf(filter, { now: Date.now(), usual: 'all' });
  const head = useQuery({
    queryKey: ['hits', 'head', filter],
    queryFn: () => calls.hits(ask(), { after: null, limit: stream ? watched : page }),
    gcTime: 0,
    staleTime: 0,
  });
  const { data, refetch } = head;
  useEffect(() => {
    if (data) setStream((before) => (before ? refreshed(before, data) : streamOf(data)));
  }, [data]);

  // What was said while there was no connection was told to nobody.
  const was = useRef(connected);
  useEffect(() => {
    if (connected && !was.current) void refetch();
    was.current = connected;
  }, [connected, refetch]);

  const next = stream?.next ?? null;
  const busy = useRef(false);
  const fetchMore = useCallback(() => {
    if (next === null || busy.current) return;
    busy.current = true;
    setMore('loading');
    calls.hits(askOf(filter, { now: Date.now(), usual: 'all' }), { after: next, limit: page }).then(
      (found) => {
        busy.current = false;
        setMore('idle');
        setStream((before) => before && continued(before, found));
      },
      () => {
        busy.current = false;
        setMore('failed');
      },
    );
  }, [calls, filter, next]);

  return {
    stream,
    error: stream ? null : head.error,
    retry: () => void refetch(),
    more,
    fetchMore,
    async showFresh() {
      const { data: newest } = await refetch();
      if (!newest) return null;
      setStream(streamOf(newest));
      return newest.hits[0] ?? null;
    },
    replace: (hit) => setStream((before) => before && replaced(before, hit)),
    remove: (id) => setStream((before) => before && without(before, id)),
    putBack: (hit) => setStream((before) => before && withAgain(before, hit)),
  };
}
