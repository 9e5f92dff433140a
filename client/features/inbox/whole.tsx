import { Suspense, useMemo } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Message } from '../../../shared/message.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useTimeline } from '../../state/hooks.tsx';
import { messageAtFocus } from './message-focus.ts';
import { useInboxUi } from './ui.ts';

const WholeDialog = later(() => import('./whole-dialog.tsx').then((all) => ({ default: all.WholeDialog })));

const none: readonly Message[] = [];

/** The key that shows a letter as it came: the one that holds the keyboard, else the newest. */
export function Whole({ header }: { header: Conversation }) {
  const messages = useTimeline(header.customerId)?.messages ?? none;
  const shown = useInboxUi((ui) => ui.whole);
  const set = useInboxUi((ui) => ui.set);
  const able = useMemo(
    () => messages.filter((message) => message.hasWhole && message.conversationId === header.id),
    [messages, header.id],
  );
  useHotkey(
    'conversation.whole',
    () => {
      const message = messageAtFocus(able) ?? able.at(-1);
      if (message) set({ whole: { id: message.id, conversationId: message.conversationId } });
    },
    { enabled: able.length > 0 },
  );
  const subject = messages.find(({ id }) => id === shown?.id)?.letter?.subject ?? '';
  return (
    <Suspense>
      {shown && <WholeDialog message={shown} subject={subject} onClose={() => set({ whole: null })} />}
    </Suspense>
  );
}
