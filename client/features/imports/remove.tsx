import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { AppError } from '../../../shared/errors.ts';
import { type Import, neverRunStates } from '../../../shared/import.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Trash2 } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { useOffline } from '../settings/page.tsx';
import { dropImport, keepImport } from './queries.ts';

/** Deletes a table that nobody ran. It is asked first: nobody can bring the file back but who has it. */
export function RemoveImport({ one }: { one: Import }) {
  const neverRun = !one.result && neverRunStates.some((state) => state === one.state);
  return neverRun ? <Remove one={one} /> : null;
}

function Remove({ one: { id, fileName } }: { one: Import }) {
  const t = useT();
  const w = useCustomerWords().imports;
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => calls.removeImport(id),
    onSuccess: () => {
      navigate('/customers/imports', { replace: true });
      dropImport(client, id);
      showToast({ text: w.removed(fileName) });
    },
    onError: (error) => {
      setAsking(false);
      const now = error instanceof AppError && (error.body.data as { import?: Import } | undefined)?.import;
      if (now) keepImport(client, now);
      if (error instanceof AppError && error.code === 'notFound') dropImport(client, id);
      showToast({ text: errorText(t, error), tone: 'error' });
    },
  });
  return (
    <>
      <Button
        variant="quiet"
        icon={<Trash2 size={15} aria-hidden />}
        isDisabled={offline}
        onPress={() => setAsking(true)}
      >
        {w.remove}
      </Button>
      <Dialog
        isOpen={asking}
        onClose={() => setAsking(false)}
        title={w.removeTitle}
        alert
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{t.common.cancel}</Button>
            <Button
              variant="danger"
              isPending={remove.isPending}
              isDisabled={offline}
              onPress={() => remove.mutate()}
            >
              {w.removeDo}
            </Button>
          </>
        }
      >
        <p>{w.removeText}</p>
      </Dialog>
    </>
  );
}
