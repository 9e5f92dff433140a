import { Button } from 'react-aria-components/Button';
import { Group } from 'react-aria-components/Group';
import { Input } from 'react-aria-components/Input';
import { NumberField as AriaNumberField } from 'react-aria-components/NumberField';
import { cx } from './cx.ts';
import { controlClass, FieldLabel, FieldNotes, type FieldProps } from './field.tsx';
import { Minus, Plus } from './icons.ts';

export interface NumberFieldProps extends FieldProps {
  /** NaN when empty. */
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  isDisabled?: boolean;
  autoFocus?: boolean;
  className?: string;
}

/** Takes Persian, Arabic and Latin digits and shows the language's own. */
export function NumberField(props: NumberFieldProps) {
  const {
    label,
    help,
    error,
    optional,
    bare,
    value,
    onChange,
    min,
    max,
    step,
    isDisabled,
    autoFocus,
    className,
  } = props;
  const stepper = 'grid w-8 place-items-center text-ink-muted hover:bg-hover data-disabled:opacity-40';
  return (
    <AriaNumberField
      value={value}
      onChange={onChange}
      minValue={min}
      maxValue={max}
      step={step}
      isDisabled={isDisabled}
      autoFocus={autoFocus}
      isInvalid={error !== undefined && error !== null && error !== ''}
      className={cx('flex flex-col gap-1', className)}
    >
      <FieldLabel label={label} optional={optional} bare={bare} />
      <Group className={cx(controlClass, 'flex h-(--control) overflow-hidden px-0')}>
        <Button slot="decrement" className={cx(stepper, 'border-e border-line')}>
          <Minus size={14} aria-hidden />
        </Button>
        <Input className="min-w-0 flex-1 bg-transparent px-2.5 outline-none" />
        <Button slot="increment" className={cx(stepper, 'border-s border-line')}>
          <Plus size={14} aria-hidden />
        </Button>
      </Group>
      <FieldNotes help={help} error={error} />
    </AriaNumberField>
  );
}
