import type { Bilingual, SettingField } from '../../../shared/connector.ts';
import type { FieldIssue } from '../settings/check.ts';

/** What a field holds while it is edited. A number that is absent is NaN. */
export type SettingValue = string | number | boolean;
export type SettingValues = Readonly<Record<string, SettingValue>>;

/** The form as it opens: what is stored, else what the manifest proposes; secrets empty whether or not one is kept. */
export function initialValues(
  fields: readonly SettingField[],
  stored: Readonly<Record<string, unknown>> = {},
): SettingValues {
  return Object.fromEntries(
    fields.map((field) => [field.key, initialValue(field, stored[field.key] ?? field.default)]),
  );
}

/** What may be kept in the browser while somebody is still typing: everything but secrets. */
export function withoutSecrets(
  fields: readonly SettingField[],
  values: SettingValues,
): Record<string, SettingValue> {
  const open = fields.filter(({ type }) => type !== 'secret').map(({ key }) => key);
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => open.includes(key) && !Number.isNaN(value)),
  );
}

/** Fields that stand together under one heading; fields without a group stand first and open. */
export interface FieldGroup {
  title: Bilingual | null;
  fields: SettingField[];
  /** Nothing in it has to be seen: nothing is required, filled in or wrong. */
  folded: boolean;
}

export function groupsOf(
  fields: readonly SettingField[],
  isPlain: (field: SettingField) => boolean,
): FieldGroup[] {
  const groups: FieldGroup[] = [];
  for (const field of fields) {
    const title = field.group ?? null;
    const known = groups.find((group) => group.title?.en === title?.en && group.title?.fa === title?.fa);
    if (known) known.fields.push(field);
    else groups.push({ title, fields: [field], folded: false });
  }
  return groups.map((group) => ({
    ...group,
    folded: group.title !== null && group.fields.every((field) => !field.required && isPlain(field)),
  }));
}

/**
 * What a pasted value should have been: without the blanks, line ends and invisible marks that come with copying from a
 * page or a chat, and with a pasted `key=value` or quotes around it taken off. Text for people is left as it is.
 */
export function cleanPaste(
  field: Pick<SettingField, 'type' | 'pattern' | 'placeholder'>,
  text: string,
): string {
  const code = field.type === 'secret' || field.type === 'url' || field.pattern || field.placeholder;
  if (!code || field.type === 'longText') return text;
  return text
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\u00AD]/g, '')
    .replace(/[\r\n\t]+/g, '')
    .trim()
    .replace(/^(["'`«“])(.*)["'`»”]$/s, '$2')
    .trim();
}

function initialValue(field: SettingField, stored: unknown): SettingValue {
  switch (field.type) {
    case 'secret':
      return '';
    case 'boolean':
      return stored === true;
    case 'number':
      return typeof stored === 'number' ? stored : Number.NaN;
    default:
      return typeof stored === 'string' ? stored : '';
  }
}

export interface ReadOptions {
  /** Keys of secrets that are stored: left empty, they stay. */
  kept: readonly string[];
  language: keyof Bilingual;
}

export type ReadSettings =
  | { settings: Record<string, SettingValue>; issues: null }
  | { settings: null; issues: Record<string, FieldIssue> };

/**
 * The form as the API takes it, by the manifest's own rules: what is empty is left out, and a secret that is left out
 * stays as it is stored. The server reads it by the same rules.
 */
export function readSettings(
  fields: readonly SettingField[],
  values: SettingValues,
  options: ReadOptions,
): ReadSettings {
  const settings: Record<string, SettingValue> = {};
  const issues: Record<string, FieldIssue> = {};
  for (const field of fields) {
    const raw = values[field.key];
    const value = typeof raw === 'string' ? raw.trim() : raw;
    if (value === undefined || value === '' || Number.isNaN(value)) {
      const kept = field.generated || (field.type === 'secret' && options.kept.includes(field.key));
      if (field.required && !kept && field.type !== 'boolean') issues[field.key] = emptyIssue(field);
      continue;
    }
    const issue = issueOf(field, value, options.language);
    if (issue) issues[field.key] = issue;
    else settings[field.key] = value;
  }
  return Object.keys(issues).length > 0 ? { settings: null, issues } : { settings, issues: null };
}

function emptyIssue(field: SettingField): FieldIssue {
  return { kind: field.type === 'select' ? 'choose' : 'required' };
}

function issueOf(field: SettingField, value: SettingValue, language: keyof Bilingual): FieldIssue | null {
  if (field.pattern && !new RegExp(field.pattern.source, 'u').test(String(value)))
    return { kind: 'said', text: field.pattern.message[language] };
  switch (field.type) {
    case 'number':
      return Number.isFinite(value) ? null : { kind: 'number' };
    case 'select':
      return field.options?.some((option) => option.value === value) ? null : { kind: 'choose' };
    case 'url':
      return URL.canParse(String(value)) ? null : { kind: 'url' };
    case 'colour':
      return /^#[0-9a-f]{6}$/i.test(String(value)) ? null : { kind: 'format' };
    default:
      return null;
  }
}
