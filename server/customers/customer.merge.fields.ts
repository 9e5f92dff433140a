import { AppError } from '../../shared/errors.ts';
import type { MergeField, MergeSide } from '../../shared/merge.ts';
import { type CustomerProfile, emptyProfile } from '../../shared/profile.ts';
import type { CustomerDoc, TakenField } from './customer.model.ts';

/** Fields of which one customer has one value: the agent chooses whose. */
const single = [
  'name',
  'birthday',
  'language',
  'city',
  'address',
  'job',
  'hours',
  'preferredChannels',
] as const;

/** Lists, of which nothing is lost: their entries are put together. */
const lists = ['concerns', 'likes', 'companyIds', 'tagIds'] as const;

const isList = (field: string): boolean => lists.some((one) => one === field);

/** A field that an administrator defined: its id is minted by us. */
const custom = /^fields\.[a-z0-9]{1,40}$/;

/** @throws AppError invalid for what is no field to choose */
export function mustBeFields(winners: Record<string, MergeSide>): void {
  const wrong = Object.keys(winners).find(
    (field) => !single.some((one) => one === field) && !custom.test(field),
  );
  if (wrong !== undefined)
    throw new AppError({
      code: 'invalid',
      message: `“${wrong}” is no field of which a winner can be chosen.`,
      fields: { [`winners.${wrong}`]: `One of ${single.join(', ')}, or fields.<id> of a field of your own.` },
    });
}

const profileOf = (customer: CustomerDoc): CustomerProfile => ({ ...emptyProfile, ...customer.profile });

/** A name comes with where it is from. */
export type NameValue = Pick<CustomerDoc, 'name' | 'nameSource' | 'nameFrom'>;

export const nameOf = ({ name, nameSource, nameFrom = null }: CustomerDoc): NameValue => ({
  name,
  nameSource,
  nameFrom,
});

/** What a customer has in a field. */
export function fieldOf(customer: CustomerDoc, field: string): unknown {
  if (field === 'name') return nameOf(customer);
  const profile = profileOf(customer);
  if (field.startsWith('fields.')) return profile.fields[field.slice('fields.'.length)] ?? null;
  return (profile as Record<string, unknown>)[field] ?? null;
}

const listOf = (customer: CustomerDoc, field: string): unknown[] => {
  const value = fieldOf(customer, field);
  return Array.isArray(value) ? value : [];
};

/** The same as another, whatever order its keys were written in, and whether what it does not have is null or absent. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    one && typeof one === 'object' && !Array.isArray(one) && !(one instanceof Date)
      ? Object.fromEntries(
          Object.entries(one)
            .filter(([, value]) => value !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : one,
  );
}

/** What tells one entry of a list from another. */
export function entryKey(entry: unknown): string {
  const id = (entry as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : canonical(entry);
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

const rank = { address: 0, channel: 1, agent: 2 };

function fieldsOf(...customers: CustomerDoc[]): string[] {
  const own = customers.flatMap((one) => Object.keys(one.profile?.fields ?? {}).map((id) => `fields.${id}`));
  return [...single, ...new Set(own.sort()), ...lists];
}

/** Where nobody chose: the better name (an agent's before a channel's before an address), else what the survivor has, else the other's. */
function chosenFor(survivor: CustomerDoc, other: CustomerDoc, field: string): MergeSide {
  if (field === 'name') return rank[other.nameSource] > rank[survivor.nameSource] ? 'other' : 'survivor';
  return isEmpty(fieldOf(survivor, field)) && !isEmpty(fieldOf(other, field)) ? 'other' : 'survivor';
}

/** Field by field, those that either of them has. */
export function comparedFields(survivor: CustomerDoc, other: CustomerDoc): MergeField[] {
  const shown = (customer: CustomerDoc, field: string) =>
    field === 'name' ? customer.name : fieldOf(customer, field);
  return fieldsOf(survivor, other)
    .map((field) => ({
      field,
      survivor: shown(survivor, field),
      other: shown(other, field),
      chosen: isList(field) ? ('both' as const) : chosenFor(survivor, other, field),
      differs: !isSame(shown(survivor, field), shown(other, field)),
    }))
    .filter((one) => !isEmpty(one.survivor) || !isEmpty(one.other));
}

/** What the survivor takes of the other. */
export function takenFields(
  survivor: CustomerDoc,
  other: CustomerDoc,
  winners: Record<string, MergeSide>,
): TakenField[] {
  return fieldsOf(survivor, other).flatMap((field): TakenField[] => {
    if (isList(field)) {
      const had = new Set(listOf(survivor, field).map(entryKey));
      const added = listOf(other, field).filter((entry) => !had.has(entryKey(entry)));
      return added.length ? [{ field, added }] : [];
    }
    const side = winners[field] ?? chosenFor(survivor, other, field);
    const [before, after] = [fieldOf(survivor, field), fieldOf(other, field)];
    return side === 'other' && !isSame(before, after) ? [{ field, before, after }] : [];
  });
}

/**
 * With which winners a merge that was taken back makes the same customer again: where one of the two has what both had together, theirs
 * wins. Pure.
 * @param together the survivor while they were one
 */
export function winnersAgain(
  together: CustomerDoc,
  { survivor, restored }: { survivor: CustomerDoc; restored: CustomerDoc },
): Record<string, MergeSide> {
  const won = fieldsOf(survivor, restored, together)
    .filter((field) => !isList(field))
    .flatMap((field): [string, MergeSide][] => {
      const was = fieldOf(together, field);
      if (isSame(fieldOf(survivor, field), was)) return [[field, 'survivor']];
      return isSame(fieldOf(restored, field), was) ? [[field, 'other']] : [];
    });
  return Object.fromEntries(won);
}

/** The same by the journal alone, when all is apart already. */
export function winnersTaken(taken: readonly TakenField[]): Record<string, MergeSide> {
  const others = new Set(taken.flatMap((one) => ('added' in one ? [] : [one.field])));
  return Object.fromEntries(
    [...new Set([...single, ...others])].map((field) => [field, others.has(field) ? 'other' : 'survivor']),
  );
}

/** The customer with these fields as they are taken. Pure. */
export function withTaken(customer: CustomerDoc, taken: readonly TakenField[]): CustomerDoc {
  return taken.reduce(
    (after, one) =>
      withValue(after, one.field, 'added' in one ? [...listOf(after, one.field), ...one.added] : one.after),
    customer,
  );
}

/** The customer with one field otherwise. */
export function withValue(customer: CustomerDoc, field: string, value: unknown): CustomerDoc {
  if (field === 'name') return { ...customer, ...(value as NameValue) };
  const profile = profileOf(customer);
  if (!field.startsWith('fields.')) return { ...customer, profile: { ...profile, [field]: value } };
  const id = field.slice('fields.'.length);
  const { [id]: _gone, ...others } = profile.fields;
  const fields = isEmpty(value) ? others : { ...others, [id]: value as (typeof profile.fields)[string] };
  return { ...customer, profile: { ...profile, fields } };
}

/** What of the document such a change writes. */
export function writtenFields(customer: CustomerDoc, taken: readonly TakenField[]): Partial<CustomerDoc> {
  if (!taken.length) return {};
  return fieldsWritten(withTaken(customer, taken));
}

export function fieldsWritten(after: CustomerDoc): Partial<CustomerDoc> {
  return { ...nameOf(after), ...(after.profile ? { profile: after.profile } : {}) };
}
