import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Import, ImportMapping } from '../../../shared/import.ts';
import { Button } from '../../components/button.tsx';
import { Select, type SelectOption } from '../../components/select.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { FormError } from '../settings/form.tsx';
import { Card, useOffline } from '../settings/page.tsx';
import { Choices } from './choices.tsx';
import { lacking, mappingOf, mayRepeat, offered, targetsIn, withColumn } from './mapping.ts';
import { useImportDeed } from './queries.ts';
import { Reading } from './reading.tsx';
import { Said } from './said.tsx';

const none = 'none';

/** What each column is and how its values are meant. */
export function ColumnsStep({ one }: { one: Import }) {
  const w = useCustomerWords().imports;
  const fmt = useFmt();
  const offline = useOffline();
  const { calls } = useWorkspace();
  const [, navigate] = useLocation();
  const [mapping, setMapping] = useState(() => mappingOf(one));
  const dialect = JSON.stringify(one.dialect);
  const [read, setRead] = useState(dialect);
  // Read in another way, its columns are others.
  if (read !== dialect) {
    setRead(dialect);
    setMapping(mappingOf(one));
  }
  const [tried, setTried] = useState(false);
  const alert = useRef<HTMLDivElement>(null);
  const check = useImportDeed(
    (said: ImportMapping) => calls.checkImport(one.id, said),
    () => navigate(`/customers/imports/${one.id}`, { replace: true }),
  );
  const lacks = lacking(one.kind, mapping);
  const submit = () => {
    setTried(true);
    if (lacks) alert.current?.scrollIntoView({ block: 'center' });
    else check.mutate(mapping);
  };
  return (
    <div className="flex flex-col gap-4">
      {one.state === 'failed' && <Said text={w.checkFailed} said={one.error} />}
      <Reading one={one} />
      <Card
        title={w.columns}
        text={w.columnsText}
        aside={
          <span className="shrink-0 pt-0.5 text-xs text-ink-muted max-sm:hidden">
            {w.used(mapping.columns.length, one.columns.length)}
          </span>
        }
      >
        <Columns one={one} mapping={mapping} onChange={setMapping} />
      </Card>
      <Choices kind={one.kind} mapping={mapping} onChange={setMapping} />
      <div ref={alert}>
        {tried && lacks && <FormError text={lacks === 'customer' ? w.lacksCustomer : w.lacksDate} />}
      </div>
      <div className="sticky bottom-0 -mx-4 -mb-8 flex flex-wrap items-center gap-3 border-t border-line bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
        <Button variant="primary" isPending={check.isPending} isDisabled={offline} onPress={submit}>
          {w.check}
        </Button>
        <span className="text-xs text-ink-muted">{w.checkHelp}</span>
        <span className="ms-auto text-xs text-ink-muted sm:hidden">
          {fmt.number(mapping.columns.length)}/{fmt.number(one.columns.length)}
        </span>
      </div>
    </div>
  );
}

interface ColumnsProps {
  one: Import;
  mapping: ImportMapping;
  onChange: (mapping: ImportMapping) => void;
}

function Columns({ one, mapping, onChange }: ColumnsProps) {
  const w = useCustomerWords().imports;
  const { calls } = useWorkspace();
  const fields = useQuery({
    queryKey: ['fields'],
    queryFn: () => calls.fields(),
    enabled: one.kind === 'customers',
  });
  const targets = useMemo(() => {
    const own = (fields.data ?? []).filter((field) => !field.archived);
    return [
      ...offered(one.kind).map((id) => ({ id, label: w.target[id] ?? id })),
      ...(one.kind === 'customers' ? own.map(({ id, name }) => ({ id: `field:${id}`, label: name })) : []),
    ];
  }, [fields.data, one.kind, w]);
  const taken = targetsIn(mapping);
  return (
    <ul
      aria-label={w.columns}
      className="-mx-4 -mb-4 divide-y divide-line border-t border-line sm:-mx-5 sm:-mb-5"
    >
      {one.columns.map((column, at) => {
        const target = mapping.columns.find((each) => each.column === at)?.target ?? null;
        const options: SelectOption<string>[] = [
          { id: none, label: w.leaveOut },
          ...targets.map((each) => {
            const disabled = each.id !== target && taken.has(each.id) && !mayRepeat(each.id);
            const description = disabled ? w.taken : undefined;
            return { ...each, disabled, description };
          }),
        ];
        const name = column.header || w.column(at + 1);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
          <li key={at} className="flex flex-col gap-2 px-4 py-3 sm:flex-row sm:items-center sm:gap-5 sm:px-5">
            <div className="min-w-0 flex-1">
              <p className="truncate text-sm font-semibold">
                <bdi>{name}</bdi>
              </p>
              <Samples values={column.samples} />
            </div>
            <Select
              bare
              label={w.isWhat(name)}
              options={options}
              value={target ?? none}
              onChange={(next) => onChange(withColumn(mapping, at, next === none ? null : next))}
              className={target === null ? 'sm:w-72 [&_button]:text-ink-faint' : 'sm:w-72'}
            />
          </li>
        );
      })}
    </ul>
  );
}

function Samples({ values }: { values: readonly string[] }) {
  const w = useCustomerWords().imports;
  if (values.length === 0) return <p className="text-xs text-ink-faint">{w.noSamples}</p>;
  return (
    <p className="mt-1 flex flex-wrap gap-1 overflow-hidden text-xs text-ink-muted">
      {values.slice(0, 3).map((value) => (
        <bdi key={value} className="max-w-56 truncate rounded-sm bg-sunken px-1.5 py-px">
          {value}
        </bdi>
      ))}
    </p>
  );
}
