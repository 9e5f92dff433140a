import type { Message } from '../../../shared/message.ts';

/** The message that holds the keyboard, if it is one of these: what a key of messages is about. */
export function messageAtFocus(messages: readonly Message[]): Message | undefined {
  const id = document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset['message'];
  return id === undefined ? undefined : messages.find((message) => message.id === id);
}
