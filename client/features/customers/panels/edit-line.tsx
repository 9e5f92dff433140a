import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Button } from '../../../components/button.tsx';
import { cx } from '../../../components/cx.ts';
import { Pencil } from '../../../components/icons.ts';
import { Kbd } from '../../../components/kbd.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';

export interface ValueButtonProps
  extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'value'> {
  label: string;
  /** Null: nothing is known. */
  value: ReactNode;
  ref?: React.Ref<HTMLButtonElement>;
}

/** A field by its name, what it holds, and a press to change it. */
export function ValueButton({ label, value, ...rest }: ValueButtonProps) {
  const w = useCustomerWords();
  return (
    <AriaButton
      {...rest}
      className="group/value -mx-2 flex min-h-8 w-[calc(100%+1rem)] items-start gap-3 rounded-md px-2 py-1.5 text-start text-sm transition-colors hover:bg-hover data-disabled:hover:bg-transparent pointer-coarse:min-h-11"
    >
      <FieldName>{label}</FieldName>
      <span className={cx('min-w-0 flex-1 wrap-anywhere', value === null && 'text-ink-faint')}>
        {value ?? w.panels.addValue}
      </span>
      {!rest.isDisabled && (
        <Pencil
          size={13}
          aria-hidden
          className="mt-1 shrink-0 text-ink-faint opacity-0 transition-opacity group-hover/value:opacity-100 group-focus-visible/value:opacity-100"
        />
      )}
    </AriaButton>
  );
}

export function FieldName({ children }: { children: ReactNode }) {
  return <span className="w-26 shrink-0 pt-0.5 text-xs text-ink-muted wrap-anywhere">{children}</span>;
}

/** As a line of fields that nobody here may change. */
export function ValueLine({ label, value }: { label: string; value: ReactNode }) {
  return (
    <p className="flex min-h-8 items-start gap-3 py-1.5 text-sm">
      <FieldName>{label}</FieldName>
      <span className="min-w-0 flex-1 wrap-anywhere">{value}</span>
    </p>
  );
}

export interface EditLineProps {
  label: string;
  value: ReactNode;
  isDisabled?: boolean;
  /** The form that stands in its place while it is changed. */
  form: (close: () => void) => ReactNode;
}

/** A field that turns into its form and back; the keyboard comes back to it. */
export function EditLine({ label, value, isDisabled = false, form }: EditLineProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const closed = useRef(false);
  useEffect(() => {
    if (open || !closed.current) return;
    closed.current = false;
    button.current?.focus();
  }, [open]);
  if (open)
    return form(() => {
      closed.current = true;
      setOpen(false);
    });
  return (
    <ValueButton
      ref={button}
      label={label}
      value={value}
      isDisabled={isDisabled}
      onPress={() => setOpen(true)}
    />
  );
}

/** Enter in a part of a date sends its form, as it does in any other field. While it comes down: the date lets no key through. */
export function submitsDate(event: KeyboardEvent<HTMLFormElement>): void {
  const { target } = event;
  if (event.key !== 'Enter' || !(target instanceof Element) || !target.matches('[role=spinbutton]')) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

export interface EditFormProps {
  /** Rejects: it stays open. */
  onSave: () => Promise<void> | void;
  onClose: () => void;
  /** Empties the field. */
  onEmpty?: (() => Promise<void> | void) | undefined;
  children: ReactNode;
  saveLabel?: string;
}

/** Enter keeps, Escape leaves it as it was. */
export function EditForm({ onSave, onClose, onEmpty, children, saveLabel }: EditFormProps) {
  const t = useT();
  const w = useCustomerWords();
  const [busy, setBusy] = useState(false);
  const run = async (deed: () => Promise<void> | void) => {
    if (busy) return;
    setBusy(true);
    try {
      await deed();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      noValidate
      className="-mx-2 my-1 flex flex-col gap-2 rounded-lg bg-sunken p-2"
      onSubmit={(event) => {
        event.preventDefault();
        void run(onSave);
      }}
      onKeyDownCapture={submitsDate}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      {children}
      <div className="flex flex-wrap items-center gap-1.5">
        <Button size="sm" variant="primary" type="submit" isPending={busy}>
          {saveLabel ?? t.common.save}
        </Button>
        <Button size="sm" variant="quiet" onPress={onClose}>
          {t.common.cancel}
        </Button>
        <span className="flex-1" />
        {onEmpty ? (
          <Button size="sm" variant="quiet" onPress={() => void run(onEmpty)}>
            {w.panels.empty}
          </Button>
        ) : (
          <span aria-hidden className="flex gap-1 pointer-coarse:hidden">
            <Kbd keys="Enter" />
            <Kbd keys="Escape" />
          </span>
        )}
      </div>
    </form>
  );
}
