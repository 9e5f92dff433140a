import type { RefObject } from 'react';
import { IconButton } from '../../components/button.tsx';
import { AtSign, MessageSquareText } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { putInstead } from './put-instead.ts';

/** Writes the sign that opens a list: for those who do not know it, and for fingers. */
export function InsertButton({ note, area }: { note: boolean; area: RefObject<HTMLTextAreaElement | null> }) {
  const t = useT();
  const sign = note ? '@' : '/';
  const write = () => {
    const field = area.current;
    if (!field) return;
    const at = field.selectionStart;
    const before = field.value.slice(0, at);
    putInstead(field, at, before === '' || /\s$/.test(before) ? sign : ` ${sign}`);
  };
  return (
    <IconButton
      label={note ? t.mention.pick : t.canned.open}
      placement="top"
      icon={note ? <AtSign size={17} /> : <MessageSquareText size={17} />}
      preventFocusOnPress
      onPress={write}
    />
  );
}
