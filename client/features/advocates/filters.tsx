import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { advocateKinds, advocateSorts } from '../../../shared/advocate.ts';
import { Button } from '../../components/button.tsx';
import { X } from '../../components/icons.ts';
import { Select } from '../../components/select.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { useAdvocateWords } from '../../i18n/advocate-words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { useStore, useWorkspace } from '../../state/hooks.tsx';
import { type BoardAddress, isFiltered } from './filter.ts';

export interface FiltersProps {
  address: BoardAddress;
  onChange: (change: Partial<BoardAddress>) => void;
  /** Of those who are shown. */
  products: readonly string[];
}

const all = 'all';
/** Milliseconds without a key after which the name is looked for. */
const pause = 250;

/** Who is looked at: kind, channel, product, segment, name; and in which order. */
export function Filters({ address, onChange, products }: FiltersProps) {
  const w = useAdvocateWords();
  const { calls } = useWorkspace();
  const channels = useStore((state) => state.channels);
  const segments = useQuery({ queryKey: ['segments'], queryFn: () => calls.segments() });
  const chosen = (id: string) => (id === all ? null : id);
  const named = [...new Set([...(address.product ? [address.product] : []), ...products])];
  return (
    <search
      aria-label={w.filter.label}
      className="mb-3 grid shrink-0 grid-cols-2 items-end gap-2 sm:flex sm:flex-wrap"
    >
      <Name q={address.q} onChange={(q) => onChange({ q })} />
      <Select
        bare
        label={w.filter.kind}
        className="sm:w-36"
        value={address.kind ?? all}
        onChange={(id) => onChange({ kind: id === all ? null : id })}
        options={[
          { id: all, label: w.filter.anyKind },
          ...advocateKinds.map((id) => ({ id, label: w.kind[id] })),
        ]}
      />
      <Select
        bare
        label={w.filter.channel}
        className="sm:w-36"
        value={address.channelId ?? all}
        onChange={(id) => onChange({ channelId: chosen(id) })}
        options={[
          { id: all, label: w.filter.anyChannel },
          ...[...channels.values()]
            .filter(({ state }) => state !== 'archived')
            .map(({ id, name }) => ({ id, label: plainName(name) })),
        ]}
      />
      {named.length > 0 && (
        <Select
          bare
          label={w.filter.product}
          className="sm:w-36"
          value={address.product ?? all}
          onChange={(id) => onChange({ product: chosen(id) })}
          options={[
            { id: all, label: w.filter.anyProduct },
            ...named.map((id) => ({ id, label: plainName(id) })),
          ]}
        />
      )}
      {(segments.data?.length ?? 0) > 0 && (
        <Select
          bare
          label={w.filter.segment}
          className="sm:w-40"
          value={address.segmentId ?? all}
          onChange={(id) => onChange({ segmentId: chosen(id) })}
          options={[
            { id: all, label: w.filter.anySegment },
            ...(segments.data ?? []).map(({ id, name }) => ({ id, label: plainName(name) })),
          ]}
        />
      )}
      <Select
        bare
        label={w.filter.sort}
        className="sm:w-40"
        value={address.sort}
        onChange={(sort) => onChange({ sort })}
        options={advocateSorts
          .filter((id) => address.view === 'board' || id !== 'order')
          .map((id) => ({ id, label: w.filter.sorts[id] }))}
      />
      {isFiltered(address) && (
        <Button
          variant="quiet"
          icon={<X size={14} aria-hidden />}
          onPress={() => {
            onChange({ kind: null, channelId: null, product: null, segmentId: null, q: '' });
            // The button goes with what it cleared.
            document.getElementById('content')?.focus();
          }}
        >
          {w.board.clear}
        </Button>
      )}
    </search>
  );
}

function Name({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const w = useAdvocateWords();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(q);
  const [seen, setSeen] = useState(q);
  // Cleared or gone back to by something else.
  if (seen !== q) {
    setSeen(q);
    if (q !== typed.trim()) setTyped(q);
  }
  useHotkey('list.search', () => field.current?.focus());
  const tell = useEffectEvent(onChange);
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => tell(typed.trim()), pause);
    return () => clearTimeout(timer);
  }, [typed, q]);
  return (
    <SearchField
      inputRef={field}
      label={w.filter.search}
      placeholder={w.filter.search}
      value={typed}
      onChange={setTyped}
      className="sm:w-48"
    />
  );
}
