import type { Message } from '../../../shared/message.ts';
import { Button } from '../../components/button.tsx';
import { Link2, MailOpen } from '../../components/icons.ts';
import { useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { useInboxUi } from './ui.ts';

/** What a letter leads to: its whole body, and the conversation of somebody else that it answers. */
export function LetterFoot({ message }: { message: Message }) {
  const t = useT();
  const { sync, goTo } = useGoTo();
  const set = useInboxUi((ui) => ui.set);
  const { id, conversationId, hasWhole, relatedId } = message;
  return (
    <div className="mt-1 flex flex-wrap gap-1">
      {hasWhole && (
        <Button
          size="sm"
          variant="quiet"
          icon={<MailOpen size={14} aria-hidden />}
          className="-ms-2"
          onPress={() => set({ whole: { id, conversationId } })}
        >
          {t.letter.whole}
        </Button>
      )}
      {relatedId && (
        <Button
          size="sm"
          variant="quiet"
          icon={<Link2 size={14} aria-hidden />}
          className="-ms-2 h-auto py-1 text-start whitespace-normal"
          onPress={() => void sync.meet(relatedId).then(() => goTo(relatedId))}
        >
          {t.letter.related}. {t.letter.openRelated}
        </Button>
      )}
    </div>
  );
}

function useGoTo() {
  const workspace = useWorkspace();
  return { sync: workspace.sync, goTo: (id: string) => workspace.goTo(id) };
}
