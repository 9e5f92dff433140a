import { may, type Permission } from '../../../shared/access.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Kbd } from '../../components/kbd.tsx';
import type { CommandGroup, CommandId } from '../../i18n/fa.ts';
import { useT } from '../../i18n/locale.tsx';
import { commands } from '../../lib/commands.ts';
import { useKeyboard } from '../../lib/hotkeys.react.tsx';
import { useMe } from '../../state/hooks.tsx';

const groups: CommandGroup[] = [
  'list',
  'conversation',
  'message',
  'composer',
  'customers',
  'listening',
  'advocates',
  'navigation',
  'general',
];
/** Commands that lead where not everybody may go. */
const needs: Partial<Record<CommandId, Permission>> = {
  'go.channels': 'channel.manage',
  'go.health': 'channel.manage',
  'go.listening': 'listening.read',
  'go.advocates': 'advocate.read',
};
const groupNeeds: Partial<Record<CommandGroup, Permission>> = {
  listening: 'listening.read',
  advocates: 'advocate.read',
};

export interface CheatSheetProps {
  isOpen: boolean;
  onClose: () => void;
}

/** Every key that works for this person, by what it is for. */
export default function CheatSheet({ isOpen, onClose }: CheatSheetProps) {
  const t = useT();
  const me = useMe();
  const keyboard = useKeyboard();
  const keysOf = (id: CommandId) => keyboard?.hotkeys.keysOf(id) ?? commands[id].keys;
  const ids = (Object.keys(commands) as CommandId[]).filter((id) => {
    const needed = needs[id] ?? groupNeeds[commands[id].group];
    return keysOf(id).length > 0 && (!needed || may(me, needed));
  });
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t.cheatSheet.title} size="lg">
      {keyboard && !keyboard.singleKeys && (
        <p className="mb-4 rounded-md bg-info-soft px-3 py-2 text-xs text-info-ink">{t.cheatSheet.off}</p>
      )}
      <div className="gap-x-8 sm:columns-2">
        {groups.map((group) => {
          const inGroup = ids.filter((id) => commands[id].group === group);
          if (inGroup.length === 0) return null;
          return (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-xs font-semibold text-ink-muted">{t.cheatSheet.group[group]}</h3>
              <dl>
                {inGroup.map((id) => (
                  <div
                    key={id}
                    className="flex min-h-8 items-center justify-between gap-3 border-b border-line last:border-0"
                  >
                    <dt className="min-w-0 py-1">{t.commands[id]}</dt>
                    <dd className="flex shrink-0 flex-wrap items-center justify-end gap-1.5">
                      {keysOf(id).map((keys, at) => (
                        <span key={keys} className="flex items-center gap-1.5">
                          {at > 0 && <span className="text-2xs text-ink-faint">{t.common.or}</span>}
                          <Keys keys={keys} />
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}

/** The steps of a sequence with the word between them. */
function Keys({ keys }: { keys: string }) {
  const t = useT();
  return keys.split(' ').map((step, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one command never change places
    <span key={at} className="flex items-center gap-1.5">
      {at > 0 && <span className="text-2xs text-ink-faint">{t.cheatSheet.andThen}</span>}
      <Kbd keys={step} />
    </span>
  ));
}
