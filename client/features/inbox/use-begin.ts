import { useCallback } from 'react';
import type { ConversationBegin } from '../../../shared/conversation.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { useChannelLook } from '../directory.ts';
import { useInboxUi } from './ui.ts';

/** Begins a conversation and says on which channel; once it is opened, its composer has the keyboard. Resolves with its id. */
export function useBegin(): (body: ConversationBegin) => Promise<string> {
  const t = useT();
  const { calls, store } = useWorkspace();
  const look = useChannelLook();
  return useCallback(
    async (body) => {
      const { header, customer } = await calls.begin(body);
      store.apply({ type: 'header', header, customer });
      useInboxUi.getState().set({ writing: header.id });
      showToast({ text: t.begin.begun(look(header.replyTarget?.channelId).name), stays: 4_000 });
      return header.id;
    },
    [t, calls, store, look],
  );
}
