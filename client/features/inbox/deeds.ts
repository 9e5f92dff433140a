import { useCallback, useMemo } from 'react';
import type { ConversationUpdate } from '../../../shared/conversation.ts';
import { AppError } from '../../../shared/errors.ts';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { dataOf } from '../../state/outbox.ts';
import { useUsers } from '../directory.ts';
import { errorText } from '../error-text.ts';

/** What an agent does to a conversation, each with its word and the way back. */
export function useDeeds(conversationId: string) {
  const t = useT();
  const fmt = useFmt();
  const me = useMe();
  const users = useUsers();
  const workspace = useWorkspace();
  const { calls, store, sync } = workspace;
  const goTo = useCallback((id: string) => workspace.goTo(id), [workspace]);

  const update = useCallback(
    async (body: ConversationUpdate): Promise<boolean> => {
      try {
        const header = await calls.updateConversation(conversationId, body);
        store.apply({ type: 'header', header });
        void sync.catchUp(conversationId).catch(() => undefined);
        return true;
      } catch (error) {
        const active =
          error instanceof AppError && error.reason === 'anotherActive'
            ? dataOf(error, 'conversationId')
            : undefined;
        showToast({
          text: errorText(t, error),
          tone: 'error',
          ...(active && { action: { label: t.inbox.openActive, run: () => goTo(active) } }),
        });
        void sync.fetchHeader(conversationId).catch(() => undefined);
        return false;
      }
    },
    [calls, store, sync, goTo, conversationId, t],
  );

  return useMemo(() => {
    const header = () => store.get().headers.get(conversationId);
    const say = (text: string, undo?: () => void) => showToast({ text, ...(undo && { undo }) });
    const reopen = async () => {
      const snoozed = header()?.status === 'snoozed';
      if (await update({ deed: 'reopen' })) say(snoozed ? t.snooze.woken : t.resolve.reopened);
    };
    return {
      async assign(assigneeId: string | null) {
        const before = header()?.assigneeId ?? null;
        if (before === assigneeId || !(await update({ deed: 'assign', assigneeId }))) return;
        const word =
          assigneeId === null
            ? t.assign.unassigned
            : assigneeId === me.id
              ? t.assign.assignedToMe
              : t.assign.assigned(users.get(assigneeId)?.name ?? '');
        say(word, () => void update({ deed: 'assign', assigneeId: before }));
      },
      async snooze(until: number) {
        const done = await update({ deed: 'snooze', until: new Date(until).toISOString() });
        if (done) say(t.snooze.done(fmt.when(until, Date.now())), () => void update({ deed: 'reopen' }));
        return done;
      },
      async resolve() {
        const done = await update({ deed: 'resolve' });
        if (done) say(t.resolve.done, () => void update({ deed: 'reopen' }));
        return done;
      },
      reopen,
      async markUnread() {
        const known = header();
        if (!known) return;
        const seq = Math.max(0, known.lastInboundSeq - 1);
        store.apply({ type: 'read', conversationId, seq });
        await calls.read(conversationId, seq).then(
          () => say(t.resolve.markedUnread),
          (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }),
        );
      },
    };
  }, [update, store, calls, conversationId, t, fmt, me.id, users]);
}

export type Deeds = ReturnType<typeof useDeeds>;
