import type { KeyboardEvent, RefObject } from 'react';
import { GrowingText } from '../../components/growing-text.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';
import { useMe } from '../../state/hooks.tsx';
import type { Visibility } from './targets.ts';

export interface ComposerTextProps {
  note: boolean;
  /** Where the customer can be answered both ways, or everybody reads it: which it is. */
  visibility: Visibility | null;
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
  const { note, visibility, text, isDisabled, inputRef, onChange, onCursor, onPress, onLeave } = props;
  const { onSend, onFiles } = props;
  const t = useT();
  const w = useSocialWords().visibility;
  const inPublic = !note && visibility === 'public';
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
      label={note ? t.composer.noteLabel : inPublic ? w.publicText : t.composer.textLabel}
      placeholder={
        note
          ? t.composer.notePlaceholder
          : visibility === null
            ? t.composer.replyPlaceholder
            : inPublic
              ? w.publicPlaceholder
              : w.privatePlaceholder
      }
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
