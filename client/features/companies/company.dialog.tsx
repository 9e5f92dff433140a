import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { type Company, isCompanyId } from '../../../shared/company.ts';
import { AppError } from '../../../shared/errors.ts';
import { canonicalDomain } from '../../../shared/text/email.ts';
import { asciiDigits } from '../../../shared/text/normalise.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';

export interface CompanyDialogProps {
  /** Being changed; null for a new one. */
  company: Company | null;
  onClose: () => void;
}

const linesOf = (text: string) => [...new Set(text.split(/[\s,،]+/).filter(Boolean))];

/** A company's name and what it is recognised by. */
export function CompanyDialog({ company, onClose }: CompanyDialogProps) {
  const t = useT();
  const w = useCustomerWords();
  const formId = useId();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [name, setName] = useState(company?.name ?? '');
  const [nationalId, setNationalId] = useState(company?.nationalId ?? '');
  const [domains, setDomains] = useState((company?.domains ?? []).join('\n'));
  const [note, setNote] = useState(company?.note ?? '');
  const [tried, setTried] = useState(0);
  const digits = asciiDigits(nationalId).replace(/[\s-]/g, '');
  const badId =
    digits === '' || isCompanyId(digits)
      ? undefined
      : /^\d{11}$/.test(digits)
        ? w.companies.nationalIdWrong
        : w.companies.nationalIdLength;
  const badDomain = linesOf(domains).find((domain) => !canonicalDomain(domain.replace(/^@/, '')));
  const save = useMutation({
    mutationFn: () => {
      const form = { name: name.trim(), nationalId: digits, domains: linesOf(domains), note: note.trim() };
      return company ? calls.updateCompany(company.id, form) : calls.createCompany(form);
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ['companies'] });
      void client.invalidateQueries({ queryKey: ['customers'] });
      const said = company ? w.companies.saved : w.companies.created;
      showToast({ text: said(plainName(saved.name)), tone: 'ok' });
      onClose();
    },
  });
  const refused = save.error instanceof AppError ? (save.error.body.fields ?? {}) : {};
  const known = 'name' in refused || 'nationalId' in refused;
  const submit = () => {
    setTried((before) => before + 1);
    if (name.trim() && !badId && !badDomain && !save.isPending && !offline) save.mutate();
  };
  const typed = (set: (text: string) => void) => (text: string) => {
    set(text);
    if (save.error) save.reset();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={company ? w.companies.edit(plainName(company.name)) : w.companies.add}
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isPending={save.isPending}
            isDisabled={offline}
          >
            {company ? t.common.save : w.companies.create}
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={submit} issues={tried || save.error} className="flex flex-col gap-4">
        {save.error && !known && <FormError text={errorText(t, save.error)} error={save.error} />}
        <TextField
          label={w.companies.name}
          value={name}
          onChange={typed(setName)}
          maxLength={120}
          autoComplete="off"
          autoFocus
          error={
            'name' in refused ? w.companies.taken : tried > 0 && !name.trim() ? t.fields.required : undefined
          }
        />
        <TextField
          label={w.companies.nationalId}
          help={w.companies.nationalIdHelp}
          value={nationalId}
          onChange={typed(setNationalId)}
          maxLength={40}
          inputMode="numeric"
          autoComplete="off"
          ltr
          optional
          error={'nationalId' in refused ? w.companies.idTaken : tried > 0 ? badId : undefined}
        />
        <TextArea
          label={w.companies.domains}
          help={
            <>
              {w.companies.domainsHelp} <bdi dir="ltr">example.com</bdi>
            </>
          }
          value={domains}
          onChange={typed(setDomains)}
          rows={2}
          optional
          error={tried > 0 && badDomain ? w.companies.domainWrong(badDomain) : undefined}
        />
        <TextArea label={w.companies.note} value={note} onChange={typed(setNote)} rows={3} optional />
      </Form>
    </Dialog>
  );
}
