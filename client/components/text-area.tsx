import { type KeyboardEventHandler, type Ref, useImperativeHandle, useRef } from 'react';
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import { useLocale } from '../i18n/locale.tsx';
import { dirOf } from '../lib/bidi.ts';
import { cx } from './cx.ts';
import { controlClass, FieldLabel, FieldNotes, type FieldProps } from './field.tsx';
import { useGrowing } from './growing.ts';

export interface TextAreaProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  /** Lines at least; it grows with the text up to `maxHeight`. */
  rows?: number;
  /** Any CSS length. */
  maxHeight?: string;
  isRequired?: boolean;
  isDisabled?: boolean;
  maxLength?: number;
  className?: string;
  onKeyDown?: KeyboardEventHandler<HTMLTextAreaElement>;
  ref?: Ref<HTMLTextAreaElement>;
}

/** Grows with its text and turns with its words. */
export function TextArea(props: TextAreaProps) {
  const {
    label,
    help,
    error,
    optional,
    value,
    onChange,
    rows = 2,
    maxHeight = '40dvh',
    className,
    ref,
  } = props;
  const { direction } = useLocale();
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => area.current as HTMLTextAreaElement, []);

  useGrowing(area, value, rows);

  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      isRequired={props.isRequired}
      isDisabled={props.isDisabled}
      maxLength={props.maxLength}
      isInvalid={error !== undefined && error !== null && error !== ''}
      className={cx('flex flex-col gap-1', className)}
    >
      <FieldLabel label={label} optional={optional} />
      <AriaTextArea
        ref={area}
        rows={rows}
        dir={dirOf(value, direction)}
        placeholder={props.placeholder}
        onKeyDown={props.onKeyDown}
        style={{ maxHeight }}
        className={cx(controlClass, 'block resize-none overflow-y-auto py-1.5')}
      />
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  );
}
