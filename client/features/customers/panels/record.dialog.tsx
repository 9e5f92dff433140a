import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { AppError } from '../../../../shared/errors.ts';
import {
  type CustomerRecord,
  type RecordKind,
  type RecordStatus,
  recordAtProblem,
  recordKinds,
  recordStatuses,
} from '../../../../shared/record.ts';
import { Button } from '../../../components/button.tsx';
import { DateTimePicker } from '../../../components/date-time-picker.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { NumberField } from '../../../components/number-field.tsx';
import { Select } from '../../../components/select.tsx';
import { TextArea } from '../../../components/text-area.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { useWorkspace } from '../../../state/hooks.tsx';
import { errorText } from '../../error-text.ts';
import { Form, FormError } from '../../settings/form.tsx';

export interface RecordDialogProps {
  customerId: string;
  /** Null: a new one. */
  record: CustomerRecord | null;
  onClose: () => void;
}

/** A purchase or a service written down by hand, or mended. */
export function RecordDialog({ customerId, record, onClose }: RecordDialogProps) {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const form = useId();
  // Only money of Iran is spoken of in another unit than it is kept in.
  const rials = !record || record.currency === 'IRR';
  const unit = rials ? 10 : 1;
  const [kind, setKind] = useState<RecordKind>(record?.kind ?? 'purchase');
  const [title, setTitle] = useState(record?.title ?? '');
  const [number, setNumber] = useState(record?.externalId ?? '');
  const [amount, setAmount] = useState(
    record?.amount === null || !record ? Number.NaN : record.amount / unit,
  );
  const [at, setAt] = useState(record ? Date.parse(record.at) : Date.now());
  const [status, setStatus] = useState<RecordStatus>(record?.status ?? 'done');
  const [note, setNote] = useState(record?.note ?? '');
  const [code, setCode] = useState(record?.referralCode ?? '');
  const [issue, setIssue] = useState<{ title?: string; number?: string; at?: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const again = () => {
    for (const key of ['records', 'history', 'customer'])
      void client.invalidateQueries({ queryKey: [key, customerId] });
  };
  const takeBack = async (made: CustomerRecord) => {
    try {
      if (!record) await calls.deleteRecord(made.id).catch(() => cancel(made));
      else {
        const { title, amount, status, note, at, referralCode } = record;
        await calls.updateRecord(made.id, {
          ifVersion: made.version,
          change: { title, amount, status, note, at, referralCode },
        });
      }
      again();
    } catch (failure) {
      showToast({ text: errorText(t, failure), tone: 'error' });
    }
  };
  // What has a number of the organisation's own is cancelled, not deleted.
  const cancel = (made: CustomerRecord) =>
    calls.updateRecord(made.id, { ifVersion: made.version, change: { status: 'cancelled' } });
  const save = async () => {
    if (busy) return;
    if (!title.trim()) return setIssue({ title: w.records.titleMissing });
    const wrong = recordAtProblem(new Date(at), new Date());
    if (wrong) return setIssue({ at: w.records.dateWrong[wrong] });
    setBusy(true);
    const said = {
      at: new Date(at).toISOString(),
      title: title.trim(),
      amount: Number.isNaN(amount) ? null : Math.round(amount * unit),
      status,
      note: note.trim(),
      referralCode: kind === 'purchase' ? code.trim() : '',
    };
    try {
      const made = record
        ? await calls.updateRecord(record.id, { ifVersion: record.version, change: said })
        : await calls.createRecord(customerId, {
            ...said,
            kind,
            externalId: number.trim() || null,
            currency: 'IRR',
            items: [],
            statusText: '',
          });
      again();
      showToast({ text: w.records.saved(made.title), tone: 'ok', undo: () => void takeBack(made) });
      onClose();
    } catch (failure) {
      const taken = failure instanceof AppError && failure.reason === 'inUse';
      setIssue(taken ? { number: w.records.numberTaken } : null);
      setError(taken ? null : failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={record ? w.panels.edit(record.title) : w.records.add}
      actions={
        <>
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button variant="primary" type="submit" form={form} isPending={busy}>
            {record ? t.common.save : w.records.save}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={() => void save()} issues={issue} className="flex flex-col gap-3.5">
        {error !== null && <FormError text={errorText(t, error)} error={error} />}
        <TextField
          label={w.records.title}
          value={title}
          onChange={setTitle}
          error={issue?.title}
          maxLength={300}
          autoFocus
        />
        <div className="grid gap-3.5 sm:grid-cols-2">
          {!record && (
            <>
              <Select
                label={w.records.kind}
                value={kind}
                onChange={setKind}
                options={recordKinds.map((id) => ({ id, label: w.searchPage.record[id] }))}
              />
              <TextField
                label={w.records.number}
                value={number}
                onChange={setNumber}
                error={issue?.number}
                ltr
                optional
                maxLength={200}
              />
            </>
          )}
          <NumberField
            label={rials ? w.records.amount : `${w.records.amount.replace(/ \(.*/, '')} (${record.currency})`}
            value={amount}
            onChange={setAmount}
            min={0}
            optional
          />
          <Select
            label={w.records.status}
            value={status}
            onChange={setStatus}
            options={recordStatuses.map((id) => ({ id, label: w.history.status[id] }))}
          />
          <DateTimePicker label={w.records.date} value={at} onChange={setAt} error={issue?.at} />
        </div>
        {kind === 'purchase' && (
          <TextField
            label={w.records.referralCode}
            help={w.records.referralHelp}
            value={code}
            onChange={setCode}
            ltr
            optional
            maxLength={60}
          />
        )}
        <TextArea label={w.records.note} value={note} onChange={setNote} optional maxLength={2_000} />
      </Form>
    </Dialog>
  );
}
