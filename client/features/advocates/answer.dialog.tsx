import { useId, useState } from 'react';
import type { Testimonial, TestimonialAnswer } from '../../../shared/advocate.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Segmented } from '../../components/radio-group.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';

export interface AnswerDialogProps {
  testimonial: Testimonial;
  /** What was given is taken back; else what they answered is written down. */
  withdraws: boolean;
  onKept: () => void;
  onClose: () => void;
}

/** Writes down what somebody said otherwise, and how one knows. */
export default function AnswerDialog({ testimonial, withdraws, onKept, onClose }: AnswerDialogProps) {
  const t = useT();
  const w = useAdvocateWords();
  const form = useId();
  const { calls } = useWorkspace();
  const [state, setState] = useState<TestimonialAnswer['state']>(withdraws ? 'withdrawn' : 'given');
  const [reason, setReason] = useState('');
  const [issue, setIssue] = useState<{ reason: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (busy) return;
    if (!reason.trim()) return setIssue({ reason: w.testimonial.reasonNeeded });
    setBusy(true);
    try {
      await calls.recordTestimonial(testimonial.id, { state, reason: reason.trim() });
      onKept();
      showToast({ text: w.testimonial.recorded, tone: 'ok', stays: 4_000 });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={withdraws ? w.testimonial.withdraw : w.testimonial.record}
      actions={
        <>
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button variant="primary" type="submit" form={form} isPending={busy}>
            {withdraws ? w.testimonial.withdraw : t.common.save}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={() => void save()} issues={issue} className="flex flex-col gap-3.5">
        {error !== null && <FormError text={errorText(t, error)} error={error} />}
        {!withdraws && (
          <>
            <p className="text-pretty text-ink-muted">{w.testimonial.recordText}</p>
            <Segmented
              label={w.testimonial.answer}
              value={state}
              onChange={setState}
              options={(['given', 'refused'] as const).map((id) => ({
                id,
                label: w.testimonial.state[id],
              }))}
            />
          </>
        )}
        <TextField
          autoFocus
          label={w.testimonial.reason}
          help={w.testimonial.reasonHelp}
          error={issue?.reason}
          value={reason}
          onChange={setReason}
          maxLength={300}
        />
      </Form>
    </Dialog>
  );
}
