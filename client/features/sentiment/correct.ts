import { useCallback } from 'react';
import { may } from '../../../shared/access.ts';
import type { Message } from '../../../shared/message.ts';
import type { SentimentLabel } from '../../../shared/sentiment.ts';
import { showToast, undoFollows } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

/** A person's word for how a message was said, with the way back; null where nobody may or nothing is to be said. */
export function useCorrection(): ((message: Message, label: SentimentLabel | null) => Promise<void>) | null {
  const t = useT();
  const w = useSocialWords().sentiment;
  const me = useMe();
  const { calls, sync } = useWorkspace();
  const put = useCallback(
    async (message: Message, label: SentimentLabel | null): Promise<boolean> => {
      try {
        await calls.correctSentiment(message, { label });
        await sync.catchUp(message.conversationId).catch(() => undefined);
        return true;
      } catch (error) {
        showToast({ text: errorText(t, error), tone: 'error' });
        return false;
      }
    },
    [calls, sync, t],
  );
  const correct = useCallback(
    async (message: Message, label: SentimentLabel | null) => {
      const { sentiment } = message;
      if (!sentiment) return;
      const before = sentiment.by === 'agent' ? sentiment.label : null;
      if (before === label) return;
      await undoFollows(async (say) => {
        if (!(await put(message, label))) return;
        say({
          text: label === null ? w.givenBack : w.corrected(w.labels[label]),
          tone: 'ok',
          undo: () => void put(message, before),
        });
      });
    },
    [put, w],
  );
  return may(me, 'conversation.write') ? correct : null;
}
