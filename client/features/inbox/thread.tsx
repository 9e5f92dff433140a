import { Suspense, useMemo } from 'react';
import type { Conversation } from '../../../shared/conversation.ts';
import type { Message } from '../../../shared/message.ts';
import { afterClosing } from '../../components/after-closing.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { later } from '../../lib/later.ts';
import { useTimeline, useWorkspace } from '../../state/hooks.tsx';
import { messageAtFocus } from './message-focus.ts';
import { quoteMessage } from './quote-message.ts';
import { useInboxUi } from './ui.ts';

const ThreadDrawer = later(() => import('../posts/thread.drawer.tsx'));

const none: readonly Message[] = [];

/** The key that shows the thread of a post: that of the message which holds the keyboard, else of the newest public one. */
export function Thread({ header }: { header: Conversation }) {
  const workspace = useWorkspace();
  const messages = useTimeline(header.customerId)?.messages ?? none;
  const shown = useInboxUi((ui) => ui.thread);
  const set = useInboxUi((ui) => ui.set);
  const able = useMemo(() => messages.filter(({ postId }) => postId !== null), [messages]);
  useHotkey(
    'message.thread',
    () => {
      const message =
        messageAtFocus(able) ??
        able.findLast(
          ({ conversationId, direction }) => conversationId === header.id && direction === 'in',
        ) ??
        able.at(-1);
      if (message?.postId) set({ thread: { postId: message.postId, messageId: message.id } });
    },
    { enabled: able.length > 0 },
  );
  const close = () => set({ thread: null });
  return (
    <Suspense>
      {shown && (
        <ThreadDrawer
          postId={shown.postId}
          messageId={shown.messageId}
          header={header}
          onClose={close}
          onAnswer={(id) => {
            close();
            const message = messages.find((each) => each.id === id);
            if (message) afterClosing(() => quoteMessage(message));
          }}
          onOpenConversation={(id) => {
            close();
            void workspace.sync.meet(id).then(() => workspace.goTo(id));
          }}
        />
      )}
    </Suspense>
  );
}
