import { type ReactNode, type Ref, useEffect } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import type { CommandId } from '../i18n/fa.ts';
import { useT } from '../i18n/locale.tsx';
import { useHotkeyKeys, useKeyboard } from '../lib/hotkeys.react.tsx';
import { ariaKeys } from '../lib/hotkeys.ts';
import { cx } from './cx.ts';
import { LoaderCircle } from './icons.ts';
import { announce } from './live-region.tsx';
import { Tooltip, type TooltipProps } from './tooltip.tsx';

const variants = {
  primary: 'bg-accent text-on-accent shadow-soft hover:bg-accent-hover data-pressed:bg-accent-hover',
  /** What everybody will read. */
  public: 'bg-public-strong text-on-public shadow-soft hover:bg-public-hover data-pressed:bg-public-hover',
  secondary: 'border border-line bg-raised text-ink shadow-soft hover:bg-hover data-pressed:bg-sunken',
  quiet:
    'text-ink-muted hover:bg-hover hover:text-ink data-pressed:bg-sunken aria-expanded:bg-sunken aria-expanded:text-ink',
  danger: 'bg-danger text-on-danger shadow-soft hover:bg-danger-hover data-pressed:bg-danger-hover',
};

const sizes = {
  sm: 'min-h-7 gap-1 px-2 text-xs',
  md: 'min-h-(--control) gap-1.5 px-3 text-sm',
};

const base =
  'inline-flex select-none items-center justify-center rounded-md font-medium whitespace-nowrap transition-colors data-disabled:opacity-50';

/**
 * A busy button keeps the focus and takes no second press. React Aria's own `isPending` reads it aloud by a reference to
 * the button, which dangles when what was pending replaces the page.
 */
function usePending(isPending: boolean) {
  const t = useT();
  useEffect(() => {
    if (isPending) announce(t.common.loading);
  }, [isPending, t]);
  return isPending ? ({ 'aria-disabled': true, type: 'button', onPress: () => undefined } as const) : {};
}

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
  icon?: ReactNode;
  /** Busy: keeps its width, takes no second press. */
  isPending?: boolean;
  className?: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  className,
  children,
  isPending = false,
  ...rest
}: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      {...usePending(isPending)}
      className={cx(base, variants[variant], sizes[size], className)}
    >
      {isPending ? <LoaderCircle size={15} className="turning" aria-hidden /> : icon}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps
  extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'aria-label'> {
  /** Its name, read aloud and shown as the tooltip. */
  label: string;
  /** More for the tooltip, on lines of its own. */
  hint?: string;
  icon: ReactNode;
  /** The command it performs: its keys are taught in the tooltip. */
  hotkey?: CommandId;
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
  placement?: TooltipProps['placement'];
  className?: string;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton(props: IconButtonProps) {
  const {
    label,
    hint,
    icon,
    hotkey,
    variant = 'quiet',
    size = 'md',
    placement,
    className,
    isPending = false,
    ...rest
  } = props;
  const keys = useHotkeyKeys(hotkey);
  const mac = useKeyboard()?.mac;
  return (
    <Tooltip text={hint ? `${label}\n${hint}` : label} hotkey={hotkey} placement={placement}>
      <AriaButton
        {...rest}
        {...usePending(isPending)}
        aria-label={label}
        {...(keys && { 'aria-keyshortcuts': ariaKeys(keys, mac) })}
        className={cx(
          base,
          variants[variant],
          size === 'sm' ? 'size-7 p-0' : 'size-(--control) p-0',
          className,
        )}
      >
        {isPending ? <LoaderCircle size={16} className="turning" aria-hidden /> : icon}
      </AriaButton>
    </Tooltip>
  );
}
