import { Fragment, type ReactElement, type ReactNode } from 'react';
import { Header } from 'react-aria-components/Header';
import { Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Separator } from 'react-aria-components/Separator';
import type { CommandId } from '../i18n/fa.ts';
import { useHotkeyKeys } from '../lib/hotkeys.react.tsx';
import { cx } from './cx.ts';
import { Check } from './icons.ts';
import { Kbd } from './kbd.tsx';
import { FloatingSurface, optionClass } from './surface.tsx';

export interface MenuEntry {
  id: string;
  label: string;
  icon?: ReactNode;
  description?: ReactNode;
  hotkey?: CommandId;
  /** Takes something away: red. */
  danger?: boolean;
  disabled?: boolean;
  /** Shown as chosen, of several. */
  checked?: boolean;
  onAction: () => void;
}

export interface MenuGroup {
  id: string;
  /** Shown above its entries; groups are parted by a line. */
  title?: string;
  entries: readonly MenuEntry[];
}

export interface MenuProps {
  /** The button that opens it: `Button` or `IconButton`. */
  trigger: ReactElement;
  label: string;
  /** Entries, or groups of them. */
  items: readonly MenuEntry[] | readonly MenuGroup[];
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end' | 'end top';
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  className?: string;
}

export function Menu({
  trigger,
  label,
  items,
  placement = 'bottom start',
  isOpen,
  onOpenChange,
  className,
}: MenuProps) {
  const groups: readonly MenuGroup[] = items.every((item) => 'entries' in item)
    ? items
    : [{ id: 'all', entries: items.filter((item) => 'onAction' in item) }];
  return (
    <MenuTrigger {...(isOpen !== undefined && { isOpen })} {...(onOpenChange && { onOpenChange })}>
      {trigger}
      <FloatingSurface placement={placement} className={cx('min-w-44 max-w-80', className)}>
        <AriaMenu aria-label={label} className="p-1 outline-none">
          {groups.map((group, at) => (
            <Fragment key={group.id}>
              {at > 0 && <Separator className="my-1 h-px bg-line" />}
              <MenuSection {...(!group.title && { 'aria-label': label })}>
                {group.title && (
                  <Header className="px-2 pt-1.5 pb-0.5 text-2xs font-semibold text-ink-faint">
                    {group.title}
                  </Header>
                )}
                {group.entries.map((entry) => (
                  <Entry key={entry.id} entry={entry} />
                ))}
              </MenuSection>
            </Fragment>
          ))}
        </AriaMenu>
      </FloatingSurface>
    </MenuTrigger>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  return (
    <MenuItem
      id={entry.id}
      textValue={entry.label}
      isDisabled={entry.disabled ?? false}
      onAction={entry.onAction}
      className={cx(optionClass, entry.danger && 'text-danger-ink')}
    >
      {entry.icon && <span className="text-ink-faint">{entry.icon}</span>}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{entry.label}</span>
        {entry.description && <span className="block text-xs text-ink-faint">{entry.description}</span>}
      </span>
      {entry.checked && <Check size={15} aria-hidden className="shrink-0 text-accent-ink" />}
      {entry.hotkey && <Keys of={entry.hotkey} />}
    </MenuItem>
  );
}

function Keys({ of }: { of: CommandId }) {
  const keys = useHotkeyKeys(of);
  return keys && <Kbd keys={keys} />;
}
