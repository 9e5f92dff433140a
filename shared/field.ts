import * as z from 'zod/mini';
import { cleanText } from './text/normalise.ts';

/** What a field that an administrator defined can hold. */
export const fieldTypes = ['text', 'number', 'date', 'choice', 'choices', 'yesNo', 'link'] as const;
export type FieldType = (typeof fieldTypes)[number];

export const mostFields = 100;
export const mostOptions = 200;

/** One thing to choose. Its id stays when it is called otherwise; archived: no longer offered, still shown where it was chosen. */
export const FieldOption = z.object({ id: z.string(), name: z.string(), archived: z.boolean() });
export type FieldOption = z.infer<typeof FieldOption>;

/** A field of the profile that an administrator defined. Never deleted: archived, with all its values. */
export const Field = z.object({
  /** `f` and eight hexadecimal digits, minted by us. */
  id: z.string(),
  name: z.string(),
  type: z.enum(fieldTypes),
  /** Under which heading it stands; '' is the first, without one. */
  group: z.string(),
  /** Within its group, lowest first. */
  order: z.number(),
  /** A sentence for whoever fills it in. */
  hint: z.string(),
  /** Of `choice` and `choices`. */
  options: z.array(FieldOption),
  /** How much it counts in completeness, 1 to 100; 0: a record is complete without it. */
  weight: z.number(),
  /** After how many months without a word that it is right still a value is stale; 0: never. */
  staleMonths: z.number(),
  archived: z.boolean(),
});
export type Field = z.infer<typeof Field>;

/** A date is `YYYY-MM-DD`, a choice the option's id, several choices an array of them. */
export const FieldValue = z.union([
  z.string().check(z.maxLength(2_000)),
  z.number(),
  z.boolean(),
  z.array(z.string().check(z.maxLength(20))).check(z.maxLength(mostOptions)),
]);
export type FieldValue = z.infer<typeof FieldValue>;

export const FieldId = z.string().check(z.regex(/^f[0-9a-f]{8}$/, 'This is no id of a field'));

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(60));
const optionName = z.string().check(z.trim(), z.minLength(1), z.maxLength(80));
const shape = {
  group: z.string().check(z.trim(), z.maxLength(60)),
  order: z.int().check(z.gte(0), z.lte(100_000)),
  hint: z.string().check(z.trim(), z.maxLength(200)),
  weight: z.int().check(z.gte(0), z.lte(100)),
  staleMonths: z.int().check(z.gte(0), z.lte(120)),
};
export const FieldCreate = z.object({
  name,
  type: z.enum(fieldTypes),
  group: z._default(shape.group, ''),
  /** Absent: at the end of its group. */
  order: z.optional(shape.order),
  hint: z._default(shape.hint, ''),
  options: z._default(z.array(z.object({ name: optionName })).check(z.maxLength(mostOptions)), []),
  weight: z._default(shape.weight, 0),
  staleMonths: z._default(shape.staleMonths, 0),
});
export type FieldCreate = z.infer<typeof FieldCreate>;

/** The type stays: values are of it. Of options: one with an id is changed, one without is new, one left out is archived. */
export const FieldUpdate = z.partial(
  z.object({
    name,
    ...shape,
    options: z
      .array(
        z.object({
          id: z.optional(z.string().check(z.maxLength(20))),
          name: optionName,
          archived: z.optional(z.boolean()),
        }),
      )
      .check(z.maxLength(mostOptions)),
    archived: z.boolean(),
  }),
);
export type FieldUpdate = z.infer<typeof FieldUpdate>;

/** What a value must be, told when it is not. */
export class NotAValue extends Error {}

/**
 * A value as it is kept, from what came over the wire or out of a form.
 * @returns null for an empty one: the field has no value then
 * @throws NotAValue with a sentence that says what would be right
 */
export function checkedValue(field: Pick<Field, 'type' | 'options'>, value: unknown): FieldValue | null {
  if (value === null || value === undefined || value === '') return null;
  switch (field.type) {
    case 'text':
      return textValue(value);
    case 'number':
      if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= 1e15) return value;
      throw new NotAValue('Must be a number, for example 12 or 3.5.');
    case 'date':
      if (typeof value === 'string' && isDate(value)) return value;
      throw new NotAValue('Must be a day as YYYY-MM-DD, for example 2024-03-20.');
    case 'yesNo':
      if (typeof value === 'boolean') return value;
      throw new NotAValue('Must be yes or no (true or false).');
    case 'choice':
      return optionOf(field, value);
    case 'choices': {
      if (!Array.isArray(value)) throw new NotAValue('Must be a list of options.');
      const chosen = [...new Set(value.map((one) => optionOf(field, one)))];
      return chosen.length ? chosen : null;
    }
    case 'link':
      return linkValue(value);
  }
}

function textValue(value: unknown): string | null {
  if (typeof value !== 'string') throw new NotAValue('Must be a text.');
  const text = cleanText(value);
  if (text.length > 1_000) throw new NotAValue(`Must be at most 1,000 characters; it has ${text.length}.`);
  return text || null;
}

function optionOf(field: Pick<Field, 'options'>, value: unknown): string {
  const option = field.options.find((one) => one.id === value);
  if (option) return option.id;
  const offered = field.options.filter((one) => !one.archived).map((one) => one.name);
  throw new NotAValue(
    offered.length
      ? `Must be one of: ${offered.slice(0, 8).join(', ')}${offered.length > 8 ? ', …' : ''}.`
      : 'This field has no options yet.',
  );
}

function linkValue(value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && text.length <= 2_000) return url.href;
  throw new NotAValue('Must be a web address that begins with https:// or http://.');
}

/** A day that exists, from the year 1800 to 2200. */
export function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (!year || !month || !day || Number(year) < 1800 || Number(year) > 2200) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
