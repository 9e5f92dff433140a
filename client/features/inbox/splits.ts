import { useCallback, useMemo } from 'react';
import type { Conversation, ConversationSplit } from '../../../shared/conversation.ts';
import type { Message } from '../../../shared/message.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useTimeline, useWorkspace } from '../../state/hooks.tsx';
import { useChannelLook } from '../directory.ts';
import { errorText } from '../error-text.ts';

/** One thread of a conversation: what a split moves. */
export interface Thread {
  key: string;
  target: ConversationSplit;
  channel: string;
  address: string;
  /** Of its messages that are loaded. */
  count: number;
}

const none: readonly Message[] = [];

/** The threads that a conversation's loaded messages belong to, in the order they began. */
export function threadsOf(
  messages: readonly Message[],
  conversationId: string,
): Pick<Thread, 'key' | 'target' | 'count'>[] {
  const threads = new Map<string, Pick<Thread, 'key' | 'target' | 'count'>>();
  for (const message of messages) {
    const { channelId, identityId, threadKey, kind } = message;
    if (message.conversationId !== conversationId || kind !== 'message') continue;
    if (!channelId || !identityId || threadKey === null) continue;
    const key = `${channelId} ${identityId} ${threadKey}`;
    const known = threads.get(key);
    if (known) known.count += 1;
    else threads.set(key, { key, target: { channelId, identityId, threadKey }, count: 1 });
  }
  return [...threads.values()];
}

/** The threads of a conversation with their names, for a menu. */
export function useThreads(header: Conversation): Thread[] {
  const look = useChannelLook();
  const messages = useTimeline(header.customerId)?.messages ?? none;
  return useMemo(
    () =>
      threadsOf(messages, header.id).map((thread) => ({
        ...thread,
        channel: look(thread.target.channelId).name,
        address: thread.target.identityId.replace(/^[^:]+:/, ''),
      })),
    [messages, header.id, look],
  );
}

/** The conversations in which more than one thread runs. */
export function severalThreads(messages: readonly Message[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  const several = new Set<string>();
  for (const { conversationId, channelId, identityId, threadKey, kind } of messages) {
    if (kind !== 'message' || !channelId || !identityId || threadKey === null) continue;
    const key = `${channelId} ${identityId} ${threadKey}`;
    const known = first.get(conversationId);
    if (known === undefined) first.set(conversationId, key);
    else if (known !== key) several.add(conversationId);
  }
  return several;
}

/** Splitting a thread off into a case of its own, and bringing it back. */
export function useSplits() {
  const t = useT();
  const workspace = useWorkspace();
  const { calls, store, sync } = workspace;

  const refused = useCallback(
    (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }),
    [t],
  );
  const settle = useCallback(
    (...headers: Conversation[]) => {
      store.apply(...headers.map((each) => ({ type: 'header' as const, header: each })));
      for (const { id } of headers) void sync.catchUp(id).catch(() => undefined);
    },
    [store, sync],
  );

  const bringBack = useCallback(
    async (splitOffId: string) => {
      try {
        const { from, to } = await calls.bringBack(splitOffId);
        settle(from, to);
        showToast({ text: t.split.broughtBack });
        const back = from.id === splitOffId ? to : from;
        if (sync.openConversationId === splitOffId) workspace.goTo(back.id);
      } catch (error) {
        refused(error);
      }
    },
    [calls, settle, sync, workspace, refused, t],
  );

  const split = useCallback(
    async (conversationId: string, target: ConversationSplit) => {
      const { headers, timelines } = store.get();
      const messages = timelines.get(headers.get(conversationId)?.customerId ?? '')?.messages ?? none;
      const key = `${target.channelId} ${target.identityId} ${target.threadKey}`;
      const count = threadsOf(messages, conversationId).find((thread) => thread.key === key)?.count ?? 1;
      try {
        const { from, to } = await calls.split(conversationId, target);
        settle(from, to);
        showToast({
          text: t.split.done(count),
          undo: () => void bringBack(to.id),
          action: { label: t.split.open, run: () => workspace.goTo(to.id) },
        });
      } catch (error) {
        refused(error);
      }
    },
    [calls, store, settle, bringBack, workspace, refused, t],
  );
  return { split, bringBack };
}
