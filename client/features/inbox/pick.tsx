import { useDeeds } from './deeds.ts';
import { Picker } from './pickers.tsx';
import { PickSnooze } from './snooze-dialog.tsx';
import { type PickerKind, useInboxUi } from './ui.ts';

/** The list, or the calendar, that is open over the inbox. */
export function Pick({ picker }: { picker: { kind: PickerKind | 'time'; ids: readonly string[] } }) {
  const set = useInboxUi((ui) => ui.set);
  const { kind, ids } = picker;
  const deeds = useDeeds(ids);
  const close = () => set({ picker: null });
  if (kind === 'time') return <PickSnooze isOpen onClose={close} onPick={deeds.snooze} />;
  return (
    <Picker
      key={kind}
      kind={kind}
      ids={ids}
      onClose={close}
      onPickTime={() => set({ picker: { kind: 'time', ids } })}
    />
  );
}
