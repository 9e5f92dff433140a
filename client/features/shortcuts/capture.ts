import type { CommandId } from '../../i18n/fa.ts';
import type { KeyCommand } from '../../lib/hotkeys.ts';
import { isSingleKey } from '../../lib/hotkeys.ts';
import type { Remapped } from '../../lib/remap.ts';

/** Keys that leave a page or close it before the page hears of them, and those that every form needs. */
const reserved = new Set([
  'Tab',
  'Shift+Tab',
  'Mod+w',
  'Mod+t',
  'Mod+n',
  'Mod+Shift+n',
  'Mod+Shift+w',
  'Mod+q',
  'Mod+r',
  'Mod+l',
  'Mod+Tab',
  'Mod+c',
  'Mod+v',
  'Mod+x',
  'Mod+a',
  'F5',
  'F11',
  'F12',
  'Alt+F4',
  'Space',
]);

export type KeysIssue =
  | { kind: 'reserved' }
  | { kind: 'needsModifier' }
  | { kind: 'conflict'; with: CommandId };

export interface Keyring {
  commands: Readonly<Record<CommandId, KeyCommand>>;
  remapped: Remapped;
}

export function keysOf(id: CommandId, { commands, remapped }: Keyring): readonly string[] {
  return remapped[id] ?? commands[id].keys;
}

/**
 * The steps pressed so far with one more: two single presses after one another are a sequence, anything else begins anew.
 * @param follows the press came soon after the one before
 */
export function addStep(before: string, combo: string, follows: boolean): string {
  const sequence =
    follows && before !== '' && !before.includes(' ') && isSingleKey(before) && isSingleKey(combo);
  return sequence ? `${before} ${combo}` : combo;
}

/** Why keys cannot be a command's, or only by taking them from another; null when they can. */
export function issueOf(keys: string, id: CommandId, ring: Keyring): KeysIssue | null {
  if (keys.split(' ').some((step) => reserved.has(step))) return { kind: 'reserved' };
  if (ring.commands[id].whileWriting && isSingleKey(keys)) return { kind: 'needsModifier' };
  const ids = Object.keys(ring.commands) as CommandId[];
  const other = ids.find(
    (each) =>
      each !== id && keysOf(each, ring).some((taken) => meets(taken, keys) && sharesPlace(each, id, ring)),
  );
  return other ? { kind: 'conflict', with: other } : null;
}

/** The same keys, or one the beginning of the other: then the longer would never be reached, or the shorter would wait. */
function meets(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

/** Commands of the same keys as delivered work in different places, and so may a chosen one. */
function sharesPlace(a: CommandId, b: CommandId, { commands }: Keyring): boolean {
  return !commands[a].keys.some((keys) => commands[b].keys.includes(keys));
}

/** The command with its new keys, and whoever had them without. */
export function give(keys: string, id: CommandId, ring: Keyring): Remapped {
  const next: Remapped = { ...ring.remapped };
  for (const other of Object.keys(ring.commands) as CommandId[]) {
    const had = keysOf(other, ring);
    if (other !== id && had.some((taken) => meets(taken, keys)) && sharesPlace(other, id, ring))
      next[other] = had.filter((taken) => !meets(taken, keys));
  }
  next[id] = [keys];
  return next;
}
