import { checkedValue, type FieldValue, NotAValue } from '../../shared/field.ts';
import type { CustomerChange, CustomerProfile, ProfileWord } from '../../shared/profile.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { entryKey } from './customer.merge.fields.ts';
import type { CustomerDoc } from './customer.model.ts';
import { profileOf } from './facts.profile.ts';

/** What one field becomes. `field`: `name`, a field of the profile, or `fields.<id>`; null empties it. */
export interface Value {
  field: string;
  value: unknown;
}

const plain = [
  'birthday',
  'language',
  'city',
  'address',
  'job',
  'preferredChannels',
  'hours',
] as const satisfies readonly (keyof CustomerProfile & keyof CustomerChange)[];

/** Lists that are changed by what is added and removed. */
const lists = { concerns: 'concerns', likes: 'likes', companies: 'companyIds', tags: 'tagIds' } as const;

/** More of one kind than this nobody reads. */
const mostEntries = 200;

/** What stands in a field now: null for nothing. */
export function valueAt(customer: Pick<CustomerDoc, 'name' | 'profile'>, field: string): unknown {
  if (field === 'name') return customer.name;
  const profile = profileOf(customer);
  const value = field.startsWith('fields.')
    ? profile.fields[field.slice('fields.'.length)]
    : (profile as Record<string, unknown>)[field];
  return value === '' || value === undefined || (Array.isArray(value) && !value.length) ? null : value;
}

/** The profile with one field otherwise. Pure. */
export function withValue(profile: CustomerProfile, { field, value }: Value): CustomerProfile {
  if (!field.startsWith('fields.')) {
    const empty = Array.isArray((emptyOf as Record<string, unknown>)[field]) ? [] : '';
    const none = field === 'birthday' || field === 'hours' ? null : empty;
    return { ...profile, [field]: value ?? none };
  }
  const { [field.slice('fields.'.length)]: _gone, ...others } = profile.fields;
  const kept = value as CustomerProfile['fields'][string] | null;
  return {
    ...profile,
    fields: kept === null ? others : { ...others, [field.slice('fields.'.length)]: kept },
  };
}

const emptyOf: Pick<CustomerProfile, 'preferredChannels' | 'concerns' | 'likes' | 'companyIds' | 'tagIds'> = {
  preferredChannels: [],
  concerns: [],
  likes: [],
  companyIds: [],
  tagIds: [],
};

/** What a change asked for makes of each field it names. Pure. @param options.wrong gathers what cannot be, by the field of the form */
export function valuesOfChange(
  customer: Pick<CustomerDoc, 'name' | 'profile'>,
  change: Omit<CustomerChange, 'name'>,
  options: {
    fields: ReadonlyMap<string, FieldDoc>;
    /** Makes a word of theirs that is kept with who wrote it down. */
    word: (said: { text: string; messageId: string | null }, index: number) => ProfileWord;
    wrong: Record<string, string>;
  },
): Value[] {
  const values: Value[] = plain.flatMap((field) =>
    change[field] === undefined ? [] : [{ field, value: orNull(change[field]) }],
  );
  for (const [id, value] of Object.entries(change.fields ?? {})) {
    const field = options.fields.get(id);
    const path = `fields.${id}`;
    if (!field) options.wrong[path] = 'There is no such field.';
    else if (field.archived && value !== null)
      options.wrong[path] = `The field “${field.name}” is archived: it can only be emptied.`;
    else
      try {
        values.push({
          field: path,
          value: offered(field, checkedValue(field, value), valueAt(customer, path)),
        });
      } catch (error) {
        if (!(error instanceof NotAValue)) throw error;
        options.wrong[path] = error.message;
      }
  }
  for (const [name, field] of Object.entries(lists) as [keyof typeof lists, keyof typeof emptyOf][]) {
    const wanted = change[name];
    if (!wanted) continue;
    const added = wanted.add.map((one, index) => (typeof one === 'string' ? one : options.word(one, index)));
    const value = changedList(listAt(customer, field), { added, removed: wanted.remove });
    if (value.length > mostEntries) options.wrong[name] = `At most ${mostEntries} can be kept.`;
    values.push({ field, value: orNull(value) });
  }
  return values;
}

/** What is archived is not chosen anew, and stays where it was. @throws NotAValue */
function offered(field: FieldDoc, value: FieldValue | null, now: unknown): FieldValue | null {
  const chosen = field.type === 'choice' || field.type === 'choices' ? [value].flat() : [];
  const had = [now].flat();
  const gone = field.options.find((one) => one.archived && chosen.includes(one.id) && !had.includes(one.id));
  if (gone) throw new NotAValue(`“${gone.name}” is archived: choose another.`);
  return value;
}

const orNull = (value: unknown): unknown =>
  value === '' || (Array.isArray(value) && !value.length) ? null : value;

/** A list of a customer's profile; [] for what is none. */
export function listAt(customer: Pick<CustomerDoc, 'name' | 'profile'>, field: string): unknown[] {
  const value = valueAt(customer, field);
  return Array.isArray(value) ? value : [];
}

/** Entries are told apart by their ids, or by themselves. Pure. */
export function changedList(
  list: readonly unknown[],
  change: { added: readonly unknown[]; removed: readonly string[] },
): unknown[] {
  const kept = list.filter((one) => !change.removed.includes(entryKey(one)) && !isNamed(one, change.removed));
  const had = new Set(kept.map(entryKey));
  return [...kept, ...change.added.filter((one) => !had.has(entryKey(one)) && had.add(entryKey(one)))];
}

const isNamed = (one: unknown, removed: readonly string[]) =>
  typeof one === 'string' && removed.includes(one);

/** Whether a field is one of the lists whose entries come and go one by one. */
export const isList = (field: string): boolean => Object.values(lists).some((one) => one === field);
