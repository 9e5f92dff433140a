import { useQueryClient } from '@tanstack/react-query';
import { may } from '../../../shared/access.ts';
import type { Reward } from '../../../shared/reward.ts';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useMe, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { useOffline } from '../settings/page.tsx';

/** What was drawn from the ledger is asked for again. */
export function useLedgerAgain(): () => void {
  const client = useQueryClient();
  return () => {
    for (const key of ['rewards', 'coupons', 'advocates']) void client.invalidateQueries({ queryKey: [key] });
  };
}

export function useRewardDeeds() {
  const t = useT();
  const w = useAdvocateWords();
  const me = useMe();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const again = useLedgerAgain();
  const approves = may(me, 'reward.approve');
  const failed = (error: unknown) => {
    showToast({ text: errorText(t, error), tone: 'error' });
    again();
  };
  return {
    approves,
    /** Whoever asked for it cannot decide on it. */
    mayDecide: (reward: Reward) =>
      !offline && approves && reward.state === 'waiting' && reward.byUserId !== me.id,
    mayUndo: (reward: Reward) =>
      !offline &&
      (reward.state === 'given' || reward.state === 'waiting') &&
      reward.undoes === null &&
      (approves || (reward.byUserId === me.id && may(me, 'reward.give'))),
    undo: (reward: Pick<Reward, 'id'>) =>
      calls.undoReward(reward.id).then(() => {
        again();
        showToast({ text: w.reward.undone, tone: 'ok', stays: 4_000 });
      }, failed),
    decide: (reward: Reward, approve: boolean) =>
      calls.decideReward(reward.id, { approve }).then((decided) => {
        again();
        const name = plainName(reward.customerName);
        showToast({
          text: (approve ? w.approvals.approved : w.approvals.refused)(name),
          tone: 'ok',
          // What was approved can be taken back; what was refused is asked for anew.
          ...(decided.state === 'given' && {
            undo: () => void calls.undoReward(decided.id).then(again, failed),
          }),
        });
        return decided;
      }, failed),
  };
}
