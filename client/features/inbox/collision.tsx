import type { ErrorBody } from '../../../shared/errors.ts';
import type { Message } from '../../../shared/message.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { MessageText } from '../../lib/message-text.tsx';
import { useHeader, useOutbox, useWorkspace } from '../../state/hooks.tsx';
import { useUsers } from '../directory.ts';
import { bubbleClass } from './message-bubble.tsx';

/** The colleague's reply that stopped ours, from the server's answer. */
function replyIn(error: ErrorBody | null): Message | undefined {
  const { data } = error ?? {};
  if (typeof data !== 'object' || data === null || !('message' in data)) return undefined;
  return data.message as Message;
}

/** Somebody answered while this was being written: once, and only once, the agent is asked. */
export function Collision({ conversationId }: { conversationId: string }) {
  const t = useT();
  const users = useUsers();
  const { direction } = useLocale();
  const { outbox, drafts, uploads } = useWorkspace();
  const header = useHeader(conversationId);
  const item = useOutbox().find((each) => each.conversationId === conversationId && each.state === 'blocked');
  if (!item) return null;
  const theirs = replyIn(item.error);
  const name = users.get(theirs?.authorId ?? '')?.name ?? t.common.unknown;
  const edit = () => {
    const back = outbox.discard(item.id);
    if (!back) return;
    const { text, target, kind } = back.create;
    const mode = kind === 'note' ? 'note' : 'reply';
    const seq = Math.max(header?.seq ?? 0, theirs?.seq ?? 0);
    drafts.write({ conversationId, mode, text, target: target ?? null, seq });
    drafts.rebase(conversationId, mode, seq);
    uploads.giveBack(conversationId, back.attachments);
    requestAnimationFrame(() => document.getElementById('composer-text')?.focus());
  };
  return (
    <Dialog
      isOpen
      alert
      onClose={edit}
      title={t.collision.title}
      actions={
        <>
          <Button variant="quiet" onPress={() => outbox.discard(item.id)}>
            {t.collision.discard}
          </Button>
          <Button onPress={edit}>{t.collision.edit}</Button>
          <Button variant="primary" onPress={() => outbox.retry(item.id, { sendAnyway: true })}>
            {t.collision.sendAnyway}
          </Button>
        </>
      }
    >
      <p className="text-ink-muted">{t.collision.text(name)}</p>
      {theirs && (
        <>
          <h3 className="mt-4 mb-1 text-xs font-semibold text-ink-faint">{t.collision.theirReply}</h3>
          <div className={`rounded-xl border px-3 py-2 ${bubbleClass.out}`}>
            <MessageText text={theirs.text} fallback={direction} />
          </div>
        </>
      )}
      <h3 className="mt-4 mb-1 text-xs font-semibold text-ink-faint">{t.collision.yourReply}</h3>
      <div className="rounded-xl border border-line bg-surface px-3 py-2">
        <MessageText text={item.create.text} fallback={direction} />
      </div>
    </Dialog>
  );
}
