import type { Message } from '../../../shared/message.ts';
import { useInboxUi } from './ui.ts';

/** The next reply answers this message: it stands over the text, which has the keyboard. */
export function quoteMessage(message: Message): void {
  const { quoting, set } = useInboxUi.getState();
  set({ mode: 'reply', quoting: { ...quoting, [message.conversationId]: message.id } });
  document.getElementById('composer-text')?.focus();
}
