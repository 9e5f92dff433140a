import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Advocate } from '../../../shared/advocate.ts';
import { AppError } from '../../../shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { showToast } from '../../components/toast.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { dirOf, plainName } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import {
  hasGap,
  type MessageDraft,
  MessageFields,
  readAs,
  told,
  untouched,
  useUsual,
} from './message-fields.tsx';

export interface AskDialogProps {
  advocate: Pick<Advocate, 'customerId' | 'name'>;
  /** The message or mention that is quoted. */
  sourceId: string;
  quote: string;
  onClose: () => void;
}

/** Asks somebody whether their words may be published, and shows before how it will read to them. */
export default function AskDialog({ advocate, sourceId, quote, onClose }: AskDialogProps) {
  const t = useT();
  const w = useAdvocateWords();
  const s = useSocialWords().template;
  const form = useId();
  const { direction } = useLocale();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const { customerId } = advocate;
  const name = plainName(advocate.name);
  const usual = useUsual(customerId, true);
  const [draft, setDraft] = useState<MessageDraft>(untouched);
  const text = draft.text ?? usual((words) => words.testimonial.usual);
  const [issue, setIssue] = useState<{ text: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (busy) return;
    if (hasGap(draft.template)) return setIssue({ text: s.missing });
    if (!readAs(text, draft.template).includes('{link}'))
      return setIssue({ text: w.testimonial.linkMissing });
    setIssue(null);
    setBusy(true);
    try {
      await calls.askTestimonial({ customerId, sourceId, ...told(text, draft.template) });
      for (const key of ['advocates', 'testimonials']) void client.invalidateQueries({ queryKey: [key] });
      showToast({ text: w.testimonial.sent(name), tone: 'ok' });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const already = error instanceof AppError && error.reason === 'inUse';
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={w.testimonial.ask}
      actions={
        <>
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button variant="primary" type="submit" form={form} isPending={busy}>
            {w.testimonial.send}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={() => void send()} issues={issue} className="flex flex-col gap-3.5">
        {error !== null && (
          <FormError text={already ? w.testimonial.already : errorText(t, error)} error={error} />
        )}
        <figure>
          <figcaption className="mb-1 text-xs font-medium text-ink-muted">{w.testimonial.quote}</figcaption>
          <blockquote className="border-s-3 border-accent ps-3 text-sm">
            <p dir={dirOf(quote, direction)} className="ui-start wrap-anywhere">
              {quote}
            </p>
          </blockquote>
        </figure>
        <MessageFields
          customerId={customerId}
          label={w.testimonial.text}
          help={w.testimonial.textHelp}
          places={['name', 'link']}
          error={issue?.text}
          text={text}
          draft={draft}
          onChange={setDraft}
          values={{ name: { text: name }, link: { place: w.testimonial.linkShown } }}
        />
      </Form>
    </Dialog>
  );
}
