import type { Preferences } from '../../shared/user.ts';
import type { CommandId } from '../i18n/fa.ts';
import { commands } from './commands.ts';

/** Keys that a person chose: between what is stored with their profile and what the registry takes. */

export type Remapped = Partial<Record<CommandId, readonly string[]>>;

const isCommand = (id: string): id is CommandId => Object.hasOwn(commands, id);

/** Several entries of one action are alternatives; empty keys switch it off. Actions that are no more are left out. */
export function remappedFrom(keys: Preferences['keys']): Remapped {
  const remapped: Partial<Record<CommandId, string[]>> = {};
  for (const { action, keys: combo } of keys) {
    if (!isCommand(action)) continue;
    const chosen = remapped[action] ?? [];
    remapped[action] = combo ? [...chosen, combo] : chosen;
  }
  return remapped;
}

/** As it is stored: only what differs from the table. */
export function keysFrom(remapped: Remapped): Preferences['keys'] {
  return Object.entries(remapped).flatMap(([action, keys]) => {
    if (!isCommand(action) || keys.join('\n') === commands[action].keys.join('\n')) return [];
    return keys.length === 0 ? [{ action, keys: '' }] : keys.map((combo) => ({ action, keys: combo }));
  });
}

/** Work that is never done on one page: there the same key may mean either. */
const pages: Record<string, string> = {
  conversation: 'inbox',
  composer: 'inbox',
  customers: 'customers',
  advocates: 'advocates',
  listening: 'listening',
};
function apart(a: CommandId, b: CommandId): boolean {
  // Where a message holds the keyboard its own commands come first, elsewhere they are not heard.
  if (Boolean(commands[a].ofMessage) !== Boolean(commands[b].ofMessage)) return true;
  const [one, other] = [pages[commands[a].group], pages[commands[b].group]];
  return one !== undefined && other !== undefined && one !== other;
}

/** Two sequences that cannot both be meant: alike, or one is how the other begins. */
const collide = (a: string, b: string) => a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);

export interface KeyConflict {
  combo: string;
  action: CommandId;
  other: CommandId;
}

/** Combos that two commands claim, with the keys as they would be. */
export function conflictsOf(remapped: Remapped): KeyConflict[] {
  const all = Object.keys(commands)
    .filter(isCommand)
    .flatMap((action) => (remapped[action] ?? commands[action].keys).map((combo) => ({ action, combo })));
  return all.flatMap(({ action, combo }, at) =>
    all
      .slice(at + 1)
      .filter((each) => each.action !== action && collide(each.combo, combo) && !apart(each.action, action))
      .map((each) => ({ combo, action, other: each.action })),
  );
}
