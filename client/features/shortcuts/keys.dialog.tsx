import { type KeyboardEvent, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { CircleAlert } from '../../components/icons.ts';
import { Kbd } from '../../components/kbd.tsx';
import type { CommandId } from '../../i18n/fa.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWords } from '../../i18n/settings-words.ts';
import { commands } from '../../lib/commands.ts';
import { useKeyboard } from '../../lib/hotkeys.react.tsx';
import { comboOf } from '../../lib/hotkeys.ts';
import type { Remapped } from '../../lib/remap.ts';
import { addStep, give, issueOf } from './capture.ts';

/** Milliseconds between two presses that belong together. */
const together = 1200;

export interface KeysDialogProps {
  id: CommandId;
  remapped: Remapped;
  onClose: () => void;
  onSave: (remapped: Remapped) => void;
}

/** Takes the keys as they are pressed, and says whose they are already. */
export function KeysDialog({ id, remapped, onClose, onSave }: KeysDialogProps) {
  const t = useT();
  const w = useWords();
  const mac = useKeyboard()?.mac ?? false;
  const [keys, setKeys] = useState('');
  const last = useRef(0);
  const ring = { commands, remapped };
  const issue = keys === '' ? null : issueOf(keys, id, ring);
  const press = (event: KeyboardEvent) => {
    // These stay what they are everywhere: the ways to the buttons and out.
    if (event.key === 'Tab' || event.key === 'Escape') return;
    const combo = comboOf({ ...pressOf(event), repeat: false }, mac);
    if (!combo) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    const follows = event.timeStamp - last.current <= together;
    last.current = event.timeStamp;
    setKeys((before) => addStep(before, combo, follows));
  };
  const conflict = issue?.kind === 'conflict' ? t.commands[issue.with] : null;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.commands[id]}
      size="sm"
      actions={
        <>
          <Button variant="quiet" className="me-auto" onPress={() => onSave({ ...remapped, [id]: [] })}>
            {w.keysEditor.turnOff}
          </Button>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={keys === '' || issue?.kind === 'reserved' || issue?.kind === 'needsModifier'}
            onPress={() => onSave(give(keys, id, ring))}
          >
            {conflict ? w.keysEditor.replace(conflict) : t.common.save}
          </Button>
        </>
      }
    >
      <button
        type="button"
        // biome-ignore lint/a11y/noAutofocus: the dialog was opened to press keys, and this is where they are pressed
        autoFocus
        onKeyDown={press}
        aria-describedby="keys-help"
        className="grid min-h-24 w-full place-items-center rounded-lg border-2 border-dashed border-line-strong bg-sunken p-4 text-center focus:border-accent"
      >
        <span className="sr-only">{w.keysEditor.press}</span>
        <span aria-live="polite">
          {keys === '' ? (
            <span className="text-ink-muted">{w.keysEditor.press}</span>
          ) : (
            <>
              <span className="sr-only">{w.keysEditor.keys(keys)}</span>
              <span aria-hidden className="flex items-center gap-2 text-lg">
                {keys.split(' ').map((step, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place in the sequence
                  <span key={at} className="flex items-center gap-2">
                    {at > 0 && <span className="text-xs text-ink-faint">{t.cheatSheet.andThen}</span>}
                    <Kbd keys={step} />
                  </span>
                ))}
              </span>
            </>
          )}
        </span>
      </button>
      <p id="keys-help" className="mt-2 text-xs text-pretty text-ink-faint">
        {w.keysEditor.pressHelp}
      </p>
      <div role="status" className="min-h-6">
        {issue && (
          <p className="mt-2 flex items-start gap-1.5 text-sm text-danger-ink">
            <CircleAlert size={15} aria-hidden className="mt-0.5 shrink-0" />
            {issue.kind === 'conflict'
              ? w.keysEditor.conflict(t.commands[issue.with])
              : w.keysEditor[issue.kind]}
          </p>
        )}
      </div>
    </Dialog>
  );
}

const pressOf = ({ key, code, ctrlKey, metaKey, altKey, shiftKey, nativeEvent }: KeyboardEvent) => ({
  key,
  code,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
  isComposing: nativeEvent.isComposing,
});
