import type { ReactNode } from 'react';
import { type SwitchProps as AriaProps, Switch as AriaSwitch } from 'react-aria-components/Switch';
import { cx } from './cx.ts';

export interface SwitchProps extends Omit<AriaProps, 'className' | 'style' | 'children'> {
  children: ReactNode;
  help?: ReactNode;
  className?: string;
}

/** Takes effect at once, without a save. */
export function Switch({ children, help, className, ...rest }: SwitchProps) {
  return (
    <AriaSwitch {...rest} className={cx('flex min-h-6 items-start gap-2.5 text-sm', className)}>
      {({ isSelected, isFocusVisible }) => (
        <>
          <span
            aria-hidden
            className={cx(
              'flex h-5 w-9 shrink-0 items-center rounded-full border p-0.5 transition-colors',
              isSelected ? 'justify-end border-accent bg-accent' : 'border-line-strong bg-sunken',
              isFocusVisible && 'outline-2 outline-offset-2 outline-focus',
            )}
          >
            <span className={cx('size-3.5 rounded-full', isSelected ? 'bg-on-accent' : 'bg-line-strong')} />
          </span>
          <span>
            {children}
            {help && <span className="block text-xs text-ink-faint">{help}</span>}
          </span>
        </>
      )}
    </AriaSwitch>
  );
}
