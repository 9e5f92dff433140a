import { useCallback } from 'react';
import { useLocation } from 'wouter';
import type { SavedView, SavedViewCreate } from '../../../shared/view.ts';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

/** Making, changing and deleting saved views. What the server refused is thrown, for the form that asked. */
export function useViewDeeds() {
  const t = useT();
  const { calls, store } = useWorkspace();
  const [, navigate] = useLocation();

  const keep = useCallback(
    (view: SavedView) => {
      const { views } = store.get();
      const known = views.some(({ id }) => id === view.id);
      store.apply({
        type: 'views',
        views: known ? views.map((each) => (each.id === view.id ? view : each)) : [...views, view],
      });
    },
    [store],
  );

  const create = useCallback(
    async (body: SavedViewCreate) => {
      const view = await calls.createView(body);
      keep(view);
      navigate(`/inbox/saved:${view.id}`);
      showToast({ text: t.views.created(view.name), tone: 'ok' });
    },
    [calls, keep, navigate, t],
  );

  const update = useCallback(
    async (id: string, body: Partial<SavedViewCreate>) => keep(await calls.updateView(id, body)),
    [calls, keep],
  );

  /** The undo makes the same view again; whoever looked at it is taken to all conversations meanwhile. */
  const remove = useCallback(
    async ({ id, name, filter, sharedWith }: SavedView, here: boolean) => {
      const refused = (error: unknown) => showToast({ text: errorText(t, error), tone: 'error' });
      try {
        await calls.deleteView(id);
      } catch (error) {
        refused(error);
        return;
      }
      if (here) {
        navigate('/inbox/all');
        document.getElementById('content')?.focus();
      }
      store.apply({ type: 'views', views: store.get().views.filter((each) => each.id !== id) });
      showToast({
        text: t.views.deleted(name),
        undo: () => void calls.createView({ name, filter, sharedWith }).then(keep, refused),
      });
    },
    [calls, store, keep, navigate, t],
  );

  return { create, update, remove };
}
