import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ChannelDetails } from '../../../shared/channel.ts';
import type { Manifest, Preset } from '../../../shared/connector.ts';
import { AppError } from '../../../shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Check, ChevronDown } from '../../components/icons.ts';
import { announce } from '../../components/live-region.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { errorText } from '../error-text.ts';
import { type FieldIssue, issueText } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';
import { SettingControl } from './setting-control.tsx';
import {
  type FieldGroup,
  groupsOf,
  initialValues,
  readSettings,
  type SettingValue,
  type SettingValues,
  withoutSecrets,
} from './settings-form.ts';
import type { Typed } from './wizard-progress.ts';

export interface ChannelFormProps {
  manifest: Manifest;
  /** Being changed; absent for a new one. */
  channel?: ChannelDetails;
  suggestedName?: string;
  /** What was typed for a new one before, without secrets, and where it is kept while it changes. */
  typed?: Typed | null;
  onTyped?: (typed: Typed) => void;
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
  const { manifest, channel, suggestedName = '', typed, onTyped, submitLabel, busy, error, onSubmit } = props;
  const t = useT();
  const w = useWords();
  const { language } = useLocale();
  const offline = useOffline();
  const [name, setName] = useState(channel?.name ?? typed?.name ?? suggestedName);
  const [values, setValues] = useState<SettingValues>(() =>
    initialValues(manifest.settings, channel ? channel.settings : typed?.values),
  );
  const [issues, setIssues] = useState<Record<string, FieldIssue> | null>(null);
  const [preset, setPreset] = useState<string | null>(null);
  const [mended, mend] = useMended(error);
  const kept = Object.keys(channel?.secrets ?? {}).filter((key) => channel?.secrets[key]);

  const change = (part: Record<string, SettingValue>) => {
    const next = { ...values, ...part };
    setValues(next);
    mend(Object.keys(part));
    setIssues((before) => without(before, Object.keys(part)));
    onTyped?.({ name, values: withoutSecrets(manifest.settings, next) });
  };
  const rename = (next: string) => {
    setName(next);
    mend(['name']);
    setIssues((before) => without(before, ['name']));
    onTyped?.({ name: next, values: withoutSecrets(manifest.settings, values) });
  };
  const choose = (chosen: Preset) => {
    const known = manifest.settings.map(({ key }) => key);
    change(Object.fromEntries(Object.entries(chosen.values).filter(([key]) => known.includes(key))));
    setPreset(chosen.id);
    announce(w.wizard.presetChosen(chosen.name[language]));
  };
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
  const isWrong = (key: string) => issues?.[key] !== undefined || (!mended.has(key) && key in refused);
  const groups = groupsOf(manifest.settings, ({ key, type, default: proposed }) => {
    const value = values[key];
    const empty = type === 'boolean' ? value !== true : value === '' || Number.isNaN(value);
    return (empty || value === proposed) && !kept.includes(key) && !isWrong(key);
  });
  return (
    <Form onSubmit={submit} issues={issues ?? error} className="flex flex-col gap-4">
      <Failure error={error} manifest={manifest} />
      {manifest.presets && manifest.presets.length > 0 && (
        <Presets presets={manifest.presets} chosen={preset} onChoose={choose} />
      )}
      <TextField
        label={t.channels.name}
        help={t.channels.nameHelp}
        value={name}
        onChange={rename}
        error={issueText(t, issues?.['name'])}
        autoComplete="off"
      />
      {groups.map((group) => (
        <Group key={group.title?.en ?? ''} group={group}>
          {group.fields.map((field) => (
            <SettingControl
              key={field.key}
              field={field}
              value={values[field.key] ?? ''}
              isKept={kept.includes(field.key)}
              onChange={(value) => change({ [field.key]: value })}
              error={issueText(t, issues?.[field.key])}
              refused={issues || mended.has(field.key) ? undefined : refused[field.key]}
            />
          ))}
        </Group>
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" isPending={busy} isDisabled={offline}>
          {submitLabel}
        </Button>
        {props.children}
      </div>
    </Form>
  );
}

/** What was changed since the server's last word: its objection to that is out of date. */
function useMended(error: unknown): [ReadonlySet<string>, (keys: readonly string[]) => void] {
  const [mended, setMended] = useState<ReadonlySet<string>>(new Set());
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new failure says everything anew
  useEffect(() => setMended(new Set()), [error]);
  return [mended, (keys) => setMended((before) => new Set([...before, ...keys]))];
}

function without(
  issues: Record<string, FieldIssue> | null,
  keys: readonly string[],
): Record<string, FieldIssue> | null {
  if (!issues) return null;
  const rest = Object.entries(issues).filter(([key]) => !keys.includes(key));
  return rest.length > 0 ? Object.fromEntries(rest) : null;
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

interface PresetsProps {
  presets: readonly Preset[];
  chosen: string | null;
  onChoose: (preset: Preset) => void;
}

/** The providers whose addresses are known: a press fills them in. */
function Presets({ presets, chosen, onChoose }: PresetsProps) {
  const w = useWords();
  const { language } = useLocale();
  const help = presets.find(({ id }) => id === chosen)?.help?.[language];
  return (
    <fieldset>
      <legend className="text-xs font-medium text-ink-muted">{w.wizard.presets}</legend>
      <div className="mt-1.5 flex flex-wrap gap-1.5">
        {presets.map((preset) => (
          <Button
            key={preset.id}
            size="sm"
            aria-pressed={preset.id === chosen}
            icon={preset.id === chosen && <Check size={14} aria-hidden />}
            className={cx(preset.id === chosen && 'border-accent bg-accent-soft text-accent-ink')}
            onPress={() => onChoose(preset)}
          >
            {preset.name[language]}
          </Button>
        ))}
      </div>
      <p className="mt-1.5 text-xs text-pretty text-ink-faint" aria-live="polite">
        {help ?? w.wizard.presetsHelp}
      </p>
    </fieldset>
  );
}

/** Fields under their heading; folded while nothing in them has to be seen. Once opened by hand it stays open. */
function Group({ group, children }: { group: FieldGroup; children: ReactNode }) {
  const { language } = useLocale();
  const details = useRef<HTMLDetailsElement>(null);
  const [wasFolded] = useState(group.folded);
  useEffect(() => {
    // What is wrong inside has to be seen, and the focus goes there.
    if (!group.folded && details.current) details.current.open = true;
  }, [group.folded]);
  if (!group.title) return children;
  if (!wasFolded)
    return (
      <fieldset className="flex flex-col gap-4 border-t border-line pt-4">
        <legend className="float-start -mb-1 w-full text-sm font-bold">{group.title[language]}</legend>
        {children}
      </fieldset>
    );
  return (
    <details ref={details} className="group border-t border-line pt-3">
      <summary className="flex min-h-(--control) cursor-pointer list-none items-center gap-1.5 rounded-md text-sm font-bold [&::-webkit-details-marker]:hidden">
        <ChevronDown
          size={16}
          aria-hidden
          className="-rotate-90 text-ink-faint transition-transform group-open:rotate-0 rtl:rotate-90 rtl:group-open:rotate-0"
        />
        {group.title[language]}
      </summary>
      <div className="flex flex-col gap-4 pt-2">{children}</div>
    </details>
  );
}
