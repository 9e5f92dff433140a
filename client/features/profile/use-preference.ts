import type { Preferences } from '../../../shared/user.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useMe, useSession } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

/** Chosen at once; put back where the server does not take it. */
export function usePreference(): (part: Partial<Preferences>, saved?: () => void) => void {
  const t = useT();
  const me = useMe();
  const session = useSession();
  return (part, saved) => {
    session.updated({ ...me, preferences: { ...me.preferences, ...part } });
    session.calls.updateProfile({ preferences: part }).then(
      () => saved?.(),
      (error: unknown) => {
        session.updated(me);
        showToast({ text: errorText(t, error), tone: 'error' });
      },
    );
  };
}
