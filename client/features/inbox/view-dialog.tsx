import { useState } from 'react';
import type { SavedView, ViewFilter } from '../../../shared/view.ts';
import { afterClosing } from '../../components/after-closing.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useMe, useStore } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { useViewDeeds } from './view-deeds.ts';

export interface ViewDialogProps {
  /** A saved view to be renamed or shared, or a filter to be saved. */
  view: SavedView | { filter: ViewFilter };
  onClose: () => void;
}

const keyOf = (shared: SavedView['sharedWith']) =>
  typeof shared === 'string' ? shared : `team:${shared.teamId}`;

/** The name of a view, and who sees it. */
export function ViewDialog({ view, onClose }: ViewDialogProps) {
  const t = useT();
  const me = useMe();
  const deeds = useViewDeeds();
  const teams = useStore((state) => state.teams);
  const known = 'id' in view ? view : null;
  const [name, setName] = useState(known?.name ?? '');
  const [shared, setShared] = useState<string | null>(known ? keyOf(known.sharedWith) : 'nobody');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (!name.trim()) return;
    setBusy(true);
    setError(null);
    const sharedWith: SavedView['sharedWith'] = shared?.startsWith('team:')
      ? { teamId: shared.slice('team:'.length) }
      : shared === 'everyone'
        ? 'everyone'
        : 'nobody';
    try {
      if (known) await deeds.update(known.id, { name: name.trim(), sharedWith });
      else await deeds.create({ name: name.trim(), filter: view.filter, sharedWith });
      onClose();
      // The button that opened it went with the filter that is now a view.
      if (!known) afterClosing(() => document.getElementById('content')?.focus());
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const open = [...teams.values()].filter(
    ({ id, archived }) =>
      // With whom it is shared it stays shared, also when that team was put away or is not one's own any more.
      (known && keyOf(known.sharedWith) === `team:${id}`) ||
      (!archived && (me.teamIds.includes(id) || me.role === 'administrator')),
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="sm"
      title={known ? t.views.edit : t.views.saveTitle}
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button variant="primary" isPending={busy} isDisabled={!name.trim()} onPress={() => void save()}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label={t.views.name}
          value={name}
          onChange={setName}
          maxLength={60}
          autoFocus
          error={error ? errorText(t, error) : undefined}
        />
        <Select
          label={t.views.sharedWith}
          value={shared}
          onChange={setShared}
          options={[
            { id: 'nobody', label: t.views.onlyMe },
            ...open.map((team) => ({ id: `team:${team.id}`, label: t.views.teamOnly(team.name) })),
            { id: 'everyone', label: t.views.everyone },
          ]}
        />
      </form>
    </Dialog>
  );
}
