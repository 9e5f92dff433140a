import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Field, FieldValue } from '../../../../shared/field.ts';
import { Menu } from '../../../components/menu.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt } from '../../../i18n/locale.tsx';
import { iso } from '../../../i18n/words.ts';
import type { Fmt } from '../../../lib/fmt.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { useChange, useQuickChange } from '../change.ts';
import { useMayWrite } from '../may-write.ts';
import { PanelCard, Part } from './card.tsx';
import { EditLine, ValueButton } from './edit-line.tsx';
import type { PanelProps } from './panels.tsx';
import { ValueForm } from './value-form.tsx';

/** What an administrator wants to be known of everybody. */
export function FieldsPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const { data = [] } = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });
  const shown = data.filter(({ id, archived }) => !archived || customer.profile.fields[id] !== undefined);
  if (shown.length === 0) return null;
  const groups = [...new Set(shown.map(({ group }) => group))].sort(
    (a, b) => Number(a !== '') - Number(b !== ''),
  );
  return (
    <PanelCard title={w.panels.names.fields}>
      {groups.map((group) => {
        const lines = shown
          .filter((field) => field.group === group)
          .sort((a, b) => a.order - b.order)
          .map((field) => <FieldLine key={field.id} field={field} customer={customer} />);
        return group ? (
          <Part key={group} title={group}>
            {lines}
          </Part>
        ) : (
          <div key="">{lines}</div>
        );
      })}
    </PanelCard>
  );
}

function FieldLine({ field, customer }: { field: Field } & PanelProps) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const writes = useMayWrite() && !field.archived;
  const change = useChange(customer.id);
  const quick = useQuickChange(customer.id);
  const { id, name: label, type } = field;
  const value = customer.profile.fields[id] ?? null;
  const shown = value === null ? null : shownValue({ field, value, fmt, yes: w.yes, no: w.no });
  if (type === 'choice' || type === 'yesNo') {
    const offered =
      type === 'yesNo'
        ? [
            { id: 'yes', name: w.yes, value: true as FieldValue },
            { id: 'no', name: w.no, value: false as FieldValue },
          ]
        : field.options
            .filter((option) => !option.archived || option.id === value)
            .map((option) => ({ ...option, value: option.id as FieldValue }));
    return (
      <Menu
        label={label}
        trigger={<ValueButton label={label} value={shown} isDisabled={!writes} />}
        items={[
          ...offered.map((option) => ({
            id: option.id,
            label: option.name,
            checked: option.value === value,
            onAction: () => void quick({ fields: { [id]: option.value } }),
          })),
          ...(value === null
            ? []
            : [
                {
                  id: 'none',
                  label: w.panels.empty,
                  onAction: () => void quick({ fields: { [id]: null } }),
                },
              ]),
        ]}
      />
    );
  }
  return (
    <EditLine
      label={label}
      isDisabled={!writes}
      value={shown}
      form={(close) => (
        <ValueForm
          label={label}
          type={type}
          value={value}
          options={field.options}
          hint={field.hint}
          onSave={(next) => change({ fields: { [id]: next } })}
          onClose={close}
        />
      )}
    />
  );
}

interface Shown {
  field: Pick<Field, 'type' | 'options'>;
  value: FieldValue;
  fmt: Fmt;
  yes: string;
  no: string;
}

/** A value as people read it. */
export function shownValue({ field, value, fmt, yes, no }: Shown): ReactNode {
  const option = (id: string) => field.options.find((each) => each.id === id)?.name ?? id;
  if (Array.isArray(value)) return <bdi>{fmt.list(value.map((id) => iso(option(id))))}</bdi>;
  if (typeof value === 'boolean') return value ? yes : no;
  if (typeof value === 'number') return fmt.number(value);
  if (field.type === 'date') return fmt.table(`${value}T12:00:00Z`);
  if (field.type === 'choice') return <bdi>{option(value)}</bdi>;
  if (field.type === 'link') return <bdi dir="ltr">{value}</bdi>;
  return <bdi>{value}</bdi>;
}
