import type { KeyboardEvent, RefObject } from 'react';
import { GrowingText } from '../../components/growing-text.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useMe } from '../../state/hooks.tsx';

export interface ComposerTextProps {
  note: boolean;
  text: string;
  isDisabled: boolean;
  inputRef: RefObject<HTMLTextAreaElement | null>;
  onChange: (text: string) => void;
  /** The cursor moved, or the text did under it. */
  onCursor: () => void;
  /** True when the press was taken. */
  onPress: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  onLeave: () => void;
  onSend: () => void;
  onFiles: (files: Iterable<File>) => void;
}

/** Where it is written. Files that are pasted are attached. */
export function ComposerText(props: ComposerTextProps) {
  const { note, text, isDisabled, inputRef, onChange, onCursor, onPress, onLeave, onSend, onFiles } = props;
  const t = useT();
  const me = useMe();
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (onPress(event)) return;
    if (event.nativeEvent.isComposing || event.key !== 'Enter' || event.shiftKey) return;
    if (event.ctrlKey || event.metaKey || event.altKey || me.preferences.sendWith !== 'enter') return;
    event.preventDefault();
    onSend();
  };
  return (
    <GrowingText
      id="composer-text"
      label={note ? t.composer.noteLabel : t.composer.textLabel}
      placeholder={note ? t.composer.notePlaceholder : t.composer.replyPlaceholder}
      value={text}
      onChange={onChange}
      onKeyDown={onKeyDown}
      onSelect={onCursor}
      onBlur={onLeave}
      onPaste={(event) => {
        const files = [...event.clipboardData.files];
        if (files.length === 0) return;
        event.preventDefault();
        onFiles(files);
      }}
      isDisabled={isDisabled}
      rows={2}
      maxLength={20_000}
      maxHeight="40dvh"
      ref={inputRef}
    />
  );
}
