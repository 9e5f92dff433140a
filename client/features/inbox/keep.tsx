import { Suspense, useMemo } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Message } from '../../../shared/message.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useTimeline } from '../../state/hooks.tsx';
import { useMayWrite } from '../customers/may-write.ts';
import { isKept } from './kept.ts';
import { messageAtFocus } from './message-focus.ts';
import { useInboxUi } from './ui.ts';

const KeepDialog = later(() => import('./keep-dialog.tsx').then((all) => ({ default: all.KeepDialog })));

const none: readonly Message[] = [];

/** The key that keeps what a message says in the customer's record: of the one that holds the keyboard, else of the newest. */
export function Keep({ header }: { header: Conversation }) {
  const messages = useTimeline(header.customerId)?.messages ?? none;
  const asked = useInboxUi((ui) => ui.keep);
  const set = useInboxUi((ui) => ui.set);
  const writes = useMayWrite();
  const able = useMemo(() => messages.filter(isKept), [messages]);
  useHotkey(
    'message.keep',
    () => {
      const message = messageAtFocus(able) ?? able.at(-1);
      if (message) set({ keep: message.id });
    },
    { enabled: writes && able.length > 0 },
  );
  const message = able.find(({ id }) => id === asked);
  return (
    <Suspense>
      {message && (
        <KeepDialog customerId={header.customerId} message={message} onClose={() => set({ keep: null })} />
      )}
    </Suspense>
  );
}
