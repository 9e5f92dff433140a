import { useEffect } from 'react';
import { IconButton } from '../../components/button.tsx';
import {
  AlarmClock,
  CircleCheck,
  Flag,
  ShieldAlert,
  SquareCheck,
  Tag,
  UserCheck,
  Users,
  X,
} from '../../components/icons.ts';
import { announce } from '../../components/live-region.tsx';
import type { CommandId } from '../../i18n/fa.ts';
import { useT } from '../../i18n/locale.tsx';
import { useDeeds } from './deeds.ts';
import { clearSelected, selectAll } from './selection.ts';
import { type PickerKind, useInboxUi } from './ui.ts';

/** What can be done to all the chosen conversations at once. */
export function BulkBar() {
  const t = useT();
  const selected = useInboxUi((ui) => ui.selected);
  const set = useInboxUi((ui) => ui.set);
  const ids = [...selected];
  const deeds = useDeeds(ids);
  const count = ids.length;
  useEffect(() => announce(t.bulk.chosen(count)), [t, count]);
  const done = async (work: Promise<boolean>) => {
    if (await work) clearSelected();
    document.querySelector<HTMLElement>('[data-pane] [role="listbox"]')?.focus();
  };
  const pick = (kind: PickerKind) => set({ picker: { kind, ids } });
  const picker = (kind: PickerKind, label: string, hotkey: CommandId, Icon: typeof Tag) => (
    <IconButton label={label} hotkey={hotkey} icon={<Icon size={16} />} onPress={() => pick(kind)} />
  );
  return (
    <section
      aria-label={t.bulk.label}
      className="flex shrink-0 flex-wrap items-center gap-x-0.5 border-b border-line bg-accent-soft py-1 ps-3 pe-2"
    >
      <p className="min-w-0 flex-1 truncate text-xs font-semibold text-accent-ink">{t.bulk.chosen(count)}</p>
      <IconButton
        label={t.bulk.all}
        hotkey="list.selectAll"
        icon={<SquareCheck size={16} />}
        onPress={selectAll}
      />
      <IconButton
        label={t.bulk.clear}
        hotkey="composer.leave"
        icon={<X size={16} />}
        onPress={() => {
          clearSelected();
          document.querySelector<HTMLElement>('[data-pane] [role="listbox"]')?.focus();
        }}
      />
      <div className="flex w-full flex-wrap gap-0.5">
        {picker('assign', t.assign.title, 'conversation.assign', UserCheck)}
        {picker('team', t.team.title, 'conversation.team', Users)}
        {picker('tags', t.tags.title, 'conversation.tags', Tag)}
        {picker('priority', t.priority.title, 'conversation.priority', Flag)}
        {picker('snooze', t.snooze.title, 'conversation.snooze', AlarmClock)}
        <IconButton
          label={t.spam.mark}
          hotkey="conversation.spam"
          icon={<ShieldAlert size={16} />}
          onPress={() => void done(deeds.spam())}
        />
        <IconButton
          label={t.resolve.button}
          hotkey="conversation.resolve"
          icon={<CircleCheck size={16} />}
          onPress={() => void done(deeds.resolve())}
        />
      </div>
    </section>
  );
}
