import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { may } from '../../../../shared/access.ts';
import type { HistoryKind } from '../../../../shared/history.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { cx } from '../../../components/cx.ts';
import { DateTimePicker } from '../../../components/date-time-picker.tsx';
import { Calendar, X } from '../../../components/icons.ts';
import { Popover } from '../../../components/popover.tsx';
import { Select } from '../../../components/select.tsx';
import { SearchField } from '../../../components/text-field.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { useHotkey } from '../../../lib/hotkeys.react.tsx';
import { useNow } from '../../../lib/time.ts';
import { useMe, useStore } from '../../../state/hooks.tsx';
import { submitsDate } from '../panels/edit-line.tsx';
import { endOfDay, type HistoryFilter } from './query.ts';

/** Milliseconds without a key before the words are searched for. */
const pause = 250;

/** What goes under one button. */
export const kindGroups = {
  messages: ['message'],
  notes: ['note'],
  calls: ['call'],
  purchases: ['purchase'],
  services: ['service'],
  rewards: ['reward', 'testimonial'],
  changes: ['event', 'merge', 'edit', 'verification'],
} as const satisfies Record<string, readonly HistoryKind[]>;
export type KindGroup = keyof typeof kindGroups;
const groups = Object.keys(kindGroups) as KindGroup[];

export interface HistoryFiltersProps {
  filter: HistoryFilter;
  onChange: (filter: HistoryFilter) => void;
}

/** Kinds, channel, words and a day to go to. */
export function HistoryFilters({ filter, onChange }: HistoryFiltersProps) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const now = useNow();
  const channels = useStore((state) => state.channels);
  const me = useMe();
  const shown = groups.filter((group) => group !== 'rewards' || may(me, 'advocate.read'));
  const has = (group: KindGroup) => kindGroups[group].every((kind) => filter.kinds.includes(kind));
  const toggle = (group: KindGroup) => {
    const rest = filter.kinds.filter((kind) => !(kindGroups[group] as readonly string[]).includes(kind));
    onChange({ ...filter, kinds: has(group) ? rest : [...rest, ...kindGroups[group]] });
  };
  return (
    <div className="flex flex-col gap-2 border-b border-line px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-end gap-2">
        <Words q={filter.q} onChange={(q) => onChange({ ...filter, q })} />
        {channels.size > 1 && (
          <Select
            bare
            label={w.history.channel}
            className="w-40 max-sm:min-w-32 max-sm:flex-1"
            value={filter.channelId ?? 'all'}
            onChange={(id) => onChange({ ...filter, channelId: id === 'all' ? null : id })}
            options={[
              { id: 'all', label: w.history.allChannels },
              ...[...channels.values()].map(({ id, name }) => ({ id, label: name })),
            ]}
          />
        )}
        <JumpToDay
          around={filter.around}
          onChange={(around) => onChange({ ...filter, around, entryId: null })}
        />
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <fieldset className="flex flex-wrap gap-1.5 max-sm:-mx-4 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:px-4">
          <legend className="sr-only">{w.history.kinds}</legend>
          {shown.map((group) => (
            <button
              key={group}
              type="button"
              aria-pressed={has(group)}
              onClick={() => toggle(group)}
              className={cx(
                'min-h-7 shrink-0 rounded-full border px-2.5 text-xs font-medium transition-colors pointer-coarse:min-h-11',
                has(group)
                  ? 'border-accent bg-accent-soft text-accent-ink'
                  : 'border-line text-ink-muted hover:bg-hover',
              )}
            >
              {w.history.groups[group]}
            </button>
          ))}
        </fieldset>
        {filter.around && (
          <span className="inline-flex items-center gap-1 rounded-full bg-sunken ps-2.5 text-xs text-ink-muted">
            {Number.isNaN(Date.parse(filter.around))
              ? w.keep.fromMessage
              : w.history.from(fmt.day(filter.around, now))}
            <IconButton
              size="sm"
              label={w.history.toNewest}
              icon={<X size={13} />}
              onPress={() => onChange({ ...filter, around: null, entryId: null })}
            />
          </span>
        )}
        {(filter.kinds.length > 0 || filter.channelId || filter.q) && (
          <Button
            size="sm"
            variant="quiet"
            onPress={() => onChange({ ...filter, kinds: [], channelId: null, q: '' })}
          >
            {t.common.clear}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Searched for after a rest in typing; with Enter, or once it is emptied, at once. */
function Words({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const w = useCustomerWords();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(q);
  const [told, setTold] = useState(q);
  // Cleared, or gone elsewhere, by something else: not by what is typed, which may be longer by now.
  if (told !== q) {
    setTold(q);
    setTyped(q);
  }
  useHotkey('list.search', () => field.current?.focus());
  const tell = (words: string) => {
    setTold(words);
    onChange(words);
  };
  const rested = useEffectEvent(tell);
  useEffect(() => {
    const words = typed.trim();
    // A quotation mark that was just opened is no word yet.
    if (words === q || (words !== '' && !/[\p{L}\p{N}]/u.test(words))) return;
    const timer = setTimeout(() => rested(words), words === '' ? 0 : pause);
    return () => clearTimeout(timer);
  }, [typed, q]);
  return (
    <SearchField
      inputRef={field}
      label={w.history.search}
      placeholder={w.history.search}
      className="min-w-40 flex-1 max-sm:basis-full"
      value={typed}
      onChange={setTyped}
      onSubmit={(value) => tell(value.trim())}
    />
  );
}

function JumpToDay({
  around,
  onChange,
}: {
  around: string | null;
  onChange: (around: string | null) => void;
}) {
  const fmt = useFmt();
  const w = useCustomerWords();
  const [day, setDay] = useState(() => (around ? Date.parse(around) : 0) || Date.now());
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={w.history.goToDay}
      isOpen={open}
      onOpenChange={setOpen}
      trigger={
        <Button icon={<Calendar size={15} aria-hidden />} onPress={() => setOpen(true)}>
          {w.history.goToDay}
        </Button>
      }
    >
      <form
        noValidate
        className="flex w-60 flex-col gap-3"
        onKeyDownCapture={submitsDate}
        onSubmit={(event) => {
          event.preventDefault();
          setOpen(false);
          onChange(new Date(endOfDay(day, (at) => fmt.dayKey(at))).toISOString());
        }}
      >
        <DateTimePicker label={w.history.day} value={day} onChange={setDay} dayOnly autoFocus />
        <Button type="submit" variant="primary">
          {w.history.go}
        </Button>
      </form>
    </Popover>
  );
}
