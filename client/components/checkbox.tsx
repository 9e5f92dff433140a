import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox, type CheckboxProps as AriaProps } from 'react-aria-components/Checkbox';
import { cx } from './cx.ts';
import { Check, Minus } from './icons.ts';

export interface CheckboxProps extends Omit<AriaProps, 'className' | 'style' | 'children'> {
  children?: ReactNode;
  className?: string;
}

/** Without children it needs an `aria-label`. */
export function Checkbox({ children, className, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className={cx('group flex min-h-6 items-start gap-2 text-sm', className)}>
      {({ isSelected, isIndeterminate, isFocusVisible }) => (
        <>
          <span
            aria-hidden
            className={cx(
              'mt-0.5 grid size-[18px] shrink-0 place-items-center rounded-sm border transition-colors',
              isSelected || isIndeterminate
                ? 'border-accent bg-accent text-on-accent'
                : 'border-line-strong bg-raised group-hover:border-ink-faint',
              isFocusVisible && 'outline-2 outline-offset-2 outline-focus',
            )}
          >
            {isIndeterminate ? <Minus size={13} /> : isSelected && <Check size={13} strokeWidth={3} />}
          </span>
          {children}
        </>
      )}
    </AriaCheckbox>
  );
}
