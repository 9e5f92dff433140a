import type { Conversation } from '../../../shared/conversation.ts';
import { IconButton } from '../../components/button.tsx';
import { AlarmClock } from '../../components/icons.ts';
import { Menu, type MenuEntry } from '../../components/menu.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { useHotkey } from '../../lib/hotkeys.react.tsx';
import { clockTime, useNow } from '../../lib/time.ts';
import { useInboxUi } from './ui.ts';

interface SnoozeProps {
  header: Conversation;
  snooze: (until: number) => Promise<boolean>;
  wake: () => Promise<void>;
  onPick: () => void;
}

/** Puts the conversation aside until a time. */
export function Snooze(props: SnoozeProps) {
  const t = useT();
  const menu = useInboxUi((ui) => ui.menu);
  const set = useInboxUi((ui) => ui.set);
  const entries = useSnoozeEntries(props);
  useHotkey('conversation.snooze', () => set({ menu: 'snooze' }));
  return (
    <Menu
      label={t.snooze.title}
      placement="bottom end"
      isOpen={menu === 'snooze'}
      onOpenChange={(isOpen) => set({ menu: isOpen ? 'snooze' : null })}
      trigger={
        <IconButton label={t.snooze.title} hotkey="conversation.snooze" icon={<AlarmClock size={17} />} />
      }
      items={entries}
    />
  );
}

export function useSnoozeEntries({ header, snooze, wake, onPick }: SnoozeProps): MenuEntry[] {
  const t = useT();
  const fmt = useFmt();
  const { timeZone } = useLocale();
  const now = useNow();
  const times: [string, string, number][] = [
    ['hour', t.snooze.hour, now + 3_600_000],
    ['tomorrow', t.snooze.tomorrow, clockTime({ from: now, timeZone, days: 1, hour: 9 })],
    ['saturday', t.snooze.saturday, clockTime({ from: now, timeZone, weekday: 6, hour: 9 })],
  ];
  return [
    ...times.map(([id, label, at]) => ({
      id,
      label,
      description: fmt.when(at, now),
      onAction: () => void snooze(at),
    })),
    { id: 'pick', label: t.snooze.pick, onAction: onPick },
    ...(header.status === 'snoozed'
      ? [{ id: 'wake', label: t.snooze.wake, onAction: () => void wake() }]
      : []),
  ];
}
