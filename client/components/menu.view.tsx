import { Fragment, type RefObject } from 'react';
import { Header } from 'react-aria-components/Header';
import { Menu as AriaMenu, MenuItem, MenuSection } from 'react-aria-components/Menu';
import { Separator } from 'react-aria-components/Separator';
import type { CommandId } from '../i18n/fa.ts';
import { useHotkeyKeys } from '../lib/hotkeys.react.tsx';
import { cx } from './cx.ts';
import { Check } from './icons.ts';
import { Kbd } from './kbd.tsx';
import type { MenuEntry, MenuGroup, MenuProps } from './menu.tsx';
import { FloatingSurface, optionClass } from './surface.tsx';

export interface MenuViewProps extends Pick<MenuProps, 'label' | 'items' | 'className'> {
  placement: NonNullable<MenuProps['placement']>;
  triggerRef: RefObject<HTMLButtonElement | null>;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Where the focus begins: on an entry when a key opened it, on the list itself otherwise. */
  focus: 'first' | 'last' | true;
}

/** The sheet of a menu. Closed, it draws nothing; React Aria gives the focus back to the trigger. */
export default function MenuView(props: MenuViewProps) {
  const { label, items, placement, className, triggerRef, isOpen, onOpenChange, focus } = props;
  const groups: readonly MenuGroup[] = items.every((item) => 'entries' in item)
    ? items
    : [{ id: 'all', entries: items.filter((item) => 'onAction' in item) }];
  return (
    <FloatingSurface
      trigger="MenuTrigger"
      aria-label={label}
      triggerRef={triggerRef}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      placement={placement}
      className={cx('min-w-44 max-w-80', className)}
    >
      <AriaMenu
        aria-label={label}
        autoFocus={focus}
        onClose={() => onOpenChange(false)}
        className="p-1 outline-none"
      >
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
