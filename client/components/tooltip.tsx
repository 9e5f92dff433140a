import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { flushSync } from 'react-dom';
import type { CommandId } from '../i18n/fa.ts';
import { useHotkeyKeys } from '../lib/hotkeys.react.tsx';
import { Kbd } from './kbd.tsx';

export interface TooltipProps {
  text: ReactNode;
  /** Teaches the command's keys beside the text. */
  hotkey?: CommandId;
  placement?: 'top' | 'bottom' | 'start' | 'end';
  /** A button of this kit or anything focusable of React Aria. */
  children: ReactElement;
}

/** Explains on hover and on focus; what it says must be known without it as well. */
export function Tooltip({ text, hotkey, placement = 'bottom', children }: TooltipProps) {
  const keys = useHotkeyKeys(hotkey);
  const [open, setOpen] = useState(false);

  // React Aria keeps Escape to itself while a tooltip shows: the dialog around it, or the deed of the key, would want a second
  // one. Closed before the key comes to it, it lets the key pass.
  useEffect(() => {
    if (!open) return;
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') flushSync(() => setOpen(false));
    };
    window.addEventListener('keydown', close, { capture: true });
    return () => window.removeEventListener('keydown', close, { capture: true });
  }, [open]);

  return (
    <TooltipTrigger delay={500} closeDelay={80} isOpen={open} onOpenChange={setOpen}>
      {children}
      <AriaTooltip
        offset={6}
        placement={placement}
        className="fade-in pointer-events-none z-50 flex max-w-72 items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs whitespace-pre-line text-surface shadow-float"
      >
        {text}
        {keys && <Kbd keys={keys} inverse />}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
