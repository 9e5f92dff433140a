import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { useT } from '../i18n/locale.tsx';
import { cx } from './cx.ts';
import { controlClass, FieldLabel, FieldNotes, type FieldProps } from './field.tsx';
import { Check, ChevronDown } from './icons.ts';
import { FloatingSurface, optionClass } from './surface.tsx';

export interface SelectOption<Id extends string> {
  id: Id;
  label: string;
  icon?: ReactNode;
  description?: ReactNode;
  disabled?: boolean;
}

export interface SelectProps<Id extends string> extends FieldProps {
  options: readonly SelectOption<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
  placeholder?: string;
  isDisabled?: boolean;
  className?: string;
}

export function Select<Id extends string>(props: SelectProps<Id>) {
  const { label, help, error, optional, options, value, onChange, placeholder, isDisabled, className, bare } =
    props;
  const t = useT();
  return (
    <AriaSelect
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.id === key);
        if (chosen) onChange(chosen.id);
      }}
      placeholder={placeholder ?? t.kit.choose}
      isDisabled={isDisabled}
      isInvalid={error !== undefined && error !== null && error !== ''}
      className={cx('group flex flex-col gap-1 outline-none', className)}
    >
      <FieldLabel label={label} optional={optional} bare={bare} />
      <Button
        className={cx(
          controlClass,
          'flex h-(--control) items-center gap-2 text-start group-data-invalid:border-danger',
        )}
      >
        <SelectValue className="min-w-0 flex-1 truncate data-placeholder:text-ink-faint [&_[slot=description]]:hidden">
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <ChevronDown size={15} aria-hidden className="shrink-0 text-ink-faint" />
      </Button>
      <FieldNotes help={help} error={error} />
      <FloatingSurface className="min-w-(--trigger-width) p-1">
        <ListBox items={options} className="max-h-80 overflow-auto outline-none" data-typeahead>
          {(option) => (
            <ListBoxItem
              id={option.id}
              textValue={option.label}
              isDisabled={option.disabled ?? false}
              className={optionClass}
            >
              {({ isSelected }) => (
                <>
                  {option.icon}
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{option.label}</span>
                    {option.description && (
                      <span className="block text-xs text-ink-faint">{option.description}</span>
                    )}
                  </span>
                  {isSelected && <Check size={15} aria-hidden className="shrink-0 text-accent-ink" />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </FloatingSurface>
    </AriaSelect>
  );
}
