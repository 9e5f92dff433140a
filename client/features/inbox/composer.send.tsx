import { Button, IconButton } from '../../components/button.tsx';
import { ChevronUp, Globe, Send, StickyNote } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useSocialWords } from '../../i18n/social-words.ts';

export interface SendButtonsProps {
  note: boolean;
  /** Everybody will read it: the button says so. */
  inPublic: boolean;
  isDisabled: boolean;
  onSend: (thenResolve: boolean) => void;
}

/** A note has one way to be kept; a reply may close the conversation as it leaves. */
export function SendButtons({ note, inPublic, isDisabled, onSend }: SendButtonsProps) {
  const t = useT();
  const w = useSocialWords();
  if (note)
    return (
      <Button
        variant="primary"
        isDisabled={isDisabled}
        icon={<StickyNote size={15} aria-hidden />}
        onPress={() => onSend(false)}
      >
        {t.composer.addNote}
      </Button>
    );
  const variant = inPublic ? 'public' : 'primary';
  const send = inPublic ? w.visibility.sendPublic : t.composer.send;
  return (
    <div className="flex">
      <Button
        variant={variant}
        isDisabled={isDisabled}
        icon={inPublic ? <Globe size={15} aria-hidden /> : <Send size={15} aria-hidden className="mirror" />}
        className="rounded-e-none"
        onPress={() => onSend(false)}
      >
        {send}
      </Button>
      <Menu
        label={t.composer.sendMenu}
        placement="top end"
        trigger={
          <IconButton
            variant={variant}
            label={t.composer.sendMenu}
            isDisabled={isDisabled}
            placement="top"
            className="w-7 rounded-s-none border-s border-current/25"
            icon={<ChevronUp size={15} />}
          />
        }
        items={[
          {
            id: 'send',
            label: send,
            hotkey: 'composer.send',
            onAction: () => onSend(false),
          },
          {
            id: 'resolve',
            label: inPublic ? w.visibility.sendPublicAndResolve : t.composer.sendAndResolve,
            hotkey: 'composer.sendAndResolve',
            onAction: () => onSend(true),
          },
        ]}
      />
    </div>
  );
}
