import { type ReactNode, useState } from 'react';
import type { ChannelDetails } from '../../../shared/channel.ts';
import type { Manifest, SettingField } from '../../../shared/connector.ts';
import { AppError } from '../../../shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { errorText } from '../error-text.ts';
import { type FieldIssue, issueText } from '../settings/check.ts';
import { Form, FormError, ProviderWords } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';
import { initialValues, readSettings, type SettingValue, type SettingValues } from './settings-form.ts';

export interface ChannelFormProps {
  manifest: Manifest;
  /** Being changed; absent for a new one. */
  channel?: ChannelDetails;
  suggestedName?: string;
  submitLabel: string;
  busy: boolean;
  /** Why the last attempt failed. */
  error: unknown;
  onSubmit: (form: { name: string; settings: Record<string, SettingValue> }) => void;
  /** Beside the button. */
  children?: ReactNode;
}

/** A channel's name and the settings that its manifest asks for. */
export function ChannelForm(props: ChannelFormProps) {
  const { manifest, channel, suggestedName = '', submitLabel, busy, error, onSubmit, children } = props;
  const t = useT();
  const { language } = useLocale();
  const offline = useOffline();
  const [name, setName] = useState(channel?.name ?? suggestedName);
  const [values, setValues] = useState<SettingValues>(() =>
    initialValues(manifest.settings, channel?.settings),
  );
  const [issues, setIssues] = useState<Record<string, FieldIssue> | null>(null);
  const kept = Object.keys(channel?.secrets ?? {}).filter((key) => channel?.secrets[key]);

  const submit = () => {
    if (busy || offline) return;
    const read = readSettings(manifest.settings, values, { kept, language });
    const wrong: Record<string, FieldIssue> = { ...read.issues };
    if (name.trim() === '') wrong['name'] = { kind: 'required' };
    if (name.trim().length > 80) wrong['name'] = { kind: 'tooLong', limit: 80 };
    setIssues(Object.keys(wrong).length > 0 ? wrong : null);
    if (read.settings && !wrong['name']) onSubmit({ name: name.trim(), settings: read.settings });
  };
  const refused = refusals(error);

  return (
    <Form onSubmit={submit} issues={issues ?? error} className="flex flex-col gap-4">
      <Failure error={error} manifest={manifest} />
      <TextField
        label={t.channels.name}
        help={t.channels.nameHelp}
        value={name}
        onChange={setName}
        error={issueText(t, issues?.['name'])}
        autoComplete="off"
      />
      {manifest.settings.map((field) => (
        <SettingControl
          key={field.key}
          field={field}
          value={values[field.key] ?? ''}
          isKept={kept.includes(field.key)}
          onChange={(value) => setValues((before) => ({ ...before, [field.key]: value }))}
          error={issueText(t, issues?.[field.key])}
          refused={issues ? undefined : refused[field.key]}
        />
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" isPending={busy} isDisabled={offline}>
          {submitLabel}
        </Button>
        {children}
      </div>
    </Form>
  );
}

/** Setting key → what the provider said of it. */
function refusals(error: unknown): Record<string, string> {
  if (!(error instanceof AppError)) return {};
  const fields = Object.entries(error.body.fields ?? {});
  return Object.fromEntries(
    fields.flatMap(([path, said]) => (path.startsWith('settings.') ? [[path.slice(9), said]] : [])),
  );
}

function Failure({ error, manifest }: { error: unknown; manifest: Manifest }) {
  const t = useT();
  if (!error) return null;
  if (!(error instanceof AppError) || error.reason)
    return <FormError text={errorText(t, error)} error={error} />;
  const { code, message, fields = {} } = error.body;
  // What a provider says arrives as it is: in its own language, under our own sentence.
  if (code === 'unavailable') return <FormError text={t.channels.unreachable} said={message} />;
  if (fields['settings']) return <FormError text={t.channels.refused} said={fields['settings']} />;
  const shown = manifest.settings.some(({ key }) => fields[`settings.${key}`]);
  return shown ? null : <FormError text={errorText(t, error)} error={error} />;
}

interface SettingControlProps {
  field: SettingField;
  value: SettingValue;
  onChange: (value: SettingValue) => void;
  /** A secret that is stored. */
  isKept: boolean;
  error: string | undefined;
  refused: string | undefined;
}

function SettingControl({ field, value, onChange, isKept, error, refused }: SettingControlProps) {
  const t = useT();
  const { language } = useLocale();
  const label = field.label[language];
  const help = field.help?.[language];
  const around = {
    label,
    help,
    optional: !field.required,
    error: error ?? (refused && <Refusal text={refused} />),
  };
  switch (field.type) {
    case 'boolean':
      return (
        <Switch isSelected={value === true} onChange={onChange} help={help}>
          {label}
        </Switch>
      );
    case 'number':
      return (
        <NumberField
          {...around}
          value={typeof value === 'number' ? value : Number.NaN}
          onChange={onChange}
          className="max-w-72"
        />
      );
    case 'select':
      return (
        <Select
          {...around}
          options={(field.options ?? []).map((option) => ({
            id: option.value,
            label: option.label[language],
          }))}
          value={typeof value === 'string' && value !== '' ? value : null}
          onChange={onChange}
        />
      );
    case 'secret':
      return (
        <TextField
          {...around}
          help={isKept ? t.channels.secretSet : help}
          type="password"
          autoComplete="new-password"
          value={String(value)}
          onChange={onChange}
          placeholder={isKept ? t.channels.secretKeep : field.placeholder}
        />
      );
    case 'url':
    case 'text':
      return (
        <TextField
          {...around}
          ltr={field.type === 'url' || field.placeholder !== undefined}
          autoComplete="off"
          value={String(value)}
          onChange={onChange}
          placeholder={field.placeholder}
        />
      );
  }
}

function Refusal({ text }: { text: string }) {
  const t = useT();
  return (
    <>
      {t.fields.refused}
      <ProviderWords text={text} />
    </>
  );
}
