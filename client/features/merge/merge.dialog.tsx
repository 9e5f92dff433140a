import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Customer } from '../../../shared/customer.ts';
import type { MergePreview, MergeSide } from '../../../shared/merge.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Merge } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Delayed, Skeleton } from '../../components/skeleton.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorIdOf, errorText } from '../error-text.ts';
import { FindCustomer } from '../inbox/find-customer.tsx';
import { useOffline } from '../settings/page.tsx';
import { FieldChoices } from './fields.tsx';
import { useMerging } from './merging.ts';
import { Comes, Parties, Warnings } from './parties.tsx';

export interface MergeDialogProps {
  /** Whose page it is: theirs stays unless it is turned about. */
  customer: { id: string; name: string };
  /** The other record where it is known already; else it is searched for. */
  other?: { id: string; name: string } | null;
  /** How it is known, where something suggested it. */
  reason?: string;
  onClose: () => void;
  onMerged?: (survivor: Customer) => void;
}

/** Two records of one person: both side by side, what stays of what differs, what comes along; Enter merges them. */
export default function MergeDialog({
  customer,
  other = null,
  reason: said = '',
  onClose,
  onMerged,
}: MergeDialogProps) {
  const t = useT();
  const w = useCustomerWords();
  const offline = useOffline();
  const formId = useId();
  const { calls } = useWorkspace();
  const { merge } = useMerging();
  const [found, setFound] = useState<{ id: string; name: string } | null>(other);
  const [turned, setTurned] = useState(false);
  const [winners, setWinners] = useState<Record<string, MergeSide>>({});
  const [reason, setReason] = useState(said);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [intoId, otherId] = turned ? [found?.id ?? '', customer.id] : [customer.id, found?.id ?? ''];
  const query = useQuery({
    queryKey: ['merge', intoId, otherId],
    queryFn: () => calls.mergePreview(intoId, otherId),
    enabled: found !== null,
    gcTime: 0,
    retry: false,
  });
  const preview = query.data;

  const confirm = async (shown: MergePreview) => {
    if (!reason.trim() || busy || offline) return;
    setBusy(true);
    setError(null);
    try {
      const survivor = await merge({
        intoId: shown.survivor.id,
        other: shown.other,
        reason: reason.trim(),
        winners: { ...chosenOf(shown), ...winners },
      });
      onClose();
      onMerged?.(survivor);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const turn = () => {
    setTurned(!turned);
    setWinners(
      Object.fromEntries(
        Object.entries({ ...(preview && chosenOf(preview)), ...winners }).map(([field, side]) => [
          field,
          side === 'survivor' ? 'other' : 'survivor',
        ]),
      ),
    );
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      size={found ? 'lg' : 'md'}
      title={w.merge.title}
      actions={
        preview && (
          <>
            <p className="me-auto self-center text-xs text-ink-muted max-sm:hidden">{w.merge.undoable}</p>
            <Button onPress={onClose}>{t.common.cancel}</Button>
            <Button
              variant="primary"
              type="submit"
              form={formId}
              icon={<Merge size={15} aria-hidden />}
              isPending={busy}
              isDisabled={!reason.trim() || offline}
            >
              {w.merge.confirm}
              <span aria-hidden className="ms-1 max-sm:hidden">
                <Kbd keys="Enter" inverse />
              </span>
            </Button>
          </>
        )
      }
    >
      {!found ? (
        <>
          <p className="mb-3 text-pretty text-ink-muted">{w.merge.findText}</p>
          <FindCustomer label={w.merge.find} exceptId={customer.id} onChoose={setFound} />
        </>
      ) : preview ? (
        <form
          noValidate
          id={formId}
          className="flex flex-col gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            void confirm(preview);
          }}
        >
          <Parties preview={preview} onTurn={turn} />
          <Warnings warnings={preview.warnings} />
          <FieldChoices
            fields={preview.fields}
            winners={winners}
            names={[preview.survivor.name, preview.other.name]}
            onChoose={(field, side) => setWinners({ ...winners, [field]: side })}
          />
          <Comes preview={preview} />
          <TextField
            label={w.merge.reason}
            help={w.merge.reasonHelp}
            value={reason}
            onChange={setReason}
            maxLength={300}
            autoFocus
            error={error ? errorText(t, error) : undefined}
          />
        </form>
      ) : query.error ? (
        <ErrorState
          title={w.merge.loadFailed}
          text={errorText(t, query.error)}
          errorId={errorIdOf(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Delayed>
          <div role="status" className="grid grid-cols-2 gap-3 py-2">
            <span className="sr-only">{t.common.loading}</span>
            <Skeleton className="h-32" />
            <Skeleton className="h-32" />
            <Skeleton className="col-span-2 h-24" />
          </div>
        </Delayed>
      )}
    </Dialog>
  );
}

/** What the preview chose, so that what was seen is what is done. */
function chosenOf({ fields }: MergePreview): Record<string, MergeSide> {
  return Object.fromEntries(
    fields.flatMap(({ field, chosen, differs }) => (differs && chosen !== 'both' ? [[field, chosen]] : [])),
  );
}
