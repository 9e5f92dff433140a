import { useRef, useState } from 'react';
import { may } from '../../../../shared/access.ts';
import { normalise } from '../../../../shared/text/normalise.ts';
import { IconButton } from '../../../components/button.tsx';
import { Finder } from '../../../components/finder.tsx';
import { Pencil, Plus } from '../../../components/icons.ts';
import { TagChip, TagDot } from '../../../components/tag-chip.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { plainName } from '../../../lib/bidi.ts';
import { useMe, useStore, useWorkspace } from '../../../state/hooks.tsx';
import { errorText } from '../../error-text.ts';
import { useQuickChange } from '../change.ts';
import { useMayWrite } from '../may-write.ts';
import { Nothing, PanelCard } from './card.tsx';
import type { PanelProps } from './panels.tsx';

/** How they are sorted. */
export function TagsPanel({ customer }: PanelProps) {
  const w = useCustomerWords();
  const writes = useMayWrite();
  const tags = useStore((state) => state.tags);
  const [open, setOpen] = useState(false);
  const { tagIds } = customer.profile;
  return (
    <PanelCard
      title={w.panels.names.tags}
      aside={
        writes && (
          <IconButton
            size="sm"
            label={w.tagsPanel.change}
            icon={<Pencil size={14} />}
            onPress={() => setOpen(true)}
          />
        )
      }
    >
      {tagIds.length === 0 ? (
        <Nothing>{w.tagsPanel.none}</Nothing>
      ) : (
        <ul className="flex flex-wrap gap-1.5 pb-1">
          {tagIds.map((id) => {
            const tag = tags.get(id);
            return (
              tag && (
                <li key={id}>
                  <TagChip tag={tag} />
                </li>
              )
            );
          })}
        </ul>
      )}
      {open && <TagFinder customer={customer} onClose={() => setOpen(false)} />}
    </PanelCard>
  );
}

/** Several one after another; what was chosen is kept once, when the list is closed. */
function TagFinder({ customer, onClose }: PanelProps & { onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const me = useMe();
  const { calls, store } = useWorkspace();
  const tags = useStore((state) => state.tags);
  const quick = useQuickChange(customer.id);
  const held = (id: string) => customer.profile.tagIds.includes(id);
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map());
  // Whoever closes the list while a tag is still being made wants it all the same.
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
    if (changed.length === 0) return;
    void quick({
      tags: {
        add: changed.filter(([, on]) => on).map(([id]) => id),
        remove: changed.filter(([, on]) => !on).map(([id]) => id),
      },
    });
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
      title={w.tagsPanel.title}
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
