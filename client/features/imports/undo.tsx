import { useState } from 'react';
import type { Import } from '../../../shared/import.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Undo2 } from '../../components/icons.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { useOffline } from '../settings/page.tsx';
import { useImportDeed } from './queries.ts';

/** Takes back what a table brought. It is asked first: the way forward again is to bring the file once more. */
export function UndoImport({ one }: { one: Import }) {
  const t = useT();
  const w = useCustomerWords().imports;
  const offline = useOffline();
  const { calls } = useWorkspace();
  const [asking, setAsking] = useState(false);
  const undo = useImportDeed(
    () => calls.turnImport(one.id, 'undo'),
    () => setAsking(false),
  );
  const { made = 0, updated = 0, customers = 0 } = one.result ?? {};
  return (
    <>
      <Button icon={<Undo2 size={15} aria-hidden />} isDisabled={offline} onPress={() => setAsking(true)}>
        {w.undo}
      </Button>
      <Dialog
        isOpen={asking}
        onClose={() => setAsking(false)}
        title={w.undoTitle}
        alert
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{t.common.cancel}</Button>
            <Button
              variant="danger"
              isPending={undo.isPending}
              isDisabled={offline}
              onPress={() => undo.mutate()}
            >
              {w.undoDo}
            </Button>
          </>
        }
      >
        <ul className="list-disc space-y-1.5 ps-5">
          {made > 0 && <li>{w.undoMade(made, one.kind)}</li>}
          {customers > 0 && one.kind !== 'customers' && <li>{w.undoCustomers(customers)}</li>}
          {updated > 0 && <li>{w.undoUpdated(updated)}</li>}
          <li>{w.undoKept}</li>
        </ul>
        <p className="mt-3 text-ink-muted">{w.undoOnce}</p>
      </Dialog>
    </>
  );
}
