import { AppError } from '../../../shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { StickyNote } from '../../components/icons.ts';
import { Ticks } from '../../components/ticks.tsx';
import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { MessageText } from '../../lib/message-text.tsx';
import { useNow } from '../../lib/time.ts';
import { useLink, useWorkspace } from '../../state/hooks.tsx';
import { dataOf, type OutboxItem } from '../../state/outbox.ts';
import { errorText } from '../error-text.ts';
import { Attachments } from './attachments.tsx';
import { Need } from './delivery-needs.tsx';
import { bubbleClass } from './message-bubble.tsx';
import { PublicMark } from './public-mark.tsx';

/** A message that the server does not have yet: on screen at once, and never lost. */
export function OutboxBubble({ item, first }: { item: OutboxItem; first: boolean }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow('second');
  const { direction } = useLocale();
  const { outbox, drafts, uploads } = useWorkspace();
  const { connected } = useLink();
  const note = item.create.kind === 'note';
  const inPublic = item.create.target?.visibility === 'public';
  const words = item.create.text || (item.shown ?? '');
  const slow = now - item.createdAt > 2_000;
  const takeBack = () => {
    const back = outbox.discard(item.id);
    if (!back) return;
    const { text, target, letter, lastSeenSeq } = back.create;
    drafts.write({
      conversationId: back.conversationId,
      mode: note ? 'note' : 'reply',
      text,
      target: target ?? null,
      letter: letter ?? null,
      seq: lastSeenSeq,
    });
    uploads.giveBack(back.conversationId, back.attachments);
    requestAnimationFrame(() => document.getElementById('composer-text')?.focus());
  };
  const error = item.error && new AppError(item.error);
  const active = error?.reason === 'anotherActive' ? dataOf(error, 'conversationId') : undefined;
  return (
    <article
      aria-label={t.common.you}
      data-message={item.id}
      className={cx('flex flex-row-reverse px-4 pb-0.5', first && 'pt-2')}
    >
      <div className="flex max-w-[min(78%,40rem)] min-w-0 flex-col items-end">
        {note && first && (
          <p className="mb-1 inline-flex items-center gap-1 px-1 text-2xs font-medium text-note-ink">
            <StickyNote size={12} aria-hidden />
            {t.timeline.note} · {t.timeline.noteOnly}
          </p>
        )}
        <div
          className={cx(
            'max-w-full min-w-0 rounded-xl rounded-ee-sm border px-3 py-1.5 text-md',
            bubbleClass[note ? 'note' : inPublic ? 'outPublic' : 'out'],
            item.state === 'refused' && 'border-danger',
          )}
        >
          {item.attachments.length > 0 && (
            <div className="py-1">
              <Attachments attachments={item.attachments} />
            </div>
          )}
          {words && <MessageText text={words} fallback={direction} />}
          <p className="mt-0.5 flex items-center justify-end gap-1.5 text-2xs text-ink-faint">
            {inPublic && <PublicMark />}
            {!connected && slow && <span>{t.delivery.waiting}</span>}
            <time>{fmt.time(item.createdAt)}</time>
            <span className={slow ? '' : 'invisible'}>
              <Ticks state="queued" />
            </span>
          </p>
        </div>
        {item.state === 'refused' && error && (
          <Need tone="danger" title={t.delivery.state.failed} text={errorText(t, error)}>
            {item.create.template ? (
              <Button size="sm" onPress={() => outbox.discard(item.id)}>
                {t.delivery.cancel}
              </Button>
            ) : (
              <Button size="sm" onPress={takeBack}>
                {t.common.edit}
              </Button>
            )}
            {active ? (
              <Button size="sm" variant="primary" onPress={() => void outbox.moveTo(item.id, active)}>
                {t.delivery.moveToActive}
              </Button>
            ) : (
              <Button size="sm" variant="primary" onPress={() => outbox.retry(item.id)}>
                {t.delivery.retry}
              </Button>
            )}
          </Need>
        )}
      </div>
    </article>
  );
}
