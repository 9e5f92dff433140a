import { Dialog } from '../../components/dialog.tsx';
import { Kbd } from '../../components/kbd.tsx';
import type { CommandGroup, CommandId } from '../../i18n/fa.ts';
import { useT } from '../../i18n/locale.tsx';
import { commands } from '../../lib/commands.ts';
import { useKeyboard } from '../../lib/hotkeys.react.tsx';

const groups: CommandGroup[] = ['list', 'conversation', 'composer', 'navigation', 'general'];

/** Every key that works, by what it is for. */
export function CheatSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useT();
  const keyboard = useKeyboard();
  const ids = Object.keys(commands) as CommandId[];
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t.cheatSheet.title} size="lg">
      {keyboard && !keyboard.singleKeys && <p className="mb-3 text-ink-muted">{t.cheatSheet.off}</p>}
      <div className="gap-8 sm:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-ink-faint">{t.cheatSheet.group[group]}</h3>
            <ul>
              {ids
                .filter((id) => commands[id].group === group)
                .map((id) => (
                  <li key={id} className="flex min-h-7 items-center justify-between gap-3">
                    <span>{t.commands[id]}</span>
                    <span className="flex shrink-0 gap-1.5">
                      {(keyboard?.hotkeys.keysOf(id) ?? commands[id].keys).map((keys) => (
                        <Kbd key={keys} keys={keys} />
                      ))}
                    </span>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
