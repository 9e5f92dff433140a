import { useState } from 'react';
import { AppError } from '../../../../shared/errors.ts';
import type { Field, FieldValue } from '../../../../shared/field.ts';
import { birthdayProblem } from '../../../../shared/profile.ts';
import { Checkbox } from '../../../components/checkbox.tsx';
import { DateTimePicker } from '../../../components/date-time-picker.tsx';
import { NumberField } from '../../../components/number-field.tsx';
import { TextArea } from '../../../components/text-area.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { errorText } from '../../error-text.ts';
import { EditForm } from './edit-line.tsx';

/** `YYYY-MM-DD` and the noon of that day: the same day in every time zone people live in. */
const noonOf = (day: string) => Date.parse(`${day}T12:00:00Z`);
const dayOf = (noon: number) => new Date(noon).toISOString().slice(0, 10);

const focused = (area: HTMLTextAreaElement | null) => area?.focus();

export interface ValueFormProps {
  label: string;
  type: 'text' | 'longText' | 'number' | 'date' | 'choices' | 'link';
  value: FieldValue | null;
  options?: Field['options'];
  hint?: string;
  /** What it shows first where nothing is known: a birthday lies far back. */
  firstDay?: string;
  /** A day on which somebody was born. */
  birthday?: boolean;
  required?: boolean;
  /** Rejects with what the server refused. */
  onSave: (value: FieldValue | null) => Promise<void>;
  onClose: () => void;
}

/** One field of a record as a form in its place. */
export function ValueForm(props: ValueFormProps) {
  const { label, type, value, options = [], hint, firstDay, birthday, required = false } = props;
  const { onSave, onClose } = props;
  const t = useT();
  const w = useCustomerWords();
  const [draft, setDraft] = useState<FieldValue | null>(
    value ?? (type === 'date' ? (firstDay ?? dayOf(Date.now())) : null),
  );
  const [error, setError] = useState<string>();
  const refused = (failure: unknown) => {
    if (!(failure instanceof AppError) || failure.code !== 'invalid') return errorText(t, failure);
    return type === 'number' || type === 'link' ? w.panels.wrong[type] : w.panels.wrong.text;
  };
  const save = async (chosen: FieldValue | null) => {
    const next = typeof chosen === 'string' ? chosen.trim() : chosen;
    if (required && !next) return;
    if (next === value || (next === '' && value === null)) return onClose();
    const born = birthday && typeof next === 'string' ? birthdayProblem(next, new Date()) : null;
    if (born) return setError(w.panels.wrong.birthday[born]);
    try {
      await onSave(next === '' || (Array.isArray(next) && next.length === 0) ? null : next);
      onClose();
    } catch (failure) {
      setError(refused(failure));
    }
  };
  const text = typeof draft === 'string' ? draft : '';
  const common = { label, ...(hint && { help: hint }), error };
  return (
    <EditForm
      onClose={onClose}
      onSave={() => save(draft)}
      onEmpty={!required && value !== null && value !== '' ? () => save(null) : undefined}
    >
      {type === 'longText' ? (
        <TextArea
          {...common}
          value={text}
          onChange={setDraft}
          maxLength={400}
          ref={focused}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
      ) : type === 'number' ? (
        <NumberField
          {...common}
          value={typeof draft === 'number' ? draft : Number.NaN}
          onChange={(next) => setDraft(Number.isNaN(next) ? null : next)}
          autoFocus
        />
      ) : type === 'date' ? (
        <DateTimePicker
          {...common}
          dayOnly
          autoFocus
          value={noonOf(text)}
          onChange={(next) => setDraft(dayOf(next))}
        />
      ) : type === 'choices' ? (
        <Choices
          label={label}
          options={options}
          value={Array.isArray(draft) ? draft : []}
          onChange={setDraft}
          error={error}
        />
      ) : (
        <TextField
          {...common}
          ltr={type === 'link'}
          value={text}
          onChange={setDraft}
          autoFocus
          maxLength={type === 'link' ? 2_000 : 1_000}
        />
      )}
    </EditForm>
  );
}

interface ChoicesProps {
  label: string;
  options: Field['options'];
  value: readonly string[];
  onChange: (value: string[]) => void;
  error: string | undefined;
}

function Choices({ label, options, value, onChange, error }: ChoicesProps) {
  const offered = options.filter(({ id, archived }) => !archived || value.includes(id));
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-ink-muted">{label}</legend>
      <div className="flex flex-col gap-1">
        {offered.map(({ id, name }, at) => (
          <Checkbox
            key={id}
            autoFocus={at === 0}
            isSelected={value.includes(id)}
            onChange={(on) => onChange(on ? [...value, id] : value.filter((each) => each !== id))}
          >
            <bdi>{name}</bdi>
          </Checkbox>
        ))}
      </div>
      {error && (
        <p role="alert" className="mt-1 text-xs text-danger-ink">
          {error}
        </p>
      )}
    </fieldset>
  );
}
