import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useState,
} from 'react';
import type { CommandId } from '../i18n/fa.ts';
import { commands } from './commands.ts';
import { Hotkeys, type Press, placeOf } from './hotkeys.ts';

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

interface Keyboard {
  hotkeys: Hotkeys<CommandId>;
  mac: boolean;
  /** A new object with every change of the keys, so that labels follow. */
  remapped: Partial<Record<CommandId, readonly string[]>> | undefined;
  singleKeys: boolean;
}

const KeyboardContext = createContext<Keyboard | null>(null);

export interface HotkeysProviderProps {
  /** Keys that the person chose instead of the table's. */
  remapped?: Partial<Record<CommandId, readonly string[]>>;
  singleKeys?: boolean;
  children: ReactNode;
}

/** Listens to the keyboard for everything inside. One for the whole page. */
export function HotkeysProvider({ remapped, singleKeys = true, children }: HotkeysProviderProps) {
  const [hotkeys] = useState(() => new Hotkeys<CommandId>({ commands, mac: isMac }));
  hotkeys.configure({ remapped, singleKeys });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if (hotkeys.press(event, placeOf(event.target))) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [hotkeys]);

  return <KeyboardContext value={{ hotkeys, mac: isMac, remapped, singleKeys }}>{children}</KeyboardContext>;
}

export interface HotkeyOptions {
  enabled?: boolean;
  /** The layer in which it works: `page`, or the name given to `useHotkeyScope`. */
  scope?: string;
}

/** Runs `run` on the command's keys while the component is on screen (`notMine` passes them on); outside a provider it does nothing. */
export function useHotkey(id: CommandId, run: (press: Press) => unknown, options: HotkeyOptions = {}): void {
  const hotkeys = useContext(KeyboardContext)?.hotkeys;
  const { enabled = true, scope } = options;
  const onPress = useEffectEvent(run);
  // With the paint, not after it: what is seen answers its key.
  useLayoutEffect(() => {
    if (hotkeys && enabled) return hotkeys.bind(id, (press) => onPress(press), scope);
  }, [hotkeys, enabled, id, scope]);
}

/** Silences the page's keys while this is on screen; bindings with this scope work instead. */
export function useHotkeyScope(name: string, active = true): void {
  const hotkeys = useContext(KeyboardContext)?.hotkeys;
  useLayoutEffect(() => {
    if (hotkeys && active) return hotkeys.enter(name);
  }, [hotkeys, name, active]);
}

/** The first keys of a command as they are now, for a tooltip; undefined when there are none. */
export function useHotkeyKeys(id: CommandId | undefined): string | undefined {
  const keyboard = useContext(KeyboardContext);
  return id && keyboard?.hotkeys.keysOf(id)[0];
}

/** The registry, for the cheat sheet and the editor of shortcuts; null outside a provider. */
export function useKeyboard(): Keyboard | null {
  return useContext(KeyboardContext);
}
