import { useMemo } from 'react';
import type { Priority } from '../../../shared/conversation.ts';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { useRunDeed } from './run-deed.ts';

/** What an agent does to conversations, each with its word and the way back. */
export function useDeeds(ids: readonly string[]) {
  const t = useT();
  const fmt = useFmt();
  const me = useMe();
  const users = useUsers();
  const { calls, store } = useWorkspace();
  const run = useRunDeed();
  const key = ids.join(' ');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which ids
  return useMemo(() => {
    const only = () => (ids.length === 1 ? store.get().headers.get(ids[0] ?? '') : undefined);
    const { did } = t.bulk;
    const assignedWord = (assigneeId: string | null) => {
      if (assigneeId === null) return t.assign.unassigned;
      if (assigneeId === me.id) return t.assign.assignedToMe;
      return t.assign.assigned(users.get(assigneeId)?.name ?? '');
    };
    const assignedWords = (assigneeId: string | null) => (n: number) => {
      if (assigneeId === null) return did.unassigned(n);
      if (assigneeId === me.id) return did.assignedToMe(n);
      return did.assigned(n, users.get(assigneeId)?.name ?? '');
    };
    const teamName = (id: string) => store.get().teams.get(id)?.name ?? '';
    const nameOf = (id: string) => store.get().tags.get(id)?.name ?? t.tags.unknown;
    const tagWord = (add: readonly string[], remove: readonly string[]) => {
      if (add.length === 1 && remove.length === 0) return t.tags.added(nameOf(add[0] ?? ''));
      if (remove.length === 1 && add.length === 0) return t.tags.removed(nameOf(remove[0] ?? ''));
      return t.tags.changed;
    };
    const tagWords = (add: readonly string[], remove: readonly string[]) => (n: number) => {
      if (add.length === 1 && remove.length === 0) return did.tagged(n, nameOf(add[0] ?? ''));
      if (remove.length === 1 && add.length === 0) return did.untagged(n, nameOf(remove[0] ?? ''));
      return did.tagsChanged(n);
    };
    return {
      assign: (assigneeId: string | null) =>
        run(ids, {
          update: { deed: 'assign', assigneeId },
          word: assignedWord(assigneeId),
          words: assignedWords(assigneeId),
        }),
      team: (teamId: string | null) =>
        run(ids, {
          update: { deed: 'team', teamId },
          word: teamId === null ? t.team.removed : t.team.done(teamName(teamId)),
          words: (n) => (teamId === null ? did.outOfTeam(n) : did.inTeam(n, teamName(teamId))),
        }),
      priority: (priority: Priority) =>
        run(ids, {
          update: { deed: 'priority', priority },
          word: t.priority.done(t.priority.levels[priority]),
          words: (n) => did.priority(n, t.priority.levels[priority]),
        }),
      async tag(add: readonly string[], remove: readonly string[]) {
        if (add.length + remove.length === 0) return false;
        const update = { deed: 'tag' as const, add: [...add], remove: [...remove] };
        return run(ids, { update, word: tagWord(add, remove), words: tagWords(add, remove) });
      },
      snooze: (until: number) =>
        run(ids, {
          update: { deed: 'snooze', until: new Date(until).toISOString() },
          word: t.snooze.done(fmt.when(until, Date.now())),
          words: (n) => did.snoozed(n, fmt.when(until, Date.now())),
        }),
      resolve: () => run(ids, { update: { deed: 'resolve' }, word: t.resolve.done, words: did.resolved }),
      reopen: () =>
        run(ids, {
          update: { deed: 'reopen' },
          word: only()?.status === 'snoozed' ? t.snooze.woken : t.resolve.reopened,
          words: did.reopened,
        }),
      /** `block`: identities whose further messages are put away unread. */
      spam: (block: readonly string[] = []) =>
        run(ids, {
          update: { deed: 'spam', block: [...block] },
          word: block.length > 0 ? t.spam.doneAndBlocked : t.spam.done,
          words: block.length > 0 ? did.spamAndBlocked : did.spam,
        }),
      notSpam: () => run(ids, { update: { deed: 'notSpam' }, word: t.spam.restored, words: did.notSpam }),
      strikeMention: () =>
        run(ids, { update: { deed: 'strikeMention' }, word: t.mention.struck, words: did.struck }),
      async markUnread() {
        const known = only();
        if (!known) return;
        const { id: conversationId } = known;
        const seq = Math.max(0, known.lastInboundSeq - 1);
        store.apply({ type: 'read', conversationId, seq });
        await calls.read(conversationId, seq).then(
          () => showToast({ text: t.resolve.markedUnread }),
          (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' }),
        );
      },
    };
  }, [key, run, store, calls, t, fmt, me.id, users]);
}

export type Deeds = ReturnType<typeof useDeeds>;
