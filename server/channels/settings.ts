import { randomBytes } from 'node:crypto';
import type { Manifest } from '../../connectors/connector.ts';
import type { SettingField } from '../../shared/connector.ts';
import { invalid } from '../http/validate.ts';

export type SettingValue = string | number | boolean;

/** A public key is typed and read by people; a secret is not. */
function generate(field: SettingField): string {
  return field.type === 'secret' ? randomBytes(32).toString('hex') : randomBytes(12).toString('base64url');
}

/**
 * What a form sent, as the manifest wants it: secrets apart, numbers as numbers, empty optional fields left out, and what is to be
 * generated made where it is neither given nor stored.
 * @param options.kept keys of secrets that are stored already and may stay away
 * @param options.before what is stored of the rest: what was generated stays
 * @throws AppError invalid, `settings.<key>` by field
 */
export function readSettings(
  manifest: Manifest,
  given: Record<string, SettingValue>,
  options: { kept: readonly string[]; before?: Record<string, SettingValue> },
): { settings: Record<string, SettingValue>; secrets: Record<string, string> } {
  const wrong: Record<string, string> = {};
  const settings: Record<string, SettingValue> = {};
  const secrets: Record<string, string> = {};
  const known = new Set(manifest.settings.map((field) => field.key));
  for (const key of Object.keys(given))
    if (!known.has(key)) wrong[`settings.${key}`] = 'There is no such setting.';

  for (const field of manifest.settings) {
    const at = `settings.${field.key}`;
    const raw = Object.hasOwn(given, field.key) ? given[field.key] : undefined;
    const value = typeof raw === 'string' ? raw.trim() : raw;
    if (value === undefined || value === '') {
      const kept = field.type === 'secret' && options.kept.includes(field.key);
      if (field.generated && !kept) {
        const made = options.before?.[field.key] ?? generate(field);
        if (field.type === 'secret') secrets[field.key] = String(made);
        else settings[field.key] = made;
        continue;
      }
      if (field.required && !kept && field.type !== 'boolean') wrong[at] = 'This is required.';
      continue;
    }
    if (field.pattern && !new RegExp(field.pattern.source, 'u').test(String(value))) {
      wrong[at] = field.pattern.message.en;
      continue;
    }
    switch (field.type) {
      case 'secret':
        secrets[field.key] = String(value);
        break;
      case 'number':
        if (Number.isFinite(Number(value))) settings[field.key] = Number(value);
        else wrong[at] = 'This is no number.';
        break;
      case 'boolean':
        settings[field.key] = value === true || value === 'true';
        break;
      case 'select':
        if (field.options?.some((option) => option.value === value)) settings[field.key] = String(value);
        else wrong[at] = 'Choose one of the list.';
        break;
      case 'url':
        if (URL.canParse(String(value))) settings[field.key] = String(value);
        else wrong[at] = 'This is no address (https://…).';
        break;
      case 'text':
      case 'longText':
      case 'colour':
        settings[field.key] = String(value);
        break;
    }
  }
  if (Object.keys(wrong).length) throw invalid(wrong);
  return { settings, secrets };
}
