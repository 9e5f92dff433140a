import { useQueryClient } from '@tanstack/react-query';
import type { Advocate, AdvocateDetail, AdvocateUpdate } from '../../../shared/advocate.ts';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

type What = Omit<AdvocateUpdate, 'version'>;

/**
 * Changes somebody's stage, owner or task and says so, with what takes it back. Resolves to whether it is kept; what was refused is said,
 * and the record shown as it is.
 */
export function useAdvocateChange(
  advocate: Pick<Advocate, 'customerId' | 'version' | 'name'>,
): (what: What, back: What | null, said: string) => Promise<boolean> {
  const t = useT();
  const w = useAdvocateWords();
  const client = useQueryClient();
  const { calls } = useWorkspace();
  const { customerId } = advocate;
  const put = async (version: number, what: What): Promise<Advocate | null> => {
    try {
      const now = await calls.updateAdvocate(customerId, { version, ...what });
      client.setQueryData<AdvocateDetail>(
        ['advocates', 'one', customerId],
        (before) => before && { ...before, advocate: now },
      );
      void client.invalidateQueries({ queryKey: ['advocates', 'board'] });
      return now;
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
      void client.invalidateQueries({ queryKey: ['advocates'] });
      return null;
    }
  };
  return async (what, back, said) => {
    const now = await put(advocate.version, what);
    if (!now) return false;
    const undo =
      back &&
      (() =>
        void put(now.version, back).then(
          (undone) =>
            undone && showToast({ text: w.board.movedBack(plainName(advocate.name)), stays: 3_000 }),
        ));
    showToast({ text: said, tone: 'ok', ...(undo && { undo }) });
    return true;
  };
}
