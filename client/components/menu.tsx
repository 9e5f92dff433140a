import {
  cloneElement,
  type ReactElement,
  type ReactNode,
  type Ref,
  Suspense,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { ButtonProps } from 'react-aria-components/Button';
import type { CommandId } from '../i18n/fa.ts';
import { later } from '../lib/later.ts';

const load = () => import('./menu.view.tsx');
const MenuView = later(load);

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
  trigger: ReactElement<ButtonProps & { ref?: Ref<HTMLButtonElement> }>;
  label: string;
  /** Entries, or groups of them. */
  items: readonly MenuEntry[] | readonly MenuGroup[];
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end' | 'end top';
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  className?: string;
}

/** A list of deeds under a button. The sheet comes when the page is at rest, before anybody needs it. */
export function Menu(props: MenuProps) {
  const { trigger, label, items, placement = 'bottom start', isOpen, onOpenChange, className } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [own, setOwn] = useState(false);
  const [focus, setFocus] = useState<'first' | 'last' | true>(true);
  const shown = isOpen ?? own;
  // Once it was open it stays, so that closing can give the focus back.
  const [used, setUsed] = useState(false);
  if (shown && !used) setUsed(true);
  useEffect(whenAtRest, []);

  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  const open = (from: 'first' | 'last' | true) => {
    setFocus(from);
    change(true);
  };
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        'aria-haspopup': 'menu',
        'aria-expanded': shown,
        onPress: ({ pointerType }) =>
          open(pointerType === 'keyboard' || pointerType === 'virtual' ? 'first' : true),
        onKeyDown: (event) => {
          const opens = event.key === 'ArrowDown' || event.key === 'ArrowUp';
          // What a handler of this kind says nothing of goes no further: the page's keys would be deaf on this button.
          if (!opens || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)
            return event.continuePropagation();
          event.preventDefault();
          open(event.key === 'ArrowDown' ? 'first' : 'last');
        },
      })}
      <Suspense>
        {used && (
          <MenuView
            label={label}
            items={items}
            placement={placement}
            className={className}
            triggerRef={button}
            isOpen={shown}
            onOpenChange={change}
            focus={focus}
          />
        )}
      </Suspense>
    </>
  );
}

let asked = false;

function whenAtRest(): void {
  if (asked) return;
  asked = true;
  const fetch = () => void load().catch(() => undefined);
  if ('requestIdleCallback' in window) requestIdleCallback(fetch, { timeout: 2_000 });
  else setTimeout(fetch, 500);
}
