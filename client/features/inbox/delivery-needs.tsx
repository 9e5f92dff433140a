import type { ReactNode } from 'react';
import type { DeliveryDecision, Message } from '../../../shared/message.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { Copy } from '../../components/icons.ts';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { copyText } from './copy-text.ts';

/** A message that waits for somebody's word: failed, of unknown outcome, or too old to leave by itself. */
export function DeliveryNeeds({ message }: { message: Message }) {
  const t = useT();
  const fmt = useFmt();
  const { calls, sync } = useWorkspace();
  const delivery = message.delivery;
  if (!delivery) return null;
  const decide = async (decision: DeliveryDecision['decision']) => {
    try {
      await calls.decide(message, { decision, attempt: delivery.attempt });
    } catch (error) {
      showToast({ text: errorText(t, error), tone: 'error' });
    }
    await sync.catchUp(message.conversationId).catch(() => undefined);
  };
  const act = (label: string, decision: DeliveryDecision['decision'], primary = false) => (
    <Button size="sm" variant={primary ? 'primary' : 'secondary'} onPress={() => void decide(decision)}>
      {label}
    </Button>
  );
  if (delivery.needsConfirm)
    return (
      <Need tone="warn" title={t.delivery.confirmTitle} text={t.delivery.confirmText}>
        {act(t.delivery.cancel, 'cancel')}
        {act(t.delivery.sendNow, 'resend', true)}
      </Need>
    );
  if (delivery.state === 'unknown')
    return (
      <Need tone="warn" title={t.delivery.unknownTitle} text={t.delivery.unknownText}>
        {act(t.delivery.markSent, 'markSent')}
        {act(t.delivery.resend, 'resend', true)}
      </Need>
    );
  // Given up by an agent: nobody owes anything, and it may still be sent after all.
  if (delivery.state === 'failed' && delivery.error?.code === 'cancelled')
    return (
      <p className="mt-1 flex items-center gap-1.5 px-1 text-2xs text-ink-faint">
        {t.delivery.cancelled}
        <Button size="sm" variant="quiet" onPress={() => void decide('resend')}>
          {t.delivery.resend}
        </Button>
      </p>
    );
  if (delivery.state === 'failed')
    return (
      <Need
        tone="danger"
        title={t.delivery.state.failed}
        text={delivery.error ? t.delivery.reason[delivery.error.class] : ''}
        detail={delivery.error?.message}
      >
        <Button size="sm" icon={<Copy size={13} aria-hidden />} onPress={() => copyText(message.text)}>
          {t.delivery.copy}
        </Button>
        {act(t.delivery.cancel, 'cancel')}
        {act(t.delivery.retry, 'resend', true)}
      </Need>
    );
  if (delivery.state === 'queued' && delivery.nextAt)
    return (
      <p className="mt-1 px-1 text-2xs text-warn-ink">{t.delivery.nextTry(fmt.time(delivery.nextAt))}</p>
    );
  return null;
}

export function Need(props: {
  tone: 'warn' | 'danger';
  title: string;
  text: string;
  detail?: string | undefined;
  children: ReactNode;
}) {
  const { tone, title, text, detail, children } = props;
  return (
    <fieldset
      aria-label={title}
      className={cx(
        'mt-1 flex max-w-96 flex-col gap-2 rounded-lg px-3 py-2 text-xs',
        tone === 'warn' ? 'bg-warn-soft text-warn-ink' : 'bg-danger-soft text-danger-ink',
      )}
    >
      <p>
        <strong className="block font-semibold">{title}</strong>
        {text}
        {detail && (
          <span dir="ltr" className="ui-start mt-0.5 block opacity-80">
            {detail}
          </span>
        )}
      </p>
      <div className="flex flex-wrap justify-end gap-1.5">{children}</div>
    </fieldset>
  );
}
