import { type RefObject, useEffect } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import { useCanned } from '../directory.ts';
import { useInboxUi } from './ui.ts';
import { useInsertCanned } from './use-canned.ts';

/** Puts in what was chosen elsewhere, in the palette: where the cursor was. */
export function CannedAtCursor(props: {
  header: Conversation;
  channel: string;
  area: RefObject<HTMLTextAreaElement | null>;
}) {
  const { header, channel, area } = props;
  const wanted = useInboxUi((ui) => ui.insert);
  const set = useInboxUi((ui) => ui.set);
  const canned = useCanned();
  const insert = useInsertCanned(header, channel);
  const reply = wanted ? canned.find(({ id }) => id === wanted) : undefined;
  useEffect(() => {
    if (!reply || !area.current) return;
    set({ insert: null });
    insert(reply, area.current, area.current.selectionStart);
  }, [reply, area, set, insert]);
  return null;
}
