import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { rialAttributes, type SegmentAttribute } from '../../../shared/segment.ts';
import { DateTimePicker } from '../../components/date-time-picker.tsx';
import { Finder } from '../../components/finder.tsx';
import { Building } from '../../components/icons.ts';
import { NumberField } from '../../components/number-field.tsx';
import { TagDot } from '../../components/tag-chip.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { clockTime } from '../../lib/time.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { NamesFinder } from './names.finder.tsx';
import { PickButton } from './pick.button.tsx';
import { type DraftCondition, valueKind } from './rule.draft.ts';
import { dayMoment, type RuleWords } from './use-rule-words.ts';

/** Numbers that are counts. */
const counted: ReadonlySet<string> = new Set<SegmentAttribute>(['purchases', 'services', 'conversations']);

export interface ValueProps {
  condition: DraftCondition;
  words: RuleWords;
  onChange: (value: string | number | string[] | undefined) => void;
  error: string | undefined;
}

/** What a condition is compared with, asked for by its type. */
export function Value(props: ValueProps) {
  const { condition, onChange, error } = props;
  const w = useCustomerWords();
  const { attribute, operator, value } = condition;
  const common = { label: w.rule.value, bare: true, error };
  switch (valueKind(operator)) {
    case 'none':
      return null;
    case 'text':
      return (
        <TextField
          {...common}
          value={typeof value === 'string' ? value : ''}
          onChange={(text) => onChange(text === '' ? undefined : text)}
          maxLength={200}
          autoComplete="off"
        />
      );
    case 'list':
      return <List {...props} />;
    case 'date':
      return <Day {...props} />;
    case 'days':
    case 'number': {
      const rials = rialAttributes.has(attribute);
      const days = valueKind(operator) === 'days';
      const shown = typeof value === 'number' ? value / (rials ? 10 : 1) : Number.NaN;
      const unit = days ? w.rule.days : rials ? w.rule.toman : null;
      return (
        <div className="flex items-start gap-2">
          <NumberField
            {...common}
            className="min-w-0 flex-1"
            value={shown}
            onChange={(next) =>
              onChange(Number.isNaN(next) ? undefined : rials ? Math.round(next * 10) : next)
            }
            {...(days && { min: 1, max: 36_500 })}
            {...(attribute === 'completeness' && { min: 0, max: 100 })}
            {...(counted.has(attribute) || rials ? { min: 0 } : {})}
          />
          {(unit ?? (attribute === 'completeness' && w.rule.percent)) && (
            <span className="flex h-(--control) shrink-0 items-center text-sm text-ink-muted">
              {unit ?? w.rule.percent}
            </span>
          )}
        </div>
      );
    }
  }
}

/** A day: for a moment its first one in the reader's time zone, for a day of a record the day itself. */
function Day({ condition, words, onChange, error }: ValueProps) {
  const w = useCustomerWords();
  const fmt = useFmt();
  const { timeZone } = useLocale();
  const { attribute, value } = condition;
  const isDay = words.typeOf(attribute) === 'day';
  const [today] = useState(() => clockTime({ from: Date.now(), timeZone, hour: 0 }));
  const put = (ms: number) =>
    onChange(isDay ? fmt.dayKey(ms) : new Date(clockTime({ from: ms, timeZone, hour: 0 })).toISOString());
  // biome-ignore lint/correctness/useExhaustiveDependencies: a day is there from the start, once
  useEffect(() => {
    if (typeof value !== 'string') put(today);
  }, []);
  const at = typeof value !== 'string' ? today : isDay ? dayMoment(value) : Date.parse(value);
  return (
    <DateTimePicker
      label={w.rule.value}
      bare
      error={error}
      dayOnly
      value={Number.isNaN(at) ? today : at}
      onChange={put}
    />
  );
}

/** Several of a list, chosen one after another. */
function List({ condition, words, onChange, error }: ValueProps) {
  const w = useCustomerWords();
  const [open, setOpen] = useState(false);
  const { attribute } = condition;
  const chosen = Array.isArray(condition.value) ? condition.value : [];
  const turn = (id: string) => {
    const next = chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id];
    onChange(next.length > 0 ? next : undefined);
  };
  const names = chosen.map((id) => words.labelOf(attribute, id));
  const label = w.rule.chooseFor(words.nameOf(attribute));
  return (
    <div data-invalid={error ? true : undefined}>
      <PickButton
        label={names.length > 0 ? `${w.rule.value}: ${names.join(w.customerList.comma)}` : label}
        onPress={() => setOpen(true)}
      >
        {names.length > 0 ? (
          names.map((name, at) => (
            <span key={chosen[at]}>
              {at > 0 && w.customerList.comma}
              <bdi>{name}</bdi>
            </span>
          ))
        ) : (
          <span className="text-ink-faint">{w.rule.choose}</span>
        )}
      </PickButton>
      {error && <p className="mt-1 text-xs text-danger-ink">{error}</p>}
      {open &&
        (words.typeOf(attribute) === 'names' ? (
          <NamesFinder
            title={label}
            attribute={attribute}
            chosen={chosen}
            onTurn={turn}
            onClose={() => setOpen(false)}
          />
        ) : attribute === 'companies' ? (
          <CompanyFinder
            title={label}
            chosen={chosen}
            words={words}
            onTurn={turn}
            onClose={() => setOpen(false)}
          />
        ) : (
          <Finder
            title={label}
            placeholder={label}
            onClose={() => setOpen(false)}
            items={(words.choicesOf(attribute) ?? [])
              .filter(({ id, archived }) => !archived || chosen.includes(id))
              .map(({ id, label: name, colour }) => ({
                id,
                label: name,
                ...(colour && { icon: <TagDot colour={colour} /> }),
                checked: chosen.includes(id),
                staysOpen: true,
                run: () => turn(id),
              }))}
          />
        ))}
    </div>
  );
}

interface CompanyFinderProps {
  title: string;
  chosen: readonly string[];
  words: RuleWords;
  onTurn: (id: string) => void;
  onClose: () => void;
}

/** Companies are many: the server is asked by what is typed. */
function CompanyFinder({ title, chosen, words, onTurn, onClose }: CompanyFinderProps) {
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed);
  const { data } = useQuery({
    queryKey: ['companies', 'find', q],
    queryFn: ({ signal }) => calls.findCompanies(q, signal),
    placeholderData: (before) => before,
  });
  const found = [
    ...chosen.map((id) => ({ id, name: words.labelOf('companies', id) })),
    ...(data?.companies ?? []).filter(({ id }) => !chosen.includes(id)),
  ];
  return (
    <Finder
      title={title}
      placeholder={w.companies.search}
      onClose={onClose}
      onType={setTyped}
      items={found.map((company) => ({
        id: company.id,
        label: plainName(company.name),
        // What the server found by a domain need not have the words in its name.
        words: chosen.includes(company.id) ? [] : [typed],
        icon: <Building size={16} />,
        checked: chosen.includes(company.id),
        staysOpen: true,
        run: () => {
          const known = data?.companies.find(({ id }) => id === company.id);
          if (known) client.setQueryData(['companies', 'one', company.id], known);
          onTurn(company.id);
        },
      }))}
    />
  );
}
