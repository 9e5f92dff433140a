import { Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from 'react-aria-components/Popover';
import { cx } from './cx.ts';

/** The floating sheet under menus, selects and popovers. */
export function FloatingSurface({ className, ...rest }: AriaPopoverProps & { className?: string }) {
  return (
    <AriaPopover
      offset={4}
      {...rest}
      className={cx(
        'rise-in z-40 overflow-auto rounded-lg border border-line bg-raised text-sm text-ink shadow-float outline-none',
        className,
      )}
    />
  );
}

export const optionClass =
  'flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 py-1 text-sm outline-none data-focused:bg-hover focus-visible:bg-hover data-disabled:opacity-50 [@media(pointer:coarse)]:min-h-11';
