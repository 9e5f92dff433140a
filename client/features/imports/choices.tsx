import type { ImportKind, ImportMapping } from '../../../shared/import.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import { RadioGroup, Segmented } from '../../components/radio-group.tsx';
import { Select } from '../../components/select.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { Card } from '../settings/page.tsx';
import { findersIn, hasMoney, mayHaveLines, targetsIn } from './mapping.ts';

export interface ChoicesProps {
  kind: ImportKind;
  mapping: ImportMapping;
  onChange: (mapping: ImportMapping) => void;
}

/** How rows find their customers, and what their amounts and dates are in: only what the chosen columns ask for. */
export function Choices({ kind, mapping, onChange }: ChoicesProps) {
  const w = useCustomerWords().imports;
  const fmt = useFmt();
  const change = (part: Partial<ImportMapping>) => onChange({ ...mapping, ...part });
  const finders = findersIn(mapping).map((target) => w.target[target] ?? target);
  const targets = targetsIn(mapping);
  const dated =
    targets.has('at') || targets.has('birthday') || [...targets].some((one) => one.startsWith('field:'));
  const money = kind !== 'customers' && hasMoney(mapping);
  const options = <Id extends string>(words: Readonly<Record<Id, string>>, ids: readonly Id[]) =>
    ids.map((id) => ({ id, label: words[id] }));
  return (
    <Card
      title={w.how}
      text={
        finders.length > 0 ? (
          w.foundBy(fmt.list(finders))
        ) : (
          <span className="text-warn-ink">{w.lacksCustomer}</span>
        )
      }
    >
      <div className="grid items-start gap-x-8 gap-y-5 sm:grid-cols-2">
        <RadioGroup
          label={w.unknown}
          options={options<ImportMapping['unknown']>(w.unknowns, ['make', 'skip'])}
          value={mapping.unknown}
          onChange={(unknown) => change({ unknown })}
        />
        {kind === 'customers' && (
          <RadioGroup
            label={w.known}
            options={options<ImportMapping['known']>(w.knowns, ['update', 'fill', 'skip'])}
            value={mapping.known}
            onChange={(known) => change({ known })}
          />
        )}
        {money && (
          <div className="flex flex-col gap-3">
            {mapping.currency === 'IRR' && (
              <Segmented
                label={w.unit}
                help={w.unitHelp}
                options={options<ImportMapping['unit']>(w.units, ['toman', 'rial'])}
                value={mapping.unit}
                onChange={(unit) => change({ unit })}
              />
            )}
            {!targets.has('currency') && (
              <Select
                label={w.currency}
                options={Object.entries(w.currencies).map(([id, label]) => ({ id, label }))}
                value={mapping.currency}
                onChange={(currency) => change({ currency })}
                className="max-w-60"
              />
            )}
          </div>
        )}
        {dated && (
          <div className="flex flex-col gap-3">
            <Segmented
              label={w.calendar}
              options={options<ImportMapping['calendar']>(w.calendars, ['auto', 'jalali', 'gregorian'])}
              value={mapping.calendar}
              onChange={(calendar) => change({ calendar })}
            />
            {mapping.calendar !== 'jalali' && (
              <Checkbox isSelected={mapping.monthFirst} onChange={(monthFirst) => change({ monthFirst })}>
                <span className="text-pretty">{w.monthFirst}</span>
              </Checkbox>
            )}
          </div>
        )}
        {kind === 'purchases' && mayHaveLines(mapping) && (
          <Checkbox
            isSelected={mapping.lines}
            onChange={(lines) => change({ lines })}
            className="sm:col-span-2"
          >
            {w.lines}
          </Checkbox>
        )}
      </div>
    </Card>
  );
}
