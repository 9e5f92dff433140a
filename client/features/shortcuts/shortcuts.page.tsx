import { useState } from 'react';
import { may } from '../../../shared/access.ts';
import { normalise } from '../../../shared/text/normalise.ts';
import { Chip } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Pencil, RotateCcw } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import { Switch } from '../../components/switch.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import type { CommandGroup, CommandId } from '../../i18n/fa.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { commands } from '../../lib/commands.ts';
import { keysFrom, type Remapped, remappedFrom } from '../../lib/remap.ts';
import { useMe } from '../../state/hooks.tsx';
import { usePreference } from '../profile/use-preference.ts';
import { Card, SettingsPage } from '../settings/page.tsx';
import { keysOf } from './capture.ts';
import { KeysDialog } from './keys.dialog.tsx';

const groups: CommandGroup[] = [
  'list',
  'conversation',
  'message',
  'composer',
  'customers',
  'navigation',
  'general',
];

/** Every shortcut and its keys, to be changed, switched off, or put back as delivered. */
export default function ShortcutsPage() {
  const t = useT();
  const w = useWords();
  const me = useMe();
  const prefer = usePreference();
  const [query, setQuery] = useState('');
  const [changing, setChanging] = useState<CommandId | null>(null);
  const remapped = remappedFrom(me.preferences.keys);
  const save = (next: Remapped, said: string) => {
    const before = me.preferences.keys;
    prefer({ keys: keysFrom(next) }, () =>
      showToast({ text: said, tone: 'ok', undo: () => prefer({ keys: before }) }),
    );
  };
  const resetOne = (id: CommandId) => {
    const { [id]: _, ...rest } = remapped;
    save(rest, w.keysEditor.resetOneDone(t.commands[id]));
  };
  const wanted = normalise(query);
  const ids = (Object.keys(commands) as CommandId[]).filter(
    (id) =>
      ((id !== 'go.channels' && id !== 'go.health') || may(me, 'channel.manage')) &&
      (normalise(t.commands[id]).includes(wanted) ||
        keysOf(id, { commands, remapped }).some((keys) => keys.toLowerCase() === query.trim().toLowerCase())),
  );
  return (
    <SettingsPage
      title={w.keysEditor.title}
      text={w.keysEditor.text}
      actions={
        me.preferences.keys.length > 0 && (
          <Button icon={<RotateCcw size={15} aria-hidden />} onPress={() => save({}, w.keysEditor.resetDone)}>
            {w.keysEditor.resetAll}
          </Button>
        )
      }
    >
      <Card className="mb-4">
        <Switch
          isSelected={me.preferences.singleKeys}
          onChange={(singleKeys) => prefer({ singleKeys })}
          help={w.keysEditor.singleKeysHelp}
        >
          {w.keysEditor.singleKeys}
        </Switch>
      </Card>
      <SearchField
        label={w.keysEditor.search}
        placeholder={w.keysEditor.search}
        value={query}
        onChange={setQuery}
        className="mb-4 max-w-sm"
      />
      {ids.length === 0 && (
        <p role="status" className="text-ink-muted">
          {w.keysEditor.noneFound}
        </p>
      )}
      {groups.map((group) => {
        const own = ids.filter((id) => commands[id].group === group);
        if (own.length === 0) return null;
        return (
          <section key={group} className="mb-6">
            <h2 className="mb-2 text-xs font-semibold text-ink-muted">{t.cheatSheet.group[group]}</h2>
            <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-soft">
              {own.map((id) => (
                <Row
                  key={id}
                  id={id}
                  keys={keysOf(id, { commands, remapped })}
                  isChanged={id in remapped}
                  onChange={() => setChanging(id)}
                  onReset={() => resetOne(id)}
                />
              ))}
            </ul>
          </section>
        );
      })}
      {changing && (
        <KeysDialog
          id={changing}
          remapped={remapped}
          onClose={() => setChanging(null)}
          onSave={(next) => {
            save(next, w.keysEditor.saved(t.commands[changing]));
            setChanging(null);
          }}
        />
      )}
    </SettingsPage>
  );
}

interface RowProps {
  id: CommandId;
  keys: readonly string[];
  isChanged: boolean;
  onChange: () => void;
  onReset: () => void;
}

function Row({ id, keys, isChanged, onChange, onReset }: RowProps) {
  const t = useT();
  const w = useWords();
  const words = t.commands[id];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2" data-command={id}>
      <span className="flex min-w-32 flex-1 flex-wrap items-center gap-2">
        {words}
        {isChanged && <Chip tone="accent">{w.keysEditor.changed}</Chip>}
      </span>
      <span className="flex flex-wrap items-center gap-1.5">
        {keys.length === 0 && <span className="text-xs text-ink-faint">{w.keysEditor.off}</span>}
        {keys.map((each, at) => (
          <span key={each} className="flex items-center gap-1.5">
            {at > 0 && <span className="text-2xs text-ink-faint">{t.common.or}</span>}
            <Kbd keys={each} />
          </span>
        ))}
      </span>
      <span className="flex min-w-8 justify-end gap-1 sm:w-20">
        {isChanged && (
          <IconButton
            size="sm"
            label={w.keysEditor.resetOne(words)}
            icon={<RotateCcw size={14} />}
            onPress={onReset}
          />
        )}
        <IconButton
          size="sm"
          label={w.keysEditor.change(words)}
          icon={<Pencil size={14} />}
          onPress={onChange}
        />
      </span>
    </li>
  );
}
