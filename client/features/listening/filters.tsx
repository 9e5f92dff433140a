import { useState } from 'react';
import { mentionStates } from '../../../shared/listening.ts';
import { sentimentLabels } from '../../../shared/sentiment.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { ListFilter, X } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { useListeningWords } from '../../i18n/listening-words.ts';
import { useFmt } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useNow } from '../../lib/time.ts';
import { useStore } from '../../state/hooks.tsx';
import { useRoom } from '../media.ts';
import { filtersOf, type ListenFilter, type ListenRange, noFilter, ranges, sources } from './address.ts';
import { useSearches } from './queries.ts';

export interface FiltersProps {
  filter: ListenFilter;
  onChange: (filter: ListenFilter) => void;
  /** The range where none is chosen. */
  usual: ListenRange;
  /** Without the state: what the pictures count has none. */
  counts?: boolean;
  /** How the author is called that alone is shown, where it is known. */
  authorName?: string | undefined;
}

const any = 'any';
type Choice = { id: string; label: string };

/** What of all that was found is shown. Chosen things stand in the address. */
export function Filters({ filter, onChange, usual, counts = false, authorName }: FiltersProps) {
  const w = useListeningWords();
  const room = useRoom();
  const { data: searches = [] } = useSearches();
  const channels = useStore((state) => state.channels);
  const [open, setOpen] = useState(false);
  const shown = room !== 'phone' || open;
  useHotkey('list.filter', () => {
    if (room === 'phone') setOpen(!open);
    else document.querySelector<HTMLElement>('[data-listen-filters] button')?.focus();
  });
  const set = (part: Partial<ListenFilter>) => onChange({ ...filter, ...part });
  const active = filtersOf(filter);
  const field = <Id extends string>(of: {
    label: string;
    all: string;
    options: readonly { id: Id; label: string }[];
    value: Id | null;
    onChange: (value: Id | null) => void;
    hidden?: boolean;
  }) => {
    if (of.hidden) return null;
    const options: Choice[] = [{ id: any, label: of.all }, ...of.options];
    return (
      <Select
        key={of.label}
        bare
        label={of.label}
        options={options}
        value={of.value ?? any}
        onChange={(id) => of.onChange(of.options.find((each) => each.id === id)?.id ?? null)}
        className={cx(
          'w-full sm:w-auto sm:max-w-48 sm:min-w-34',
          of.value !== null && '[&_button]:border-accent',
        )}
      />
    );
  };
  return (
    <div className="flex flex-col gap-2 pb-3">
      {room === 'phone' && (
        <Button
          className="self-start"
          icon={<ListFilter size={15} aria-hidden />}
          aria-expanded={open}
          onPress={() => setOpen(!open)}
        >
          {active > 0 ? w.filter.count(active) : w.filter.show}
        </Button>
      )}
      {shown && (
        <fieldset
          data-listen-filters
          aria-label={w.filter.label}
          className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center"
        >
          {field({
            label: w.filter.search,
            all: w.filter.anySearch,
            options: searches
              .filter(({ id, archived }) => !archived || id === filter.search)
              .map(({ id, name }) => ({ id, label: plainName(name) })),
            value: filter.search,
            onChange: (search) => set({ search }),
          })}
          {field({
            label: w.filter.feeling,
            all: w.filter.anyFeeling,
            options: sentimentLabels.map((id) => ({ id, label: w.feelings[id] })),
            value: filter.label,
            onChange: (label) => set({ label }),
          })}
          {field({
            label: w.filter.source,
            all: w.filter.anySource,
            options: sources.map((id) => ({ id, label: w.source[id] })),
            value: filter.source,
            onChange: (source) => set({ source }),
          })}
          {field({
            label: w.filter.state,
            all: w.filter.anyState,
            options: mentionStates.map((id) => ({ id, label: w.state[id] })),
            value: filter.state,
            onChange: (state) => set({ state }),
            hidden: counts,
          })}
          {field({
            label: w.filter.channel,
            all: w.filter.anyChannel,
            options: [...channels.values()].map(({ id, name }) => ({ id, label: plainName(name) })),
            value: filter.channel,
            onChange: (channel) => set({ channel }),
          })}
          <Select
            bare
            label={w.filter.range}
            options={ranges
              .filter((id) => id !== 'all' || usual === 'all')
              .map((id) => ({ id, label: w.filter.ranges[id] }))}
            value={filter.from === null ? (filter.range ?? usual) : null}
            placeholder={w.filter.range}
            onChange={(range) => set({ range: range === usual ? null : range, from: null, to: null })}
            className="w-full sm:w-auto sm:min-w-34"
          />
        </fieldset>
      )}
      <Chosen filter={filter} authorName={authorName} onDrop={set} />
      {active > 1 && (
        <Button
          size="sm"
          variant="quiet"
          className="self-start"
          icon={<X size={13} aria-hidden />}
          onPress={() => onChange(noFilter)}
        >
          {w.filter.clear}
        </Button>
      )}
    </div>
  );
}

/** What has no list to be chosen from: one author, one hashtag, an hour. */
function Chosen(props: {
  filter: ListenFilter;
  authorName: string | undefined;
  onDrop: (part: Partial<ListenFilter>) => void;
}) {
  const { filter, authorName, onDrop } = props;
  const w = useListeningWords().filter;
  const fmt = useFmt();
  const now = useNow();
  const { author, hashtag, from, to } = filter;
  const chips = [
    ...(author ? [{ text: w.author(plainName(authorName ?? '') || author), part: { author: null } }] : []),
    ...(hashtag ? [{ text: w.hashtag(`#${hashtag}`), part: { hashtag: null } }] : []),
    ...(from && to
      ? [
          {
            text: w.between(
              fmt.when(from, now),
              fmt.dayKey(from) === fmt.dayKey(to) ? fmt.time(to) : fmt.when(to, now),
            ),
            part: { from: null, to: null },
          },
        ]
      : []),
  ];
  if (chips.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5">
      {chips.map(({ text, part }) => (
        <li key={text}>
          <button
            type="button"
            aria-label={w.drop(text)}
            onClick={() => onDrop(part)}
            className="inline-flex min-h-7 items-center gap-1.5 rounded-full bg-accent-soft ps-3 pe-2 text-xs font-medium text-accent-ink hover:bg-hover pointer-coarse:min-h-11"
          >
            {text}
            <X size={13} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
