import { useCallback } from 'react';
import type { BulkResult, ConversationUpdate } from '../../../shared/conversation.ts';
import { AppError } from '../../../shared/errors.ts';
import { type Say, showToast, undoFollows } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { iso } from '../../i18n/words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { inverseOf } from '../../state/inverse.ts';
import { dataOf } from '../../state/outbox.ts';
import { errorText } from '../error-text.ts';

/** The contract's own limit of one bulk deed. */
export const bulkLimit = 200;

export interface Deed {
  update: ConversationUpdate;
  /** What to say of one conversation. */
  word: string;
  /** What to say of so many. */
  words: (n: number) => string;
  /** Another deed offered beside the undo. */
  action?: { label: string; run: () => void };
}

export type RunDeed = (ids: readonly string[], deed: Deed) => Promise<boolean>;

/** Does something to one conversation or to many, says so, and can put back exactly what was. */
export function useRunDeed(): RunDeed {
  const t = useT();
  const fmt = useFmt();
  const workspace = useWorkspace();
  const { calls, store, sync } = workspace;

  const one = useCallback(
    async (id: string, update: ConversationUpdate): Promise<boolean> => {
      try {
        const header = await calls.updateConversation(id, update);
        store.apply({ type: 'header', header });
        void sync.catchUp(id).catch(() => undefined);
        return true;
      } catch (error) {
        const active =
          error instanceof AppError && error.reason === 'anotherActive'
            ? dataOf(error, 'conversationId')
            : undefined;
        showToast({
          text: errorText(t, error),
          tone: 'error',
          ...(active && { action: { label: t.inbox.openActive, run: () => workspace.goTo(active) } }),
        });
        void sync.fetchHeader(id).catch(() => undefined);
        return false;
      }
    },
    [calls, store, sync, workspace, t],
  );

  const many = useCallback(
    async (ids: readonly string[], update: ConversationUpdate): Promise<BulkResult | null> => {
      try {
        const result = await calls.bulk({ ids: [...ids], update });
        store.apply(...result.done.map(({ header }) => ({ type: 'header' as const, header })));
        const open = sync.openConversationId;
        if (open && ids.includes(open)) void sync.catchUp(open).catch(() => undefined);
        return result;
      } catch (error) {
        showToast({ text: errorText(t, error), tone: 'error' });
        return null;
      }
    },
    [calls, store, sync, t],
  );

  /** What was different before is put back together, as few calls as there were differences. */
  const putBack = useCallback(
    async (done: BulkResult['done']) => {
      const kinds = new Map<string, { update: ConversationUpdate; ids: string[] }>();
      for (const { id, before } of done) {
        if (!before) continue;
        const key = JSON.stringify(before);
        const kind = kinds.get(key) ?? { update: before, ids: [] };
        kind.ids.push(id);
        kinds.set(key, kind);
      }
      let back = 0;
      for (const { update, ids } of kinds.values()) back += (await many(ids, update))?.done.length ?? 0;
      showToast({ text: t.bulk.undone(back) });
    },
    [many, t],
  );

  const run = useCallback(
    async (say: Say, ids: readonly string[], { update, word, words, action }: Deed): Promise<boolean> => {
      const [id] = ids;
      if (id === undefined) return false;
      if (ids.length === 1) {
        const before = store.get().headers.get(id);
        const back = before ? inverseOf(before, update) : null;
        if (before && !back) return true;
        if (!(await one(id, update))) return false;
        say({ text: word, ...(back && { undo: () => void one(id, back) }), ...(action && { action }) });
        return true;
      }
      if (ids.length > bulkLimit) {
        say({ text: t.bulk.limit(bulkLimit), tone: 'error' });
        return false;
      }
      const result = await many(ids, update);
      if (!result) return false;
      const { done, failed } = result;
      const nameOf = (failedId: string) => {
        const { headers, customers } = store.get();
        return iso(customers.get(headers.get(failedId)?.customerId ?? '')?.name ?? t.row.unnamed);
      };
      const names = fmt.list(failed.slice(0, 5).map(({ id: failedId }) => nameOf(failedId)));
      say({
        text:
          failed.length === 0
            ? words(done.length)
            : done.length === 0
              ? t.bulk.failed(failed.length, names)
              : t.bulk.someFailed(done.length, failed.length, names),
        tone: failed.length > 0 ? 'error' : 'info',
        ...(done.some(({ before }) => before) && { undo: () => void putBack(done) }),
      });
      return done.length > 0;
    },
    [one, many, putBack, store, t, fmt],
  );
  return useCallback((ids, deed) => undoFollows((say) => run(say, ids, deed)), [run]);
}
