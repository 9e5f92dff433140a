import { TextField } from '../../components/text-field.tsx';
import { useT } from '../../i18n/locale.tsx';
import { type Issues, issueText } from '../settings/check.ts';
import { LocaleFields } from '../settings/locale-fields.tsx';
import type { SetUpForm } from './setup-form.ts';

export interface StepProps {
  form: SetUpForm;
  onChange: (part: Partial<SetUpForm>) => void;
  issues: Issues | null;
}

export function Code({ form, onChange, issues }: StepProps) {
  const t = useT();
  const issue = issues?.['code'];
  return (
    <TextField
      label={t.firstRun.code}
      help={t.firstRun.codeText}
      value={form.code}
      onChange={(code) => onChange({ code })}
      error={issue?.kind === 'invalid' ? t.firstRun.badCode : issueText(t, issue)}
      ltr
      placeholder="XXXX-XXXX-XXXX"
      autoComplete="off"
      spellCheck="false"
      autoFocus
    />
  );
}

export function LanguageStep() {
  const t = useT();
  return (
    <>
      <p className="-mt-2 text-pretty text-ink-muted">{t.firstRun.languageText}</p>
      <LocaleFields labels={t.firstRun} />
    </>
  );
}

export function Organisation({ form, onChange, issues }: StepProps) {
  const t = useT();
  return (
    <TextField
      label={t.firstRun.organisation}
      help={t.firstRun.organisationHelp}
      value={form.organisation}
      onChange={(organisation) => onChange({ organisation })}
      error={issueText(t, issues?.['organisation'])}
      autoComplete="organization"
      autoFocus
    />
  );
}

export function Administrator({ form, onChange, issues }: StepProps) {
  const t = useT();
  return (
    <>
      <p className="-mt-2 text-pretty text-ink-muted">{t.firstRun.administratorText}</p>
      <TextField
        label={t.firstRun.name}
        value={form.name}
        onChange={(name) => onChange({ name })}
        error={issueText(t, issues?.['name'])}
        autoComplete="name"
        autoFocus
      />
      <TextField
        label={t.firstRun.email}
        type="email"
        value={form.email}
        onChange={(email) => onChange({ email })}
        error={issueText(t, issues?.['email'])}
        autoComplete="username"
      />
      <TextField
        label={t.firstRun.password}
        help={t.firstRun.passwordHelp}
        type="password"
        value={form.password}
        onChange={(password) => onChange({ password })}
        error={issueText(t, issues?.['password'])}
        autoComplete="new-password"
      />
    </>
  );
}
