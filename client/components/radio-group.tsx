import type { ReactNode } from 'react';
import { RadioGroup as AriaRadioGroup, Radio } from 'react-aria-components/RadioGroup';
import { cx } from './cx.ts';
import { FieldLabel, FieldNotes, type FieldProps } from './field.tsx';

export interface RadioOption<Id extends string> {
  id: Id;
  label: ReactNode;
  help?: ReactNode;
  icon?: ReactNode;
  /** Its name when the label is a picture. */
  ariaLabel?: string;
  disabled?: boolean;
}

export interface RadioGroupProps<Id extends string> extends FieldProps {
  options: readonly RadioOption<Id>[];
  value: Id;
  onChange: (id: Id) => void;
  isDisabled?: boolean;
  /** The chosen one, or the first, has the keyboard at once. */
  autoFocus?: boolean;
  className?: string;
}

function pick<Id extends string>(options: readonly RadioOption<Id>[], onChange: (id: Id) => void) {
  return (value: string) => {
    const chosen = options.find((option) => option.id === value);
    if (chosen) onChange(chosen.id);
  };
}

/** One of a few, each on its own line with room for an explanation. */
export function RadioGroup<Id extends string>(props: RadioGroupProps<Id>) {
  const { label, help, error, optional, options, value, onChange, isDisabled, autoFocus, className } = props;
  const chosen = options.find(({ id }) => id === value) ?? options[0];
  return (
    <AriaRadioGroup
      value={value}
      onChange={pick(options, onChange)}
      isDisabled={isDisabled}
      isInvalid={error !== undefined && error !== null && error !== ''}
      className={cx('flex flex-col gap-1.5', className)}
    >
      <FieldLabel label={label} optional={optional} />
      {options.map((option) => (
        <Radio
          key={option.id}
          value={option.id}
          isDisabled={option.disabled}
          autoFocus={autoFocus === true && option === chosen}
          aria-label={option.ariaLabel}
          className="group flex min-h-6 items-start gap-2 text-sm data-disabled:opacity-50"
        >
          {({ isSelected, isFocusVisible }) => (
            <>
              <span
                aria-hidden
                className={cx(
                  'mt-0.5 size-[18px] shrink-0 rounded-full bg-raised transition-[border-width]',
                  isSelected
                    ? 'border-[5.5px] border-accent'
                    : 'border border-line-strong group-hover:border-ink-faint',
                  isFocusVisible && 'outline-2 outline-offset-2 outline-focus',
                )}
              />
              {option.icon}
              <span>
                {option.label}
                {option.help && <span className="block text-xs text-ink-faint">{option.help}</span>}
              </span>
            </>
          )}
        </Radio>
      ))}
      <FieldNotes help={help} error={error} />
    </AriaRadioGroup>
  );
}

export interface SegmentedProps<Id extends string> extends RadioGroupProps<Id> {
  /** The label is read aloud only. */
  bare?: boolean;
  size?: 'sm' | 'md';
}

/** One of two to four short words, side by side. */
export function Segmented<Id extends string>(props: SegmentedProps<Id>) {
  const { label, help, error, options, value, onChange, isDisabled, bare, size = 'md', className } = props;
  return (
    <AriaRadioGroup
      value={value}
      onChange={pick(options, onChange)}
      isDisabled={isDisabled}
      orientation="horizontal"
      className={cx('flex flex-col gap-1', className)}
      {...(bare && typeof label === 'string' && { 'aria-label': label })}
    >
      {!bare && <FieldLabel label={label} />}
      <div className="inline-flex w-fit max-w-full rounded-md bg-sunken p-0.5">
        {options.map((option) => (
          <Radio
            key={option.id}
            value={option.id}
            isDisabled={option.disabled}
            aria-label={option.ariaLabel}
            className={cx(
              'flex cursor-default items-center justify-center gap-1.5 rounded-[5px] px-3 font-medium text-ink-muted transition-colors hover:text-ink data-selected:bg-raised data-selected:text-ink data-selected:shadow-soft data-disabled:opacity-50',
              size === 'sm' ? 'min-h-6 text-xs' : 'min-h-7 text-sm',
            )}
          >
            {option.icon}
            {option.label}
          </Radio>
        ))}
      </div>
      <FieldNotes help={help} error={error} />
    </AriaRadioGroup>
  );
}
