import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { type Field, type FieldType, fieldTypes } from '../../../shared/field.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Select } from '../../components/select.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { Form, FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';
import { keepIn } from '../teams/queries.ts';

export interface FieldDialogProps {
  /** Being changed; null for a new one. */
  field: Field | null;
  /** Headings there are. */
  groups: readonly string[];
  onClose: () => void;
}

const chooses = (type: FieldType) => type === 'choice' || type === 'choices';
const linesOf = (text: string) => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

/** A field: its name, what it holds, where it stands. The type of one that exists stays, because values are of it. */
export function FieldDialog({ field, groups, onClose }: FieldDialogProps) {
  const t = useT();
  const w = useWords();
  const formId = useId();
  const listId = useId();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [name, setName] = useState(field?.name ?? '');
  const [type, setType] = useState<FieldType>(field?.type ?? 'text');
  const [group, setGroup] = useState(field?.group ?? '');
  const [hint, setHint] = useState(field?.hint ?? '');
  const [weight, setWeight] = useState(field?.weight ?? 0);
  const [staleMonths, setStaleMonths] = useState(field?.staleMonths ?? 0);
  const [options, setOptions] = useState(
    (field?.options ?? [])
      .filter(({ archived }) => !archived)
      .map((option) => option.name)
      .join('\n'),
  );
  const [tried, setTried] = useState(0);
  const lines = linesOf(options);
  const lacksOptions = chooses(type) && lines.length === 0;
  const save = useMutation({
    mutationFn: () => {
      const form = {
        name: name.trim(),
        group: group.trim(),
        hint: hint.trim(),
        weight: weight || 0,
        staleMonths: Math.round(staleMonths) || 0,
      };
      if (!field)
        return calls.createField({
          ...form,
          type,
          options: chooses(type) ? lines.map((line) => ({ name: line })) : [],
        });
      // A line that was there keeps its id: customers have chosen it.
      const kept = lines.map((line) => {
        const known = field.options.find((option) => option.name === line);
        return known ? { id: known.id, name: line, archived: false } : { name: line };
      });
      return calls.updateField(field.id, { ...form, ...(chooses(type) && { options: kept }) });
    },
    onSuccess: (saved) => {
      keepIn(client, 'fields', saved);
      showToast({
        text: field ? w.customFields.saved(saved.name) : w.customFields.created(saved.name),
        tone: 'ok',
      });
      onClose();
    },
  });
  const taken = save.error instanceof AppError && save.error.reason === 'duplicateName';
  const submit = () => {
    setTried((before) => before + 1);
    if (name.trim() && !lacksOptions && !save.isPending && !offline) save.mutate();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={field ? w.customFields.edit(field.name) : w.customFields.add}
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            isPending={save.isPending}
            isDisabled={offline}
          >
            {field ? t.common.save : w.customFields.add}
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={submit} issues={tried || save.error} className="flex flex-col gap-4">
        {save.error && !taken && <FormError text={errorText(t, save.error)} error={save.error} />}
        <TextField
          label={w.customFields.name}
          value={name}
          onChange={(next) => {
            setName(next);
            if (save.error) save.reset();
          }}
          maxLength={60}
          autoFocus
          error={taken ? w.customFields.taken : tried && !name.trim() ? t.fields.required : undefined}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label={w.customFields.type}
            value={type}
            onChange={setType}
            isDisabled={field !== null}
            options={fieldTypes.map((id) => ({ id, label: w.customFields.types[id] }))}
          />
          <NumberField
            label={w.customFields.weight}
            help={w.customFields.weightHelp}
            value={weight}
            onChange={setWeight}
            min={0}
            max={100}
          />
        </div>
        {chooses(type) && (
          <TextArea
            label={w.customFields.options}
            help={w.customFields.optionsHelp}
            value={options}
            onChange={setOptions}
            rows={4}
            error={tried && lacksOptions ? w.customFields.needsOptions : undefined}
          />
        )}
        <NumberField
          label={w.customFields.staleMonths}
          help={w.customFields.staleMonthsHelp}
          value={staleMonths}
          onChange={setStaleMonths}
          min={0}
          max={120}
        />
        <TextField
          label={w.customFields.group}
          help={w.customFields.groupHelp}
          value={group}
          onChange={setGroup}
          maxLength={60}
          optional
          {...(groups.length > 0 && { list: listId })}
        />
        <datalist id={listId}>
          {groups.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <TextField label={w.customFields.hint} value={hint} onChange={setHint} maxLength={200} optional />
      </Form>
    </Dialog>
  );
}
