import type { KeyboardEvent } from 'react';
import { useId } from 'react';
import { type MergeField, type MergeSide, mergeSides } from '../../../shared/merge.ts';
import { cx } from '../../components/cx.ts';
import { CircleCheck } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { useFieldName } from '../customers/field-name.ts';
import { PersonName } from '../inbox/person-name.tsx';
import { useFieldValue } from './field-value.ts';

export interface FieldChoicesProps {
  fields: readonly MergeField[];
  winners: Readonly<Record<string, MergeSide>>;
  /** The survivor's and the other's, to read with each value. */
  names: readonly [string, string];
  onChoose: (field: string, side: MergeSide) => void;
}

/** What differs, a choice each: ← and → choose a side, ↑ and ↓ go from field to field. */
export function FieldChoices({ fields, winners, names, onChoose }: FieldChoicesProps) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const fieldName = useFieldName();
  const differing = fields.filter(({ differs, chosen }) => differs && chosen !== 'both');
  const joined = fields.filter(({ differs, chosen }) => differs && chosen === 'both');
  const alike = fields.filter(({ differs }) => !differs);
  return (
    <section>
      <h3 className="mb-1.5 flex items-center gap-2 text-xs font-semibold text-ink-muted">
        {w.merge.choose}
        {differing.length > 0 && (
          <span aria-hidden className="ms-auto inline-flex items-center gap-1.5 font-normal max-sm:hidden">
            {w.merge.chooseHint}
            <Kbd keys="ArrowLeft" />
            <Kbd keys="ArrowRight" />
          </span>
        )}
      </h3>
      {differing.length === 0 && joined.length === 0 && (
        <p className="text-sm text-ink-muted">{w.merge.nothingDiffers}</p>
      )}
      <div className="flex flex-col gap-2.5">
        {differing.map((field) => (
          <Choice
            key={field.field}
            field={field}
            names={names}
            side={winners[field.field] ?? (field.chosen === 'other' ? 'other' : 'survivor')}
            onChoose={(side) => onChoose(field.field, side)}
          />
        ))}
        {joined.map((field) => (
          <Joined key={field.field} field={field} />
        ))}
      </div>
      {alike.length > 0 && (
        <p className="mt-2.5 text-xs text-ink-muted">
          {w.merge.alike(alike.length, fmt.list(alike.map(({ field }) => fieldName(field))))}
        </p>
      )}
    </section>
  );
}

interface ChoiceProps {
  field: MergeField;
  names: readonly [string, string];
  side: MergeSide;
  onChoose: (side: MergeSide) => void;
}

function Choice({ field, names, side, onChoose }: ChoiceProps) {
  const w = useCustomerWords();
  const fieldName = useFieldName();
  const shown = useFieldValue();
  const { direction } = useLocale();
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key } = event;
    if (!key.startsWith('Arrow')) return;
    event.preventDefault();
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const start = (key === 'ArrowLeft') === (direction === 'ltr');
      const next = start ? 'survivor' : 'other';
      onChoose(next);
      document.getElementById(`${id}${next}`)?.focus();
      return;
    }
    const form = event.currentTarget.form;
    const chosen = [...(form?.querySelectorAll<HTMLInputElement>('input[type=radio]:checked') ?? [])];
    const here = chosen.findIndex(({ name }) => name === event.currentTarget.name);
    chosen[here + (key === 'ArrowDown' ? 1 : -1)]?.focus();
  };
  return (
    <fieldset className="grid grid-cols-2 gap-x-3 gap-y-1">
      <legend className="sr-only">{fieldName(field.field)}</legend>
      <span aria-hidden className="col-span-2 text-2xs font-medium text-ink-muted">
        {fieldName(field.field)}
      </span>
      {mergeSides.map((each, at) => {
        const value = shown(field.field, field[each]);
        const chosen = side === each;
        return (
          <label
            key={each}
            className={cx(
              'relative flex min-h-9 min-w-0 items-center gap-2 rounded-lg border px-2.5 py-1.5 text-sm transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus',
              chosen
                ? 'border-accent bg-accent-soft text-ink'
                : 'border-line bg-surface text-ink-muted hover:bg-hover',
            )}
          >
            <input
              type="radio"
              id={`${id}${each}`}
              name={`${id}side`}
              className="absolute inset-0 size-full cursor-default opacity-0"
              checked={chosen}
              onChange={() => onChoose(each)}
              onKeyDown={onKeyDown}
            />
            <span
              aria-hidden
              className={cx(
                'grid size-4 shrink-0 place-items-center rounded-full',
                chosen ? 'text-accent-ink' : 'border border-line-strong',
              )}
            >
              {chosen && <CircleCheck size={16} />}
            </span>
            <span className="sr-only">{names[at]}</span>
            {value === null ? (
              <span className="text-ink-faint">{w.merge.empty}</span>
            ) : field.field === 'name' ? (
              <PersonName name={value} className="min-w-0 font-medium whitespace-normal wrap-anywhere" />
            ) : (
              <bdi className="ui-start line-clamp-3 min-w-0 break-words">{value}</bdi>
            )}
          </label>
        );
      })}
    </fieldset>
  );
}

/** Of both, each once. */
function joinedOf(field: MergeField): unknown[] {
  const all = mergeSides.flatMap((side): unknown[] => {
    const value = field[side];
    return Array.isArray(value) ? value : [];
  });
  const told = (value: unknown) =>
    typeof value === 'object' && value !== null && 'text' in value ? value.text : value;
  return [...new Map(all.map((value) => [told(value), value])).values()];
}

/** A list: nothing of it is lost. */
function Joined({ field }: { field: MergeField }) {
  const w = useCustomerWords();
  const fieldName = useFieldName();
  const values = joinedOf(field);
  const shown = useFieldValue(field.field === 'companyIds' ? values.map(String) : []);
  return (
    <div>
      <p className="mb-1 text-2xs font-medium text-ink-muted">{fieldName(field.field)}</p>
      <p className="flex min-h-9 flex-wrap items-center gap-x-2 rounded-lg border border-dashed border-line px-2.5 py-1.5 text-sm">
        <CircleCheck size={16} aria-hidden className="shrink-0 text-accent-ink" />
        <bdi className="min-w-0 wrap-anywhere">{shown(field.field, values)}</bdi>
        <span className="ms-auto text-xs text-ink-muted">{w.merge.both}</span>
      </p>
    </div>
  );
}
