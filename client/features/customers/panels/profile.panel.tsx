import type { CustomerChange } from '../../../../shared/profile.ts';
import { Menu } from '../../../components/menu.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt } from '../../../i18n/locale.tsx';
import { plainName } from '../../../lib/bidi.ts';
import { useChange, useQuickChange } from '../change.ts';
import { useMayWrite } from '../may-write.ts';
import { PanelCard } from './card.tsx';
import { EditLine, ValueButton } from './edit-line.tsx';
import type { PanelProps } from './panels.tsx';
import { ValueForm, type ValueFormProps } from './value-form.tsx';

/** Who they are beside how they are reached. */
export function ProfilePanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const writes = useMayWrite();
  const change = useChange(customer.id);
  const quick = useQuickChange(customer.id);
  const { profile } = customer;
  const line = (
    field: 'name' | 'city' | 'job' | 'address' | 'birthday',
    type: ValueFormProps['type'],
    value: string | null,
  ) => (
    <EditLine
      label={w.profileField[field]}
      isDisabled={!writes}
      value={
        value ? (
          field === 'birthday' ? (
            fmt.table(`${value}T12:00:00Z`)
          ) : (
            <bdi className="whitespace-pre-line">{plainName(value)}</bdi>
          )
        ) : null
      }
      form={(close) => (
        <ValueForm
          label={w.profileField[field]}
          type={type}
          value={value || null}
          required={field === 'name'}
          firstDay="1990-03-21"
          birthday={field === 'birthday'}
          onSave={(next) => change({ [field]: field === 'birthday' ? next : (next ?? '') } as CustomerChange)}
          onClose={close}
        />
      )}
    />
  );
  const spoken = profile.language && (w.languages[profile.language] ?? profile.language);
  return (
    <PanelCard title={w.panels.names.profile}>
      {line('name', 'text', customer.name)}
      {line('city', 'text', profile.city)}
      {line('job', 'text', profile.job)}
      {line('birthday', 'date', profile.birthday)}
      {line('address', 'longText', profile.address)}
      <Menu
        label={w.profileField.language}
        trigger={<ValueButton label={w.profileField.language} value={spoken || null} isDisabled={!writes} />}
        items={['fa', 'en', 'ar', 'az', 'ku', 'tr', 'de', 'fr', 'ru', ''].map((id) => ({
          id: id || 'none',
          label: id ? (w.languages[id] ?? id) : w.panels.empty,
          checked: id !== '' && id === profile.language,
          onAction: () => void quick({ language: id }),
        }))}
      />
    </PanelCard>
  );
}
