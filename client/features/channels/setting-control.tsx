import { type ClipboardEvent, useId } from 'react';
import type { SettingField } from '../../../shared/connector.ts';
import { announce } from '../../components/live-region.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { ProviderWords } from '../settings/form.tsx';
import { cleanPaste, type SettingValue } from './settings-form.ts';

export interface SettingControlProps {
  field: SettingField;
  value: SettingValue;
  onChange: (value: SettingValue) => void;
  /** A secret that is stored. */
  isKept: boolean;
  error: string | undefined;
  /** What the provider said against it. */
  refused: string | undefined;
}

/** One setting as its manifest describes it. */
export function SettingControl({ field, value, onChange, isKept, error, refused }: SettingControlProps) {
  const t = useT();
  const w = useWords();
  const { language } = useLocale();
  const label = field.label[language];
  const own = field.help?.[language];
  const help = field.generated && !isKept ? [own, w.wizard.generatedHelp].filter(Boolean).join(' ') : own;
  const around = {
    label,
    help,
    optional: !field.required && !field.generated,
    error: error ?? (refused && <Refusal text={refused} />),
  };
  const text = String(value);
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text');
    const clean = cleanPaste(field, pasted);
    if (clean === pasted) return;
    event.preventDefault();
    // Where the caret stands, and undone with Ctrl+Z like anything typed.
    document.execCommand('insertText', false, clean);
    announce(w.wizard.pasted);
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
          value={text === '' ? null : text}
          onChange={onChange}
        />
      );
    case 'longText':
      return <TextArea {...around} rows={3} value={text} onChange={onChange} maxLength={4000} />;
    case 'colour':
      return <Colour {...around} value={text} onChange={onChange} />;
    case 'secret':
      return (
        <TextField
          {...around}
          help={isKept ? t.channels.secretSet : help}
          type="password"
          autoComplete="new-password"
          value={text}
          onChange={onChange}
          onPaste={onPaste}
          placeholder={
            isKept ? t.channels.secretKeep : field.generated ? w.wizard.generated : field.placeholder
          }
        />
      );
    case 'url':
    case 'text':
      return (
        <TextField
          {...around}
          ltr={field.type === 'url' || field.placeholder !== undefined || field.generated === true}
          autoComplete="off"
          value={text}
          onChange={onChange}
          onPaste={onPaste}
          placeholder={field.generated ? w.wizard.generated : field.placeholder}
        />
      );
  }
}

type ColourProps = Parameters<typeof TextField>[0] & { value: string; onChange: (value: string) => void };

/** Its code to be typed or pasted, and the browser's own palette beside it. */
function Colour({ label, value, onChange, ...rest }: ColourProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <TextField
        {...rest}
        label={label}
        ltr
        value={value}
        onChange={onChange}
        placeholder="#0d6660"
        className="max-w-48 flex-1"
      />
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <input
        id={id}
        type="color"
        value={/^#[0-9a-f]{6}$/i.test(value) ? value : '#0d6660'}
        onChange={(event) => onChange(event.currentTarget.value)}
        className="mt-5.5 h-(--control) w-12 rounded-md border border-line-strong bg-raised p-1"
      />
    </div>
  );
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
