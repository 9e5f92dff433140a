import {
  type ClipboardEventHandler,
  type KeyboardEventHandler,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react';
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import { useLocale } from '../i18n/locale.tsx';
import { dirOf } from '../lib/bidi.ts';
import { cx } from './cx.ts';
import { controlClass, FieldLabel, FieldNotes, type FieldProps } from './field.tsx';

export interface TextAreaProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  /** Lines at least; it grows with the text up to `maxHeight`. */
  rows?: number;
  /** Any CSS length; a composer takes `40dvh`. */
  maxHeight?: string;
  /** Without label and frame: the label is read aloud only. For the composer, which has a frame of its own. */
  bare?: boolean;
  isRequired?: boolean;
  isDisabled?: boolean;
  maxLength?: number;
  className?: string;
  onKeyDown?: KeyboardEventHandler<HTMLTextAreaElement>;
  onPaste?: ClipboardEventHandler<HTMLTextAreaElement>;
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
    bare,
    className,
    ref,
  } = props;
  const { direction } = useLocale();
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => area.current as HTMLTextAreaElement, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    const frame = element.offsetHeight - element.clientHeight;
    element.style.height = `${element.scrollHeight + frame}px`;
  }, [value, rows]);

  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      isRequired={props.isRequired}
      isDisabled={props.isDisabled}
      maxLength={props.maxLength}
      isInvalid={error !== undefined && error !== null && error !== ''}
      className={cx('flex flex-col gap-1', className)}
      {...(bare && typeof label === 'string' && { 'aria-label': label })}
    >
      {!bare && <FieldLabel label={label} optional={optional} />}
      <AriaTextArea
        ref={area}
        rows={rows}
        dir={dirOf(value, direction)}
        placeholder={props.placeholder}
        onKeyDown={props.onKeyDown}
        onPaste={props.onPaste}
        style={{ maxHeight }}
        className={cx(
          'block resize-none overflow-y-auto',
          bare ? 'w-full bg-transparent px-3 py-2 text-sm outline-none' : cx(controlClass, 'py-1.5'),
        )}
      />
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  );
}
