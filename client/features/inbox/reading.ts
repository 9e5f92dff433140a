import { useEffect, useMemo, useState } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Message } from '../../../shared/message.ts';
import { useMe, useStore, useWorkspace } from '../../state/hooks.tsx';

/** At the bottom for this long with the page in sight: it was read. In ms. */
const dwell = 1_000;

interface Reading {
  /** The first message that was new when the conversation was opened. */
  newFrom: string | null;
  /** Inbound messages that arrived below what is on screen. */
  below: number;
  /** Messages that came late into what was read already, not looked at yet. */
  late: readonly Message[];
  seeLate: () => void;
}

/** What this person has read of the open conversation, and what they have not. */
export function useReading(options: {
  header: Conversation;
  messages: readonly Message[];
  atEnd: boolean;
}): Reading {
  const { header, messages, atEnd } = options;
  const me = useMe();
  const { calls, store } = useWorkspace();
  const readSeq = useStore((state) => state.reads.get(header.id) ?? 0);
  const [opened, setOpened] = useState({ id: header.id, seq: readSeq });
  const [seenLate, setSeenLate] = useState<ReadonlySet<string>>(new Set());
  const [lastSeen, setLastSeen] = useState(header.seq);
  if (opened.id !== header.id) setOpened({ id: header.id, seq: readSeq });

  const unread = header.lastInboundSeq > readSeq;
  useEffect(() => {
    if (!unread || !atEnd) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const watch = () => {
      clearTimeout(timer);
      if (document.visibilityState !== 'visible') return;
      timer = setTimeout(() => {
        store.apply({ type: 'read', conversationId: header.id, seq: header.seq });
        // Should it be lost, the next look says it again.
        calls.read(header.id, header.seq).catch(() => undefined);
      }, dwell);
    };
    watch();
    document.addEventListener('visibilitychange', watch);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', watch);
    };
  }, [unread, atEnd, calls, store, header.id, header.seq]);

  useEffect(() => {
    if (atEnd) setLastSeen(header.seq);
  }, [atEnd, header.seq]);

  const fresh = useMemo(() => {
    const here = messages.filter(({ conversationId }) => conversationId === header.id);
    // Whoever has answered has read what was there to answer.
    const answered =
      here.findLast(({ authorId, kind }) => authorId === me.id && kind === 'message')?.seq ?? 0;
    const seen = Math.max(opened.seq, answered);
    return here.filter(({ direction, seq }) => direction === 'in' && seq > seen);
  }, [messages, header.id, opened.seq, me.id]);
  const late = useMemo(
    () => fresh.filter((message) => message.late && !seenLate.has(message.id)),
    [fresh, seenLate],
  );
  return {
    newFrom: opened.seq > 0 || fresh.length < messages.length ? (fresh[0]?.id ?? null) : null,
    below: atEnd ? 0 : fresh.filter(({ seq, late: isLate }) => seq > lastSeen && !isLate).length,
    late: late.filter(({ id }) => messages.at(-1)?.id !== id),
    seeLate: () => setSeenLate(new Set([...seenLate, ...late.map(({ id }) => id)])),
  };
}
