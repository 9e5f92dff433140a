import { Button, IconButton } from '../../components/button.tsx';
import { ChevronUp, Send, StickyNote } from '../../components/icons.ts';
import { Menu } from '../../components/menu.tsx';
import { useT } from '../../i18n/locale.tsx';

export interface SendButtonsProps {
  note: boolean;
  isDisabled: boolean;
  onSend: (thenResolve: boolean) => void;
}

/** A note has one way to be kept; a reply may close the conversation as it leaves. */
export function SendButtons({ note, isDisabled, onSend }: SendButtonsProps) {
  const t = useT();
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
  return (
    <div className="flex">
      <Button
        variant="primary"
        isDisabled={isDisabled}
        icon={<Send size={15} aria-hidden className="mirror" />}
        className="rounded-e-none"
        onPress={() => onSend(false)}
      >
        {t.composer.send}
      </Button>
      <Menu
        label={t.composer.sendMenu}
        placement="top end"
        trigger={
          <IconButton
            variant="primary"
            label={t.composer.sendMenu}
            isDisabled={isDisabled}
            placement="top"
            className="w-7 rounded-s-none border-s border-on-accent/25"
            icon={<ChevronUp size={15} />}
          />
        }
        items={[
          {
            id: 'send',
            label: t.composer.send,
            hotkey: 'composer.send',
            onAction: () => onSend(false),
          },
          {
            id: 'resolve',
            label: t.composer.sendAndResolve,
            hotkey: 'composer.sendAndResolve',
            onAction: () => onSend(true),
          },
        ]}
      />
    </div>
  );
}
