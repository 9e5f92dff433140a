import type { ReactElement, ReactNode } from 'react';
import { Dialog as AriaDialog, DialogTrigger } from 'react-aria-components/Dialog';
import { FloatingSurface } from './surface.tsx';

export interface PopoverProps {
  /** The button that opens it: `Button` or `IconButton`. */
  trigger: ReactElement;
  label: string;
  children: ReactNode | ((close: () => void) => ReactNode);
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end';
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  className?: string;
}

/** A small dialog beside its button. For a list of deeds use `Menu`. */
export function Popover({
  trigger,
  label,
  children,
  placement = 'bottom start',
  isOpen,
  onOpenChange,
  className,
}: PopoverProps) {
  return (
    <DialogTrigger {...(isOpen !== undefined && { isOpen })} {...(onOpenChange && { onOpenChange })}>
      {trigger}
      {/* biome-ignore lint/a11y/useValidAriaValues: empty takes back the name that React Aria gives to this plain box; the dialog in it has its own */}
      <FloatingSurface placement={placement} className={className} aria-labelledby="">
        <AriaDialog aria-label={label} className="p-3 outline-none">
          {({ close }) => (typeof children === 'function' ? children(close) : children)}
        </AriaDialog>
      </FloatingSurface>
    </DialogTrigger>
  );
}
