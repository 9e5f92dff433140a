import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import type { Field, FieldValue } from '../../../shared/field.ts';
import type { QualityNote, QualityRow } from '../../../shared/quality.ts';
import { Button } from '../../components/button.tsx';
import { CircleCheck } from '../../components/icons.ts';
import { RadioGroup } from '../../components/radio-group.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { useFieldName } from '../customers/field-name.ts';
import { EditForm } from '../customers/panels/edit-line.tsx';
import { ValueForm } from '../customers/panels/value-form.tsx';
import { OwnerLink, useRefused } from '../customers/refused.tsx';
import { errorText } from '../error-text.ts';
import { type Mend, useMending } from './mend.ts';

export interface RowEditorProps {
  row: QualityRow;
  how: Mend;
  /** What is wrong with what stands there; null: nothing stands there. */
  note: QualityNote | null;
  onLeave: () => void;
  onDone: () => void;
  onUndone: () => void;
}

/** One field of a record in its row: Enter keeps it, Escape leaves. */
export function RowEditor(props: RowEditorProps) {
  const { row, how, note, onLeave, onDone, onUndone } = props;
  const w = useCustomerWords();
  const fieldName = useFieldName();
  const { mend } = useMending();
  const kept = useRef(false);
  const onSave = async (value: FieldValue | null) => {
    if (value === null && !note) return;
    await mend(row, { how, value, onUndone });
    kept.current = true;
  };
  const onClose = () => (kept.current ? onDone() : onLeave());
  const ways = { onSave, onClose };
  if (how.by === 'custom')
    return <CustomEditor fieldId={how.fieldId} standsWith={note && row.customerId} {...ways} />;
  if (how.by === 'field' && how.field === 'birthday')
    return (
      <InPlace>
        <ValueForm
          label={fieldName('birthday')}
          type="date"
          value={note?.value ?? null}
          firstDay="1990-03-21"
          birthday
          {...ways}
        />
      </InPlace>
    );
  if (how.by === 'field' && how.field === 'language')
    return (
      <OneOf
        label={fieldName('language')}
        value={null}
        options={Object.entries(w.languages).map(([id, name]) => ({ id, name, value: id }))}
        {...ways}
      />
    );
  return <TextEditor {...props} />;
}

interface Ways {
  /** Rejects with what the server refused. */
  onSave: (value: FieldValue | null) => Promise<void>;
  onClose: () => void;
}

/** Letters in it choose and type; none is a key of the list. */
const InPlace = ({ children }: { children: ReactNode }) => (
  <div data-typeahead className="mt-2 max-w-md sm:ps-14">
    {children}
  </div>
);

interface CustomEditorProps extends Ways {
  fieldId: string;
  /** The customer with whom a value stands already; null: none does. */
  standsWith: string | null;
}

/** What stands there is taken from the record: a note has only the beginning of it. */
function CustomEditor({ fieldId, standsWith, ...ways }: CustomEditorProps) {
  const { calls } = useWorkspace();
  const { data } = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });
  const customer = useQuery({
    queryKey: ['customer', standsWith],
    queryFn: () => calls.customer(standsWith ?? ''),
    enabled: standsWith !== null,
  });
  const field = data?.find(({ id }) => id === fieldId);
  if (!field || (standsWith !== null && !customer.data)) return null;
  return <CustomForm field={field} value={customer.data?.profile.fields[fieldId] ?? null} {...ways} />;
}

function CustomForm({ field, value, ...ways }: Ways & { field: Field; value: FieldValue | null }) {
  const w = useCustomerWords();
  const { name: label, type, options, hint } = field;
  if (type === 'yesNo')
    return (
      <OneOf
        label={label}
        hint={hint}
        value={value}
        options={[
          { id: 'yes', name: w.yes, value: true },
          { id: 'no', name: w.no, value: false },
        ]}
        {...ways}
      />
    );
  if (type === 'choice')
    return (
      <OneOf
        label={label}
        hint={hint}
        value={value}
        options={options
          .filter(({ id, archived }) => !archived || id === value)
          .map((one) => ({ ...one, value: one.id }))}
        {...ways}
      />
    );
  return (
    <InPlace>
      <ValueForm label={label} type={type} value={value} options={options} hint={hint} {...ways} />
    </InPlace>
  );
}

interface OneOfProps extends Ways {
  label: string;
  hint?: string;
  /** Null: nothing is known. */
  value: FieldValue | null;
  options: readonly { id: string; name: string; value: FieldValue }[];
}

function OneOf({ label, hint, value, options, onSave, onClose }: OneOfProps) {
  const t = useT();
  const [chosen, setChosen] = useState(() => options.find((one) => one.value === value)?.id ?? '');
  const [error, setError] = useState<string>();
  const save = async () => {
    const option = options.find(({ id }) => id === chosen);
    if (!option) return setError(t.fields.required);
    if (option.value === value) return onClose();
    try {
      await onSave(option.value);
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
    }
  };
  return (
    <InPlace>
      <EditForm onSave={save} onClose={onClose}>
        <RadioGroup
          label={label}
          value={chosen}
          onChange={setChosen}
          options={options.map(({ id, name }) => ({ id, label: <bdi>{name}</bdi> }))}
          error={error}
          autoFocus
          className="-m-1 max-h-60 overflow-y-auto p-1"
          {...(hint && { help: hint })}
        />
      </EditForm>
    </InPlace>
  );
}

/** The right value, typed or taken from the suggestion. */
function TextEditor({ row, how: planned, note, onLeave, onDone, onUndone }: RowEditorProps) {
  const t = useT();
  const w = useCustomerWords();
  const fieldName = useFieldName();
  const { mend } = useMending();
  const either = planned.by === 'identity' && planned.either;
  const [kind, setKind] = useState<'mobile' | 'emailAddress'>(
    planned.by === 'identity' && planned.kind === 'emailAddress' ? 'emailAddress' : 'mobile',
  );
  const how: Mend = either ? { ...planned, kind } : planned;
  const [value, setValue] = useState(() => {
    if (how.by === 'field' && how.field === 'name') return row.name;
    return either ? '' : (note?.value ?? '');
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async (right: string) => {
    if (!right.trim() || busy) return;
    setBusy(true);
    setError(null);
    try {
      await mend(row, { how, value: right.trim(), onUndone });
      onDone();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const suggestion = note?.suggestion;
  const { said, owner } = useRefused(how.by === 'identity' ? how.kind : null, error);
  const label = how.by === 'identity' ? how.kind : how.by === 'field' ? how.field : how.fieldId;
  return (
    <form
      noValidate
      className="mt-2 flex flex-wrap items-end gap-2 sm:ps-12"
      onSubmit={(event) => {
        event.preventDefault();
        void save(value);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onLeave();
      }}
    >
      {either && (
        <Select
          label={w.quality.kindToAdd}
          value={kind}
          onChange={setKind}
          options={(['mobile', 'emailAddress'] as const).map((id) => ({ id, label: w.identityKind[id] }))}
          className="w-32"
        />
      )}
      <TextField
        label={either ? w.quality.add[kind] : fieldName(label)}
        value={value}
        onChange={setValue}
        ltr={how.by === 'identity'}
        autoFocus
        maxLength={how.by === 'field' && how.field === 'address' ? 400 : 120}
        error={said}
        className="min-w-0 flex-1 basis-56"
      />
      {suggestion && (
        <Button
          icon={<CircleCheck size={15} aria-hidden />}
          isDisabled={busy}
          onPress={() => void save(suggestion)}
        >
          <span className="sr-only">{w.quality.use} </span>
          <bdi dir="ltr">{suggestion}</bdi>
        </Button>
      )}
      <div className="flex gap-2 max-sm:w-full max-sm:justify-end">
        <Button variant="quiet" onPress={onLeave}>
          {t.common.cancel}
        </Button>
        <Button variant="primary" type="submit" isPending={busy} isDisabled={!value.trim()}>
          {t.common.save}
        </Button>
      </div>
      {owner && (
        <div className="basis-full">
          <OwnerLink owner={owner} />
        </div>
      )}
    </form>
  );
}
