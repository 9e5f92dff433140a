import { useRef, useState } from 'react';
import { may } from '../../../shared/access.ts';
import { priorities } from '../../../shared/conversation.ts';
import { normalise } from '../../../shared/text/normalise.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Finder, type FinderItem } from '../../components/finder.tsx';
import { Plus, Users, X } from '../../components/icons.ts';
import { TagDot } from '../../components/tag-chip.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useMe, useStore, useWorkspace } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { errorText } from '../error-text.ts';
import { useDeeds } from './deeds.ts';
import { PriorityMark } from './priority-mark.tsx';
import { useSnoozeTimes } from './snooze-times.ts';
import type { PickerKind } from './ui.ts';

export interface PickerProps {
  kind: PickerKind;
  /** The conversations it is done to. */
  ids: readonly string[];
  onClose: () => void;
  onPickTime: () => void;
}

/** Gives conversations to somebody, to a team, a label, a priority, or a later time; by typing. */
export function Picker({ kind, ...rest }: PickerProps) {
  switch (kind) {
    case 'assign':
      return <AssignPicker {...rest} />;
    case 'team':
      return <TeamPicker {...rest} />;
    case 'tags':
      return <TagPicker {...rest} />;
    case 'priority':
      return <PriorityPicker {...rest} />;
    case 'snooze':
      return <SnoozePicker {...rest} />;
  }
}

type PartProps = Omit<PickerProps, 'kind'>;

/** What the one conversation has, or all of several; undefined when they differ. */
function useCommon<Value>(
  ids: readonly string[],
  pick: (header: { assigneeId: string | null; teamId: string | null; priority: string }) => Value,
): Value | undefined {
  return useStore((state) => {
    const values = new Set<Value>();
    for (const id of ids) {
      const header = state.headers.get(id);
      if (header) values.add(pick(header));
    }
    return values.size === 1 ? [...values][0] : undefined;
  });
}

function AssignPicker({ ids, onClose }: PartProps) {
  const t = useT();
  const me = useMe();
  const users = useUsers();
  const deeds = useDeeds(ids);
  const now = useCommon(ids, ({ assigneeId }) => assigneeId);
  const person = (id: string, name: string): FinderItem => ({
    id,
    label: plainName(name),
    icon: <Avatar name={name} seed={id} size="xs" />,
    checked: now === id,
    run: () => void deeds.assign(id),
  });
  const others = [...users.values()].filter(({ id, active }) => active && id !== me.id);
  const items: FinderItem[] = [
    {
      ...person(me.id, me.name),
      label: t.assign.toMe,
      words: [me.name],
      hotkey: 'conversation.assignToMe',
    },
    ...others.map(({ id, name }) => person(id, name)),
    {
      id: 'nobody',
      label: t.assign.nobody,
      icon: <X size={16} />,
      checked: now === null,
      run: () => void deeds.assign(null),
    },
  ];
  return <Finder title={t.assign.title} placeholder={t.finder.search} items={items} onClose={onClose} />;
}

function TeamPicker({ ids, onClose }: PartProps) {
  const t = useT();
  const teams = useStore((state) => state.teams);
  const deeds = useDeeds(ids);
  const now = useCommon(ids, ({ teamId }) => teamId);
  const items: FinderItem[] = [
    ...[...teams.values()]
      .filter(({ archived }) => !archived)
      .map(({ id, name }) => ({
        id,
        label: plainName(name),
        icon: <Users size={16} />,
        checked: now === id,
        run: () => void deeds.team(id),
      })),
    {
      id: 'none',
      label: t.team.nobody,
      icon: <X size={16} />,
      checked: now === null,
      run: () => void deeds.team(null),
    },
  ];
  return <Finder title={t.team.title} placeholder={t.finder.search} items={items} onClose={onClose} />;
}

function PriorityPicker({ ids, onClose }: PartProps) {
  const t = useT();
  const deeds = useDeeds(ids);
  const now = useCommon(ids, ({ priority }) => priority);
  const items = priorities.map((priority) => ({
    id: priority,
    label: t.priority.levels[priority],
    icon: <PriorityMark priority={priority} always />,
    checked: now === priority,
    run: () => void deeds.priority(priority),
  }));
  return <Finder title={t.priority.title} placeholder={t.finder.search} items={items} onClose={onClose} />;
}

/** Several one after another; what was chosen is done once, when the list is closed. */
function TagPicker({ ids, onClose }: PartProps) {
  const t = useT();
  const me = useMe();
  const { calls, store } = useWorkspace();
  const tags = useStore((state) => state.tags);
  const headers = useStore((state) => state.headers);
  const deeds = useDeeds(ids);
  const held = (id: string) => ids.every((each) => headers.get(each)?.tagIds.includes(id));
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map());
  // Whoever closes the list while a label is still being made wants it all the same.
  const latest = useRef(turned);
  const making = useRef<Promise<void>[]>([]);
  const isOn = (id: string) => turned.get(id) ?? held(id);
  const turn = (id: string, on: boolean) => {
    latest.current = new Map(latest.current).set(id, on);
    setTurned(latest.current);
  };
  const close = async () => {
    onClose();
    await Promise.all(making.current);
    const changed = [...latest.current].filter(([id, on]) => on !== held(id));
    void deeds.tag(
      changed.filter(([, on]) => on).map(([id]) => id),
      changed.filter(([, on]) => !on).map(([id]) => id),
    );
  };
  const create = async (name: string) => {
    try {
      const tag = await calls.createTag({ name });
      store.apply({ type: 'tags', tags: [...[...tags.values()].filter(({ id }) => id !== tag.id), tag] });
      turn(tag.id, true);
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
  };
  const offered = [...tags.values()].filter(({ id, archived }) => !archived || isOn(id));
  return (
    <Finder
      title={t.tags.title}
      placeholder={t.tags.add}
      onClose={() => void close()}
      items={offered.map(({ id, name, colour }) => ({
        id,
        label: plainName(name),
        icon: <TagDot colour={colour} />,
        checked: isOn(id),
        staysOpen: true,
        run: () => turn(id, !isOn(id)),
      }))}
      create={(typed) =>
        !may(me, 'tag.create') || offered.some(({ name }) => normalise(name) === normalise(typed))
          ? null
          : {
              id: 'create',
              label: t.tags.create(typed),
              icon: <Plus size={16} />,
              staysOpen: true,
              run: () => void making.current.push(create(typed)),
            }
      }
    />
  );
}

function SnoozePicker({ ids, onClose, onPickTime }: PartProps) {
  const t = useT();
  const deeds = useDeeds(ids);
  const times = useSnoozeTimes();
  const snoozed = useStore((state) => ids.some((id) => state.headers.get(id)?.status === 'snoozed'));
  const items: FinderItem[] = [
    ...times.map(({ id, label, at, when }) => ({
      id,
      label,
      description: when,
      run: () => void deeds.snooze(at),
    })),
    { id: 'pick', label: t.snooze.pick, run: onPickTime },
    ...(snoozed ? [{ id: 'wake', label: t.snooze.wake, run: () => void deeds.reopen() }] : []),
  ];
  return <Finder title={t.snooze.title} placeholder={t.finder.search} items={items} onClose={onClose} />;
}
