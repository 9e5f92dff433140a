import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { queries, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

/** "Not the same", and taking that back: each is said, and can be undone. */
export function useDeciding() {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const decide = async (id: string, dismissed: boolean, undoable = true) => {
    try {
      await (dismissed ? calls.dismissDuplicate(id) : calls.restoreDuplicate(id));
      showToast({
        text: dismissed ? w.duplicates.notSameDone : w.duplicates.restored,
        tone: 'ok',
        ...(undoable && { undo: () => void decide(id, !dismissed, false) }),
      });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
    await queries.invalidateQueries({ queryKey: ['duplicates'] });
  };
  return decide;
}
