import {
  type ClipboardEventHandler,
  type KeyboardEventHandler,
  type Ref,
  useImperativeHandle,
  useRef,
} from 'react';
import { useLocale } from '../i18n/locale.tsx';
import { dirOf } from '../lib/bidi.ts';
import { useGrowing } from './growing.ts';

export interface GrowingTextProps {
  id: string;
  /** Read aloud only: the frame around it is the caller's. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder: string;
  rows: number;
  /** Any CSS length. */
  maxHeight: string;
  maxLength: number;
  isDisabled: boolean;
  onKeyDown: KeyboardEventHandler<HTMLTextAreaElement>;
  onPaste: ClipboardEventHandler<HTMLTextAreaElement>;
  onSelect?: () => void;
  onBlur?: () => void;
  ref: Ref<HTMLTextAreaElement>;
}

/** A plain text area without label and frame, for the composer: it grows with its text and turns with its words. */
export function GrowingText(props: GrowingTextProps) {
  const { id, label, value, onChange, placeholder, rows, maxHeight, maxLength, isDisabled, ref } = props;
  const { direction } = useLocale();
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => area.current as HTMLTextAreaElement, []);
  useGrowing(area, value, rows);
  return (
    <textarea
      ref={area}
      id={id}
      aria-label={label}
      rows={rows}
      dir={dirOf(value, direction)}
      placeholder={placeholder}
      value={value}
      maxLength={maxLength}
      disabled={isDisabled}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={props.onKeyDown}
      onPaste={props.onPaste}
      onSelect={props.onSelect}
      onBlur={props.onBlur}
      style={{ maxHeight }}
      className="block w-full resize-none overflow-y-auto bg-transparent px-3 py-2 text-sm outline-none"
    />
  );
}
