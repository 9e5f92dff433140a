import { type ReactNode, Suspense, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { useLocation } from 'wouter';
import { priorities } from '../../../shared/conversation.ts';
import { builtInFilters, type ViewFilter } from '../../../shared/view.ts';
import { Button } from '../../components/button.tsx';
import { ChannelGlyph } from '../../components/channel-glyph.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { cx } from '../../components/cx.ts';
import { Bookmark, ChevronDown, X } from '../../components/icons.ts';
import { Popover } from '../../components/popover.tsx';
import { TagDot } from '../../components/tag-chip.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { later } from '../../lib/later.ts';
import { useMe, useStore } from '../../state/hooks.tsx';
import { type ListScope, scopeFilter } from '../../state/model.ts';
import { useChannelLook, useUsers } from '../directory.ts';
import { scopePath, statuses } from './scope.ts';

const ViewDialog = later(() => import('./view-dialog.tsx').then((all) => ({ default: all.ViewDialog })));

interface Choice {
  id: string;
  label: string;
  icon?: ReactNode;
}

/** Narrows the list part by part, beginning with what the view itself goes by; what comes out can be kept as a view. */
export function FilterBar({ scope }: { scope: ListScope }) {
  const t = useT();
  const me = useMe();
  const users = useUsers();
  const look = useChannelLook();
  const [, navigate] = useLocation();
  const [saving, setSaving] = useState(false);
  const held = useStore((state) => scopeFilter(state, scope)) ?? builtInFilters.all;
  const teams = useStore((state) => state.teams);
  const tags = useStore((state) => state.tags);
  const channels = useStore((state) => state.channels);
  const filter: ViewFilter = scope.channelId
    ? { ...held, channels: held.channels ?? [scope.channelId] }
    : held;
  const change = (part: Partial<Record<keyof ViewFilter, unknown>>) => {
    const next = Object.fromEntries(
      Object.entries({ ...filter, ...part }).filter(([, value]) => value !== undefined),
    ) as unknown as ViewFilter;
    navigate(scopePath({ view: 'all', channelId: null, filter: next }), { replace: scope.filter !== null });
  };
  const some = (values: string[]) => (values.length > 0 ? values : undefined);
  const assignees = partsOf(filter.assignee);
  const inTeams = partsOf(filter.team);
  // What the list goes by stays in sight, also when it was put away since.
  const open = [...teams.values()].filter(({ id, archived }) => !archived || inTeams.includes(id));
  const openTags = [...tags.values()].filter(({ id, archived }) => !archived || filter.tags?.includes(id));
  return (
    <section
      aria-label={t.filter.label}
      className="flex shrink-0 flex-wrap items-center gap-1 border-b border-line px-2 py-1.5"
    >
      <Part
        label={t.filter.status}
        choices={statuses.map((id) => ({ id, label: t.row.status[id] }))}
        chosen={filter.status}
        isDefault={filter.status.join() === builtInFilters.all.status.join()}
        onChange={(ids) => change({ status: ids.length > 0 ? ids : builtInFilters.all.status })}
      />
      <Part
        label={t.filter.assignee}
        choices={[
          { id: 'me', label: t.filter.me },
          { id: 'none', label: t.filter.none },
          ...[...users.values()]
            .filter(({ id, active }) => assignees.includes(id) || (active && id !== me.id))
            .map(({ id, name }) => ({ id, label: plainName(name) })),
        ]}
        chosen={assignees}
        onChange={(ids) => change({ assignee: joined(ids, assignees, ['me', 'none']) })}
      />
      {open.length > 0 && (
        <Part
          label={t.filter.team}
          choices={[
            { id: 'mine', label: t.filter.myTeams },
            { id: 'none', label: t.filter.noTeam },
            ...open.map(({ id, name }) => ({ id, label: plainName(name) })),
          ]}
          chosen={inTeams}
          onChange={(ids) => change({ team: joined(ids, inTeams, ['mine', 'none']) })}
        />
      )}
      {openTags.length > 0 && (
        <Part
          label={t.filter.tag}
          choices={openTags.map(({ id, name, colour }) => ({
            id,
            label: plainName(name),
            icon: <TagDot colour={colour} />,
          }))}
          chosen={filter.tags ?? []}
          onChange={(ids) => change({ tags: some(ids) })}
        />
      )}
      <Part
        label={t.filter.priority}
        choices={priorities.map((id) => ({ id, label: t.priority.levels[id] }))}
        chosen={filter.priority ?? []}
        onChange={(ids) => change({ priority: some(ids) })}
      />
      {channels.size > 1 && (
        <Part
          label={t.filter.channel}
          choices={[...channels.values()].map(({ id, name }) => ({
            id,
            label: name,
            icon: <ChannelGlyph glyph={look(id).glyph} size={16} />,
          }))}
          chosen={filter.channels ?? []}
          onChange={(ids) => change({ channels: some(ids) })}
        />
      )}
      <AriaButton
        aria-pressed={filter.waiting === true}
        onPress={() => change({ waiting: filter.waiting ? undefined : true })}
        className={cx(part, filter.waiting && chosenPart)}
      >
        {t.filter.waiting}
      </AriaButton>
      {scope.filter && (
        <span className="ms-auto flex gap-1">
          <Button
            size="sm"
            variant="quiet"
            icon={<X size={14} aria-hidden />}
            onPress={() => navigate('/inbox/all')}
          >
            {t.filter.clear}
          </Button>
          <Button size="sm" icon={<Bookmark size={14} aria-hidden />} onPress={() => setSaving(true)}>
            {t.filter.save}
          </Button>
        </span>
      )}
      <Suspense>{saving && <ViewDialog view={{ filter }} onClose={() => setSaving(false)} />}</Suspense>
    </section>
  );
}

const part =
  'inline-flex min-h-7 max-w-full items-center gap-1 rounded-full border border-line bg-raised px-2.5 text-xs text-ink-muted hover:bg-hover [@media(pointer:coarse)]:min-h-11';
const chosenPart = 'border-accent bg-accent-soft font-medium text-accent-ink';

const partsOf = (value: string | { anyOf: readonly string[] } | undefined): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : [...value.anyOf];

/** One of the words that stand alone, or any of several: the newest choice decides which of the two. */
function joined(ids: readonly string[], before: readonly string[], alone: readonly string[]) {
  const newest = ids.find((id) => !before.includes(id));
  const word = ids.find((id) => alone.includes(id));
  if (newest !== undefined && alone.includes(newest)) return newest;
  const anyOf = ids.filter((id) => !alone.includes(id));
  if (anyOf.length > 0) return { anyOf };
  return word;
}

/** One part of the filter: its name, what is chosen of it, and the list to choose from. */
function Part(props: {
  label: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  /** What is chosen goes without saying. */
  isDefault?: boolean;
  onChange: (ids: string[]) => void;
}) {
  const { label, choices, chosen, isDefault = false, onChange } = props;
  const fmt = useFmt();
  const told = isDefault ? [] : chosen;
  const names = choices.filter(({ id }) => told.includes(id)).map(({ label: name }) => name);
  const text = names.length > 0 ? `${label}: ${fmt.list(names)}` : label;
  return (
    <Popover
      label={label}
      trigger={
        <AriaButton className={cx(part, names.length > 0 && chosenPart)}>
          <span className="max-w-40 truncate">{text}</span>
          <ChevronDown size={13} aria-hidden className="shrink-0" />
        </AriaButton>
      }
    >
      <div className="flex max-h-72 min-w-40 flex-col gap-1.5 overflow-y-auto">
        {choices.map(({ id, label: name, icon }) => (
          <Checkbox
            key={id}
            isSelected={chosen.includes(id)}
            onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((each) => each !== id))}
          >
            <span className="inline-flex min-w-0 items-center gap-2">
              {icon}
              <bdi>{name}</bdi>
            </span>
          </Checkbox>
        ))}
      </div>
    </Popover>
  );
}
